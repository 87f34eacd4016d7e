"""Containers first, which nobody sees; then the one step that publishes: instagram-platform/content-publishing."""

from __future__ import annotations

from typing import Any

from koor.connectors import meta
from koor.connectors.instagram.check import used_up
from koor.connectors.instagram.manifest import MANIFEST
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
from koor.ground.channels.contract import message_id as _

HOUR = 3600
PAGE = 50


def prepare(session: Session, draft: Draft) -> Prepared:
    """Has Instagram fetch the pictures. An answer to a comment is words alone, and needs nothing."""
    limits = session.limits or MANIFEST.limits
    problem = logic.problem(draft, limits, logic.length(draft, limits))
    if problem is not None:
        return problem
    if draft.in_reply_to:
        return _answer(draft)
    if not all(medium.address for medium in draft.media):
        return Prepared(problem=meta.NO_ADDRESS, because=Because.REJECTED)
    try:
        most = used_up(session)
        if most is not None:
            sentence = _("Instagram lets %(most)s posts go in 24 hours, and they went. This one waits.")
            return Prepared(problem=sentence, values={"most": most}, because=Because.RATE, retry_after=HOUR)
        return Prepared(handle=meta.staged(session, meta.INSTAGRAM, "status_code", lambda: _made(session, draft)))
    except meta.Failed as failed:
        return meta.not_prepared(failed)


def _answer(draft: Draft) -> Prepared:
    if draft.media:
        return Prepared(problem=_("With an answer here goes no picture."), because=Because.REJECTED)
    return Prepared()


def _made(session: Session, draft: Draft) -> str:
    """The number of the container of the whole post. Raises `Failed`."""
    address = f"{meta.INSTAGRAM}/{meta.account_of(session)}/media"
    if len(draft.media) == 1:
        return meta.container(session, address, {**_piece(draft.media[0]), "caption": draft.text})
    pieces = [meta.container(session, address, {**_piece(one), "is_carousel_item": True}) for one in draft.media]
    for piece in pieces:
        meta.wait_for(session, meta.INSTAGRAM, piece, "status_code")
    whole = {"media_type": "CAROUSEL", "children": ",".join(pieces), "caption": draft.text}
    return meta.container(session, address, whole)


def _piece(medium: Medium) -> dict[str, Any]:
    if medium.mime.startswith("video/"):
        return {"media_type": "REELS", "video_url": medium.address}
    return {"image_url": medium.address} | ({"alt_text": medium.alt} if medium.alt else {})


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that makes it public."""
    draft = attempt.draft
    if draft.in_reply_to:
        address = f"{meta.INSTAGRAM}/{meta.safe(draft.in_reply_to)}/replies"
        return meta.write(session, "POST", address, meta.number_in, json={"message": draft.text})
    address = f"{meta.INSTAGRAM}/{meta.account_of(session)}/media_publish"
    body = {"creation_id": str(attempt.prepared.handle.get("container", ""))}
    return meta.write(session, "POST", address, meta.number_in, json=body)


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """The container tells whether it was published; which post that is, is read back."""
    try:
        if attempt.draft.in_reply_to:
            return _answer_there(session, attempt)
        number = str(attempt.prepared.handle.get("container", ""))
        if not number:
            return CannotKnow("no container was made for it")
        state = meta.read(session, f"{meta.INSTAGRAM}/{meta.safe(number)}", fields="status_code,id").get("status_code")
        if state in ("FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED"):
            return NotSeen()
        if state != "PUBLISHED":
            return CannotKnow("the container does not tell how it is")
        return _post_there(session, attempt)
    except meta.Failed as failed:
        return CannotKnow(failed.outcome.answer)


def _post_there(session: Session, attempt: Attempt) -> Seen | CannotKnow:
    address = f"{meta.INSTAGRAM}/{meta.account_of(session)}/media"
    rows = meta.rows_of(meta.read(session, address, fields="id,caption,permalink,timestamp", limit=str(PAGE)))
    for row in rows:
        if isinstance(row, dict) and _is_it(attempt, row, "caption"):
            return Seen(str(row["id"]), str(row.get("permalink") or ""))
    return CannotKnow("it was published, and can't be told among the posts")


def _answer_there(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Among what stands under the comment. Words like ours of nobody knows whom make nothing certain."""
    address = f"{meta.INSTAGRAM}/{meta.safe(attempt.draft.in_reply_to)}/replies"
    found = meta.read(session, address, fields="id,text,timestamp,from", limit=str(PAGE))
    rows = meta.rows_of(found)
    alike = [row for row in rows if isinstance(row, dict) and _is_it(attempt, row, "text")]
    ours = next((row for row in alike if meta.writer_of(row) == meta.account_of(session)), None)
    if ours is not None:
        return Seen(str(ours["id"]))
    if not all(meta.writer_of(row) for row in alike):
        return CannotKnow("the same words stand there, and not who wrote them")
    return CannotKnow("more answers than were read") if meta.goes_on(found, PAGE) else NotSeen()


def _is_it(attempt: Attempt, row: dict[str, Any], field: str) -> bool:
    created = logic.moment(row.get("timestamp"))
    recent = created is None or created >= attempt.started_at - meta.CLOCKS_DIFFER
    same = meta.heart(str(row.get(field) or "")) == meta.heart(attempt.draft.text)
    return recent and same and bool(row.get("id")) and str(row["id"]) not in attempt.taken
