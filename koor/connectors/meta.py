"""What Facebook, Instagram, Threads and WhatsApp share: how Meta is asked, says no, and signs what it sends.

Sources: developers.facebook.com, graph-api/guides/error-handling and rate-limiting, read on 22 November 2026."""

from __future__ import annotations

import hmac
import json
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Batch,
    Because,
    Broken,
    Draft,
    Health,
    Incoming,
    NotSent,
    Outcome,
    Prepared,
    Response,
    Session,
    Tokens,
    Unclear,
    Verdict,
)
from koor.ground.channels.contract import message_id as _
from koor.ground.channels.logic import Failed as Failed
from koor.ground.channels.logic import sign_in
from koor.kernel.normal import normal

VERSION = "v26.0"
FACEBOOK = f"https://graph.facebook.com/{VERSION}"
INSTAGRAM = f"https://graph.instagram.com/{VERSION}"
THREADS = "https://graph.threads.net/v1.0"
SECONDS = 45.0
RATE = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
AUTH = frozenset({3, 10, 102, 190, *range(200, 300)})
PASSING = frozenset({1, 2})  # "wait and retry": says nothing about what happened
DUPLICATE = frozenset({506})  # a hint that it is there, never proof
MANY_IN_A_DAY = frozenset({2207042, 2207051})  # subcodes of Instagram: too many posts, or action blocked for a while
WAIT_FOR_MEDIA = 50.0  # seconds that one preparing step looks whether a container is ready
CLOCKS_DIFFER = timedelta(minutes=10)
NO_ADDRESS = _(
    "This platform fetches pictures itself, and this house can't be reached from the internet. Post it by hand, or ask "
    "an administrator for a public address or a public store (KOOR_S3)."
)


def ask(session: Session, method: str, address: str, *, seconds: float = SECONDS, **more: Any) -> Response:
    """One request with the account's token, never in the address. Raises `NotSent` or `Unclear`, as the door does."""
    headers = {"Authorization": f"Bearer {session.secrets.get('access_token', '')}"}
    return session.http.request(method, address, headers=headers, timeout=seconds, **more)


def error_of(response: Response) -> Mapping[str, Any] | None:
    """What went wrong, as Meta writes it."""
    found = logic.json_of(response)
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, dict) and isinstance(error.get("code"), int) else None


def said(response: Response, session: Session) -> str:
    """One line about an answer, without a credential."""
    error = error_of(response) or {}
    words = str(error.get("error_user_msg") or error.get("message") or "")
    for secret in session.secrets.values():
        words = words.replace(secret, "…") if secret else words
    words = " ".join(words.split())[:150]
    return f"{response.status} ({error['code']}): {words}" if error else str(response.status)


