"""What a row says, as a connector takes it; and its digest, which stands in every attempt."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from functools import partial
from typing import Any

from koor.flow.hub import actions as hub_actions
from koor.flow.hub import models as hub_models
from koor.flow.hub import queries as hub
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.hub.models import Crop, Rendition
from koor.flow.publishing import access
from koor.flow.publishing.models import Post, PostMedium, Target
from koor.flow.publishing.queries import links, speaking
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Draft, Medium
from koor.ground.people.models import Person
from koor.kernel import files, lent
from koor.kernel.access import SYSTEM, NotFound, require
from koor.kernel.models import StoredFile

ENDINGS = {"mp4": "mp4", "m4a": "m4a", "pdf": "pdf"}  # of a recording or document; pictures go as JPEG
WIDTH = 2048  # pixels that a picture is sent with, when the platform takes them


def draft_of(target: Target, *, with_pictures: bool = True) -> Draft:
    """The row in a connector's terms. Raises FileNotFoundError when a picture is gone."""
    post = target.post
    options = {str(key): str(value) for key, value in target.options.items()}
    return Draft(
        text=target.text,
        media=tuple(_loaded(one, target, with_pictures) for one in pictures_of(target)),
        language=speaking.of_row(target),
        title=post.title,
        link=link_of(target),
        in_reply_to=post.in_reply_to,
        options=options,
        author=post.by.name,
    )


def take_in_hand(target: Target, *, like: Target | None = None) -> None:
    """Read what goes along once for all that is done with a row that one process has claimed; `like` read it already.
    What changes meanwhile changes the state of the row, and then it does not go."""
    target.in_hand = like.in_hand if like is not None else (pictures_of(target), links.link_of(target))  # type: ignore[attr-defined]


def _in_hand(target: Target) -> tuple[list[PostMedium], str] | None:
    return getattr(target, "in_hand", None)


def link_of(target: Target) -> str:
    held = _in_hand(target)
    return held[1] if held is not None else links.link_of(target)


def pictures_of(target: Target) -> list[PostMedium]:
    held = _in_hand(target)
    if held is not None:
        return held[0]
    rows = PostMedium.objects.filter(post=target.post_id).select_related("medium")
    return list(rows.prefetch_related("medium__renditions__file"))


def made_of(post: Post, target: Target | None = None) -> list[hub_models.Item]:
    """What of the library it shows, of whichever item its pictures are. With a row that is in hand nothing is asked
    for a post of words alone."""
    held = _in_hand(target) if target is not None else None
    if held is None:
        media: Any = PostMedium.objects.filter(post=post).values_list("medium", flat=True)
        return hub.shown_in(item=post.item_id, media=media)
    if post.item_id is None and not held[0]:
        return []
    return hub.shown_in(item=post.item_id, media=[one.medium_id for one in held[0]])


def _loaded(one: PostMedium, target: Target, with_bytes: bool) -> Medium:
    found = _rendition(one, target, as_sent=with_bytes)
    in_pieces = found is not None and found.format == "mp4" and _takes_pieces(target)
    content = files.read(found.file) if found and with_bytes and not in_pieces else b""
    if found is None and with_bytes:
        raise FileNotFoundError(f"picture {one.medium_id} is not there")
    if found is None:
        return _to_come(one)
    ending = ENDINGS.get(found.format, "jpg")
    focus = None if isinstance(found, Crop) else hub.focus_of(one.medium)
    about = (focus.x / 100, focus.y / 100) if focus else None
    name, size = f"{one.medium_id}.{ending}", found.file.size
    reader = partial(_piece, found.file) if in_pieces and with_bytes else None
    made = Medium(content, found.file.mime, one.alt, name, size, focus=about, reader=reader)
    address = lent.address_of(found.file) if with_bytes and _is_fetched(target) else ""
    return dataclasses.replace(made, width=found.width, height=found.height, address=address)


def _is_fetched(target: Target) -> bool:
    made_with = channels.connectors().get(target.account.connector)
    return made_with is not None and made_with.manifest.fetches


def _takes_pieces(target: Target) -> bool:
    made_with = channels.connectors().get(target.account.connector)
    return made_with is not None and made_with.manifest.pieces


def _piece(stored: StoredFile, first: int, after: int) -> bytes:
    """A film is read where it lies, a piece at a time: it can be larger than what a worker may hold."""
    return b"".join(files.part(stored, first, min(after, stored.size)))


TO_COME = {"film": "mp4", "voice": "m4a", "document": "pdf"}


def _to_come(one: PostMedium) -> Medium:
    """What is still being made ready, as far as is known: what kind it becomes."""
    ending = TO_COME.get(one.medium.kind, "jpg")
    mime = {"mp4": "video/mp4", "m4a": "audio/mp4", "pdf": "application/pdf"}.get(ending, "image/jpeg")
    return Medium(b"", mime, one.alt, f"{one.medium_id}.{ending}")


def _rendition(one: PostMedium, target: Target, *, as_sent: bool = True) -> Rendition | Crop | None:
    """A film or a voice note as it is, a picture in the size and the shape that its platform takes. What is cut is
    made here, once; not `as_sent` nothing is made."""
    whole = hub.recording(one.medium)
    most = channels.limits_of(target.account).media_bytes
    cut = cut_for(one.medium, target) if as_sent and whole is None else None
    if cut is not None and (most is None or cut.file.size <= most):
        return cut
    return whole or hub.rendition(one.medium, width=WIDTH, most_bytes=most)


def cut_for(medium: hub_models.Medium, target: Target, chosen: str = "") -> Crop | None:
    """The picture in the shape of its account or as `chosen`; None where it goes whole, or can't be cut now."""
    shape = hub.shape_on(target.account, medium, chosen or str(target.options.get("shape", "")))
    if not shape:
        return None
    try:
        return hub_actions.cropped(by=SYSTEM, medium=medium, shape=shape)
    except MediaTrouble:
        return None


def shown_as(target: Target) -> dict[str, Any]:
    """By picture how it is cut for this account now, to remember when the row goes."""
    chosen = str(target.options.get("shape", ""))
    rows = pictures_of(target)
    return {str(one.medium_id): hub.frame_of(target.account, one.medium, chosen) for one in rows}


def picture_to_save(*, by: Person, target: Target, medium: hub_models.Medium, shape: str = "") -> StoredFile:
    """A picture as the platform of this row takes it, for who posts it by hand; or in another `shape`. NotFound when
    there is none."""
    require(access.may_see(by, target.post))
    found = hub.recording(medium) or cut_for(medium, target, shape) or hub.rendition(medium, width=WIDTH)
    if found is None:
        raise NotFound
    return found.file


def digest_of(target: Target) -> str:
    """SHA-256 of everything that a platform gets to see; the pictures by the digest of their bytes."""
    pictures = [(_rendition(one, target), one.alt) for one in pictures_of(target)]
    said: dict[str, Any] = {
        "text": target.text,
        "options": target.options,
        "title": target.post.title,
        "link": link_of(target),
        "language": speaking.of_row(target),
        "in_reply_to": target.post.in_reply_to,
        "media": [[found.file.digest if found else "", alt] for found, alt in pictures],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
