"""What people say under our posts, and posts that name us. By asking; each visit looks back over the newest posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from koor.connectors import meta
from koor.connectors.facebook.publish import page_of
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Incoming, Session

POSTS, COMMENTS, PAGES = 25, 100, 20
AGAIN = timedelta(minutes=10)  # read twice: what is known already counts once
FIELDS = "id,message,created_time,permalink_url,from{id,name},parent{id},is_hidden"


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """Everything since the newest that was read. The cursor is its moment."""
    since = logic.moment(cursor)
    try:
        if settings.get("kind") == "mentions":
            rows = list(_mentions(session, since))
        else:
            rows = list(_comments(session, since))
    except meta.Failed as failed:
        return Batch(cursor=cursor, **meta.problem_of(failed))
    usual = "mention" if settings.get("kind") == "mentions" else "reply"
    items, broken = meta.read_each(rows, lambda row: incoming(session, row, usual))
    moments = [one.created_at for one in items if one.created_at] + ([since + AGAIN] if since else [])
    newest = max(moments, default=None)
    return Batch(items, broken, (newest - AGAIN).isoformat() if newest else cursor)


def _comments(session: Session, since: datetime | None) -> Iterator[dict[str, Any]]:
    """Under the newest posts, newest first, page after page until what was read before."""
    asked = f"id,comments.limit({COMMENTS}).order(reverse_chronological).filter(stream){{{FIELDS}}}"
    posts = meta.read(session, f"{meta.FACEBOOK}/{page_of(session)}/published_posts", fields=asked, limit=str(POSTS))
    for post in meta.rows_of(posts):
        if not isinstance(post, dict):
            continue
        page = post.get("comments") if isinstance(post.get("comments"), dict) else {}
        for number in range(PAGES):
            rows = page.get("data") if isinstance(page, dict) else None
            for row in rows if isinstance(rows, list) else []:
                yield {**row, "post": str(post.get("id", ""))} if isinstance(row, dict) else row
            after = _after(page)
            if not after or not rows or _is_old(rows[-1], since) or number == PAGES - 1:
                break
            page = meta.read(
                session, f"{meta.FACEBOOK}/{meta.safe(str(post.get('id', '')))}/comments", fields=FIELDS, after=after,
                limit=str(COMMENTS), order="reverse_chronological", filter="stream",
            )  # fmt: skip


def _mentions(session: Session, since: datetime | None) -> Iterator[dict[str, Any]]:
    asked: dict[str, Any] = {"fields": "id,message,created_time,permalink_url,from{id,name}", "limit": str(COMMENTS)}
    after = ""
    for _number in range(PAGES):
        more: dict[str, Any] = {"after": after} if after else {}
        page = meta.read(session, f"{meta.FACEBOOK}/{page_of(session)}/tagged", **asked, **more)
        rows = meta.rows_of(page)
        yield from rows
        after = _after(page)
        if not after or not rows or _is_old(rows[-1], since):
            return


def _after(page: Any) -> str:
    """Where the next page begins; empty on the last one."""
    paging = page.get("paging") if isinstance(page, dict) else None
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""


def _is_old(row: Any, since: datetime | None) -> bool:
    created = logic.moment(row.get("created_time")) if isinstance(row, dict) else None
    return since is not None and created is not None and created < since


def incoming(session: Session, row: Mapping[str, Any], usual: str = "reply") -> Incoming | None:
    """One comment or post; nothing for what the page said itself. Meta leaves out who it is for some readers."""
    by = row.get("from") if isinstance(row.get("from"), dict) else {}
    assert isinstance(by, dict)
    if str(by.get("id", "")) == page_of(session):
        return None
    parent = row.get("parent")
    above = str(parent["id"]) if isinstance(parent, dict) and "id" in parent else str(row.get("post", ""))
    return Incoming(
        external_id=meta.id_of(row),
        author=str(by.get("name") or "Facebook"),
        handle=str(by.get("id") or ""),
        text=str(row.get("message") or ""),
        url=str(row.get("permalink_url") or f"https://www.facebook.com/{row['id']}"),
        created_at=logic.moment(row["created_time"]),
        in_reply_to=above,
        kind=usual,
        raw={"hidden": bool(row.get("is_hidden"))},
    )