def refusal(session: Session, response: Response) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing happened."""
    error, words, no = error_of(response) or {}, said(response, session), Verdict.DEFINITELY_NOT
    code, subcode = error.get("code"), error.get("error_subcode")
    if response.status < 400 or response.status >= 500 or error.get("is_transient") or code in PASSING | DUPLICATE:
        return None
    if response.status == 429 or code in RATE or subcode in MANY_IN_A_DAY:
        return Outcome(no, because=Because.RATE, retry_after=_wait(session, response), answer=words)
    if response.status in (401, 403) or (response.status == 400 and code in AUTH):
        return Outcome(no, because=Because.AUTH, answer=words)
    if response.status in (400, 404) and error:
        return Outcome(no, because=Because.REJECTED, answer=words)
    return None


def _wait(session: Session, response: Response) -> int | None:
    """Retry-After, else what X-Business-Use-Case-Usage says: minutes until access is regained."""
    told = response.headers.get("retry-after", response.headers.get("Retry-After", ""))
    if told:
        if told.isascii() and told.isdecimal():
            return min(max(int(told), 1), logic.LONGEST_WAIT)
        return logic.retry_after(response.headers, session.now) if session.now else None
    try:
        usage = json.loads(response.headers.get("x-business-use-case-usage", "{}"))
        rows = [row for one in usage.values() for row in one]
        minutes = max((int(row.get("estimated_time_to_regain_access") or 0) for row in rows), default=0)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
    return min(minutes * 60, logic.LONGEST_WAIT) or None


def read(session: Session, address: str, *, seconds: float = SECONDS, **params: Any) -> dict[str, Any]:
    """An answer with sense. Raises `Failed`."""
    try:
        response = ask(session, "GET", address, params=params, seconds=seconds)
    except NotSent as error:
        raise Failed(logic.not_reached(error)) from error
    except Unclear as error:
        raise Failed(logic.unknown(str(error))) from error
    found = logic.json_of(response)
    if response.status != 200 or not isinstance(found, dict) or "error" in found:
        raise Failed(refusal(session, response) or logic.unknown(said(response, session)))
    return found


def rows_of(found: Mapping[str, Any]) -> list[Any]:
    """The rows of a list. Raises `Failed` when it is none."""
    rows = found.get("data")
    if not isinstance(rows, list):
        raise Failed(logic.unknown("no list in the answer"))
    return rows


def writer_of(row: Mapping[str, Any]) -> str:
    """The number of who wrote it; empty where Meta does not tell."""
    by = row.get("from")
    return str(by.get("id") or "") if isinstance(by, dict) else ""


def goes_on(found: Mapping[str, Any], page: int) -> bool:
    """Whether there may be more than these rows: a short page is not the last one, Meta filters after it counted."""
    paging = found.get("paging")
    return len(rows_of(found)) >= page or bool(isinstance(paging, dict) and paging.get("next"))


def write(session: Session, method: str, address: str, done: Callable[[dict[str, Any]], str], **body: Any) -> Outcome:
    """One step, classified. `done` gives the number out of an answer that proves it, else nothing."""
    try:
        response = ask(session, method, address, **body)
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    found = logic.json_of(response)
    number = done(found) if response.status == 200 and isinstance(found, dict) and "error" not in found else ""
    if number:
        return Outcome(Verdict.DONE, number, answer="200")
    return refusal(session, response) or logic.unknown(said(response, session))


def number_in(found: Mapping[str, Any]) -> str:
    """The number of what was made."""
    number = found.get("id")
    return number if isinstance(number, str) and number.replace("_", "").isdigit() else ""


def success(number: str) -> Callable[[Mapping[str, Any]], str]:
    """For steps that answer only that they succeeded."""
    return lambda found: number if found.get("success") is True else ""


def safe(number: str) -> str:
    """A number as it may stand in an address; anything else is none."""
    return number if number.replace("_", "").isalnum() else "0"


# ── What is made before it is public (Instagram, Threads) ────────────────────────────────────────────────────────────


def container(session: Session, address: str, body: Mapping[str, Any], seconds: float = SECONDS) -> str:
    """Make one, which nobody sees. Raises `Failed`."""
    outcome = write(session, "POST", address, number_in, json=dict(body), seconds=seconds)
    if outcome.verdict is not Verdict.DONE:
        raise Failed(outcome)
    return outcome.remote_id


def staged(session: Session, base: str, field: str, make: Callable[[], str]) -> dict[str, Any]:
    """The handle of a container that is ready. One that an earlier try made goes on, unless it went bad.

    Raises `Failed`."""
    number = str(session.kept.get("container") or "")
    if number and read(session, f"{base}/{safe(number)}", fields=f"{field},id").get(field) in ("ERROR", "EXPIRED"):
        number = ""
    if not number:
        number = make()
        session.keep({"container": number})
    wait_for(session, base, number, field)
    return {"container": number}


def wait_for(
    session: Session, base: str, number: str, field: str, *, most: float | None = None, seconds: float = SECONDS
) -> None:
    """Until the platform has fetched and made it ready. Raises `Failed`: not ready yet passes, an error does not."""
    until, pause = time.monotonic() + (WAIT_FOR_MEDIA if most is None else most), 1.0
    while True:
        found = read(session, f"{base}/{safe(number)}", seconds=seconds, fields=f"{field},id")
        state = str(found.get(field) or "")
        if state in ("FINISHED", "PUBLISHED"):
            return
        if state in ("ERROR", "EXPIRED"):
            no = Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=f"the platform says {state}")
            raise Failed(no)
        if time.monotonic() + pause > until:
            raise Failed(logic.unknown("the platform is still making it ready"))
        time.sleep(pause)
        pause = min(pause * 2, 5.0)


def not_prepared(failed: Failed) -> Prepared:
    """Nothing is public, so whatever it was, it can be tried again; unless the platform will not take it."""
    outcome = failed.outcome
    passing = outcome.because not in (Because.AUTH, Because.REJECTED, Because.RATE)
    return Prepared(
        problem=_("The platform could not make it ready: %(said)s"),
        values={"said": outcome.answer[:150]},
        because=Because.NOT_REACHED if passing else outcome.because,
        retry_after=outcome.retry_after,
    )


def id_of(row: Mapping[str, Any]) -> str:
    """Its number, by which it is known from then on. Raises ValueError: one without could be any other."""
    found = row["id"]
    if not isinstance(found, str | int) or not found:
        raise ValueError("id")
    return str(found)


def account_of(session: Session) -> str:
    """The number of the account, as a part of an address."""
    return safe(session.settings.get("account", ""))


def wording(draft: Draft) -> str:
    """The words as they stand there. Beside pictures or a film Meta takes no link of its own: it goes under the text,
    unless it is in it already."""
    under = draft.link and draft.media and draft.link not in draft.text
    return f"{draft.text}\n\n{draft.link}".strip() if under else draft.text


def heart(text: str) -> str:
    """What a platform leaves the same of a text: no whitespace and no invisible signs."""
    whole = normal(text)
    return "".join(c for c in whole if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc", "Mn"))


# ── Tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def exchanged(session: Session, address: str, params: Mapping[str, str]) -> Tokens | Outcome:
    """A token for a token, as documented with everything in the address of a GET. Only an expired or withdrawn
    token (190) says that the person has to agree again."""
    try:
        response = session.http.request("GET", address, params=dict(params), timeout=SECONDS)
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    assert session.now is not None
    found = sign_in.tokens_from(response, session.now)
    if isinstance(found, Tokens):
        return found
    told = error_of(response) or {}
    if response.status in (400, 401) and told.get("code") == 190 and not told.get("is_transient"):
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.AUTH, answer=said(response, session))
    return logic.unknown(said(response, session)) if found.because == Because.AUTH else found


def lengthened(session: Session, host: str, letters: str, tokens: Tokens) -> Tokens | Outcome:
    """From an hour to sixty days. Instagram and Threads each have an address and letters of their own for it."""
    asked = {"grant_type": f"{letters}_exchange_token", "client_secret": session.secrets.get("client_secret", "")}
    return exchanged(session, f"{host}/access_token", asked | {"access_token": tokens.access})


def refreshed(session: Session, host: str, letters: str, tokens: Tokens) -> Tokens | Outcome:
    """Sixty days more, for a token that is older than a day and has not ended."""
    asked = {"grant_type": f"{letters}_refresh_token", "access_token": tokens.access}
    return exchanged(session, f"{host}/refresh_access_token", asked)


# ── Words for people ─────────────────────────────────────────────────────────────────────────────────────────────────


def trouble(failed: Failed) -> Health:
    """Why a look failed; what passes says so."""
    sentences = {
        Because.AUTH: _("Meta no longer lets Koor in for this account. Connect it again."),
        Because.RATE: _("Meta asks to wait a little."),
        Because.REJECTED: _("Meta does not know this account any more."),
    }
    sentence, because = logic.told(failed, sentences, _("Meta could not be reached: %(said)s"))
    return Health(False, sentence, {"said": failed.outcome.answer[:150]}, because)


def problem_of(failed: Failed) -> dict[str, Any]:
    """What went wrong, as the fields of a `Batch`."""
    health = trouble(failed)
    sentence = health.sentence
    if health.because == Because.NOT_REACHED:
        sentence = logic.with_why(_("Meta could not be reached."), failed)
    return {"problem": sentence, "because": health.because, "retry_after": failed.outcome.retry_after}


def read_each(
    rows: Iterable[Any], reader: Callable[[Any], Incoming | None]
) -> tuple[tuple[Incoming, ...], tuple[Broken, ...]]:
    """Each row by itself, oldest first: one that can't be read is set aside and stops nothing."""
    items: list[Incoming] = []
    broken: list[Broken] = []
    for row in rows:
        try:
            found = reader(row)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            number = str(row.get("id", "")) if isinstance(row, dict) else ""
            broken.append(Broken(json.dumps(row)[:4000], f"{type(error).__name__}: {error}"[:200], number))
        else:
            items += [found] if found else []
    items.sort(key=lambda one: (one.created_at is not None, one.created_at and one.created_at.timestamp()))
    return tuple(items), tuple(broken)


