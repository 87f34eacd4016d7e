"""What Facebook sends by itself, when the administrator asked for it there: comments, and posts that name the page.

Source: docs/graph-api/webhooks/reference/page (feed, mention). The numbers are those of `listen`: what is read by
asking as well counts once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from koor.connectors import meta
from koor.connectors.facebook.publish import page_of
from koor.ground.channels.contract import Batch, Incoming, Session


def greet(session: Session, query: Mapping[str, str]) -> str:
    """The challenge, when they know our word."""
    return meta.greet(session, query)


def why_no_greeting(session: Session, query: Mapping[str, str]) -> str:
    """Why they do not get it; empty for whoever did not ask for it."""
    return meta.why_no_greeting(session, query)


def genuine(session: Session, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether these very bytes were signed with the secret of the application."""
    return meta.genuine(session.secrets.get("client_secret", ""), headers, body)


def why_not(session: Session, headers: Mapping[str, str], body: bytes) -> str:
    """Why they were not; empty when they were."""
    return meta.why_not(session.secrets.get("client_secret", ""), headers, body)


def read(session: Session, body: bytes, last: bool = False) -> Batch:
    """What happened on our page; of other pages of the same application nothing. What can't be read stops nothing."""
    return meta.pushed(body, lambda whole: _changes(session, whole), lambda change: _incoming(session, change))


def _changes(session: Session, whole: Any) -> Iterator[Any]:
    for entry in meta.entries(whole, page_of(session)):
        changes = entry.get("changes")
        yield from changes if isinstance(changes, list) else []


def _incoming(session: Session, change: Any) -> Incoming | None:
    value, field = change["value"], change["field"]
    comment = field == "feed" and value.get("item") == "comment"
    if not comment and field != "mention":
        return None
    by = value.get("from") or {"id": value.get("sender_id"), "name": value.get("sender_name")}
    if str(by.get("id")) == page_of(session):
        return None
    number, verb = str(value["comment_id"] if comment else value["post_id"]), value.get("verb")
    when = datetime.fromtimestamp(int(value["created_time"]), UTC)
    kind = {"edited": "edited", "edit": "edited", "remove": "deleted"}.get(str(verb), "")
    if not kind and verb not in ("add", None):
        return None
    usual = "reply" if comment else "mention"
    above = str(value.get("parent_id") or value.get("post_id") or "") if comment else ""
    return Incoming(
        external_id=f"{number}:{kind}:{int(when.timestamp())}" if kind else number,
        author=str(by.get("name") or "Facebook"),
        handle=str(by.get("id") or ""),
        text="" if kind == "deleted" else str(value.get("message") or ""),
        url=f"https://www.facebook.com/{number}",
        created_at=when,
        in_reply_to=number if kind else above,
        kind=kind or usual,
    )
