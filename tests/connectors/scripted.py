"""A door that answers what a test wrote down: the outside world in one line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from koor.kernel.http import Answer, NotSent, Unclear


def answer(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer of a platform; `body` is JSON, or bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(
        status, {name.lower(): value for name, value in (headers or {}).items()}, content, "https://x.example/"
    )


HTML = b"<!doctype html><html><title>Just a moment</title></html>"
# What may have arrived although it does not look like it, and what says nothing at all.
UNSURE: dict[str, Any] = {
    "500": answer(500, {"error": "Internal Server Error"}),
    "502 page": answer(502, HTML),
    "503": answer(503, {"error": "Service Unavailable"}),
    "504 empty": answer(504, b""),
    "200 page": answer(200, HTML),
    "200 empty": answer(200, b""),
    "200 cut off": answer(200, b'{"id": "12", "conte'),
    "200 with an error": answer(200, {"error": "Something went wrong"}),
    "200 of something else": answer(200, {"hello": "world"}),
    "200 a number": answer(200, 5),
    "200 nothing": answer(200, None),
    "200 a deep nest": answer(200, b"[" * 100_000),
    "202": answer(202, {"id": "12"}),
    "302": answer(302, b"", {"Location": "/about"}),
    "404 page": answer(404, HTML),
    "timeout": Unclear("did not answer in time"),
    "reset": Unclear("broke off"),
}
# What is certain: it did not go.
CERTAIN: dict[str, Any] = {
    "not reached": NotSent("could not be reached"),
    "401": answer(401, {"error": "The access token is invalid"}),
    "403": answer(403, {"error": "This action is not allowed"}),
    "429": answer(429, {"error": "Too many requests"}, {"Retry-After": "30"}),
}


@dataclass
class Scripted:
    """Gives the same answer to every request of some methods, and a proper nothing to the rest."""

    reply: Any
    methods: tuple[str, ...] = ("GET", "POST", "PUT", "DELETE", "PATCH")
    asked: list[tuple[str, str]] = field(default_factory=list)

    def request(self, method: str, url: str, **more: Any) -> Answer:
        self.asked.append((method, url))
        if method not in self.methods:
            return answer(404, {"error": "Record not found"})
        if isinstance(self.reply, Exception):
            raise self.reply
        found = self.reply(method, url, more) if callable(self.reply) else self.reply
        assert isinstance(found, Answer)
        return found


class Shut:
    """A door that nobody may use."""

    def request(self, method: str, url: str, **more: Any) -> Answer:
        raise AssertionError(f"{method} {url} was asked, and nothing should be")
