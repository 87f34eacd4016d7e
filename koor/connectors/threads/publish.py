"""A container first, which nobody sees; then the one step that publishes: docs/threads/posts, reply-management. Of a
thread each later part answers the one before it, so its container can only be made once that is up: it is known by what
it answers and by its words."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from koor.connectors import meta
from koor.connectors.threads import limits as own
from koor.connectors.threads.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    Medium,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Verdict,
)
from koor.ground.channels.logic import parts

PAGE = 50
CODE = re.compile(r"/(?:post|t)/([A-Za-z0-9_-]{5,40})(?:[/?#]|$)")  # of a post in its address
MADE, READY, PUBLISHED = 12.0, 8.0, 25.0  # seconds for the steps of a later part; all of a send stays under its minute


def prepare(session: Session, draft: Draft) -> Prepared:
    """Makes the container; what an earlier try made goes on."""
    limits = session.limits or MANIFEST.limits
    pieces = own.posts(draft, limits)
    problem = logic.problem(draft, limits, own.length(draft, limits)) or parts.too_many(pieces)
    if problem is not None:
        return problem
    if not all(medium.address for medium in draft.media):
        return Prepared(problem=meta.NO_ADDRESS, because=Because.REJECTED)
    try:
        first = dataclasses.replace(draft, text=pieces[0] if pieces else "")
        made = meta.staged(session, meta.THREADS, "status", lambda: _made(session, first))
        return Prepared(handle={**made, "parts": pieces} if len(pieces) > 1 else made)
    except meta.Failed as failed:
        return meta.not_prepared(failed)


def _made(session: Session, draft: Draft) -> str:
    """The number of the container of a post, or of the first part of a thread. Raises `Failed`."""
    address = f"{meta.THREADS}/{meta.account_of(session)}/threads"
    common: dict[str, Any] = {"text": draft.text} | ({"reply_to_id": draft.in_reply_to} if draft.in_reply_to else {})
    if not draft.media:
        link = {"link_attachment": draft.link} if draft.link else {}
        return meta.container(session, address, {"media_type": "TEXT", **common, **link})
    if len(draft.media) == 1:
        return meta.container(session, address, {**_piece(draft.media[0]), **common})
    pieces = [meta.container(session, address, {**_piece(one), "is_carousel_item": True}) for one in draft.media]
    for piece in pieces:
        meta.wait_for(session, meta.THREADS, piece, "status")
    return meta.container(session, address, {"media_type": "CAROUSEL", "children": ",".join(pieces), **common})


def _piece(medium: Medium) -> dict[str, Any]:
    alt = {"alt_text": medium.alt} if medium.alt else {}
    if medium.mime.startswith("video/"):
        return {"media_type": "VIDEO", "video_url": medium.address, **alt}
    return {"media_type": "IMAGE", "image_url": medium.address, **alt}


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that makes it public: the post, or the first part of a thread that is not up."""
    try:
        number = _later(session, attempt) if parts.chain_of(attempt) else attempt.prepared.handle.get("container", "")
    except meta.Failed as failed:  # nobody sees a container: whatever became of it, nothing is up
        because = failed.outcome.because or Because.NOT_REACHED
        return dataclasses.replace(failed.outcome, verdict=Verdict.DEFINITELY_NOT, because=because)
    address = f"{meta.THREADS}/{meta.account_of(session)}/threads_publish"
    seconds = PUBLISHED if parts.chain_of(attempt) else meta.SECONDS
    outcome = meta.write(session, "POST", address, meta.number_in, json={"creation_id": str(number)}, seconds=seconds)
    return dataclasses.replace(outcome, more=outcome.verdict is Verdict.DONE and parts.goes_on(attempt))


