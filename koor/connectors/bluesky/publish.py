"""Posting once. The name of the record is ours (`rkey`): the same over all attempts, so a second changes nothing. A
thread goes by parts, each a record of its own that names the one above it."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from koor.connectors.bluesky import client, facets, limits
from koor.connectors.bluesky.client import COLLECTION, Failed, Login
from koor.connectors.bluesky.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    Medium,
    NotSeen,
    NotSent,
    Outcome,
    Prepared,
    Seen,
    Session,
    Unclear,
    Verdict,
)
from koor.ground.channels.contract import message_id as _
from koor.ground.channels.logic import parts

FILM_SECONDS = 55.0  # of a whole film, in one request, while preparing
AGAIN_FILM_SECONDS = 32.0  # the same, once more
AGAIN_SECONDS = 8.0  # for each picture that goes along once more; all of a send stays under its minute
ABOVE_SECONDS = 8.0  # for the part above and the first one, which are read while sending
FILM_ALT = 1000  # characters of what a film shows
PAGE = re.compile(r"https?://[^/]+/profile/([^/]+)/post/([2-7a-z]{13})/?")  # where people see a post
SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"  # base32 of record names: sorted by time


class Closed(Exception):
    """Its writer does not let us answer."""


def prepare(session: Session, draft: Draft) -> Prepared:
    """Check the limits, upload the pictures, find who is named and what is answered. Nothing becomes public."""
    held = session.limits or MANIFEST.limits
    pieces = limits.parts(draft, held)
    said = draft if pieces else dataclasses.replace(draft, text="")  # no more than places to cut
    problem = logic.problem(said, held, limits.length(draft, held)) or _problem(draft, pieces)
    if problem:
        return problem
    handle: dict[str, Any] = {"parts": pieces or [""]} if parts.is_thread(draft) else {}
    try:
        if draft.media:
            handle["film" if _is_film(draft) else "images"] = [_upload(session, medium) for medium in draft.media]
        if people := facets.named(facets.wording(draft)):
            handle["people"] = _who(session, people)
        if draft.in_reply_to:
            handle["reply"] = _below(session, draft.in_reply_to)
    except Closed:
        sentence = _("Who wrote this post lets not everybody answer, and not this account.")
        return Prepared(problem=sentence, because=Because.REJECTED)
    except Failed as failed:
        return _could_not(failed)
    return Prepared(handle=handle)


def _problem(draft: Draft, pieces: list[str]) -> Prepared | None:
    if len(draft.media) > 1 and any(one.mime.startswith("video/") for one in draft.media):
        return Prepared(problem=_("A film goes alone on Bluesky."), because=Because.REJECTED)
    return parts.too_many(pieces)


def _is_film(draft: Draft) -> bool:
    return any(one.mime.startswith("video/") for one in draft.media)


def _below(session: Session, uri: str) -> dict[str, Any]:
    """Where an answer stands: below this post, in the thread that it belongs to. Raises `Failed`, `Closed`."""
    found = seen(session, uri)
    if (found.get("viewer") or {}).get("replyDisabled") is True:
        raise Closed
    parent = version_of(found)
    root = ((found.get("record") or {}).get("reply") or {}).get("root")
    whole = isinstance(root, dict) and isinstance(root.get("uri"), str) and isinstance(root.get("cid"), str)
    return {"root": {"uri": root["uri"], "cid": root["cid"]} if whole and root else parent, "parent": parent}


def seen(session: Session, uri: str) -> dict[str, Any]:
    """A post as the reading service shows it to us; where there is none, as its own server has it. Raises `Failed`."""
    if not parts_of(uri)[2]:
        raise Failed(Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="this is no post on Bluesky"))
    try:
        posts = client.look(session, "app.bsky.feed.getPosts", {"uris": [uri]}).get("posts")
        if isinstance(posts, list) and posts and isinstance(posts[0], dict):
            return posts[0]
    except Failed as failed:
        if failed.outcome.because is not Because.REJECTED:
            raise
    found = kept(session, uri)
    return {**found, "record": found.get("value")}


def version_of(post: Mapping[str, Any]) -> dict[str, str]:
    """Its address with the hash of what it says. Raises `Failed`."""
    uri, cid = post.get("uri"), post.get("cid")
    if not isinstance(uri, str) or not isinstance(cid, str):
        raise Failed(logic.unknown("no post in the answer"))
    return {"uri": uri, "cid": cid}


def _could_not(failed: Failed) -> Prepared:
    sentences = {
        Because.AUTH: _("Bluesky no longer accepts the app password of this account."),
        Because.RATE: _("The server asks to wait a little."),
        Because.REJECTED: _("The server does not take this: %(answer)s"),
    }
    return logic.not_prepared(failed, sentences, _("The server could not be reached: %(answer)s"))


def _upload(session: Session, medium: Medium, again: bool = False) -> dict[str, Any]:
    """Upload a picture or a film; gives its reference. One that no post uses is forgotten by the server. Raises
    `Failed`."""
    us, film = client.login(session), medium.mime.startswith("video/")
    first, later = (FILM_SECONDS, AGAIN_FILM_SECONDS) if film else (client.WRITE_SECONDS, AGAIN_SECONDS)
    try:
        response = client.ask(
            session,
            "POST",
            "com.atproto.repo.uploadBlob",
            token=us.token,
            content=medium.content,
            mime=medium.mime,
            seconds=later if again else first,
        )
    except (NotSent, Unclear) as error:
        raise Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    blob = found.get("blob") if isinstance(found, dict) else None
    if response.status != 200 or not isinstance(blob, dict):
        raise client.failure(session, response)
    return blob


def _who(session: Session, handles: list[str]) -> dict[str, str]:
    """The lasting names behind handles; who is not there stays plain text. Raises `Failed` when it can't ask."""
    us, found = client.login(session), {}
    for handle in handles:
        try:
            did = client.read(session, "com.atproto.identity.resolveHandle", {"handle": handle}, us.token).get("did")
        except Failed as failed:
            if failed.outcome.because in (Because.RATE, Because.NOT_REACHED, Because.AUTH):
                raise
            continue
        if isinstance(did, str):
            found[handle] = did
    return found


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that makes the post public: put a record that must not be there yet. Of a thread the first part that
    is not up."""
    if attempt.draft.in_reply_to and not attempt.prepared.handle.get("reply"):
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.NOT_REACHED, answer="what it answers was not read")
    try:
        us = client.login(session)
        if attempt.number > 1 and not parts.chain_of(attempt):  # the server forgets pictures that no post used
            for medium in attempt.draft.media:  # the same ones get the same names
                _upload(session, medium, again=True)
        above = _above(session, attempt)
    except Failed as failed:
        return failed.outcome
    rkey, said = name_of(attempt), record(attempt, above)
    body = {"repo": us.did, "collection": COLLECTION, "rkey": rkey, "record": said, "swapRecord": None}
    try:
        response = client.ask(
            session, "POST", "com.atproto.repo.putRecord", token=us.token, json=body, seconds=client.PUT_SECONDS
        )
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    outcome = _classified(session, response, us, rkey)
    return dataclasses.replace(outcome, more=outcome.verdict is Verdict.DONE and parts.goes_on(attempt))


def _classified(session: Session, response: Any, us: Login, rkey: str) -> Outcome:
    found = logic.json_of(response)
    uri = uri_of(us, rkey)
    if response.status == 200 and isinstance(found, dict) and found.get("uri") == uri and "error" not in found:
        return Outcome(Verdict.DONE, uri, address(us, rkey), answer="200")
    failed = client.failure(session, response)
    if failed.code == "InvalidSwap":  # a record of this name is there, and the name is ours alone
        return Outcome(Verdict.DONE, uri, address(us, rkey), answer="was there already")
    return failed.outcome


def _above(session: Session, attempt: Attempt) -> dict[str, Any] | None:
    """What a part of a thread goes under: the one before it, in the thread of the first. Raises `Failed`."""
    chain = parts.chain_of(attempt)
    if not chain:
        return attempt.prepared.handle.get("reply")
    try:
        parent = root = version_of(kept(session, chain[-1], ABOVE_SECONDS))
        if begun := attempt.prepared.handle.get("reply"):
            root = begun["root"]
        elif len(chain) > 1:
            root = version_of(kept(session, chain[0], ABOVE_SECONDS))
    except Failed as failed:
        raise Failed(logic.not_begun(failed.outcome), code=failed.code) from failed
    return {"root": root, "parent": parent}


def kept(session: Session, uri: str, seconds: float = client.READ_SECONDS) -> dict[str, Any]:
    """A record as its own server has it. Raises `Failed`."""
    repo, collection, rkey = parts_of(uri)
    query = {"repo": repo, "collection": collection, "rkey": rkey}
    return client.look(session, "com.atproto.repo.getRecord", query, seconds)


def record(attempt: Attempt, above: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The post as it is stored: the same, byte for byte, over all attempts with one key."""
    draft, handle = attempt.draft, attempt.prepared.handle
    at, text = len(parts.chain_of(attempt)), parts.piece_of(attempt, facets.wording(draft))
    moment = attempt.started_at + timedelta(milliseconds=at)  # the parts stand in order, also by their moment
    made: dict[str, Any] = {"$type": COLLECTION, "text": text, "createdAt": written(moment)}
    if draft.language:
        made["langs"] = [draft.language[:8]]
    if marks := facets.marks(text, handle.get("people", {})):
        made["facets"] = marks
    if embed := _embed(draft, handle, first=at == 0, last=not parts.goes_on(attempt)):
        made["embed"] = embed
    if above := above or (None if at else handle.get("reply")):
        made["reply"] = dict(above)
    return made


