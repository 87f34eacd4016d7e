"""What the other system sends: is it genuine, and what does it say. README.md tells whoever writes the sender."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from koor.ground.channels.contract import Batch, Broken, Incoming, Session
from koor.ground.channels.contract import message_id as _
from koor.kernel import signed

MOST = 1000  # events in one delivery
KINDS = frozenset({"direct", "reply", "mention"})


class _NoWordsLeft(ValueError):
    """Nobody can tell whether it was emptied or taken back."""


def greet(session: Session, query: Mapping[str, str]) -> str:
    """Nobody asks for a word here."""
    return ""


def genuine(session: Session, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether these very bytes were signed with the secret, at most five minutes ago. Without a secret nothing is."""
    return not why_not(session, headers, body)


def why_not(session: Session, headers: Mapping[str, str], body: bytes) -> str:
    word = session.secrets.get("signing_secret", "").strip()
    try:
        secret = signed.read(word) if word.startswith(signed.MARK) else word.encode()
    except ValueError:
        return _("The signing secret that stands here can't be read: behind whsec_ it is Base64.")
    return signed.why_not(secret, headers, body, session.now or datetime.now(UTC))


def read(session: Session, body: bytes, last: bool = False) -> Batch:
    """One event, or several under `events`. What can't be read stops nothing else."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return Batch(broken=(Broken(body.decode("utf-8", "replace"), _("This is not JSON.")),))
    found: Any = whole.get("events") if isinstance(whole, dict) and "events" in whole else [whole]
    items: list[Incoming] = []
    broken: list[Broken] = []
    for one in found[:MOST] if isinstance(found, list) else [found]:
        try:
            items.append(_event(session, one))
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as problem:
            reason = _("This part can't be read.")
            if isinstance(problem, _NoWordsLeft):
                reason = _("This edit leaves no words. What was taken back is told as deleted.")
            broken.append(Broken(json.dumps(one, ensure_ascii=False), reason))
    if isinstance(found, list) and len(found) > MOST:
        broken.append(Broken(json.dumps(found[MOST:], ensure_ascii=False), _("Too many at once.")))
    return Batch(tuple(items), tuple(broken))


def _event(session: Session, one: dict[str, Any]) -> Incoming:
    number, type_ = _id(one["id"]), one.get("type", "message")
    if type_ not in ("message", "edited", "deleted"):
        raise ValueError("type")
    name, handle = _who(session, one.get("from") or {}, needed=type_ == "message")
    if type_ == "message":
        return _message(one, number, name, handle)
    text = _text(one) if type_ == "edited" else ""
    if type_ == "edited" and not text.strip():
        raise _NoWordsLeft
    at = _moment(one["at"]) if type_ == "edited" or "at" in one else None
    told = sha256(f"{at}\n{text}".encode()).hexdigest()[:12] if type_ == "edited" else ""
    return Incoming(
        external_id=f"{number}:{type_}:{told}".rstrip(":"),
        author=name,
        handle=handle,
        text=text,
        created_at=at,
        in_reply_to=number,
        kind=type_,
        raw={"event": one},
    )


def _message(one: dict[str, Any], number: str, name: str, handle: str) -> Incoming:
    kind = one.get("kind", "direct")
    if kind not in KINDS:
        raise ValueError("kind")
    return Incoming(
        external_id=number,
        author=name,
        handle=handle,
        text=_text(one),
        url=str(one.get("url") or ""),
        language=str(one.get("language") or ""),
        created_at=_moment(one["at"]),
        in_reply_to=_id(one["in_reply_to"]) if one.get("in_reply_to") else "",
        kind=kind,
        raw={"event": one},
    )


def _who(session: Session, who: dict[str, Any], *, needed: bool) -> tuple[str, str]:
    """The name, and the handle with the name of the system behind it: two systems may know another person by one."""
    if not who.get("id"):
        if needed:
            raise ValueError("from")
        return "", ""
    known = _id(who["id"])
    return str(who.get("name") or known), f"{known}@{session.settings.get('site', '').strip()}"


def _id(given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int) or not 0 < len(str(given).strip()) <= 150:
        raise ValueError("id")
    return str(given).strip()


def _text(one: dict[str, Any]) -> str:
    if not isinstance(one["text"], str):
        raise TypeError("text")
    return one["text"]


def _moment(given: object) -> datetime:
    """ISO 8601 with its zone, or seconds since 1970."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return datetime.fromtimestamp(given, UTC)
    found = datetime.fromisoformat(str(given))
    if found.tzinfo is None:
        raise ValueError("at")
    return found
