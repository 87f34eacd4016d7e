"""Connecting accounts on a platform's own page: there, back again, and choosing where to speak."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.channels import access, contract, events, logic, queries
from koor.ground.channels.actions import accounts, renewing
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.logic import sign_in
from koor.ground.channels.models import Account, AccountSecret, Application, Connecting, Grant
from koor.ground.channels.queries.sealed import NOT_YOURS
from koor.ground.people.models import Person
from koor.kernel import audit, clock, hrefs, secrets
from koor.kernel.access import Refused, require
from koor.kernel.events import tell
from koor.kernel.http import NotSent, Unclear

CHOOSE_WITHIN = 4 * sign_in.PATIENCE  # then what waits to be chosen from is swept up
MOST_PLACES = 200


def begin_connecting(*, by: Person, connector: str, account: Account | None = None) -> tuple[str, str]:
    """Off to the platform's page. Gives the mark that this browser's session keeps, and the address to go to."""
    made_with = queries.connector(connector)
    if account is not None:
        require(access.may_change(by, account) and account.connector == connector)
    else:
        require(by.is_active and (made_with.manifest.personal or access.may_manage(by)))
    oauth, application = _registered(connector)
    state, verified = secrets.new_token("koor_state"), sign_in.verifier()
    with transaction.atomic():
        row = Connecting(state=secrets.digest(state), connector=connector, person=by, account=account)
        row.asked_at, row.sealed = clock.now(), b""
        row.save()
        _keep(row, {"verified": verified})
    address = sign_in.authorise_address(
        oauth, application.settings, client_id=application.client_id, redirect=queries.way_back(connector),
        state=state, verified=verified,
    )  # fmt: skip
    return row.state, address


def _registered(connector: str) -> tuple[contract.OAuth, Application]:
    manifest, application = queries.connector(connector).manifest, queries.application(connector)
    if manifest.oauth is None:
        raise Refused(_("Accounts of this platform are not connected that way."), code="no_oauth")
    if application is None:
        sentence = _("Koor is not registered at %(platform)s yet. An administrator does that once, at Platforms.")
        raise Refused(sentence % {"platform": _(manifest.name)}, code="not_registered")
    return manifest.oauth, application


def arrive(*, by: Person, connector: str, marks: Collection[str], answered: Mapping[str, str]) -> Connecting:
    """Back from the platform. Refused in words, and then nothing is connected; the state counts once, whatever
    came back with it. `marks` are those of this browser's session."""
    row = _taken(by, connector, marks, answered.get("state", ""))
    oauth, application = _registered(connector)
    if oauth.issuer and answered.get("iss") != oauth.issuer:
        raise Refused(_("Somebody else answered than who was asked, so nothing was connected."), code="mix_up")
    if answered.get("error"):
        sentence, values = sign_in.refused_words(answered["error"])
        raise Refused(_(sentence) % values, code="denied")
    if not answered.get("code"):
        raise Refused(_("The platform sent you back without an answer. Try it again."), code="no_code")
    tokens = _exchanged(row, oauth, application, answered["code"])
    places = _places(connector, application, tokens)
    _keep(row, {"tokens": queries.tokens_as_json(tokens), "places": [_as_json(place) for place in places]})
    Connecting.objects.filter(pk=row.pk).update(arrived=True)
    row.arrived = True
    return row


def _taken(by: Person, connector: str, marks: Collection[str], state: str) -> Connecting:
    """The row of this state, which nobody takes a second time; committed before anything else is asked."""
    mark = secrets.digest(state) if state else ""
    if mark not in marks:
        raise Refused(_(NOT_YOURS), code="state")
    waiting = Connecting.objects.filter(state=mark, person=by, connector=connector, used_at=None)
    if not waiting.filter(asked_at__gt=clock.now() - sign_in.PATIENCE).update(used_at=clock.now()):
        raise Refused(_(NOT_YOURS), code="state")
    return Connecting.objects.select_related("account__grant").get(state=mark)


def _exchanged(row: Connecting, oauth: contract.OAuth, application: Application, code: str) -> contract.Tokens:
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": queries.way_back(row.connector)}
    if oauth.pkce:
        asked["code_verifier"] = queries.opened_connecting(row)["verified"]
    found = renewing.ask_for_tokens(oauth, application, asked)
    made_with = queries.connector(row.connector)
    lengthen = getattr(made_with.connect, "lengthen", None)
    if isinstance(found, contract.Tokens) and lengthen is not None:
        found = lengthen(queries.session_to_connect(row.connector, application, found), found)
    if isinstance(found, contract.Tokens):
        return found
    if found.because == contract.Because.REJECTED:
        sentence, _values = sign_in.refused_words("unauthorized_client")
        raise Refused(_(sentence), code="application")
    sentence = _("The platform gave no access, so nothing was connected: %(said)s. Try it again.")
    raise Refused(sentence % {"said": found.answer or "?"}, code="no_tokens")


def _places(connector: str, application: Application, tokens: contract.Tokens) -> tuple[contract.Place, ...]:
    session = queries.session_to_connect(connector, application, tokens)
    try:
        found = queries.connector(connector).connect.places(session)
    except (NotSent, Unclear) as error:
        raise Refused(str(error), code="places") from error
    if isinstance(found, contract.Health):
        raise Refused(logic.filled_in(_(found.sentence), found.values), code="places")
    if not found:
        raise Refused(_("There is nowhere on this platform where you may post."), code="no_places")
    return tuple(found[:MOST_PLACES])


