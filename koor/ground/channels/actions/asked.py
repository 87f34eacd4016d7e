"""What is filled in for an account, checked against what its connector asks; and a try whether it would work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from koor.ground.channels import contract, queries
from koor.ground.channels.access import may_add, may_change
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel.access import Refused, require
from koor.kernel.http import Refused as NotAllowed

LONGEST_VALUE = 2000  # characters of one setting or credential


def try_account(
    *,
    by: Colleague,
    connector: str,
    owner: Person,
    personal: bool = False,
    settings: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> contract.Health:
    """Ask the platform whether an account with these answers would work; nothing is kept.

    What passes by itself (`logic.passes`) says nothing against it; an address that our own door refuses does."""
    made_with = queries.connector(connector)
    require(may_add(by, owner=owner, personal=personal), _("Accounts of the house are connected by a curator."))
    check_kind(made_with.manifest, personal)
    kept, opened = sorted_out(made_with.manifest, {**(settings or {}), **(secrets or {})})
    door = _Noticing(queries.door_for(made_with.manifest))
    return _looked(made_with, contract.Session(http=door, account=0, settings=kept, secrets=opened), door)


def try_secrets(*, by: Colleague, account: Account, secrets: Mapping[str, str]) -> contract.Health:
    """Ask the platform whether an account would work with these credentials; nothing is kept."""
    require(may_change(by, account))
    made_with = queries.connector(account.connector)
    _kept, opened = again(account, secrets)
    door = _Noticing(queries.door_for(made_with.manifest))
    settings = {key: str(value) for key, value in account.settings.items()}
    return _looked(made_with, contract.Session(door, account.pk, settings, opened), door)


def again(account: Account, secrets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """New credentials with the settings that an account has, as (settings, secrets)."""
    manifest = queries.connector(account.connector).manifest
    asked = {one.key for one in manifest.asks}
    there = {key: value for key, value in account.settings.items() if key in asked or manifest.oauth is None}
    return sorted_out(manifest, {**there, **secrets})


def _looked(made_with: queries.Connector, session: contract.Session, door: _Noticing) -> contract.Health:
    if made_with.check is None:
        return _would_take(made_with, session)
    health: contract.Health = made_with.check.check(session)
    return replace(health, because=contract.Because.REJECTED) if door.refused and not health.works else health


def _would_take(made_with: queries.Connector, session: contract.Session) -> contract.Health:
    """Where nothing can be asked: whether a post could set out at all, such as to an address that is none."""
    found = made_with.publish.prepare(session, contract.Draft("Koor")) if made_with.publish else None
    if found is None or found.because is not contract.Because.AUTH:
        return contract.Health(True)
    return contract.Health(False, found.problem, found.values, found.because)


class _Noticing:
    """The door, and whether it refused an address; a connector tells that as out of reach, which passes by itself."""

    def __init__(self, door: contract.Http) -> None:
        self.door, self.refused = door, False

    def request(self, *arguments: Any, **named: Any) -> contract.Response:
        try:
            return self.door.request(*arguments, **named)
        except NotAllowed:
            self.refused = True
            raise


def named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the account a name by which colleagues know it."), code="name", field="name")
    if len(name) > 120:
        raise Refused(_("This name is longer than 120 characters."), code="name", field="name")
    return name


def purpose_of(purpose: str) -> str:
    if purpose not in Purpose.values:
        sentence = _("“%(purpose)s” is not a purpose. Choose one of: %(all)s.")
        raise Refused(
            sentence % {"purpose": purpose, "all": ", ".join(Purpose.values)}, code="purpose", field="purpose"
        )
    return purpose


def check_kind(manifest: contract.Manifest, personal: bool) -> None:
    if not manifest.takes_accounts:
        raise Refused(
            _("%(platform)s needs no account: add it as a source to listen to.") % {"platform": _(manifest.name)},
            code="no_account",
            field="connector",
        )
    if personal and not manifest.personal:
        sentence = _("%(platform)s is of the whole house and can't be a personal account.")
        raise Refused(sentence % {"platform": _(manifest.name)}, code="not_personal", field="personal")
    if not personal and not manifest.company:
        sentence = _("%(platform)s can only be a personal account.")
        raise Refused(sentence % {"platform": _(manifest.name)}, code="personal_only", field="personal")


def check_way(manifest: contract.Manifest) -> None:
    """Whether an account can be made of what a person fills in at all."""
    if manifest.oauth is not None and not manifest.secret_keys:
        sentence = _("An account of %(platform)s is connected on its own page: Channels, Connect an account.")
        raise Refused(sentence % {"platform": _(manifest.name)}, code="own_page", field="connector")


def sorted_out(
    manifest: contract.Manifest, given: Mapping[str, str], *, without_secrets: bool = False
) -> tuple[dict[str, str], dict[str, str]]:
    """What was filled in, as (settings, secrets), checked against what the connector asks.

    Refused, with the field that it is about, for what is missing, too long, not a choice, or not asked at all."""
    asked = {one.key: one for one in manifest.asks if not (without_secrets and one.secret)}
    unknown = sorted(set(given) - set(asked))
    if unknown:
        sentence = _("%(platform)s does not ask for “%(key)s”. It asks for: %(all)s.")
        values = {"platform": _(manifest.name), "key": unknown[0], "all": ", ".join(asked) or "–"}
        raise Refused(sentence % values, code="unknown_setting", field=unknown[0])
    checked = {key: answered(one, str(given.get(key, "")).strip()) for key, one in asked.items()}
    filled = {key: value for key, value in checked.items() if value}
    settings = {key: value for key, value in filled.items() if not asked[key].secret}
    return settings, {key: value for key, value in filled.items() if asked[key].secret}


def answered(asked: contract.Asked, value: str) -> str:
    value = value or asked.default
    if asked.required and not value:
        raise Refused(_("Fill in: %(label)s.") % {"label": _(asked.label)}, code="missing", field=asked.key)
    if len(value) > LONGEST_VALUE:
        sentence = _("%(label)s is longer than %(limit)s characters.")
        raise Refused(sentence % {"label": _(asked.label), "limit": LONGEST_VALUE}, code="too_long", field=asked.key)
    if value and asked.choices and value not in dict(asked.choices):
        sentence = _("“%(value)s” is not a choice for %(label)s. Choose one of: %(all)s.")
        values = {"value": value[:60], "label": _(asked.label), "all": ", ".join(dict(asked.choices))}
        raise Refused(sentence % values, code="choice", field=asked.key)
    return value
