"""Accounts: their settings and credentials, who may use them, and how they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.ground.channels import contract, events, logic, queries
from koor.ground.channels.access import may_add, may_change, may_stop
from koor.ground.channels.actions.asked import (
    LONGEST_VALUE,
    again,
    check_kind,
    check_way,
    named,
    purpose_of,
    sorted_out,
)
from koor.ground.channels.choices import AccountState, Health, May
from koor.ground.channels.models import Account, AccountSecret, Grant, Member
from koor.ground.governance.choices import Purpose
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, hrefs, jobs, secrets
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.events import tell
from koor.kernel.once import once as done_once

LONGEST_ADDRESS = 500  # characters
OUT_OF_REACH = timedelta(hours=24)  # so long a platform may be away before its owner is told


def add_account(
    *,
    by: Colleague,
    connector: str,
    name: str,
    owner: Person,
    purpose: str = "",
    personal: bool = False,
    audience: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    once: str = "",
) -> Account:
    """Connect an account. It is looked at right away by the worker; what does not work is shown, not undone."""
    manifest = queries.connector(connector).manifest
    require(may_add(by, owner=owner, personal=personal), _("Accounts of the house are connected by a curator."))
    check_kind(manifest, personal)
    check_way(manifest)
    kept, sealed = sorted_out(manifest, {**(settings or {}), **(secrets or {})})
    account = Account(connector=manifest.key, name=named(name), owner=owner, personal=personal, settings=kept)
    account.purpose = purpose_of(purpose or (Purpose.NEWS if manifest.public else Purpose.PRACTICE))
    account.audience = logic.audience_of(audience)
    account.health = Health.UNKNOWN if manifest.checks else Health.WELL
    content = {"connector": manifest.key, "name": account.name, "owner": owner.pk, "settings": kept}
    with transaction.atomic():
        make = partial(_made, by, account, sealed)
        pk, _new = done_once(f"channels.add_account:{by.pk}", once, content, make)
        return Account.objects.select_related("owner").get(pk=pk)


def add_place(
    *, by: Person, connector: str, name: str, owner: Person, purpose: str, personal: bool, settings: Mapping[str, str]
) -> Account:
    """An account of a place that the platform itself told: what it gave, and what its manifest takes for granted."""
    manifest = queries.connector(connector).manifest
    require(may_add(by, owner=owner, personal=personal), _("Accounts of the house are connected by a curator."))
    check_kind(manifest, personal)
    usual = {one.key: one.default for one in manifest.asks if one.default and not one.secret}
    account = Account(connector=manifest.key, name=named(name), owner=owner, personal=personal)
    account.settings = usual | {key: str(value)[:LONGEST_VALUE] for key, value in settings.items()}
    account.purpose = purpose_of(purpose or (Purpose.WORK if personal else Purpose.NEWS))
    account.health = Health.UNKNOWN if manifest.checks else Health.WELL
    return _made(by, account, {})


def _made(by: Colleague, account: Account, sealed: Mapping[str, str]) -> Account:
    account.made_at = clock.now()
    account.save()
    seal_secrets(account, sealed)
    detail = {"connector": account.connector, "personal": account.personal}
    audit.record(by=by, verb="channels.add_account", target=account, **detail)
    tell(events.AccountAdded(account.pk))
    check_soon(account)
    return account


@transaction.atomic
def edit_account(
    *,
    by: Colleague,
    account: Account,
    name: str,
    purpose: str,
    owner: Person | None = None,
    audience: Sequence[str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Account:
    """Change name, purpose, owner or settings; credentials have an action of their own.

    A personal account stays its owner's; one of the house may get another owner."""
    account = _locked(account)
    require(may_change(by, account))
    before = account.settings
    account.name, account.purpose = named(name), purpose_of(purpose)
    account.owner = _heir(account, owner or account.owner)
    if audience is not None:
        account.audience = logic.audience_of(audience)
    if settings is not None:
        account.settings = _kept(account, settings)
    account.save()
    audit.record(by=by, verb="channels.edit_account", target=account, purpose=account.purpose, owner=account.owner_id)
    if account.settings != before:
        check_soon(account)
    return account


