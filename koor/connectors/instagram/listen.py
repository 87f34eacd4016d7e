"""What people say under our newest posts. By asking; each visit looks back over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from koor.connectors import meta
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Incoming, Session

POSTS, COMMENTS, PAGES = 25, 50, 20
AGAIN = timedelta(minutes=10)  # read twice: what is known already counts once
FIELDS = "id,text,timestamp,username,from,hidden,replies{id,text,timestamp,username,from,hidden}"


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """Everything since the newest that was read. The cursor is its moment."""
    since = logic.moment(cursor)
    try:
        rows = list(_comments(session))
    except meta.Failed as failed:
        return Batch(cursor=cursor, **meta.problem_of(failed))
    items, broken = meta.read_each(rows, lambda row: incoming(session, row))
    fresh = tuple(one for one in items if since is None or one.created_at is None or one.created_at >= since)
    newest = max([one.created_at for one in fresh if one.created_at], default=None)
    moved = max([at for at in (newest - AGAIN if newest else None, since) if at], default=None)
    return Batch(fresh, broken, moved.isoformat() if moved else cursor)


def _comments(session: Session) -> Iterator[Any]:
    posts = meta.read(
        session,
        f"{meta.INSTAGRAM}/{meta.account_of(session)}/media",
        fields="id,permalink,comments_count",
        limit=str(POSTS),
    )
    for post in meta.rows_of(posts):
        if isinstance(post, dict) and post.get("comments_count", 1):
            yield from under(session, str(post.get("id", "")), str(post.get("permalink") or ""))


def under(session: Session, post: str, permalink: str = "") -> Iterator[Any]:
    """The comments under a post and the answers to them, each with where it stands. Raises `Failed`."""
    after = ""
    for _number in range(PAGES):
        more: dict[str, Any] = {"after": after} if after else {}
        address = f"{meta.INSTAGRAM}/{meta.safe(post)}/comments"
        page = meta.read(session, address, fields=FIELDS, limit=str(COMMENTS), **more)
        for row in meta.rows_of(page):
            if not isinstance(row, dict):
                yield row
                continue
            yield {**row, "above": post, "permalink": permalink}
            answers = row.get("replies") if isinstance(row.get("replies"), dict) else {}
            inner = answers.get("data") if isinstance(answers, dict) else None
            yield from (
                {**one, "above": row.get("id", ""), "permalink": permalink}
                for one in (inner if isinstance(inner, list) else [])
                if isinstance(one, dict)
            )
        after = _after(page)
        if not after:
            return


def _after(page: Mapping[str, Any]) -> str:
    paging = page.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""


def incoming(session: Session, row: Mapping[str, Any]) -> Incoming | None:
    """One comment; nothing for what we said ourselves."""
    by = row.get("from") if isinstance(row.get("from"), dict) else {}
    assert isinstance(by, dict)
    name = str(row.get("username") or by.get("username") or "")
    if str(by.get("id", "")) == meta.account_of(session) and by.get("id"):
        return None
    created: datetime | None = logic.moment(row["timestamp"])
    return Incoming(
        external_id=meta.id_of(row),
        author=name or "Instagram",
        handle=f"@{name}" if name else "",
        text=str(row.get("text") or ""),
        url=str(row.get("permalink") or ""),
        created_at=created,
        in_reply_to=str(row.get("above") or ""),
        kind="reply",
        raw={"hidden": bool(row.get("hidden"))},
    )
