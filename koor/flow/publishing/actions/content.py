"""What a row says, as a connector takes it; and its digest, which stands in every attempt."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Rendition
from koor.flow.publishing.models import PostMedium, Target
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Draft, Medium
from koor.kernel import files

ENDINGS = {"mp4": "mp4", "m4a": "m4a"}  # of a recording; pictures go as JPEG
WIDTH = 2048  # pixels that a picture is sent with, when the platform takes them


def draft_of(target: Target, *, with_pictures: bool = True) -> Draft:
    """The row in a connector's terms. Raises FileNotFoundError when a picture is gone."""
    post = target.post
    options = {str(key): str(value) for key, value in target.options.items()}
    return Draft(
        text=target.text,
        media=tuple(_loaded(one, target, with_pictures) for one in pictures_of(target)),
        language=post.language,
        title=post.title,
        link=post.link,
        in_reply_to=post.in_reply_to,
        options=options,
    )


def pictures_of(target: Target) -> list[PostMedium]:
    rows = PostMedium.objects.filter(post=target.post_id).select_related("medium")
    return list(rows.prefetch_related("medium__renditions__file"))


def _loaded(one: PostMedium, target: Target, with_bytes: bool) -> Medium:
    found = _rendition(one, target)
    content = files.read(found.file) if found and with_bytes else b""
    if found is None and with_bytes:
        raise FileNotFoundError(f"picture {one.medium_id} is not there")
    if found is None:
        return Medium(content, "image/jpeg", one.alt, f"{one.medium_id}.jpg")
    ending = ENDINGS.get(found.format, "jpg")
    return Medium(content, found.file.mime, one.alt, f"{one.medium_id}.{ending}", found.file.size)


def _rendition(one: PostMedium, target: Target) -> Rendition | None:
    """A film or a voice note as it is, a picture in the size that its platform takes."""
    whole = hub.recording(one.medium)
    most = channels.limits_of(target.account).media_bytes
    return whole or hub.rendition(one.medium, width=WIDTH, most_bytes=most)


def digest_of(target: Target) -> str:
    """SHA-256 of everything that a platform gets to see; the pictures by the digest of their bytes."""
    pictures = [(_rendition(one, target), one.alt) for one in pictures_of(target)]
    said: dict[str, Any] = {
        "text": target.text,
        "options": target.options,
        "title": target.post.title,
        "link": target.post.link,
        "language": target.post.language,
        "in_reply_to": target.post.in_reply_to,
        "media": [[found.file.digest if found else "", alt] for found, alt in pictures],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
