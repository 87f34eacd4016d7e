"""Reads of the channels room: connectors (found by folder), accounts, and the session with which a connector works."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import koor
from koor.ground.channels import access, logic
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.contract import Act, Covered, Draft, Limits, Manifest, Session
from koor.ground.channels.models import Account, AccountSecret, Member
from koor.ground.people.models import Person
from koor.kernel import secrets, together, written
from koor.kernel.access import NotFound, Refused
from koor.kernel.http import Door

FOLDER = "koor.connectors"
PARTS = ("publish", "listen", "receive", "converse", "correct", "act", "check", "connect", "limits")


# --- connectors ---


@dataclass(frozen=True)
class Connector:
    """A platform's folder. A part that the folder does not have is None."""

    key: str
    manifest: Manifest
    publish: Any = None
    listen: Any = None
    converse: Any = None
    correct: Any = None
    act: Any = None
    check: Any = None
    connect: Any = None
    receive: Any = None
    limits: Any = None
    drawing: str = ""  # what is inside the svg of its icon

    def limits_for(self, settings: Mapping[str, str]) -> Limits:
        """The limits before the platform itself was asked."""
        return self.limits.limits_for(settings) if self.limits else self.manifest.limits

    def length(self, draft: Draft, limits: Limits) -> int:
        """The length of a draft as this platform counts."""
        return self.limits.length(draft, limits) if self.limits else logic.length(draft, limits)


@functools.cache
def connectors() -> Mapping[str, Connector]:
    """Every connector by its key, in the order of their keys. A folder with a `manifest.py` is a connector."""
    path = [f"{place}/connectors" for place in koor.__path__]
    names = sorted(found.name for found in pkgutil.iter_modules(path) if found.ispkg)
    found = (_loaded(name) for name in names if importlib.util.find_spec(f"{FOLDER}.{name}.manifest"))
    return {connector.key: connector for connector in found}


def _loaded(name: str) -> Connector:
    manifest = importlib.import_module(f"{FOLDER}.{name}.manifest").MANIFEST
    parts = {part: _part(name, part) for part in PARTS}
    return Connector(manifest.key, manifest, drawing=_drawing(name), **parts)


def _drawing(name: str) -> str:
    spec = importlib.util.find_spec(f"{FOLDER}.{name}")
    icon = Path(next(iter(spec.submodule_search_locations or [""])), "icon.svg") if spec else Path()
    found = re.search(r"<svg[^>]*>(.*)</svg>", icon.read_text(), re.DOTALL) if icon.is_file() else None
    return found[1] if found else ""


def _part(name: str, part: str) -> ModuleType | None:
    whole = f"{FOLDER}.{name}.{part}"
    return importlib.import_module(whole) if importlib.util.find_spec(whole) else None


def connector(key: str) -> Connector:
    """The connector of this name. Refused when its folder is not there (any more)."""
    found = connectors().get(key)
    if found is None:
        raise Refused(_("There is no connector “%(key)s” in this house.") % {"key": key}, code="no_connector")
    return found


def platforms() -> list[Connector]:
    """The catalogue: what people meet most first, what stays inside the house last."""
    return sorted(
        connectors().values(),
        key=lambda c: (not c.manifest.network, not c.manifest.publishes, c.manifest.answers_only, c.key),
    )


def abilities(manifest: Manifest) -> list[tuple[Any, bool]]:
    """What Koor can do on a platform, and what not, in words."""
    return [
        (gettext_lazy("Prepare, so that you post by hand"), True)
        if manifest.by_hand
        else (gettext_lazy("Post what you write"), manifest.posts),
        (gettext_lazy("Read what people say"), manifest.listens or manifest.pushed),
        (gettext_lazy("Answer people"), manifest.replies),
        (gettext_lazy("Like what people say"), Act.LIKE in manifest.acts),
        (gettext_lazy("Change what was posted"), manifest.edits),
        (gettext_lazy("Take away what was posted"), manifest.deletes),
        (gettext_lazy("Keep unpleasant messages away"), bool(manifest.acts)),
        (gettext_lazy("See whether the account works"), manifest.checks),
    ]


