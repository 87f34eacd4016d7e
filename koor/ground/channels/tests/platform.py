"""A platform with a sign-in page of its own, made up: what it hands out, what it takes back, and how it fails."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Because,
    Delivery,
    Health,
    Limits,
    Manifest,
    NotSent,
    OAuth,
    Place,
    Session,
)
from koor.ground.channels.logic import sign_in
from koor.ground.channels.queries import Connector
from koor.kernel.http import Answer

CLIENT, SECRET = "koor-at-choir", "app-s3cret-that-nobody-may-read"
OAUTH = OAuth(
    authorise="https://choir.example/agree",
    token="https://choir.example/token",
    scopes=("sing", "read"),
    issuer="https://choir.example",
    extra={"access_type": "offline"},
    register="https://choir.example/developers",
    steps=("Make an application.",),
)


def manifest(oauth: OAuth = OAUTH, **more: Any) -> Manifest:
    return Manifest(
        key="choir", name="Choir", what="Where people sing.", why_people="They sing.", works_well="Sing.",
        delivery=Delivery.READABLE, limits=Limits(characters=500), publishes=True, checks=True, oauth=oauth,
        checked_on=date(2026, 11, 22), source="made up", **more,
    )  # fmt: skip


@dataclass(repr=False)
class Platform:
    """Its doors and its memory. A refresh token counts once; one that comes back ends the whole grant, as real
    servers do."""

    life: int = 3600  # seconds of an access token
    rotates: bool = True
    refreshes: bool = True
    slow: float = 0.0  # seconds that a renewal takes
    trouble: Any = None  # what the token address answers instead
    people: dict[str, Any] = field(default_factory=dict)  # where each may sing, or why that can't be told
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)  # refresh token → person
    used: set[str] = field(default_factory=set)
    ended: bool = False
    given: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def agree(self, address: str, person: str = "els", **changed: str) -> dict[str, str]:
        """Somebody agrees on its page; what their browser brings back."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = {"person": person, **asked}
        return {"code": code, "state": asked["state"], "iss": "https://choir.example"} | changed

    def request(self, method: str, url: str, **more: Any) -> Answer:
        body = dict(more.get("data") or {})
        self.asked.append((method, url, {**body, **(more.get("headers") or {})}))
        if url.endswith("/token"):
            return self._tokens(body)
        token = (more.get("headers") or {}).get("Authorization", "")
        person = token.removeprefix("Bearer ").split(":")[0]
        if person not in self.people:
            return said(401, {"error": "unknown token"})
        if isinstance(self.people[person], Exception):
            raise self.people[person]
        return said(200, {"places": self.people[person]})

    def _tokens(self, body: dict[str, str]) -> Answer:
        if self.trouble is not None:
            if isinstance(self.trouble, Exception):
                raise self.trouble
            found: Answer = self.trouble
            return found
        if body.get("client_id") != CLIENT or body.get("client_secret") != SECRET:
            return said(401, {"error": "invalid_client"})
        if body["grant_type"] == "authorization_code":
            return self._exchanged(body)
        time.sleep(self.slow)
        with self.lock:
            return self._renewed(body["refresh_token"])

    def _exchanged(self, body: dict[str, str]) -> Answer:
        code = self.codes.pop(body["code"], None)
        good = code and code["redirect_uri"] == body["redirect_uri"]
        if not code or not good or sign_in.challenge(body.get("code_verifier", "")) != code["code_challenge"]:
            return said(400, {"error": "invalid_grant"})
        return self._hand_out(code["person"])

    def _renewed(self, token: str) -> Answer:
        person = self.live.get(token)
        if token in self.used or self.ended or person is None:
            self.ended = self.ended or token in self.used
            return said(400, {"error": "invalid_grant"})
        if self.rotates:
            self.used.add(token)
        return self._hand_out(person, old=token)

    def _hand_out(self, person: str, old: str = "") -> Answer:
        self.given += 1
        told: dict[str, Any] = {"access_token": f"{person}:access-{self.given}", "token_type": "Bearer"}
        told |= {"expires_in": self.life, "scope": "sing read"}
        if self.refreshes and (self.rotates or not old):
            told["refresh_token"] = f"refresh-{self.given}"
            self.live[told["refresh_token"]] = person
        elif self.refreshes:
            told["refresh_token"] = ""  # as some platforms answer: it goes on
        return said(200, told)

    @property
    def renewals(self) -> int:
        return sum(body.get("grant_type") == "refresh_token" for _method, _url, body in self.asked)


def said(status: int, body: Any) -> Answer:
    return Answer(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode(), "https://choir.example/")


def connector(oauth: OAuth = OAUTH, **more: Any) -> Connector:
    """As its folder would be loaded."""
    parts = SimpleNamespace(places=places)
    look = SimpleNamespace(check=check)
    return Connector("choir", manifest(oauth, **more), connect=parts, check=look)


def places(session: Session) -> tuple[Place, ...] | Health:
    found = logic.json_of(_asked(session))
    if not isinstance(found, dict) or not isinstance(found.get("places"), list):
        return Health(False, "Choir does not tell where you sing.", because=Because.NOT_REACHED)
    return tuple(Place(**one) for one in found["places"])


def check(session: Session) -> Health:
    try:
        answer = _asked(session)
    except NotSent:
        return Health(False, "Choir is away.", because=Because.NOT_REACHED)
    if answer.status == 200:
        return Health(True, handle="@els")
    return Health(False, "Choir says no.", because=Because.AUTH if answer.status == 401 else Because.NOT_REACHED)


def _asked(session: Session) -> Any:
    token = {"Authorization": f"Bearer {session.secrets.get('access_token', '')}"}
    return session.http.request("GET", "https://choir.example/me", headers=token)
