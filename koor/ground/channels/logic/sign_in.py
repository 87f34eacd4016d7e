"""Connecting by a platform's own page: what is asked, what the answers mean, when tokens are renewed. No Django.

OAuth 2.0 (RFC 6749), PKCE (RFC 7636), who answered (RFC 9207), as the best practice of RFC 9700 has it."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from koor.ground.channels import logic
from koor.ground.channels.contract import Because, OAuth, Outcome, Response, Tokens, Verdict
from koor.ground.channels.contract import message_id as _

PATIENCE = timedelta(minutes=15)  # that somebody may take on the platform's page
TELL_BEFORE = timedelta(days=7)  # the owner hears so long before that they have to agree again
USABLE = timedelta(seconds=15)  # a token that ends sooner is no use
LONGEST_LIFE = timedelta(days=3650)
LONGEST_TOKEN = 8000  # characters
WAITS = (30, 60, 120, 300, 600, 900)  # seconds after each renewal in a row that failed by something that passes
_AGAIN = _("Nothing was connected. Try it again in a minute.")
_ADMINISTRATOR = _(
    "The platform does not accept how Koor is registered there. An administrator looks at its page under Platforms."
)
_REFUSALS = {
    "access_denied": _("You did not agree on the platform's page, so nothing was connected."),
    "user_cancelled_login": _("You did not agree on the platform's page, so nothing was connected."),
    "user_cancelled_authorize": _("You did not agree on the platform's page, so nothing was connected."),
    "server_error": _AGAIN,
    "temporarily_unavailable": _AGAIN,
    "unauthorized_client": _ADMINISTRATOR,
    "unauthorized_scope_error": _ADMINISTRATOR,
    "invalid_scope": _ADMINISTRATOR,
    "invalid_request": _ADMINISTRATOR,
    "unsupported_response_type": _ADMINISTRATOR,
}
_APPLICATION = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"})


def verifier() -> str:
    """What nobody can guess; kept here until the code comes back (RFC 7636, 4.1)."""
    return secrets.token_urlsafe(64)


def challenge(verified: str) -> str:
    """S256 (RFC 7636, 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verified.encode()).digest()).decode().rstrip("=")


def filled(address: str, settings: Mapping[str, str]) -> str:
    """An address of the platform with what the application names, such as its server."""
    safe = {key: value if value.startswith("https://") else quote(value, safe="") for key, value in settings.items()}
    return address % safe if "%(" in address else address


def authorise_address(
    oauth: OAuth, settings: Mapping[str, str], *, client_id: str, redirect: str, state: str, verified: str
) -> str:
    """Where a person agrees. Nothing of it is secret but the state, which counts in one browser only."""
    asked = dict(oauth.extra) | {
        "response_type": "code",
        oauth.client_key: client_id,
        "redirect_uri": redirect,
        "scope": oauth.separator.join(oauth.scopes_for(settings)),
        "state": state,
    }
    if oauth.pkce:
        asked |= {"code_challenge": challenge(verified), "code_challenge_method": "S256"}
    parts = urlsplit(filled(oauth.authorise, settings))
    query = "&".join(part for part in (parts.query, urlencode(asked, quote_via=quote)) if part)
    return urlunsplit(parts._replace(query=query))