def acts_on(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a platform lets us do with a message of somebody else, and what of it can be undone."""
    found = connectors().get(key)
    return (found.manifest.acts, found.manifest.undoes) if found else ((), ())


def covered(key: str, part: str) -> tuple[Connector, Covered]:
    """A platform behind a connector, such as LinkedIn behind `by_hand`. NotFound when there is none."""
    found = connectors().get(key)
    one = next((one for one in found.manifest.covers if one.key == part), None) if found else None
    if found is None or one is None:
        raise NotFound
    return found, one


def platform_of(account: Account) -> str:
    """What the platform of an account is called, as a message id: LinkedIn, and not the hand that posts there."""
    found = connectors().get(account.connector)
    if found is None:
        return account.connector
    chosen = str(account.settings.get("platform", ""))
    return next((one.name for one in found.manifest.covers if one.key == chosen), found.manifest.name)


# --- what a connector works with ---


def session_for(account: Account, http: Any = None) -> Session:
    """An account as its connector sees it, with opened credentials and the guarded door.

    Refused when the credentials can't be opened: the key of the house is another one than they were sealed with."""
    made_with = connector(account.connector)
    return Session(
        http=http or door_for(made_with.manifest),
        account=account.pk,
        settings={key: str(value) for key, value in account.settings.items()},
        secrets=_opened(account),
        limits=limits_of(account),
    )


def session_without_account(key: str, http: Any = None) -> Session:
    """A session for a connector that needs no account, such as a feed."""
    return Session(http=http or door_for(connector(key).manifest), account=0, settings={})


def door_for(manifest: Manifest) -> Door:
    """Plain http is for public reading only: never where a secret goes along."""
    return Door(plain_reads=not manifest.keeps_secrets)


def seal_context(account_id: int) -> str:
    return f"channels.account:{account_id}"


def _opened(account: Account) -> dict[str, str]:
    row = AccountSecret.objects.filter(account=account).first()
    if row is None:
        return {}
    try:
        whole = secrets.unseal(row.sealed, seal_context(account.pk))
    except secrets.CannotOpen as error:
        sentence = _("The credentials of %(account)s can't be opened with the key of this house. Fill them in again.")
        raise Refused(sentence % {"account": account.name}, code="sealed") from error
    return {str(key): str(value) for key, value in json.loads(whole).items()}


def limits_of(account: Account) -> Limits:
    """What holds for this account: as the platform told, else as the manifest says."""
    made_with = connectors().get(account.connector)
    usual = made_with.limits_for(account.settings) if made_with else Limits()
    return logic.limits_from(account.limits, usual)


def length_of(account: Account, draft: Draft) -> int:
    """How long a draft is on this account, counted as its platform counts."""
    return connector(account.connector).length(draft, limits_of(account))


# --- accounts ---


def _with_all() -> QuerySet[Account]:
    return Account.objects.select_related("owner", "owner__picture").prefetch_related("members__person__picture")


def accounts_visible_to(person: Person) -> QuerySet[Account]:
    """All accounts that this colleague may know of, with owner and members."""
    rows = _with_all().order_by("personal", "name", "pk")
    if not person.is_active:
        return rows.none()
    if access.may_oversee(person):
        return rows
    mine = Q(owner=person) | Q(pk__in=Account.objects.filter(members__person=person).values("pk"))
    return rows.filter(Q(personal=False) | mine)


@dataclass(frozen=True)
class Standing:
    """How all accounts are that somebody may see."""

    all: int
    troubled: int
    paused: int


def standing(person: Person) -> Standing:
    """Counted over the accounts in use, in one query."""
    connected = ~Q(state=AccountState.DISCONNECTED)
    counted = accounts_visible_to(person).aggregate(
        all=Count("pk", filter=connected),
        troubled=Count("pk", filter=connected & Q(health=Health.TROUBLE)),
        paused=Count("pk", filter=Q(state=AccountState.PAUSED)),
    )
    return Standing(**counted)


def troubled_accounts() -> QuerySet[Account]:
    """All accounts that do not work."""
    return Account.objects.filter(health=Health.TROUBLE).exclude(state=AccountState.DISCONNECTED)


how_many_troubled = written.once()(troubled_accounts)  # the same, for the number beside the navigation


def troubled_accounts_of(person: Person) -> QuerySet[Account]:
    """The accounts that need this colleague, as their owner."""
    return troubled_accounts().filter(owner=person).order_by("name", "pk")


def own_accounts(person: Person) -> QuerySet[Account]:
    """The accounts of which this colleague is the owner."""
    return _with_all().filter(owner=person).order_by("name", "pk")


def account(person: Person, id: int) -> Account:
    """One account. Missing and not for this person look the same."""
    found = accounts_visible_to(person).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def accounts_to_draft_for(person: Person) -> list[Account]:
    """Where this colleague may write something, those in use first; a connector that is gone offers nothing."""
    seen = accounts_visible_to(person).exclude(state=AccountState.DISCONNECTED).prefetch_related(None)
    rows, memberships = together.lists(seen, Member.objects.filter(person=person))
    together.hang(rows, "members", memberships)  # the person's own are asked
    return [row for row in rows if _posts(row) and access.may_draft(person, row)]


def accounts_to_answer_on(person: Person) -> list[Account]:
    """Where this colleague may answer people."""
    rows = accounts_visible_to(person).exclude(state=AccountState.DISCONNECTED)
    return [row for row in rows if access.may_answer(person, row)]


def _posts(account: Account) -> bool:
    made_with = connectors().get(account.connector)
    return made_with is not None and made_with.manifest.posts


def every_account() -> QuerySet[Account]:
    """All accounts; for Koor itself and the operator."""
    return _with_all().order_by("pk")
