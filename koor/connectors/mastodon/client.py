"""Asking a Mastodon server, and what its answers mean. Sources: docs.joinmastodon.org, November 2026."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Response, Session, Unclear, Verdict
from koor.ground.channels.logic import Failed as Failed

READ_SECONDS = 20.0
WRITE_SECONDS = 45.0  # under the hard limit of a minute that a sender has
# Codes with which a server says that it took nothing, when it says so in an error entity. The documentation names
# 404, 410 and 422; GoToSocial and Takahē answer 400 where Mastodon answers 422, and 406 for a wrong Accept header.
REFUSALS = frozenset({400, 404, 406, 410, 422})


def server(session: Session) -> str:
    """The server's address without a path, `https://` unless http was written."""
    given = session.settings.get("server", "").strip()
    parts = urlsplit(given if "://" in given else f"https://{given}")
    return f"{parts.scheme}://{parts.netloc}"


def host(session: Session) -> str:
    return urlsplit(server(session)).netloc


def ask(
    session: Session,
    method: str,
    path: str,
    *,
    query: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    seconds: float = READ_SECONDS,
    **body: Any,
) -> Response:
    """One request with the account's token. Raises `NotSent` or `Unclear`, as the door does."""
    url = f"{server(session)}{path}{'?' + urlencode(query) if query else ''}"
    sent = {"Accept": "application/json", **(headers or {})}
    token = session.secrets.get("access_token", "")
    if token:
        sent["Authorization"] = f"Bearer {token}"
    return session.http.request(method, url, headers=sent, timeout=seconds, **body)


def read(session: Session, path: str, query: Sequence[tuple[str, str]] = ()) -> Any:
    """What a GET answers, as JSON. Raises `Failed` for anything that is not a proper 200."""
    try:
        response = ask(session, "GET", path, query=query)
    except (NotSent, Unclear) as error:
        raise Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict | list) and not (isinstance(found, dict) and "error" in found):
        return found
    refused = refusal(session, response)
    strange = Outcome(Verdict.UNKNOWN, because=Because.NOT_REACHED, answer=logic.brief(response, session))
    raise Failed(refused or strange, response.status)


def refusal(session: Session, response: Response) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing was done."""
    said = logic.brief(response, session)
    entity = logic.json_of(response)
    in_words = isinstance(entity, dict) and isinstance(entity.get("error"), str)
    no = Verdict.DEFINITELY_NOT
    if response.status == 429:
        wait = logic.retry_after(response.headers, logic.moment_of(session))
        return Outcome(no, because=Because.RATE, retry_after=wait, answer=said)
    if response.status == 401:
        return Outcome(no, because=Because.AUTH, answer=said)
    if response.status == 403:  # a page instead of an error entity is a guard in front of the server: it passes
        return Outcome(no, because=Because.AUTH if in_words else Because.NOT_REACHED, answer=said)
    if response.status in REFUSALS and in_words:
        again = "finished processing" in said  # a picture that is not ready yet
        return Outcome(no, because=Because.NOT_REACHED if again else Because.REJECTED, answer=said)
    return None


def write(
    session: Session,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    proof: Callable[[Any], bool] | None = None,
    **body: Any,
) -> Outcome:
    """One write, classified. DONE only for a 200 with a whole status in it, or what `proof` wants to see; what is not
    proven is UNKNOWN."""
    try:
        response = ask(session, method, path, headers=headers, seconds=WRITE_SECONDS, **body)
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    status = logic.json_of(response)
    if response.status == 200 and (proof or is_status)(status):
        return Outcome(Verdict.DONE, str(status["id"]), address(status), answer="200")
    return refusal(session, response) or logic.unknown(logic.brief(response, session))


def is_status(found: Any) -> bool:
    """Whether this is a status, and not an error, a page, or something from another address."""
    return isinstance(found, dict) and bool(found.get("id")) and "account" in found and "content" in found


def writer_of(status: Mapping[str, Any]) -> str:
    """The number of who wrote it; empty where the server does not tell."""
    account = status.get("account")
    return str(account.get("id") or "") if isinstance(account, dict) else ""


def address(status: Mapping[str, Any]) -> str:
    return str(status.get("url") or status.get("uri") or "")


def full_handle(session: Session, account: Mapping[str, Any]) -> str:
    """`@name@domain`, also for accounts on our own server, which Mastodon writes without a domain."""
    acct = str(account.get("acct") or account.get("username") or "")
    return f"@{acct}" if "@" in acct else f"@{acct}@{host(session)}"


def me(session: Session) -> Mapping[str, Any]:
    """Our own account. Raises `Failed`."""
    found = read(session, "/api/v1/accounts/verify_credentials")
    if isinstance(found, dict) and found.get("id"):
        return found
    raise Failed(logic.unknown("no account in the answer"))
