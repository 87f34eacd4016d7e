"""Bringing a film to a page in pieces, which nobody sees: where the upload stands is kept after each piece, so that it
is gone on with after a break. Facebook names the film before the first byte; one short step shows it later.

Sources: graph-api/reference/page/videos (`upload_phase`), the older text of video-api/guides/publishing, and
video-api/overview (the host) and video-api/reference/error-codes, all read on 23 November 2026. README.md tells what of
it is not proven."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from koor.connectors import meta
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Medium, NotSent, Outcome, Response, Session, Unclear, Verdict

MOVED = 1363037  # subcode: Facebook is at another place of the film than we are, and says which
MOST = 16_000_000  # bytes that are held at once, whatever Facebook asks for
ANEW = 3  # times that a film is brought from its first byte again because a piece was refused


def brought(session: Session, page: str, film: Medium) -> dict[str, Any]:
    """The numbers of the film and of its upload, all bytes there. Raises `meta.Failed`, OSError."""
    address, kept = f"{meta.FACEBOOK}/{page}/videos", dict(session.kept)
    if not kept.get("upload"):
        kept |= _begun(session, address, film)
        session.keep(dict(kept))
    while kept["at"] < film.bytes_long:
        try:
            kept |= _piece(session, address, film, kept)
        except meta.Failed as failed:
            if failed.outcome.because == Because.REJECTED:
                _anew(session, kept, failed)
            raise
        session.keep(dict(kept))
    return {"video": kept["video"], "upload": kept["upload"]}


def _anew(session: Session, kept: Mapping[str, Any], failed: meta.Failed) -> None:
    """A refused piece says little of the film: of most such errors Meta says to upload again (1363019, 1363030,
    1363033), and an upload that ended is refused too. After some times it is the film. Raises `meta.Failed`."""
    times = int(kept.get("anew", 0))
    session.keep({"anew": times + 1} if times < ANEW else {})
    if times < ANEW:
        raise _strange(f"a piece was refused; the upload begins again ({failed.outcome.answer})") from failed


def _begun(session: Session, address: str, film: Medium) -> dict[str, Any]:
    """A new upload, and the film that it will be."""
    found = _told(session, _asked(session, address, {"upload_phase": "start", "file_size": str(film.bytes_long)}))
    video, upload = str(found.get("video_id") or ""), str(found.get("upload_session_id") or "")
    if not video.isdecimal() or not upload.isdecimal():
        raise _strange("Facebook names no film")
    return {"video": video, "upload": upload, **_place(found, film)}


def _piece(session: Session, address: str, film: Medium, kept: Mapping[str, Any]) -> dict[str, int]:
    """The next bytes that Facebook asks for; gives where it stands then."""
    first = int(kept["at"])
    content = film.piece(first, min(int(kept["to"]), first + MOST))
    if not content:
        raise _strange("the film ended before its end")
    data = {"upload_phase": "transfer", "upload_session_id": str(kept["upload"]), "start_offset": str(first)}
    files = {"video_file_chunk": (film.name, content, "application/octet-stream")}
    response = _asked(session, address, data, files=files)
    place = _elsewhere(response, film) or _place(_told(session, response), film)
    if place["at"] == first:
        raise _strange("Facebook does not take the next piece")
    return place


def _elsewhere(response: Response, film: Medium) -> dict[str, int] | None:
    """Where Facebook stands, when it says that this is not where we are: a piece came through whose answer was lost."""
    error = meta.error_of(response) or {}
    told = error.get("error_data")
    return _place(told, film) if error.get("error_subcode") == MOVED and isinstance(told, dict) else None


def _place(found: Mapping[str, Any], film: Medium) -> dict[str, int]:
    """From where up to where it asks for bytes; from the end on nothing more."""
    told = [str(found.get(name, "")) for name in ("start_offset", "end_offset")]
    if not all(one.isascii() and one.isdecimal() and len(one) < 16 for one in told):
        raise _strange("Facebook does not say where it stands")
    at, to = int(told[0]), int(told[1])
    return {"at": at, "to": to} if at < to else {"at": film.bytes_long, "to": film.bytes_long}


def _asked(session: Session, address: str, data: Mapping[str, str], **more: Any) -> Response:
    try:
        return meta.ask(session, "POST", address, data=dict(data), **more)
    except (NotSent, Unclear) as error:  # bytes that no post shows: where it stands is asked again
        raise meta.Failed(logic.not_reached(error)) from error


def _told(session: Session, response: Response) -> dict[str, Any]:
    found = logic.json_of(response)
    if response.status != 200 or not isinstance(found, dict) or "error" in found:
        raise meta.Failed(meta.refusal(session, response) or logic.unknown(meta.said(response, session)))
    return found


def _strange(words: str) -> meta.Failed:
    return meta.Failed(Outcome(Verdict.UNKNOWN, because=Because.NOT_REACHED, answer=words))
