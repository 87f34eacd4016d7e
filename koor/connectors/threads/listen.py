"""Answers to our newest posts, and posts that name us. By asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from koor.connectors import meta
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Incoming, Session

POSTS, PAGE, PAGES = 25, 50, 20
AGAIN = timedelta(minutes=10)  # read twice: what is known already counts once
FIELDS = "id,text,timestamp,permalink,username,replied_to,is_reply_owned_by_me,hide_status"
MENTIONED = "id,text,timestamp,permalink,username"


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """Everything since the newest that was read. The cursor is its moment."""
    since, mentions = logic.moment(cursor), settings.get("kind") == "mentions"
    try:
        if mentions:
            rows = list(pages(session, f"{meta.account_of(session)}/mentions", MENTIONED))
        else:
            rows = list(_answers(session))
    except meta.Failed as failed:
        return Batch(cursor=cursor, **meta.problem_of(failed))
    items, broken = meta.read_each(rows, lambda row: incoming(row, "mention" if mentions else "reply"))
    fresh = tuple(one for one in items if since is None or one.created_at is None or one.created_at >= since)
    newest = max([one.created_at for one in fresh if one.created_at], default=None)
    moved = max([at for at in (newest - AGAIN if newest else None, since) if at], default=None)
    return Batch(fresh, broken, moved.isoformat() if moved else cursor)


def _answers(session: Session) -> Iterator[Any]:
    """Under each of the newest posts that has any."""
    address = f"{meta.THREADS}/{meta.account_of(session)}/threads"
    for post in meta.rows_of(meta.read(session, address, fields="id,has_replies", limit=str(POSTS))):
        if isinstance(post, dict) and post.get("has_replies", True):
            yield from under(session, str(post.get("id", "")))


def under(session: Session, post: str) -> Iterator[Any]:
    """Everything under a post, however deep. Raises `Failed`."""
    for row in pages(session, f"{meta.safe(post)}/conversation", FIELDS):
        yield {"above": post, **row} if isinstance(row, dict) else row


def pages(session: Session, path: str, fields: str) -> Iterator[Any]:
    """All rows of a list, page after page. Raises `Failed`."""
    after = ""
    for _number in range(PAGES):
        more: dict[str, Any] = {"after": after} if after else {}
        page = meta.read(session, f"{meta.THREADS}/{path}", fields=fields, limit=str(PAGE), **more)
        yield from meta.rows_of(page)
        paging = page.get("paging") if isinstance(page.get("paging"), dict) else {}
        cursors = paging.get("cursors") if isinstance(paging, dict) else None
        after = str(cursors.get("after") or "") if isinstance(cursors, dict) else ""
        if not after:
            return


def incoming(row: Mapping[str, Any], kind: str) -> Incoming | None:
    """One post of somebody else; nothing for what we said ourselves."""
    if row.get("is_reply_owned_by_me"):
        return None
    name, to = str(row.get("username") or ""), row.get("replied_to")
    above = str(to["id"]) if isinstance(to, dict) and "id" in to else str(row.get("above") or "")
    return Incoming(
        external_id=meta.id_of(row),
        author=name or "Threads",
        handle=f"@{name}" if name else "",
        text=str(row.get("text") or ""),
        url=str(row.get("permalink") or ""),
        created_at=logic.moment(row["timestamp"]),
        in_reply_to=above,
        kind=kind,
        raw={"hidden": row.get("hide_status") == "HIDDEN"},
    )
