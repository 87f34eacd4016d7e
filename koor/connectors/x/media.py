"""Bringing pictures and a film to X in pieces. Nothing of it is seen before a post shows it."""

from __future__ import annotations

import time
from typing import Any

from koor.connectors.x import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Medium, NotSent, Outcome, Session, Unclear, Verdict

PIECE = 4_000_000  # bytes in one request; X takes up to 5 MB
PROCESSING_SECONDS = 40.0  # that a film may take before we come back later


def brought(session: Session, draft: Draft) -> list[str]:
    """The numbers of what goes with a post. What an earlier try brought stays. Raises `client.Failed`."""
    numbers = [str(one) for one in session.kept.get("media", ())][: len(draft.media)]
    for medium in draft.media[len(numbers) :]:
        numbers.append(_one(session, medium))
        session.keep({"media": numbers})
    return numbers


def _one(session: Session, medium: Medium) -> str:
    category = {"image/gif": "tweet_gif", "video/mp4": "tweet_video"}.get(medium.mime, "tweet_image")
    begun = {"media_type": medium.mime, "total_bytes": medium.bytes_long, "media_category": category}
    number = _number(client.data_of(session, "POST", "/2/media/upload/initialize", json=begun))
    for index, first in enumerate(range(0, medium.bytes_long, PIECE)):
        _append(session, number, index, medium.piece(first, min(first + PIECE, medium.bytes_long)))
    finished = client.data_of(session, "POST", f"/2/media/upload/{number}/finalize")
    _wait_for(session, number, finished.get("data"))
    if medium.alt:
        described = {"id": number, "metadata": {"alt_text": {"text": medium.alt[:1000]}}}
        client.data_of(session, "POST", "/2/media/metadata", json=described)
    return number


def _number(found: dict[str, Any]) -> str:
    data = found.get("data")
    told = str(data.get("id", "")) if isinstance(data, dict) else ""
    if not told.isdecimal():
        raise client.Failed(logic.unknown("no number of what was to be brought"))
    return told


def _append(session: Session, number: str, index: int, piece: bytes) -> None:
    files = {"media": ("piece", piece, "application/octet-stream")}
    path, told = f"/2/media/upload/{number}/append", {"segment_index": str(index)}
    try:
        response = client.ask(session, "POST", path, data=told, files=files, seconds=client.WRITE_SECONDS)
    except (NotSent, Unclear) as error:  # a piece that no post shows may be brought again
        raise client.Failed(logic.not_reached(error)) from error
    if response.status not in (200, 204):
        raise client.failure(session, response)


def _wait_for(session: Session, number: str, told: Any) -> None:
    """Until X has made it ready. Raises `client.Failed` when it can't, or takes too long for now."""
    until = time.monotonic() + PROCESSING_SECONDS
    while True:
        info = told.get("processing_info") if isinstance(told, dict) else None
        state = info.get("state") if isinstance(info, dict) else "succeeded"
        if state == "succeeded":
            return
        if state == "failed":
            words = "X could not read the file"
            raise client.Failed(Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=words))
        pause = info.get("check_after_secs") if isinstance(info, dict) else 1
        pause = float(pause) if isinstance(pause, int) and 0 < pause < 30 else 1.0
        if time.monotonic() + pause > until:
            raise client.Failed(
                Outcome(Verdict.UNKNOWN, because=Because.NOT_REACHED, answer="X still works on the film")
            )
        time.sleep(pause)
        told = client.data_of(session, "GET", f"/2/media/upload?command=STATUS&media_id={number}").get("data")
