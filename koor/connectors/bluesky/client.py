"""Asking a Bluesky server (a PDS), and what its answers mean. Sources: README.md."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Response, Session, Unclear, Verdict
from koor.ground.channels.logic import Failed as Failed

READ_SECONDS = 20.0
WRITE_SECONDS = 45.0  # of a picture, while preparing
# Signing in, four pictures of 8 s once more, and this: under the minute that a sender has for the public step
SIGN_IN_SECONDS, PUT_SECONDS = 10.0, 15.0
COLLECTION = "app.bsky.feed.post"
LOGIN_LASTS = timedelta(minutes=45)  # an access token lives two hours; signing in is limited to 300 times a day
EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})  # the token, not the account
# Errors with which a server says that it takes neither name nor password, or has no such account any more.
NOT_LET_IN = frozenset({"AuthenticationRequired", "AuthFactorTokenRequired", "AccountTakedown", "AccountDeactivated"})


Query = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Login:
    """Who we are on the server. `token` never leaves this process: it is kept nowhere."""

    did: str
    handle: str
    token: str = field(repr=False)
    until: datetime
    active: bool = True


_logins: dict[str, Login] = {}
_one_at_a_time = threading.Lock()


def server(session: Session) -> str:
    """The server's address without a path, `https://` unless http was written."""
    given = session.settings.get("server", "").strip() or "https://bsky.social"
    parts = urlsplit(given if "://" in given else f"https://{given}")
    return f"{parts.scheme}://{parts.netloc}"


def ask(
    session: Session,
    method: str,
    name: str,
    *,
    token: str = "",
    query: Query | None = None,
    mime: str = "",
    seconds: float = READ_SECONDS,
    **body: Any,
) -> Response:
    """One request. Raises `NotSent` or `Unclear`, as the door does."""
    url = f"{server(session)}/xrpc/{name}{'?' + urlencode(query, doseq=True) if query else ''}"
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if mime:
        headers["Content-Type"] = mime
    return session.http.request(method, url, headers=headers, timeout=seconds, **body)


def login(session: Session) -> Login:
    """Sign in with the app password, or as whom this process signed in a while ago. Raises `Failed`."""
    place = _place(session)
    with _one_at_a_time:
        known = _logins.get(place)
        if known is not None and known.until > logic.moment_of(session):
            return known
        _logins[place] = fresh = _sign_in(session)
        return fresh


def forget(session: Session) -> None:
    """The server no longer knows our token; the next question signs in again."""
    _logins.pop(_place(session), None)


def _place(session: Session) -> str:
    secret = hashlib.sha256(session.secrets.get("app_password", "").encode()).hexdigest()
    return f"{session.account}|{server(session)}|{session.settings.get('handle', '')}|{secret}"


def _sign_in(session: Session) -> Login:
    who = session.settings.get("handle", "").strip().removeprefix("@")
    asked = {"identifier": who, "password": session.secrets.get("app_password", "")}
    try:
        response = ask(session, "POST", "com.atproto.server.createSession", json=asked, seconds=SIGN_IN_SECONDS)
    except (NotSent, Unclear) as error:  # nothing is made by signing in, whatever became of it
        raise Failed(logic.not_reached(error) if isinstance(error, NotSent) else logic.unknown(str(error))) from error
    found = logic.json_of(response)
    whole = isinstance(found, dict) and all(isinstance(found.get(key), str) for key in ("did", "handle", "accessJwt"))
    if response.status != 200 or not whole or "error" in found:
        raise failure(session, response)
    until = logic.moment_of(session) + LOGIN_LASTS
    return Login(found["did"], found["handle"], found["accessJwt"], until, found.get("active", True) is not False)


def read(session: Session, name: str, query: Query, token: str = "", seconds: float = READ_SECONDS) -> dict[str, Any]:
    """What a question answers, as JSON. Raises `Failed` for anything that is not a proper 200."""
    try:
        response = ask(session, "GET", name, query=query, token=token, seconds=seconds)
    except (NotSent, Unclear) as error:
        raise Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and "error" not in found:
        return found
    raise failure(session, response)


def look(session: Session, name: str, query: Query, seconds: float = READ_SECONDS) -> dict[str, Any]:
    """What a question answers that only somebody who is signed in may ask. Raises `Failed`."""
    return read(session, name, query, login(session).token, seconds)


def write(session: Session, name: str, body: Mapping[str, Any]) -> Response:
    """One write of who is signed in. Raises `Failed` when there is no answer."""
    us = login(session)
    try:
        return ask(session, "POST", name, token=us.token, json=dict(body), seconds=PUT_SECONDS)
    except NotSent as error:
        raise Failed(logic.not_reached(error)) from error
    except Unclear as error:
        raise Failed(logic.unknown(str(error))) from error


def failure(session: Session, response: Response) -> Failed:
    """An answer that is no proper 200, with the name of the error where it has one."""
    entity = logic.json_of(response)
    error = entity.get("error") if isinstance(entity, dict) else None
    name = error if isinstance(error, str) else ""
    return Failed(refusal(session, response, name) or logic.unknown(_brief(session, response)), code=name)


def refusal(session: Session, response: Response, error: str) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing was done."""
    said, no = _brief(session, response), Verdict.DEFINITELY_NOT
    if response.status == 429:
        wait = logic.retry_after(_headers(response), logic.moment_of(session))
        return Outcome(no, because=Because.RATE, retry_after=wait, answer=said)
    if error in EXPIRED:
        forget(session)
        return Outcome(no, because=Because.NOT_REACHED, answer=said)
    if response.status in (401, 403) or error in NOT_LET_IN:
        return Outcome(no, because=Because.AUTH, answer=said)
    if response.status in (400, 413) and error:
        return Outcome(no, because=Because.REJECTED, answer=said)
    return None


def _headers(response: Response) -> dict[str, str]:
    """Bluesky writes `RateLimit-Reset`, the others `X-RateLimit-Reset`; both as Unix seconds."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    if "ratelimit-reset" in headers:
        headers.setdefault("x-ratelimit-reset", headers["ratelimit-reset"])
    return headers


def _brief(session: Session, response: Response) -> str:
    """One line for the log: with the sentence beside the error, which tells more than its name."""
    line = logic.brief(response, session)
    entity = logic.json_of(response)
    told = entity.get("message") if isinstance(entity, dict) else None
    secret = session.secrets.get("app_password", "")
    if not isinstance(told, str) or (secret and secret in told):
        return line
    return f"{line} {' '.join(told.split())[:120]}"


def is_handle(text: str) -> bool:
    return "." in text and not text.startswith(".") and len(text) <= 253
