"""A request as the routes see it: method, path, parameters from query, form, multipart or JSON, and who asks."""

from __future__ import annotations

import email.parser
import email.policy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Upload:
    name: str
    mime: str
    content: bytes


@dataclass
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    query: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    viewer: str = ""  # account id, set by the wire
    scopes: frozenset[str] = frozenset()

    def get(self, key: str, default: str = "") -> str:
        """A parameter as text, from the body or the query."""
        value = self.form.get(key, self.query.get(key))
        if isinstance(value, bool):
            return "true" if value else "false"
        return default if value is None or isinstance(value, list | dict) else str(value)

    def list(self, key: str) -> list[str]:
        value = self.form.get(key, self.query.get(key))
        return [str(v) for v in value] if isinstance(value, list) else []

    def true(self, key: str) -> bool:
        return self.get(key).lower() in ("true", "1", "on")


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    mime: str = "application/json; charset=utf-8"

    def content(self) -> bytes:
        return self.raw if self.raw is not None else json.dumps(self.body, ensure_ascii=False).encode()


class Refused(Exception):
    """Answered with an error entity."""

    def __init__(self, status: int, error: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.answer = Answer(status, {"error": error}, headers or {})


def read(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Asked:
    """Parse a request. Raises `Refused` (400) for a body that can't be read."""
    path, _, query = target.partition("?")
    asked = Asked(method, path, headers, _pairs(parse_qsl(query, keep_blank_values=True)))
    kind = headers.get("content-type", "")
    if kind.startswith("application/json") and body:
        try:
            loaded = json.loads(body)
        except ValueError:
            raise Refused(400, "Error parsing JSON") from None
        asked.form = loaded if isinstance(loaded, dict) else {}
    elif kind.startswith("multipart/form-data"):
        _multipart(asked, kind, body)
    elif body:
        asked.form = _pairs(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return asked


def _pairs(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Rails' spelling: `a[]` makes a list, `a[b]` and `a[b][]` a dictionary."""
    out: dict[str, Any] = {}
    for name, value in pairs:
        key, _, rest = name.partition("[")
        if not rest:
            out[key] = value
        elif rest == "]":
            out.setdefault(key, []).append(value)
        else:
            inner = _pairs([(rest.replace("]", "", 1), value)])
            held = out.setdefault(key, {})
            for name_inside, value_inside in inner.items():
                old = held.get(name_inside)
                held[name_inside] = old + value_inside if isinstance(old, list) else value_inside
    return out


def _multipart(asked: Asked, kind: str, body: bytes) -> None:
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    message = parser.parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    pairs = []
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True) or b""
        assert isinstance(content, bytes)
        if part.get_filename():
            asked.uploads[name] = Upload(str(part.get_filename()), part.get_content_type(), content)
        else:
            pairs.append((name, content.decode("utf-8", "replace")))
    asked.form = _pairs(pairs)