def _heir(account: Account, owner: Person) -> Person:
    if account.personal and owner.pk != account.owner_id:
        raise Refused(_("A personal account stays with its owner."), code="personal", field="owner")
    return owner


def _kept(account: Account, settings: Mapping[str, str]) -> dict[str, str]:
    """What a person filled in, and beside it what the platform itself told of its place."""
    manifest = queries.connector(account.connector).manifest
    asked = {one.key for one in manifest.asks}
    told = {key: value for key, value in account.settings.items() if key not in asked} if manifest.oauth else {}
    return {**told, **sorted_out(manifest, settings, without_secrets=True)[0]}


@transaction.atomic
def change_secrets(*, by: Colleague, account: Account, secrets: Mapping[str, str]) -> Account:
    """Fill in new credentials; an account that was disconnected is in use again."""
    account = _locked(account)
    require(may_change(by, account))
    manifest = queries.connector(account.connector).manifest
    _kept_there, sealed = again(account, secrets)
    seal_secrets(account, sealed)
    if account.state == AccountState.DISCONNECTED:
        account.state = AccountState.ACTIVE
    account.health = Health.UNKNOWN if manifest.checks else Health.WELL
    account.health_note, account.health_values = "", {}
    account.save()
    audit.record(by=by, verb="channels.change_secrets", target=account, keys=sorted(sealed))
    if account.state == AccountState.ACTIVE:
        tell(events.AccountResumed(account.pk))  # what waited for it goes now, not at its next try
    check_soon(account)
    return account


@transaction.atomic
def pause_account(*, by: Colleague, account: Account) -> Account:
    """Nothing goes out until it is resumed. What is planned waits."""
    account = _locked(account)
    require(may_stop(by, account))
    if account.state == AccountState.ACTIVE:
        account.state = AccountState.PAUSED
        account.save(update_fields=["state"])
        audit.record(by=by, verb="channels.pause_account", target=account)
    return account


@transaction.atomic
def resume_account(*, by: Colleague, account: Account) -> Account:
    """In use again."""
    account = _locked(account)
    require(may_stop(by, account))
    if account.state == AccountState.PAUSED:
        account.state = AccountState.ACTIVE
        account.save(update_fields=["state"])
        audit.record(by=by, verb="channels.resume_account", target=account)
        tell(events.AccountResumed(account.pk))
        check_soon(account)
    return account


@transaction.atomic
def disconnect_account(*, by: Colleague, account: Account) -> Account:
    """Forget the credentials. What was said with it stays in the archive of the house."""
    account = _locked(account)
    require(may_stop(by, account))
    if account.state != AccountState.DISCONNECTED:
        account.state, account.health = AccountState.DISCONNECTED, Health.UNKNOWN
        account.health_note, account.health_values = "", {}
        grant, account.grant = account.grant_id, None
        account.save()
        AccountSecret.objects.filter(account=account).delete()
        if grant is not None:
            Grant.objects.filter(pk=grant, accounts=None).delete()
        audit.record(by=by, verb="channels.disconnect_account", target=account)
        tell(events.AccountDisconnected(account.pk))
    return account


@transaction.atomic
def connect_again(*, by: Colleague, account: Account) -> Account:
    """Use an account again that asks for no credentials; with credentials that is `change_secrets`."""
    account = _locked(account)
    require(may_change(by, account))
    if queries.connector(account.connector).manifest.keeps_secrets:
        raise Refused(_("Fill in the credentials to connect this account again."), code="secrets")
    if account.state == AccountState.DISCONNECTED:
        account.state = AccountState.ACTIVE
        account.save(update_fields=["state"])
        audit.record(by=by, verb="channels.connect_again", target=account)
        tell(events.AccountResumed(account.pk))
        check_soon(account)
    return account


