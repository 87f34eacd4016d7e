"""Bringing pictures, a film or a document to LinkedIn. Nothing of it is seen before a post shows it."""

from __future__ import annotations

import time
from typing import Any

from koor.connectors.linkedin import client
from koor.connectors.linkedin.manifest import DOCUMENTS
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Medium, NotSent, Outcome, Session, Unclear, Verdict

PROCESSING_SECONDS = 25.0  # that a film or document may take before we come back later


def brought(session: Session, draft: Draft) -> list[str]:
    """The URNs of what goes with a post, ready to be shown. What an earlier try brought is not brought again.

    Raises `Failed`."""
    urns = [str(one) for one in session.kept.get("media", ())][: len(draft.media)]
    for medium in draft.media[len(urns) :]:
        urns.append(_one(session, medium))
        session.keep({"media": urns})
    for medium, urn in zip(draft.media, urns, strict=True):
        if kind := _made_ready_there(medium):
            _wait_for(session, kind, urn)
    return urns


def _made_ready_there(medium: Medium) -> str:
    """The kind of what LinkedIn makes ready before a post can show it; empty for a picture."""
    if medium.mime.startswith("video/"):
        return "video"
    return "document" if medium.mime in DOCUMENTS else ""


def _one(session: Session, medium: Medium) -> str:
    if medium.mime.startswith("video/"):
        return _film(session, medium)
    kind = "document" if medium.mime in DOCUMENTS else "image"
    value = _begun(session, f"{kind}s", {"owner": client.author(session)})
    urn, url = str(value.get(kind, "")), str(value.get("uploadUrl", ""))
    if not urn or not url:
        raise _strange("no address to bring it to")
    _put(session, url, medium.content, medium.mime)
    return urn


def _begun(session: Session, kind: str, request: dict[str, Any]) -> dict[str, Any]:
    found = client.make(session, f"/rest/{kind}?action=initializeUpload", {"initializeUploadRequest": request})
    value = found.get("value")
    return value if isinstance(value, dict) else {}


def _put(session: Session, url: str, content: bytes, mime: str) -> str:
    """Gives the name that LinkedIn gave to these bytes, where it gives one."""
    try:
        response = client.put(session, url, content, mime)
    except (NotSent, Unclear) as error:  # bytes that no post shows may be brought again
        raise client.Failed(logic.not_reached(error)) from error
    if response.status not in (200, 201):
        raise client.failure(session, response)
    return str(response.headers.get("etag", "")).strip('"')


def _film(session: Session, medium: Medium) -> str:
    """In the pieces that LinkedIn names, read one at a time."""
    request = {
        "owner": client.author(session), "fileSizeBytes": medium.bytes_long,
        "uploadCaptions": False, "uploadThumbnail": False,
    }  # fmt: skip
    value = _begun(session, "videos", request)
    urn, steps = str(value.get("video", "")), value.get("uploadInstructions")
    if not urn or not isinstance(steps, list) or not steps:
        raise _strange("no address to bring the film to")
    etags = []
    for step in steps:
        try:
            content = medium.piece(int(step["firstByte"]), int(step["lastByte"]) + 1)
            url = str(step["uploadUrl"])
        except (KeyError, TypeError, ValueError) as error:
            raise _strange("the pieces of the film are not told") from error
        etags.append(_put(session, url, content, "application/octet-stream"))
    finished = {"video": urn, "uploadToken": str(value.get("uploadToken") or ""), "uploadedPartIds": etags}
    _finish(session, finished)
    return urn


def _finish(session: Session, finished: dict[str, Any]) -> None:
    path = "/rest/videos?action=finalizeUpload"
    try:
        response = client.ask(session, "POST", path, json={"finalizeUploadRequest": finished})
    except (NotSent, Unclear) as error:
        raise client.Failed(logic.not_reached(error)) from error
    if response.status not in (200, 204):
        raise client.failure(session, response)


def _wait_for(session: Session, kind: str, urn: str) -> None:
    """Until it is ready. Who may write but not read, as most persons, posts it without waiting. Raises `Failed`: not
    ready yet is tried again later, with what was brought."""
    until, pause = time.monotonic() + PROCESSING_SECONDS, 1.0
    while True:
        try:
            found = client.read(session, f"/rest/{kind}s/{client.path_of(urn)}")
        except client.Failed as failed:
            if failed.status in (401, 403, 404):
                return
            raise
        if found.get("status") == "AVAILABLE":
            return
        if found.get("status") == "PROCESSING_FAILED":
            words = f"LinkedIn could not read the {'film' if kind == 'video' else kind}"
            raise client.Failed(Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=words))
        if time.monotonic() + pause > until:
            raise _strange("it is still making ready what goes along")
        time.sleep(pause)
        pause = min(pause * 2, 5.0)


def _strange(words: str) -> client.Failed:
    return client.Failed(Outcome(Verdict.UNKNOWN, because=Because.NOT_REACHED, answer=words))
