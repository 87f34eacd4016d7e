"""What Instagram sends by itself, when the administrator asked for it there: comments under our posts.

Source: instagram-platform/webhooks/examples (Business Login for Instagram), read 22 November 2026. The numbers are
those of `listen`: what is read by asking as well counts once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from koor.connectors import meta
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
    """What was said under posts of our account. What can't be read stops nothing."""
    return meta.pushed(body, lambda whole: _events(session, whole), lambda event: _incoming(session, event))


def _events(session: Session, whole: Any) -> Iterator[Any]:
    """One event stands in the entry itself, or several in a list of changes: both are described. A comment has no
    moment of its own, so it has that of the delivery."""
    for entry in meta.entries(whole, meta.account_of(session)):
        changes = entry.get("changes")
        for change in changes if isinstance(changes, list) else [entry]:
            yield {**change, "time": entry.get("time")} if isinstance(change, dict) else change


def _incoming(session: Session, event: Any) -> Incoming | None:
    if event.get("field") not in ("comments", "live_comments"):  # the rest, such as messages, is not for us
        return None
    value = event["value"]
    by = value.get("from") or {}
    if str(by.get("id")) == meta.account_of(session):
        return None
    name, media = str(by.get("username") or ""), value.get("media") or {}
    return Incoming(
        external_id=meta.id_of(value),
        author=name or "Instagram",
        handle=f"@{name}" if name else "",
        text=str(value.get("text") or ""),
        created_at=datetime.fromtimestamp(int(event["time"]), UTC),
        in_reply_to=str(value.get("parent_id") or media.get("id") or ""),
        kind="reply",
    )