@transaction.atomic
def set_member(*, by: Colleague, account: Account, person: Person, may: Iterable[str]) -> Member | None:
    """Let a colleague use an account; with nothing they may, they are no member any more."""
    account = _locked(account)
    require(may_change(by, account))
    wanted = sorted(set(may), key=list(May.values).index) if set(may) <= set(May.values) else None
    if wanted is None:
        raise Refused(_("This is not something that a member may do."), code="may", field="may")
    if person.pk == account.owner_id:
        raise Refused(_("The owner may do everything already."), code="owner", field="person")
    if wanted and not person.is_active:
        raise Refused(_("%(name)s no longer works here.") % {"name": person.name}, code="left", field="person")
    audit.record(by=by, verb="channels.set_member", target=account, person=person.pk, may=wanted)
    if not wanted:
        Member.objects.filter(account=account, person=person).delete()
        return None
    member, _new = Member.objects.update_or_create(account=account, person=person, defaults={"may": wanted})
    return member


def look_at(account_id: int) -> None:
    """Ask the platform whether an account works, and keep what it says. For the worker."""
    account = Account.objects.filter(pk=account_id).exclude(state=AccountState.DISCONNECTED).first()
    made_with = queries.connectors().get(account.connector) if account else None
    if account is None or made_with is None or made_with.check is None:
        return
    try:
        health = made_with.check.check(queries.session_for(account))
    except Refused:
        sentence = gettext_noop("The credentials can't be opened with the key of this house.")
        health = contract.Health(False, sentence, because=contract.Because.AUTH)
    note_health(by=SYSTEM, account=account, health=health)


@transaction.atomic
def look_soon(*, by: Colleague, account: Account) -> Account:
    """Have the worker ask the platform now instead of at the next hour."""
    account = _locked(account)
    require(may_stop(by, account))
    check_soon(account)
    return account


@transaction.atomic
def hand_over(*, person_id: int, to_id: int | None) -> None:
    """A colleague left: their own accounts are disconnected, those of the house go to whoever takes over."""
    for account in Account.objects.filter(owner_id=person_id, personal=True).exclude(state=AccountState.DISCONNECTED):
        disconnect_account(by=SYSTEM, account=account)
    heir = Person.objects.filter(pk=to_id, is_active=True).first() if to_id else None
    for account in Account.objects.filter(owner_id=person_id, personal=False) if heir else ():
        Member.objects.filter(account=account, person=heir).delete()
        edit_account(by=SYSTEM, account=account, name=account.name, purpose=account.purpose, owner=heir)


@transaction.atomic
def note_health(*, by: Colleague, account: Account, health: contract.Health) -> Account:
    """Keep what a look at an account gave. A failure that passes changes nothing until it has lasted a day."""
    account = _locked(account)
    require(may_change(by, account))
    was = account.health
    passing = logic.passes(health)
    waited_long = clock.now() - (account.checked_at or account.made_at) > OUT_OF_REACH
    if not passing:
        account.checked_at = clock.now()
    if health.works:
        account.health = Health.WELL
        account.handle = health.handle[:200] or account.handle
        account.url = hrefs.web(health.url, most=LONGEST_ADDRESS) or account.url
        account.limits = logic.limits_as_json(health.limits) if health.limits else account.limits
    elif not passing or waited_long:
        account.health = Health.TROUBLE
    account.health_note, account.health_values = health.sentence[:300], dict(health.values)
    account.save()
    if account.health == Health.TROUBLE and was != Health.TROUBLE:
        audit.record(by=by, verb="channels.note_trouble", target=account, because=str(health.because))
        tell(events.AccountInTrouble(account.pk))
    return account


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("owner").get(pk=account.pk)


def check_soon(account: Account) -> None:
    from koor.ground.channels.tasks import check_account

    if queries.connector(account.connector).manifest.checks:
        jobs.later(check_account, only_one=f"channels.check_account:{account.pk}", account=account.pk)


def seal_secrets(account: Account, sealed: Mapping[str, str]) -> None:
    """Keep credentials; the account's number is part of the seal, so they open for no other account."""
    if not sealed:
        return
    whole = secrets.seal(json.dumps(sealed).encode(), queries.seal_context(account.pk))
    AccountSecret.objects.update_or_create(account=account, defaults={"sealed": whole, "changed_at": clock.now()})
