"""The ways in which an answer can go wrong, switched on with `/_control/faults`.

A fault says on which route, how often, whether the request was carried out before it went wrong (`accepted`), and what
the client then meets (`answer`). With `accepted` the post is there although the client is told otherwise: the case that
makes other tools post twice.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from email.utils import formatdate

from tests.mastodon_server.asked import Answer
from tests.mastodon_server.world import stamp

# What the client meets. Those in WIRE happen below HTTP and are done by the wire itself.
WIRE = frozenset({"timeout", "reset", "reset_mid_body", "half_close"})
ANSWERS = frozenset(
    {
        *("500", "502", "503", "504", "401", "403", "422", "html", "html_403", "html_404", "error_200", "empty"),
        *("truncated", "slow", "redirect", "429", "429_seconds", "429_date", "429_absent", "429_absurd"),
    }
)
HTML = b"<!doctype html><title>Just a moment</title><p>Checking your browser before accessing."


@dataclass
class Fault:
    route: str  # "POST /api/v1/statuses", or "*"
    answer: str
    accepted: bool = True
    times: int = 1  # -1: until reset
    seconds: float = 30.0  # of silence for `timeout`, of waiting for `slow`

    def __post_init__(self) -> None:
        if self.answer not in WIRE | ANSWERS:
            raise ValueError(f"no such fault: {self.answer}")

    def meets(self, route: str) -> bool:
        return self.times != 0 and self.route in ("*", route)


def spoiled(kind: str, proper: Answer | None, now: float) -> Answer:
    """What is answered instead of `proper` (which is None when nothing was carried out)."""
    if kind == "slow" and proper is not None:
        return proper
    if kind.startswith("429"):
        return _too_many(kind, now)
    if kind.startswith("html"):
        return Answer({"html": 200, "html_403": 403, "html_404": 404}[kind], raw=HTML, mime="text/html; charset=utf-8")
    if kind == "truncated":
        whole = proper.content() if proper else b'{"id": "1", "content": "'
        return Answer(200, raw=whole[: max(1, len(whole) // 2)])
    if kind == "empty":
        return Answer(200, raw=b"")
    if kind == "error_200":
        return Answer(200, {"error": "Something went wrong"})
    if kind == "redirect":
        return Answer(302, {}, {"Location": "/about"})
    words = {"401": "The access token is invalid", "403": "This action is not allowed", "422": "Validation failed"}
    return Answer(int(kind), {"error": words.get(kind, "Internal Server Error")})


def _too_many(kind: str, now: float) -> Answer:
    """Mastodon itself sends only X-RateLimit-Reset (a date in ISO 8601); proxies in front of it send Retry-After."""
    reset = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": stamp(now + 120)}
    headers = {
        "429": reset,
        "429_seconds": {"Retry-After": "30"},
        "429_date": {"Retry-After": formatdate(time.time() + 45, usegmt=True)},
        "429_absent": {},
        "429_absurd": {"Retry-After": "99999999999"},
    }[kind]
    return Answer(429, {"error": "Too many requests"}, headers)


def described(faults: list[Fault]) -> str:
    return json.dumps([vars(fault) for fault in faults])