def token_request(
    oauth: OAuth, client_id: str, client_secret: str, asked: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and body of a request to the token address (RFC 6749, 2.3.1)."""
    headers, body = {"Accept": "application/json"}, dict(asked)
    if oauth.basic:
        both = f"{quote(client_id, safe='')}:{quote(client_secret, safe='')}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(both).decode()
        return headers, body
    return headers, body | {oauth.client_key: client_id, "client_secret": client_secret}


def tokens_from(response: Response, now: datetime) -> Tokens | Outcome:
    """What a token address answered. Only a documented `invalid_grant` says that the person has to agree again;
    what speaks of the application is `REJECTED`; all else passes, or is not proven to be anything."""
    found = logic.json_of(response)
    found = found if isinstance(found, dict) else {}
    listed = found.get("data")
    if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], dict):  # as Instagram documents it
        found = listed[0]
    access = found.get("access_token")
    if response.status == 200 and _is_token(access) and str(found.get("token_type", "bearer")).lower() == "bearer":
        refresh = found.get("refresh_token")
        return Tokens(
            access=str(access),
            refresh=str(refresh) if _is_token(refresh) else "",
            expires_at=moment_after(now, found.get("expires_in")),
            scopes=scopes_in(found.get("scope")),
            refresh_expires_at=moment_after(
                now, found.get("refresh_token_expires_in") or found.get("refresh_expires_in")
            ),
        )
    return _refusal(response, found, now)


def _refusal(response: Response, found: Mapping[str, Any], now: datetime) -> Outcome:
    error = found.get("error")
    named = code_of(error if isinstance(error, str) else "")
    said = f"{response.status} {named}".strip()
    if response.status == 429:
        wait = logic.retry_after(response.headers, now)
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.RATE, retry_after=wait, answer=said)
    if response.status in (400, 401) and named == "invalid_grant":
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.AUTH, answer=said)
    if response.status in (400, 401) and named in _APPLICATION:
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=said)
    return Outcome(Verdict.UNKNOWN, answer=said)


def _is_token(found: Any) -> bool:
    """RFC 6749 A.12: visible signs of ASCII. Anything else would not fit in a header."""
    return (
        isinstance(found, str) and 0 < len(found) <= LONGEST_TOKEN and re.fullmatch(r"[\x21-\x7e]+", found) is not None
    )


def moment_after(now: datetime, seconds: Any) -> datetime | None:
    """When something ends of which a platform says how many seconds it lives."""
    try:
        count = float(seconds)
    except (TypeError, ValueError):
        return None
    if isinstance(seconds, bool) or not math.isfinite(count) or count <= 0:
        return None
    return now + min(timedelta(seconds=min(count, LONGEST_LIFE.total_seconds())), LONGEST_LIFE)


def scopes_in(told: Any) -> tuple[str, ...]:
    """The scopes of an answer; platforms put a space or a comma between them."""
    listed = told if isinstance(told, str) else " ".join(str(one) for one in told) if isinstance(told, list) else ""
    return tuple(dict.fromkeys(one for one in re.split(r"[\s,]+", listed[:4000]) if one))


def code_of(error: str) -> str:
    """The name of an error as platforms write it; anything else is left out, for it comes from outside."""
    return error if re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", error) else ""


def refused_words(error: str) -> tuple[str, dict[str, str | int]]:
    """Why the platform sent somebody back without a code: a message id and its values."""
    known = _REFUSALS.get(error)
    if known:
        return known, {}
    return _("The platform did not connect the account: %(said)s."), {"said": code_of(error) or "?"}


def is_due(tokens: Tokens, since: datetime, now: datetime) -> bool:
    """Whether to renew now: in the last sixth of its life, at most a week and at least a minute before."""
    if tokens.expires_at is None:
        return False
    life = tokens.expires_at - since
    early = min(TELL_BEFORE, max(timedelta(minutes=1), life / 6), life / 2)  # also of one that lives a few seconds
    return now >= tokens.expires_at - early


def is_usable(tokens: Tokens, now: datetime) -> bool:
    return tokens.expires_at is None or tokens.expires_at > now + USABLE


def after_renewal(new: Tokens, old: Tokens) -> Tokens:
    """What is kept: a platform that gives no new refresh token means that the old one goes on."""
    return Tokens(
        access=new.access,
        refresh=new.refresh or old.refresh,
        expires_at=new.expires_at,
        scopes=new.scopes or old.scopes,
        refresh_expires_at=new.refresh_expires_at or (None if new.refresh else old.refresh_expires_at),
    )


def wait_after(failures: int, retry_after: int | None) -> timedelta:
    """How long to leave the platform alone after so many renewals in a row that failed."""
    told = timedelta(seconds=retry_after or 0)
    return max(told, timedelta(seconds=WAITS[min(max(failures, 1), len(WAITS)) - 1]))


def ends_at(tokens: Tokens, renews: bool) -> datetime | None:
    """When a person has to agree again, as far as the platform tells."""
    return tokens.refresh_expires_at if renews and tokens.refresh else None if renews else tokens.expires_at
