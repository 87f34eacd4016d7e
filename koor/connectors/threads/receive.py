"""What Threads sends by itself, when the administrator asked for it there: answers under our posts, and posts that name
us.

Source: docs/threads/webhooks, read 22 November 2026. The numbers are those of `listen`: what is read by asking as well
counts once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from koor.connectors import meta
from koor.connectors.threads.listen import incoming
from koor.ground.channels.contract import Batch, Incoming, Session

KINDS = {"replies": "reply", "mentions": "mention"}


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
    """What was said to our account. What can't be read stops nothing."""
    return meta.pushed(body, _events, lambda event: _incoming(session, event))


def _events(whole: Any) -> Iterator[Any]:
    """One event a delivery; several are taken too."""
    values = whole.get("values") if isinstance(whole, dict) else None
    yield from values if isinstance(values, list) else [values] if values is not None else []


def _incoming(session: Session, event: Any) -> Incoming | None:
    kind, value = KINDS.get(event["field"]), event["value"]
    if kind is None:
        return None
    name = str(session.settings.get("username") or "").casefold()
    if kind == "mention":
        is_ours = _names(name, str(value.get("text") or ""))
    else:
        above = value.get("root_post") or {}
        is_ours = str(above.get("owner_id") or "") == meta.account_of(session)
    by_us = bool(name) and str(value.get("username") or "").casefold() == name
    return incoming(value, kind) if is_ours and not by_us else None


def _names(name: str, text: str) -> bool:
    """Whether a text names us. What is sent does not say for which account of the application it is; where our name is
    not known, or not there, a visit finds it."""
    return bool(name) and re.search(rf"(?<![\w.@])@{re.escape(name)}(?!\.?\w)", text.casefold()) is not None
