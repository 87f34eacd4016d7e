"""Asking the Cloud API, and what its answers mean. Sources and dates stand in README.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from koor.connectors import meta
from koor.connectors.whatsapp.manifest import VERSION
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Response, Session, Unclear, Verdict

SECONDS = 45.0
RATE = frozenset({4, 80007, 130429, 131048, 131056, 133016})
AUTH = frozenset({0, 3, 10, 190, 200, 131005, 131031, 131042, 133010})  # token, rights, account locked, payment


def ask(session: Session, method: str, path: str, *, whole: str = "", **body: Any) -> Response:
    """One request with the account's token. Raises `NotSent` or `Unclear`, as the door does."""
    url = whole or f"{base(session)}/{path.lstrip('/')}"
    headers = {"Authorization": f"Bearer {session.secrets.get('access_token', '')}"}
    return session.http.request(method, url, headers=headers, timeout=SECONDS, **body)


def base(session: Session) -> str:
    return (session.settings.get("api", "") or f"https://graph.facebook.com/{VERSION}").rstrip("/")


def number(session: Session) -> str:
    return "".join(c for c in session.settings.get("number_id", "") if c.isdigit())


def said(response: Response, session: Session) -> str:
    """One line about an answer, without a credential."""
    error = meta.error_of(response) or {}
    data = error.get("error_data")
    words = str((data.get("details") if isinstance(data, dict) else "") or error.get("message") or "")
    for secret in session.secrets.values():
        words = words.replace(secret, "…") if secret else words
    words = " ".join(words.split())[:150]
    return f"{response.status} ({error['code']}): {words}" if error else str(response.status)


def refusal(session: Session, response: Response) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing was sent."""
    error, words, no = meta.error_of(response), said(response, session), Verdict.DEFINITELY_NOT
    code = int(error["code"]) if error else None
    if response.status == 429 or (response.status < 500 and response.status >= 400 and code in RATE):
        wait = logic.retry_after(response.headers, session.now) if session.now else None
        wait = wait if wait is not None else _seconds(response)
        return Outcome(no, because=Because.RATE, retry_after=wait, answer=words)
    if response.status in (401, 403) or (response.status == 400 and code in AUTH):
        return Outcome(no, because=Because.AUTH, answer=words)
    if response.status in (400, 404) and error is not None:
        return Outcome(no, because=Because.REJECTED, answer=words)
    return None


def _seconds(response: Response) -> int | None:
    told = response.headers.get("retry-after", "")
    return min(int(told), logic.LONGEST_WAIT) if told.isascii() and told.isdecimal() else None


def write(session: Session, body: Mapping[str, Any]) -> Outcome:
    """One message, classified. DONE only for a 200 with the number of the message in it."""
    try:
        response = ask(session, "POST", f"{number(session)}/messages", json=dict(body))
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    found = logic.json_of(response)
    made = found.get("messages") if isinstance(found, dict) else None
    first = made[0] if isinstance(made, list) and made and isinstance(made[0], dict) else {}
    if response.status == 200 and isinstance(first.get("id"), str) and first["id"]:
        return Outcome(Verdict.DONE, first["id"], answer="200")
    return refusal(session, response) or logic.unknown(said(response, session))
