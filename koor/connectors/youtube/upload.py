"""Bringing a film to YouTube in pieces: the address of the upload is kept before the first byte leaves, so that a film
is gone on with where it stopped, and never brought twice."""

from __future__ import annotations

import json
import re
from typing import Any

from koor.connectors.youtube import client, limits
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Medium, NotSent, Outcome, Response, Session, Unclear, Verdict

PIECE = 32 * 262_144  # bytes: a multiple of 256 KB, as YouTube wants
BOUNDARY = "koor-captions"


def brought(session: Session, draft: Draft) -> dict[str, Any]:
    """The film at YouTube, private; with its picture and captions. Raises `client.Failed`, OSError."""
    kept = dict(session.kept)
    film = limits.film_of(draft)
    assert film is not None
    if not kept.get("video"):
        if not kept.get("upload"):
            kept["upload"] = _begun(session, draft, film)
            session.keep(dict(kept))
        kept["video"] = _gone_on(session, str(kept.pop("upload")), film)
        session.keep(dict(kept))
    picture, captions = limits.picture_of(draft), draft.options.get("captions", "").strip()
    for name, wanted, step in (("picture", picture, _shown), ("captions", captions, _captioned)):
        if wanted and name not in kept:
            kept[name] = step(session, str(kept["video"]), wanted, draft)
            session.keep(dict(kept))
    return kept


def resource(draft: Draft) -> dict[str, Any]:
    """The film as it is told to YouTube."""
    snippet: dict[str, Any] = {"title": limits.title_of(draft), "description": logic.wording(draft)}
    if tags := limits.tags_of(draft):
        snippet["tags"] = tags
    if draft.language:
        snippet["defaultLanguage"] = draft.language[:12]
    return {"snippet": snippet, "status": status(draft, "private")}


def status(draft: Draft, privacy: str) -> dict[str, Any]:
    """All of it each time: what is left out of an update falls back to what YouTube finds usual."""
    kids = draft.options.get("kids") == "yes"
    return {"privacyStatus": privacy, "selfDeclaredMadeForKids": kids, "embeddable": True, "license": "youtube"}


def _begun(session: Session, draft: Draft, film: Medium) -> str:
    """The address of a new upload."""
    told = {"X-Upload-Content-Length": str(film.bytes_long), "X-Upload-Content-Type": film.mime}
    notify = "false" if draft.options.get("notify") == "no" else "true"
    query = {"uploadType": "resumable", "part": "snippet,status", "notifySubscribers": notify}
    response = _asked(session, "POST", f"{client.UPLOAD}/videos", query=query, headers=told, json=resource(draft))
    uri = response.headers.get("location", "")
    if response.status != 200 or not client.is_ours(uri):
        raise client.failure(session, response)
    return uri


def _gone_on(session: Session, uri: str, film: Medium) -> str:
    """The rest of the film, from where YouTube says that it is; gives the film's number."""
    size = film.bytes_long
    at, number = _where(session, uri, size)
    while not number:
        piece = film.piece(at, min(at + PIECE, size))
        if not piece:
            raise _strange("the film ended before its end")
        span = {"Content-Range": f"bytes {at}-{at + len(piece) - 1}/{size}", "Content-Type": film.mime}
        before = at
        at, number = _read(session, _asked(session, "PUT", uri, headers=span, content=piece), size)
        if not number and at <= before:
            raise _strange("YouTube does not take the next piece")
    return number


def _where(session: Session, uri: str, size: int) -> tuple[int, str]:
    """Up to where the film is there. An upload that YouTube forgot is begun anew."""
    response = _asked(session, "PUT", uri, headers={"Content-Range": f"bytes */{size}"}, content=b"")
    if response.status in (404, 410):
        session.keep({})
        raise _strange("YouTube forgot the upload; it begins again")
    return _read(session, response, size)


def _read(session: Session, response: Response, size: int) -> tuple[int, str]:
    """What the answer to a piece says: up to where, or the number of the whole film."""
    if response.status == 308:
        told = re.fullmatch(r"bytes=0-(\d{1,15})", response.headers.get("range", ""))
        return (min(int(told[1]) + 1, size) if told else 0), ""
    found = logic.json_of(response)
    number = found.get("id") if isinstance(found, dict) else None
    if response.status in (200, 201) and isinstance(number, str) and re.fullmatch(r"[\w-]{5,20}", number):
        return size, number
    raise client.failure(session, response)


def _shown(session: Session, video: str, picture: Any, draft: Draft) -> str:
    """The picture that stands for the film; a channel that may not have one keeps YouTube's."""
    told = {"Content-Type": picture.mime}
    query = {"videoId": video, "uploadType": "media"}
    response = _asked(
        session, "POST", f"{client.UPLOAD}/thumbnails/set", query=query, headers=told, content=picture.content
    )
    return _kept(session, response)


def _captioned(session: Session, video: str, captions: Any, draft: Draft) -> str:
    about = {"snippet": {"videoId": video, "language": draft.language or "nl", "name": ""}}
    parts = (("application/json; charset=UTF-8", json.dumps(about)), ("application/octet-stream", str(captions)))
    whole = "".join(f"--{BOUNDARY}\r\nContent-Type: {mime}\r\n\r\n{text}\r\n" for mime, text in parts)
    told = {"Content-Type": f"multipart/related; boundary={BOUNDARY}"}
    query = {"part": "snippet", "uploadType": "multipart"}
    content = f"{whole}--{BOUNDARY}--\r\n".encode()
    return _kept(
        session, _asked(session, "POST", f"{client.UPLOAD}/captions", query=query, headers=told, content=content)
    )


def _kept(session: Session, response: Response) -> str:
    """What came of something beside the film: it never holds the film up, unless it can be tried again."""
    if response.status in (200, 201):
        return "yes"
    if response.status in (400, 403, 409) and not client.reasons(response) & (client.USED_UP | client.TOO_FAST):
        return "no"
    raise client.failure(session, response)


def _asked(session: Session, method: str, url: str, **more: Any) -> Response:
    try:
        return client.ask(session, method, url, seconds=client.WRITE_SECONDS, **more)
    except (NotSent, Unclear) as error:  # whatever of it arrived, YouTube tells next time
        raise client.Failed(logic.not_reached(error)) from error


def _strange(words: str) -> client.Failed:
    return client.Failed(Outcome(Verdict.UNKNOWN, because=Because.NOT_REACHED, answer=words))
