"""What happens on a server at the moment it happens, by its streaming interface (WebSocket). Sources: README.md.

A line says nothing of what was before it: after it is open a visit fills the gap, forward by `min_id`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from koor.connectors.mastodon import client, listen
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Broken, Incoming, Opening, Session, Told
from koor.ground.channels.contract import message_id as _

MOST = 1_000_000  # bytes of a message: a status with all that belongs to it is some 10,000
STREAMS = {"notifications": "user:notification", "hashtag": "hashtag"}
PUBLIC = {"": "public", "local": "public:local"}


def opening(session: Session, cursor: str, settings: Mapping[str, str]) -> Opening | Batch:
    """The streaming interface can stand on another host, which the server names: a public one, over TLS unless the
    server itself is without. That host gets the token: it is the server's own, to give away as it likes."""
    try:
        found = client.read(session, "/api/v2/instance")
    except client.Failed as failure:
        if failure.outcome.because not in (Because.REJECTED, Because.NONE):
            return Batch(cursor=cursor, **listen.problem_of(failure))
        found = {}  # an older server, or a compatible one without this address
    configuration = found.get("configuration") if isinstance(found, dict) else None
    urls = configuration.get("urls") if isinstance(configuration, dict) else None
    named = urls.get("streaming") if isinstance(urls, dict) else None
    own, other = _line(client.server(session)), _line(named if isinstance(named, str) else "")
    base = own if other.startswith("ws:") and not own.startswith("ws:") else other or own
    if not base:
        return Batch(cursor=cursor, problem=_("The server offers no stream."), because=Because.REJECTED)
    kind, tag = settings.get("kind", "notifications"), settings.get("tag", "").strip().lstrip("#")
    stream = PUBLIC.get(settings.get("whose", ""), "public") if kind == "public" else STREAMS[kind]
    query = {"stream": stream} | ({"tag": tag} if kind == "hashtag" else {})
    headers = {"Authorization": f"Bearer {session.secrets.get('access_token', '')}"}
    return Opening(f"{base}/api/v1/streaming?{urlencode(query)}", headers, most=MOST, named_by=client.server(session))


def _line(address: str) -> str:
    """`wss://host` of an address, `ws://` only where http was written; empty for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    scheme = {"https": "wss", "wss": "wss", "http": "ws", "ws": "ws"}.get(parts.scheme, "")
    return f"{scheme}://{parts.netloc}" if scheme and parts.netloc else ""


def read(session: Session, message: str | bytes, settings: Mapping[str, str]) -> Told:
    """One message: {"stream": […], "event": name, "payload": JSON as a string}."""
    words = message if isinstance(message, str) else message.decode("utf-8", "replace")
    try:
        whole = logic.json_in(words)
        if isinstance(whole, dict) and "error" in whole and "event" not in whole:
            return Told(problem=_("The server ended the stream."))
        event, payload = whole["event"], whole.get("payload")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Told(broken=(Broken(words, f"{type(error).__name__}: {error}"[:200]),))
    reader = _READERS.get(event if isinstance(event, str) else "")
    if reader is None:
        return Told()  # a kind of event that says nothing to us
    try:
        found = logic.json_in(payload) if event != "delete" and isinstance(payload, str) else payload
        return reader(session, found, settings)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Told(broken=(Broken(words, f"{type(error).__name__}: {error}"[:200]),))


def _notified(session: Session, row: Any, settings: Mapping[str, str]) -> Told:
    if settings.get("kind", "notifications") != "notifications" or row["type"] not in listen.KINDS:
        return Told()
    return Told((listen.from_notification(session, row, listen.me_in(settings.get("cursor", ""))),), at=_at(row))


def _said(session: Session, row: Any, settings: Mapping[str, str]) -> Told:
    kind = settings.get("kind", "")
    if kind not in ("hashtag", "public") or row.get("reblog"):
        return Told()
    me = listen.me_in(settings.get("cursor", ""))
    cursor = json.dumps({"min": str(row["id"])} | ({"me": me} if me else {})) if kind == "public" else ""
    return Told((listen.from_status(session, row, me, usual="hashtag"),), cursor=cursor, at=_at(row))


def _edited(session: Session, row: Any, settings: Mapping[str, str]) -> Told:
    said = listen.from_status(session, row)
    when = logic.moment(row.get("edited_at")) or said.created_at
    number = f"edited:{said.external_id}:{row.get('edited_at')}"
    return Told((Incoming(number, said.author, said.handle, said.text, created_at=when, in_reply_to=said.external_id,
                          kind="edited"),))  # fmt: skip


def _deleted(session: Session, number: Any, settings: Mapping[str, str]) -> Told:
    if not isinstance(number, str | int) or not str(number):
        raise ValueError("no number of what was deleted")
    gone = str(number)
    return Told((Incoming(f"deleted:{gone}", "", in_reply_to=gone, kind="deleted"),))


def _at(row: Mapping[str, Any]) -> Any:
    return logic.moment(row.get("created_at"))


_READERS = {"notification": _notified, "update": _said, "status.update": _edited, "delete": _deleted}
