"""A container first, which nobody sees; then the one step that publishes: docs/threads/posts, reply-management."""

from __future__ import annotations

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
)

PAGE = 50


def prepare(session: Session, draft: Draft) -> Prepared:
    """Makes the container; what an earlier try made goes on."""
    limits = session.limits or MANIFEST.limits
    problem = logic.problem(draft, limits, own.length(draft, limits))
    if problem is not None:
        return problem
    if not all(medium.address for medium in draft.media):
        return Prepared(problem=meta.NO_ADDRESS, because=Because.REJECTED)
    try:
        return Prepared(handle=meta.staged(session, meta.THREADS, "status", lambda: _made(session, draft)))
    except meta.Failed as failed:
        return meta.not_prepared(failed)


def _made(session: Session, draft: Draft) -> str:
    """The number of the container of the whole post. Raises `Failed`."""
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
    """The one step that makes it public."""
    address = f"{meta.THREADS}/{meta.account_of(session)}/threads_publish"
    body = {"creation_id": str(attempt.prepared.handle.get("container", ""))}
    return meta.write(session, "POST", address, meta.number_in, json=body)


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """The container tells whether it was published; which post that is, is read back."""
    number = str(attempt.prepared.handle.get("container", ""))
    if not number:
        return CannotKnow("no container was made for it")
    try:
        state = meta.read(session, f"{meta.THREADS}/{meta.safe(number)}", fields="status,id").get("status")
        if state in ("FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED"):
            return NotSeen()
        if state != "PUBLISHED":
            return CannotKnow("the container does not tell how it is")
        edge = "replies" if attempt.draft.in_reply_to else "threads"
        address = f"{meta.THREADS}/{meta.account_of(session)}/{edge}"
        rows = meta.rows_of(meta.read(session, address, fields="id,text,timestamp,permalink", limit=str(PAGE)))
    except meta.Failed as failed:
        return CannotKnow(failed.outcome.answer)
    for row in rows:
        if isinstance(row, dict) and _is_it(attempt, row):
            return Seen(str(row["id"]), str(row.get("permalink") or ""))
    return CannotKnow("it was published, and can't be told among the posts")


def _is_it(attempt: Attempt, row: dict[str, Any]) -> bool:
    created = logic.moment(row.get("timestamp"))
    recent = created is None or created >= attempt.started_at - meta.CLOCKS_DIFFER
    same = meta.heart(str(row.get("text") or "")) == meta.heart(attempt.draft.text)
    return recent and same and bool(row.get("id")) and str(row["id"]) not in attempt.taken
