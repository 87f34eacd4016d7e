"""What Meta sends: is it genuine, and what does it say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from koor.connectors import meta
from koor.connectors.whatsapp import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Broken, Enclosed, Incoming, NotSent, Response, Session, Unclear
from koor.ground.channels.contract import message_id as _

WENT = frozenset({"sent", "delivered", "read"})
MEDIA = frozenset({"image", "audio", "video", "document", "sticker"})
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "audio/ogg": "ogg", "video/mp4": "mp4"}
NOT_BROUGHT = _("Koor could not bring this over from WhatsApp. Look at it on the phone, or ask for it again.")


def greet(session: Session, query: Mapping[str, str]) -> str:
    """The challenge, when they know our word."""
    return meta.greet(session, query)


def why_no_greeting(session: Session, query: Mapping[str, str]) -> str:
    """Why they do not get it; empty for whoever did not ask for it."""
    return meta.why_no_greeting(session, query)


def genuine(session: Session, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether these very bytes were signed with the app's present secret."""
    return meta.genuine(session.secrets.get("app_secret", ""), headers, body)


def why_not(session: Session, headers: Mapping[str, str], body: bytes) -> str:
    """Why they were not; empty when they were."""
    return meta.why_not(session.secrets.get("app_secret", ""), headers, body)


def read(session: Session, body: bytes, last: bool = False) -> Batch:
    """Messages to our number, and what became of ours. What can't be read stops nothing else.

    Raises `NotSent` or `Unclear` while a file can't be brought over just now; at the last try it goes without."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return Batch(broken=(Broken(body.decode("utf-8", "replace"), _("This is not JSON.")),))
    items: list[Incoming] = []
    broken: list[Broken] = []
    for value in _values(whole):
        if str(_dict(value.get("metadata")).get("phone_number_id", "")) != client.number(session):
            continue  # another number of the same app
        for one in [*_list(value.get("messages")), *_list(value.get("statuses"))]:
            try:
                found = _status(one) if "status" in one else _message(session, one, value, last)
            except (KeyError, ValueError, TypeError, AttributeError, OverflowError, OSError):
                reason = _("This part can't be read.")
                broken.append(Broken(json.dumps(one, ensure_ascii=False), reason, str(_dict(one).get("id", ""))[:200]))
            else:
                items += [found] if found else []
    return Batch(tuple(items), tuple(broken))


def _values(whole: Any) -> Iterator[dict[str, Any]]:
    for entry in _list(_dict(whole).get("entry")):
        for change in _list(_dict(entry).get("changes")):
            if _dict(change).get("field") == "messages":
                yield _dict(change.get("value"))


def _dict(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _message(session: Session, one: dict[str, Any], value: dict[str, Any], last: bool) -> Incoming | None:
    kind = str(one["type"])
    if kind in ("system", "unsupported", "request_welcome"):
        return None
    sender = str(one["from"])
    if not sender.isdigit():
        raise ValueError("from")
    names = {
        str(_dict(c).get("wa_id")): _dict(_dict(c).get("profile")).get("name") for c in _list(value.get("contacts"))
    }
    return Incoming(
        external_id=str(one["id"]),
        author=str(names.get(sender) or f"+{sender}"),
        handle=f"+{sender}",
        text=_words(kind, one),
        created_at=datetime.fromtimestamp(int(one["timestamp"]), UTC),
        in_reply_to=str(_dict(one.get("context")).get("id") or ""),
        kind="direct",
        raw={"answering": {"to": sender}, "type": kind, "message": one},
        files=_files(session, kind, _dict(one.get(kind)), last) if kind in MEDIA else (),
    )


def _words(kind: str, one: dict[str, Any]) -> str:
    """What was said, whatever it was said with."""
    part = _dict(one.get(kind))
    if kind == "text":
        return str(part["body"])
    if kind == "interactive":
        chosen = _dict(part.get(str(part.get("type"))))
        return str(chosen.get("title") or chosen.get("description") or "")
    if kind == "location":
        where = f"https://www.openstreetmap.org/?mlat={float(part['latitude'])}&mlon={float(part['longitude'])}"
        return "\n".join(str(said) for said in (part.get("name"), part.get("address"), where) if said)
    if kind == "contacts":
        people = [_dict(person) for person in _list(one.get("contacts"))]
        phones = [str(_dict(p).get("phone", "")) for person in people for p in _list(person.get("phones"))]
        return ", ".join([*(str(_dict(p.get("name")).get("formatted_name", "")) for p in people), *phones])
    return str(part.get("caption") or part.get("text") or part.get("emoji") or "")


def _files(session: Session, kind: str, part: dict[str, Any], last: bool) -> tuple[Enclosed, ...]:
    mime = str(part.get("mime_type") or "").split(";")[0]
    name = str(part.get("filename") or f"{kind}.{ENDINGS.get(mime, 'bin')}")
    if kind in ("document", "video"):
        return (Enclosed(name, b"", _("Koor does not bring files of this kind over. Look at it on the phone.")),)
    try:
        content = _content(session, str(part.get("id") or ""))
    except (NotSent, Unclear):
        if not last:
            raise
        content = b""
    return (Enclosed(name, content, "" if content else NOT_BROUGHT),)


def _content(session: Session, number: str) -> bytes:
    """By its number, in two steps; the address of the second holds five minutes. Nothing, where the answer is no."""
    if not number.isalnum():
        return b""
    told = logic.json_of(_got(session, number))
    url = str(told.get("url") or "") if isinstance(told, dict) else ""
    found = _got(session, "", url) if url else None
    return found.content if found is not None and found.status == 200 else b""


def _got(session: Session, path: str, whole: str = "") -> Response:
    """An answer that says something. A server that can't answer now may in a minute."""
    response = client.ask(session, "GET", path, whole=whole)
    if response.status >= 500 or response.status == 429:
        raise Unclear(str(response.status))
    return response


def _status(one: dict[str, Any]) -> Incoming | None:
    """Of a message of ours: it went, or it did not after all."""
    status, number = str(one["status"]), str(one["id"])
    key = str(one.get("biz_opaque_callback_data") or "")
    if status in WENT:
        return Incoming(f"{number}:{status}", "WhatsApp", in_reply_to=number, kind="status", raw={"key": key})
    if status != "failed":
        return None
    errors = [_dict(error) for error in _list(one.get("errors"))]
    said = [str(_dict(e.get("error_data")).get("details") or e.get("title") or e.get("code") or "") for e in errors]
    return Incoming(
        external_id=f"{number}:failed",
        author="WhatsApp",
        text=" ".join(" ".join(said).split())[:500] or "failed",
        created_at=datetime.fromtimestamp(int(one["timestamp"]), UTC),
        in_reply_to=number,
        kind="bounce",
        raw={"status": one, "key": key},
    )
