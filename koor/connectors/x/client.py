"""Asking X, and what its answers mean. Sources and dates stand in README.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Response, Session, Unclear, Verdict
from koor.ground.channels.logic import Failed as Failed

API = "https://api.x.com"
READ_SECONDS, WRITE_SECONDS = 20.0, 45.0
REFUSALS = frozenset({400, 404, 413, 422})


def ask(session: Session, method: str, path: str, *, seconds: float = READ_SECONDS, **body: Any) -> Response:
    """One request with the account's token. Raises `NotSent` or `Unclear`, as the door does."""
    headers = {"Accept": "application/json", "Authorization": f"Bearer {session.secrets.get('access_token', '')}"}
    return session.http.request(method, f"{API}{path}", headers=headers, timeout=seconds, **body)


def data_of(session: Session, method: str, path: str, **body: Any) -> dict[str, Any]:
    """A whole answer with something in `data` or `meta`. Raises `Failed` for anything else."""
    try:
        response = ask(session, method, path, **body)
    except (NotSent, Unclear) as error:
        raise Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and ("data" in found or "meta" in found):
        return found
    raise failure(session, response)


def failure(session: Session, response: Response) -> Failed:
    strange = Outcome(Verdict.UNKNOWN, because=Because.NOT_REACHED, answer=said(response, session))
    return Failed(refusal(session, response) or strange, response.status)


def problem_of(response: Response) -> Mapping[str, Any]:
    """What X says is wrong: a problem (RFC 9457), or the first of its errors."""
    found = logic.json_of(response)
    found = found if isinstance(found, dict) else {}
    errors = found.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return found if isinstance(found.get("detail") or found.get("title"), str) else first


def words_of(response: Response) -> str:
    problem = problem_of(response)
    found = logic.json_of(response)
    told = (problem.get("detail"), problem.get("message"), problem.get("title"))
    error = found.get("error") if isinstance(found, dict) else None
    return next((words for words in (*told, error) if isinstance(words, str) and words), "")


def said(response: Response, session: Session) -> str:
    """One line about an answer, without a credential."""
    return logic.line(response.status, words_of(response), session)


def is_duplicate(response: Response) -> bool:
    """X saw these words before: a hint, and no proof."""
    return response.status in (400, 403) and "duplicate content" in words_of(response).lower()


def refusal(session: Session, response: Response) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing was done."""
    line, no, words = said(response, session), Verdict.DEFINITELY_NOT, words_of(response).lower()
    if response.status == 429:
        wait = logic.retry_after(_headers(response), logic.moment_of(session))
        return Outcome(no, because=Because.RATE, retry_after=wait, answer=line)
    if is_duplicate(response):
        return None
    if response.status == 403 and "reply" in words and "not allowed" in words:  # its writer did not mention us
        return Outcome(no, because=Because.REJECTED, answer=line)
    if response.status in (401, 402, 403):  # 402: the credits of the application are used up
        return Outcome(no, because=Because.AUTH, answer=line)
    if response.status in REFUSALS and problem_of(response):
        return Outcome(no, because=Because.REJECTED, answer=line)
    return None


def _headers(response: Response) -> dict[str, str]:
    """X writes `x-rate-limit-reset`, and for the day of a user `x-user-limit-24hour-reset`: both as Unix seconds."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    used_up = headers.get("x-user-limit-24hour-remaining") == "0"
    reset = headers.get("x-user-limit-24hour-reset" if used_up else "x-rate-limit-reset", "")
    return {"x-ratelimit-reset": reset} | headers if reset else headers


def write(
    session: Session, method: str, path: str, proof: Callable[[Any], str], **body: Any
) -> tuple[Outcome, Response | None]:
    """One write, classified: DONE only where `proof` finds the number of what was made. The answer comes along."""
    try:
        response = ask(session, method, path, seconds=WRITE_SECONDS, **body)
    except NotSent as error:
        return logic.not_reached(error), None
    except Unclear as error:
        return logic.unknown(str(error)), None
    found = logic.json_of(response)
    number = proof(found) if response.status in (200, 201) and isinstance(found, dict) else ""
    if number:
        return Outcome(Verdict.DONE, number, address(number), answer=str(response.status)), response
    return refusal(session, response) or logic.unknown(said(response, session)), response


def number_in(found: Any) -> str:
    """The number of a post that was made; empty for anything else."""
    data = found.get("data") if isinstance(found, dict) else None
    told = data.get("id") if isinstance(data, dict) else None
    return told if isinstance(told, str) and told.isdecimal() and "text" in (data or {}) else ""


def address(number: str) -> str:
    """Where people see it; X finds the account by itself."""
    return f"https://x.com/i/status/{number}"


def me(session: Session) -> Mapping[str, Any]:
    """Our own account. Raises `Failed`."""
    data = data_of(session, "GET", "/2/users/me?user.fields=username,name").get("data")
    if isinstance(data, dict) and str(data.get("id", "")).isdecimal():
        return data
    raise Failed(logic.unknown("no account in the answer"))


def my_number(session: Session) -> str:
    known = session.settings.get("user_id", "")
    return known if known.isdecimal() else str(me(session)["id"])