def _embed(draft: Draft, handle: Mapping[str, Any], *, first: bool, last: bool) -> dict[str, Any] | None:
    """Pictures or a film go with the first part, the card of a link with the last."""
    if film := handle.get("film"):
        return _film(draft, film[0]) if first else None
    blobs = list(handle.get("images", ()))
    if blobs and not first:
        return None
    if blobs:
        images = [_image(medium, blob) for medium, blob in zip(draft.media, blobs, strict=False)]
        return {"$type": "app.bsky.embed.images", "images": images or [{"alt": "", "image": blob} for blob in blobs]}
    if draft.link and last:
        card = {"uri": draft.link, "title": draft.title or draft.link, "description": ""}
        return {"$type": "app.bsky.embed.external", "external": card}
    return None


def _film(draft: Draft, blob: Any) -> dict[str, Any]:
    """A film with what it shows in words; an attempt without its bytes has the same words and shape."""
    made: dict[str, Any] = {"$type": "app.bsky.embed.video", "video": blob}
    for medium in draft.media[:1]:
        made |= {"alt": medium.alt[:FILM_ALT]} if medium.alt else {}
        if medium.width > 0 and medium.height > 0:
            made["aspectRatio"] = {"width": medium.width, "height": medium.height}
    return made


def _image(medium: Medium, blob: Any) -> dict[str, Any]:
    """With its shape, where it is known, so that apps leave room for the whole picture before it is there."""
    image = {"alt": medium.alt, "image": blob}
    if medium.width > 0 and medium.height > 0:
        image["aspectRatio"] = {"width": medium.width, "height": medium.height}
    return image


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Look for the record under its name."""
    rkey = name_of(attempt)
    try:
        us = client.login(session)
        query = {"repo": us.did, "collection": COLLECTION, "rkey": rkey}
        found = client.read(session, "com.atproto.repo.getRecord", query, us.token)
    except Failed as failed:
        return NotSeen() if failed.code == "RecordNotFound" else CannotKnow(failed.outcome.answer)
    if found.get("uri") != uri_of(us, rkey):
        return CannotKnow("no record in the answer")
    return Seen(uri_of(us, rkey), address(us, rkey), parts.goes_on(attempt))


def number_at(session: Session, address: str) -> str:
    """The record that people see at this address, where it is one of ours and there."""
    named = PAGE.fullmatch(address.split("?")[0].split("#")[0])
    try:
        us = client.login(session)
        if named is None or named[1].casefold() not in (us.did, us.handle.casefold()):
            return ""
        query = {"repo": us.did, "collection": COLLECTION, "rkey": named[2]}
        found = client.read(session, "com.atproto.repo.getRecord", query, us.token)
    except Failed:
        return ""
    return uri_of(us, named[2]) if found.get("uri") == uri_of(us, named[2]) else ""


def name_of(attempt: Attempt) -> str:
    """The record's name (a TID): 53 bits of microseconds of the first attempt, 10 bits of the key, sortable. Each part
    of a thread has a microsecond of its own, so that no two parts share a name."""
    micros = int(attempt.started_at.timestamp() * 1_000_000) + len(parts.chain_of(attempt)) & (2**53 - 1)
    number = (micros << 10) | (int.from_bytes(hashlib.sha256(attempt.key.encode()).digest()[:2]) & 1023)
    return sortable(number)


def sortable(number: int) -> str:
    return "".join(SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uri_of(us: Login, rkey: str) -> str:
    return f"at://{us.did}/{COLLECTION}/{rkey}"


def address(us: Login, rkey: str) -> str:
    """Where people see it."""
    return f"https://bsky.app/profile/{us.handle if client.is_handle(us.handle) else us.did}/post/{rkey}"


def parts_of(uri: str) -> tuple[str, str, str]:
    """Repository, collection and name; empty where the address is none."""
    parts = uri.removeprefix("at://").split("/") if uri.startswith("at://") else []
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")
