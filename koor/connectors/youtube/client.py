"""Asking YouTube, and what its answers mean. Sources and dates stand in README.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Response, Session, Unclear, Verdict
from koor.ground.channels.logic import Failed as Failed

API, UPLOAD = "https://www.googleapis.com/youtube/v3", "https://www.googleapis.com/upload/youtube/v3"
READ_SECONDS, WRITE_SECONDS = 20.0, 45.0
USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded", "uploadLimitExceeded", "uploadRateLimitExceeded"})
TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
NOT_TAKEN = frozenset(
    {
        "commentsDisabled",
        "forbiddenPrivacySetting",
        "forbiddenLicenseSetting",
        "forbiddenEmbedSetting",
        "ineligibleAccount",
        "videoNotFound",
        "commentNotFound",
    }
)


def ask(
    session: Session,
    method: str,
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = READ_SECONDS,
    **body: Any,
) -> Response:
    """One request with the account's token. Raises `NotSent` or `Unclear`, as the door does."""
    token = {"Authorization": f"Bearer {session.secrets.get('access_token', '')}", "Accept": "application/json"}
    whole = f"{url}?{urlencode(query)}" if query else url
    return session.http.request(method, whole, headers={**token, **(headers or {})}, timeout=seconds, **body)


def read(session: Session, name: str, **query: str) -> dict[str, Any]:
    """What a list answers. Raises `Failed` for anything that is not a proper 200 with `items`."""
    try:
        response = ask(session, "GET", f"{API}/{name}", query=query)
    except (NotSent, Unclear) as error:
        raise Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and isinstance(found.get("items"), list):
        return found
    raise failure(session, response)


def failure(session: Session, response: Response) -> Failed:
    strange = Outcome(Verdict.UNKNOWN, because=Because.NOT_REACHED, answer=said(response, session))
    return Failed(refusal(session, response) or strange, response.status)


def error_of(response: Response) -> Mapping[str, Any]:
    found = logic.json_of(response)
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, dict) else {"message": error} if isinstance(error, str) else {}


def reasons(response: Response) -> set[str]:
    rows = error_of(response).get("errors")
    return {str(row.get("reason")) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()


def said(response: Response, session: Session) -> str:
    """One line about an answer, without a credential."""
    words = error_of(response).get("message")
    told = " ".join([*sorted(reasons(response)), words if isinstance(words, str) else ""]).strip()
    return logic.line(response.status, told, session)


def refusal(session: Session, response: Response) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing was done."""
    line, no, why = said(response, session), Verdict.DEFINITELY_NOT, reasons(response)
    if response.status < 500 and why & USED_UP:
        return Outcome(no, because=Because.RATE, retry_after=_until_tomorrow(session), answer=line)
    if response.status == 429 or (response.status == 403 and why & TOO_FAST):
        wait = logic.retry_after(response.headers, logic.moment_of(session))
        return Outcome(no, because=Because.RATE, retry_after=wait, answer=line)
    if response.status == 403 and why & NOT_TAKEN:
        return Outcome(no, because=Because.REJECTED, answer=line)
    if response.status in (401, 403):
        return Outcome(no, because=Because.AUTH, answer=line)
    if response.status in (400, 404, 413) and error_of(response):
        return Outcome(no, because=Because.REJECTED, answer=line)
    return None


def _until_tomorrow(session: Session) -> int:
    """Google counts days in California: seconds until the next one, as far as a wait may last."""
    there = logic.moment_of(session).astimezone(ZoneInfo("America/Los_Angeles"))
    tomorrow = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(min(max((tomorrow - there).total_seconds(), 1), logic.LONGEST_WAIT))


def is_ours(uri: str) -> bool:
    """Whether the address of an upload is one of Google's: the token goes nowhere else."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == "googleapis.com" or host.endswith(".googleapis.com"))


def address(video: str) -> str:
    return f"https://www.youtube.com/watch?v={video}"


def is_comment(number: str) -> bool:
    """A film has eleven signs; a comment many more."""
    return len(number) > 15


def me(session: Session) -> Mapping[str, Any]:
    """The channel of this account. Raises `Failed`."""
    rows = read(session, "channels", part="snippet", mine="true")["items"]
    if rows and isinstance(rows[0], dict) and rows[0].get("id"):
        found: Mapping[str, Any] = rows[0]
        return found
    raise Failed(Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="this account has no channel"))


def my_channel(session: Session) -> str:
    return session.settings.get("channel", "") or str(me(session)["id"])