# ── What Meta sends by itself ────────────────────────────────────────────────────────────────────────────────────────


def greet(session: Session, query: Mapping[str, str]) -> str:
    """The challenge, when they know our word. An empty word opens nothing."""
    known = session.secrets.get("verify_token", "")
    same = hmac.compare_digest(query.get("hub.verify_token", "").encode(), known.encode())
    return query.get("hub.challenge", "")[:200] if known and same and query.get("hub.mode") == "subscribe" else ""


def why_no_greeting(session: Session, query: Mapping[str, str]) -> str:
    """Why they were not given it, for whoever set it up; empty for somebody who just looked at the address."""
    if "hub.verify_token" not in query and "hub.challenge" not in query:
        return ""
    if not session.secrets.get("verify_token", ""):
        return _("There is no verify token here yet.")
    if query.get("hub.mode") != "subscribe" or not query.get("hub.challenge"):
        return _("It did not ask as Meta does: hub.mode or hub.challenge is missing.")
    return _("The verify token is another than the one that stands here.")


def genuine(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether these very bytes were signed with the app's present secret. Without a secret nothing is."""
    return not why_not(secret, headers, body)


def why_not(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """Why they were not, for whoever set it up; empty when they were."""
    told = headers.get("X-Hub-Signature-256", "")
    if not secret:
        return _("There is no secret of the application here yet.")
    if not told:
        return _("It was not signed: X-Hub-Signature-256 is missing.")
    wanted = "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()
    same = hmac.compare_digest(told.encode("utf-8", "replace"), wanted.encode())
    return "" if same else _("The signature does not fit: the secret is of another application, or was renewed there.")


def pushed(body: bytes, events: Callable[[Any], Iterable[Any]], reader: Callable[[Any], Incoming | None]) -> Batch:
    """What a delivery tells, each event by itself: one that can't be read is set aside and stops nothing."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return Batch(broken=(Broken(body.decode("utf-8", "replace"), _("This is not JSON.")),))
    items: list[Incoming] = []
    broken: list[Broken] = []
    for event in events(whole):
        try:
            found = reader(event)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError, OSError):
            broken.append(Broken(json.dumps(event, ensure_ascii=False)[:4000], _("This part can't be read.")))
        else:
            items += [found] if found else []
    return Batch(tuple(items), tuple(broken))


def entries(whole: Any, number: str) -> Iterator[dict[str, Any]]:
    """Those of a delivery that speak of this page or account; of others of the same application none."""
    found = whole.get("entry") if isinstance(whole, dict) else None
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, dict) and str(entry.get("id")) == number:
            yield entry