def connect_chosen(
    *, by: Person, connecting: Connecting, keys: Sequence[str], purpose: str = "", personal: bool = False
) -> list[Account]:
    """Make accounts of the chosen places, all or none. One that is there already only gets the new tokens."""
    with transaction.atomic():
        row = (
            Connecting.objects.select_for_update(of=("self",)).filter(pk=connecting.pk, person=by, arrived=True).first()
        )
        if row is None:
            raise Refused(_(NOT_YOURS), code="state")
        chosen = [place for place in queries.places_of(row) if place.key in set(keys)]
        if not chosen:
            raise Refused(_("Choose at least one."), code="none", field="places")
        grant = _granted(by, row, [place.key for place in chosen])
        made = [_connected(by, row.connector, grant, place, purpose, personal) for place in chosen]
        row.delete()
    return made


def connect_again_by(*, by: Person, connecting: Connecting) -> Account:
    """The account that somebody came to connect again, and what hung on the same tokens, get the new ones."""
    account = connecting.account
    assert account is not None
    places = {place.key: place for place in queries.places_of(connecting)}
    if account.place not in places:
        sentence = _(
            "You agreed as %(name)s, which is not %(account)s. Sign in there with that account, and try again."
        )
        values = {"name": ", ".join(place.name for place in places.values())[:200], "account": account.name}
        raise Refused(sentence % values, code="other")
    with transaction.atomic():
        row = (
            Connecting.objects.select_for_update(of=("self",)).filter(pk=connecting.pk, person=by, arrived=True).first()
        )
        if row is None:
            raise Refused(_(NOT_YOURS), code="state")
        beside = Account.objects.filter(grant=account.grant_id, place__in=places) if account.grant_id else ()
        grant = _granted(by, row, [account.place])
        for one in {account.pk: account, **{one.pk: one for one in beside if access.may_change(by, one)}}.values():
            _renewed(by, one, grant, places[one.place])
        row.delete()
    account.refresh_from_db()
    return account


def sweep_connecting() -> int:
    """Forget who did not come back, or did not choose."""
    return Connecting.objects.filter(asked_at__lt=clock.now() - CHOOSE_WITHIN).delete()[0]


def _granted(by: Person, row: Connecting, places: Collection[str]) -> Grant:
    """The new tokens. Some platforms give a refresh token the first time only: then the one that is there goes on."""
    now, tokens = clock.now(), queries.tokens_from_json(queries.opened_connecting(row)["tokens"])
    before = Grant.objects.filter(accounts__connector=row.connector, accounts__place__in=places, refused_at=None)
    if not tokens.refresh and before.exists():
        tokens = replace(tokens, refresh=_refresh_of(before.order_by("-renewed_at")[0]))
    grant = Grant(connector=row.connector, person=by, sealed=b"", agreed_at=now, renewed_at=now)
    grant.save()
    renewing.keep_tokens(grant, tokens)
    return grant


def _refresh_of(grant: Grant) -> str:
    try:
        return queries.tokens_of(grant).refresh
    except Refused:
        return ""


def _connected(
    by: Person, connector: str, grant: Grant, place: contract.Place, purpose: str, personal: bool
) -> Account:
    known = Account.objects.filter(connector=connector, place=place.key).select_related("owner").first()
    if known is not None:
        if not access.may_change(by, known):
            sentence = _("%(name)s is connected already, and looked after by %(owner)s.")
            raise Refused(sentence % {"name": known.name, "owner": known.owner.name}, code="known", field="places")
        return _renewed(by, known, grant, place)
    manifest = queries.connector(connector).manifest
    own = manifest.personal and (place.personal or personal or not manifest.company or not access.may_manage(by))
    account = accounts.add_place(
        by=by, connector=connector, name=place.name, owner=by, purpose=purpose, personal=own, settings=place.settings
    )
    account.place, account.grant, account.handle = place.key, grant, place.handle[:200]
    account.url = hrefs.web(place.url, most=accounts.LONGEST_ADDRESS)
    account.save(update_fields=["place", "grant", "handle", "url"])
    accounts.seal_secrets(account, place.secrets)
    return account


def _renewed(by: Person, account: Account, grant: Grant, place: contract.Place) -> Account:
    """New tokens, and nothing else: its name, its purpose, its members and its settings stay as they are."""
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    before, account.grant = account.grant_id, grant
    was_gone = account.state == AccountState.DISCONNECTED
    account.state = AccountState.ACTIVE if was_gone else account.state
    account.health, account.health_note, account.health_values = Health.UNKNOWN, "", {}
    if not queries.connector(account.connector).manifest.checks:
        account.health = Health.WELL
    account.save(update_fields=["grant", "state", "health", "health_note", "health_values"])
    accounts.seal_secrets(account, {**_secrets_there(account), **place.secrets})
    if before is not None:
        Grant.objects.filter(pk=before, accounts=None).delete()
    audit.record(by=by, verb="channels.agree_again", target=account)
    tell(events.AccountResumed(account.pk))
    accounts.check_soon(account)
    return account


def _secrets_there(account: Account) -> Mapping[str, str]:
    """What a person filled in beside the tokens; nothing where it can't be opened any more."""
    try:
        return queries.secrets_of(account) if AccountSecret.objects.filter(account=account).exists() else {}
    except Refused:
        return {}


def _as_json(place: contract.Place) -> dict[str, Any]:
    return {
        "key": place.key[:200],
        "name": " ".join(place.name.split())[:120] or place.key[:120],
        "handle": place.handle,
        "url": place.url,
        "personal": place.personal,
        "settings": dict(place.settings),
        "secrets": dict(place.secrets),
    }


def _keep(row: Connecting, whole: Mapping[str, Any]) -> None:
    row.sealed = secrets.seal(json.dumps(whole).encode(), queries.connecting_context(row.pk))
    Connecting.objects.filter(pk=row.pk).update(sealed=row.sealed)
