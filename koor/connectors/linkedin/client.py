"""Asking LinkedIn, and what its answers mean. Sources and dates stand in README.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from koor.connectors.linkedin.manifest import PAGE, VERSION
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Response, Session, Unclear, Verdict
from koor.ground.channels.logic import Failed as Failed

API = "https://api.linkedin.com"
READ_SECONDS, WRITE_SECONDS = 20.0, 45.0
URN = re.compile(r"urn:li:(?:share|ugcPost):\d{1,30}")
COMMENT = re.compile(r"urn:li:comment:\((urn:li:\w+:\d{1,30}),(\d{1,30})\)")
REFUSALS = frozenset({400, 404, 413, 422})


def author(session: Session) -> str:
    return session.settings.get("author", "")


def is_page(session: Session) -> bool:
    return session.settings.get("kind") == PAGE


def path_of(urn: str) -> str:
    """A URN as a part of an address: colons, commas and brackets are signs of Rest.li."""
    return quote(urn, safe="")


def ask(
    session: Session, method: str, path: str, *, rest: str = "", seconds: float = READ_SECONDS, **body: Any
) -> Response:
    """One request with the account's token; `rest` is the method of Rest.li. Raises `NotSent` or `Unclear`."""
    headers = {
        "Accept": "application/json",
        "Authorization": f"Bearer {session.secrets.get('access_token', '')}",
        "Linkedin-Version": VERSION,
        "X-Restli-Protocol-Version": "2.0.0",
    }
    if rest:
        headers["X-RestLi-Method"] = rest
    return session.http.request(method, f"{API}{path}", headers=headers, timeout=seconds, **body)


def put(session: Session, url: str, content: bytes, mime: str) -> Response:
    """Bytes to the address that LinkedIn gave for them; the token goes to LinkedIn only."""
    headers = {"Content-Type": mime}
    host = urlsplit(url).hostname or ""
    if host == "linkedin.com" or host.endswith(".linkedin.com"):
        headers["Authorization"] = f"Bearer {session.secrets.get('access_token', '')}"
    return session.http.request("PUT", url, headers=headers, content=content, timeout=WRITE_SECONDS)


def read(session: Session, path: str, rest: str = "") -> dict[str, Any]:
    """What a GET answers, as JSON. Raises `Failed` for anything that is not a proper 200."""
    return _given(session, lambda: ask(session, "GET", path, rest=rest))


def make(session: Session, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a harmless POST answers: the beginning of an upload. Raises `Failed`."""
    return _given(session, lambda: ask(session, "POST", path, json=dict(body)))


def _given(session: Session, asking: Any) -> dict[str, Any]:
    try:
        response = asking()
    except (NotSent, Unclear) as error:
        raise Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    if response.status in (200, 201) and isinstance(found, dict) and "error" not in found:
        return found
    raise failure(session, response)


def failure(session: Session, response: Response) -> Failed:
    strange = Outcome(Verdict.UNKNOWN, because=Because.NOT_REACHED, answer=said(response, session))
    return Failed(refusal(session, response) or strange, response.status)


def entity_of(response: Response) -> Mapping[str, Any]:
    found = logic.json_of(response)
    return found if isinstance(found, dict) else {}


def said(response: Response, session: Session) -> str:
    """One line about an answer: the status and what LinkedIn says, without a credential."""
    entity = entity_of(response)
    told = (entity.get(key) for key in ("message", "error_description", "error"))
    return logic.line(response.status, next((words for words in told if isinstance(words, str)), ""), session)


def is_duplicate(response: Response) -> bool:
    """LinkedIn saw these words before. That is a hint and no proof: it names posts that are not there, too."""
    words = str(entity_of(response)).lower()
    return response.status == 409 or (response.status in (400, 422) and "duplicate" in words)


def refusal(session: Session, response: Response) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing was done."""
    line, no, entity = said(response, session), Verdict.DEFINITELY_NOT, entity_of(response)
    if response.status == 429:
        wait = logic.retry_after(response.headers, logic.moment_of(session))
        return Outcome(no, because=Because.RATE, retry_after=wait or _until_midnight(session), answer=line)
    if response.status in (401, 403):
        return Outcome(no, because=Because.AUTH, answer=line)
    if response.status == 426 and entity:  # this version of the interface is retired: Koor has to be upgraded
        return Outcome(no, because=Because.NOT_REACHED, answer=line)
    if response.status in REFUSALS and isinstance(entity.get("message"), str) and not is_duplicate(response):
        return Outcome(no, because=Because.REJECTED, answer=line)
    return None


def _until_midnight(session: Session) -> int:
    """Calls are counted by day in UTC: seconds until it is over, as far as a wait may last."""
    moment = logic.moment_of(session).astimezone(UTC)
    over = moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return int(min((over - moment).total_seconds(), logic.LONGEST_WAIT))


def address(urn: str) -> str:
    """Where people see it."""
    return f"https://www.linkedin.com/feed/update/{urn}/"


def parts_of(urn: str) -> tuple[str, str]:
    """What a comment stands under, and its number; empty for what is no comment."""
    found = COMMENT.fullmatch(urn)
    return (found[1], found[2]) if found else ("", "")
