"""Tokens that are renewed before they end: one at a time over all processes, and never given up for what passes."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_noop

from koor.ground.channels import contract, logic, queries
from koor.ground.channels.actions import accounts
from koor.ground.channels.logic import sign_in
from koor.ground.channels.models import Application, Grant
from koor.kernel import clock, locks, secrets
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.http import Door, NotSent, Unclear

log = logging.getLogger(__name__)
SECONDS = 20.0  # for one call to the platform
LONGEST_WAIT = 30.0  # seconds for a renewal that another process is doing
LOOK_AGAIN = 0.2
MOST_BYTES = 1_000_000
NO_MORE = gettext_noop("The platform no longer lets Koor in for this account. Connect it again.")


def fresh_tokens(grant_id: int, http: contract.Http | None = None) -> contract.Tokens | contract.Outcome:
    """Tokens that work now, renewed first where their end is near; else why there are none.

    Whoever finds a renewal under way uses what is there, or waits for what comes: so twenty posts make one renewal,
    and a refresh token that changes each time is never used twice."""
    give_up = time.monotonic() + LONGEST_WAIT
    while True:
        grant = Grant.objects.filter(pk=grant_id).first()
        if grant is None or grant.refused_at is not None:
            return contract.Outcome(contract.Verdict.DEFINITELY_NOT, because=contract.Because.AUTH, answer="ended")
        tokens = queries.tokens_of(grant)
        if not sign_in.is_due(tokens, grant.renewed_at, clock.now()):
            return tokens
        with locks.held(f"channels.grant:{grant_id}") as alone:
            if alone:
                return _renewed(grant_id, http)
        if sign_in.is_usable(tokens, clock.now()):
            return tokens
        if time.monotonic() > give_up:
            return _not_now("its access is being renewed")
        time.sleep(LOOK_AGAIN)


def _renewed(grant_id: int, http: contract.Http | None) -> contract.Tokens | contract.Outcome:
    """While nobody else does. What another process did a moment ago counts."""
    grant = Grant.objects.filter(pk=grant_id).first()
    now = clock.now()
    if grant is None or grant.refused_at is not None:
        return contract.Outcome(contract.Verdict.DEFINITELY_NOT, because=contract.Because.AUTH, answer="ended")
    tokens = queries.tokens_of(grant)
    if not sign_in.is_due(tokens, grant.renewed_at, now):
        return tokens
    if grant.not_before is not None and grant.not_before > now:
        return _as_they_are(tokens, "its access could not be renewed just now")
    if not queries.renews(grant.connector, tokens):
        return tokens if sign_in.is_usable(tokens, now) else _refused(grant, "ended")
    found = _asked(grant, tokens, http)
    if isinstance(found, contract.Tokens):
        return keep_tokens(grant, sign_in.after_renewal(found, tokens))
    if found.because == contract.Because.AUTH:
        return _refused(grant, found.answer)
    return _passing(grant, tokens, found)


def _asked(grant: Grant, tokens: contract.Tokens, http: contract.Http | None) -> contract.Tokens | contract.Outcome:
    """One question to the platform. Whatever breaks here is no reason to give an account up."""
    try:
        made_with, application = queries.connector(grant.connector), queries.application(grant.connector)
        oauth = made_with.manifest.oauth
        if oauth is None or application is None:
            return _not_now("Koor is not registered there")
        own = getattr(made_with.connect, "refresh", None)
        if own is not None:
            session = queries.session_to_connect(grant.connector, application, tokens, http)
            return own(session, tokens)  # type: ignore[no-any-return]
        asked = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        return ask_for_tokens(oauth, application, asked, http)
    except Refused as error:
        return _not_now(str(error))
    except Exception as error:  # a connector should not raise
        log.error("renewing %s: %s", grant.pk, type(error).__name__)  # no traceback: it may show what is secret
        return _not_now(type(error).__name__)


def ask_for_tokens(
    oauth: contract.OAuth, application: Application, asked: Mapping[str, str], http: contract.Http | None = None
) -> contract.Tokens | contract.Outcome:
    """By the guarded door, at the platform's token address."""
    known = queries.opened_application(application)
    headers, body = sign_in.token_request(oauth, application.client_id, known.get("client_secret", ""), asked)
    door = http or Door(max_bytes=MOST_BYTES)
    try:
        address = sign_in.filled(oauth.token, application.settings)
        response = door.request("POST", address, headers=headers, data=body, timeout=SECONDS)
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    found = sign_in.tokens_from(response, clock.now())
    refused = isinstance(found, contract.Outcome) and found.because == contract.Because.REJECTED
    moment = clock.now() if refused else None
    if refused or (application.refused_at is not None and isinstance(found, contract.Tokens)):
        Application.objects.filter(pk=application.pk).update(refused_at=moment)
    return found


def keep_tokens(grant: Grant, tokens: contract.Tokens) -> contract.Tokens:
    """Sealed with the newest key and the row's number."""
    whole = json.dumps(queries.tokens_as_json(tokens)).encode()
    grant.sealed = secrets.seal(whole, queries.grant_context(grant.pk))
    grant.scopes, grant.expires_at = [scope[:200] for scope in tokens.scopes[:100]], tokens.expires_at
    grant.ends_at = sign_in.ends_at(tokens, queries.renews(grant.connector, tokens))
    grant.renewed_at, grant.refused_at, grant.failures, grant.not_before = clock.now(), None, 0, None
    grant.save()
    return tokens


def _refused(grant: Grant, said: str) -> contract.Outcome:
    """The platform says so itself: the owners of its accounts hear that they have to agree again."""
    with transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(refused_at=clock.now())
        health = contract.Health(False, NO_MORE, because=contract.Because.AUTH)
        for account in grant.accounts.all():
            accounts.note_health(by=SYSTEM, account=account, health=health)
    return contract.Outcome(contract.Verdict.DEFINITELY_NOT, because=contract.Because.AUTH, answer=said)


def _passing(grant: Grant, tokens: contract.Tokens, found: contract.Outcome) -> contract.Tokens | contract.Outcome:
    """It passes: what is there is used as long as it works, and the platform is left alone for a while."""
    failures = grant.failures + 1
    not_before = clock.now() + sign_in.wait_after(failures, found.retry_after)
    Grant.objects.filter(pk=grant.pk).update(failures=failures, not_before=not_before)
    return _as_they_are(tokens, f"its access could not be renewed just now: {found.answer}")


def _as_they_are(tokens: contract.Tokens, why: str) -> contract.Tokens | contract.Outcome:
    return tokens if sign_in.is_usable(tokens, clock.now()) else _not_now(why)


def _not_now(why: str) -> contract.Outcome:
    return contract.Outcome(contract.Verdict.DEFINITELY_NOT, because=contract.Because.NOT_REACHED, answer=why[:200])