def _later(session: Session, attempt: Attempt) -> str:
    """The container of a part that stands under the one before it. Raises `Failed`."""
    address = f"{meta.THREADS}/{meta.account_of(session)}/threads"
    above, text = parts.chain_of(attempt)[-1], parts.piece_of(attempt, "")
    number = meta.container(session, address, {"media_type": "TEXT", "text": text, "reply_to_id": above}, MADE)
    meta.wait_for(session, meta.THREADS, number, "status", most=READY, seconds=READY)
    return number


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """The container tells whether it was published; which post that is, is read back. Of a later part all is."""
    number = str(attempt.prepared.handle.get("container", ""))
    try:
        if parts.chain_of(attempt):
            return _under_the_last(session, attempt)
        if not number:
            return CannotKnow("no container was made for it")
        state = meta.read(session, f"{meta.THREADS}/{meta.safe(number)}", fields="status,id").get("status")
        if state in ("FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED"):
            return NotSeen()
        if state != "PUBLISHED":
            return CannotKnow("the container does not tell how it is")
        rows = meta.rows_of(_ours(session, "replies" if attempt.draft.in_reply_to else "threads"))
    except meta.Failed as failed:
        return CannotKnow(failed.outcome.answer)
    for row in rows:
        if isinstance(row, dict) and _is_it(attempt, row):
            return Seen(str(row["id"]), str(row.get("permalink") or ""), parts.goes_on(attempt))
    return CannotKnow("it was published, and can't be told among the posts")


def number_at(session: Session, address: str) -> str:
    """Of our latest posts and answers the one at this address: it names a code, and Meta's interface a number."""
    code = CODE.search(address)
    try:
        found = [row for edge in ("threads", "replies") for row in meta.rows_of(_ours(session, edge))] if code else []
    except meta.Failed:
        return ""
    same = (row for row in found if isinstance(row, dict) and row.get("id"))
    codes = ((row, CODE.search(str(row.get("permalink") or ""))) for row in same)
    return next((str(row["id"]) for row, its in codes if code and its and its[1] == code[1]), "")


def _ours(session: Session, edge: str, more: str = "") -> dict[str, Any]:
    """What our account said, newest first. Raises `Failed`."""
    address = f"{meta.THREADS}/{meta.account_of(session)}/{edge}"
    return meta.read(session, address, fields=f"id,text,timestamp,permalink{more}", limit=str(PAGE))


def _under_the_last(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Among our answers, the one with these words under the part before it. Raises `Failed`."""
    found, above = _ours(session, "replies", ",replied_to"), parts.chain_of(attempt)[-1]
    rows = meta.rows_of(found)
    alike = [row for row in rows if isinstance(row, dict) and _is_it(attempt, row)]
    if (ours := next((row for row in alike if _answers(row) == above), None)) is not None:
        return Seen(str(ours["id"]), str(ours.get("permalink") or ""), parts.goes_on(attempt))
    if not all(_answers(row) for row in alike):
        return CannotKnow("the same words stand there, and not what they answer")
    if any(isinstance(row, dict) and _is_new(attempt, row) and _answers(row) == above for row in rows):
        return CannotKnow("an answer of ours with other words stands there: Threads may have changed them")
    return CannotKnow("more answers than were read") if meta.goes_on(found, PAGE) else NotSeen()


def _answers(row: dict[str, Any]) -> str:
    to = row.get("replied_to")
    return str(to.get("id") or "") if isinstance(to, dict) else ""


def _is_it(attempt: Attempt, row: dict[str, Any]) -> bool:
    same = meta.heart(str(row.get("text") or "")) == meta.heart(parts.piece_of(attempt, meta.wording(attempt.draft)))
    return same and _is_new(attempt, row)


def _is_new(attempt: Attempt, row: dict[str, Any]) -> bool:
    """Made since the attempt began, and of no row that is known."""
    created = logic.moment(row.get("timestamp"))
    recent = created is None or created >= attempt.started_at - meta.CLOCKS_DIFFER
    return recent and bool(row.get("id")) and str(row["id"]) not in {*attempt.taken, *parts.chain_of(attempt)}
