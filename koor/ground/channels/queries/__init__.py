"""Reads of the channels room: connectors (found by folder), accounts, and the session with which a connector works."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import koor
from koor.ground.channels import access, logic
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.contract import (
    Act,
    Because,
    Covered,
    Draft,
    Laid,
    Limits,
    Manifest,
    NotSent,
    Outcome,
    Prepared,
    Session,
    Tokens,
)
from koor.ground.channels.logic import parts, sign_in
from koor.ground.channels.models import Account, Application, Connecting, Member
from koor.ground.channels.queries.care import left_behind as left_behind
from koor.ground.channels.queries.care import looked_after_by as looked_after_by
from koor.ground.channels.queries.care import of_the_house as of_the_house
from koor.ground.channels.queries.care import refused_applications as refused_applications
from koor.ground.channels.queries.care import without_stage as without_stage
from koor.ground.channels.queries.sealed import application as application
from koor.ground.channels.queries.sealed import application_context as application_context
from koor.ground.channels.queries.sealed import connecting_context as connecting_context
from koor.ground.channels.queries.sealed import grant_context as grant_context
from koor.ground.channels.queries.sealed import opened_application as opened_application
from koor.ground.channels.queries.sealed import opened_connecting as opened_connecting
from koor.ground.channels.queries.sealed import places_of as places_of
from koor.ground.channels.queries.sealed import seal_context as seal_context
from koor.ground.channels.queries.sealed import secrets_of as secrets_of
from koor.ground.channels.queries.sealed import tokens_as_json as tokens_as_json
from koor.ground.channels.queries.sealed import tokens_from_json as tokens_from_json
from koor.ground.channels.queries.sealed import tokens_of as tokens_of
from koor.ground.channels.queries.sealed import way_back as way_back
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel import clock, together, written
from koor.kernel.access import NotFound, Refused
from koor.kernel.http import Answer, Door

FOLDER = "koor.connectors"
PARTS = (
    *("publish", "listen", "stream", "receive", "converse", "correct"),
    *("act", "check", "connect", "readers", "limits"),
)


# --- connectors ---


@dataclass(frozen=True)
class Connector:
    """A platform's folder. A part that the folder does not have is None."""

    key: str
    manifest: Manifest
    publish: Any = None
    listen: Any = None
    stream: Any = None
    converse: Any = None
    correct: Any = None
    act: Any = None
    check: Any = None
    connect: Any = None
    receive: Any = None
    readers: Any = None
    limits: Any = None
    drawing: str = ""  # what is inside the svg of its icon

    def limits_for(self, settings: Mapping[str, str]) -> Limits:
        """The limits before the platform itself was asked."""
        return self.limits.limits_for(settings) if self.limits else self.manifest.limits

    def length(self, draft: Draft, limits: Limits) -> int:
        """The length of a draft as this platform counts."""
        return self.limits.length(draft, limits) if self.limits else logic.length(draft, limits)

    def problem(self, draft: Draft, limits: Limits) -> Prepared | None:
        """Why this platform would not take a draft, as far as can be told without asking it."""
        found = logic.problem(draft, limits, self.length(draft, limits)) or parts.too_many(self.posts(draft, limits))
        return found or (self.limits.problem(draft) if hasattr(self.limits, "problem") else None)

    def posts(self, draft: Draft, limits: Limits) -> list[str]:
        """The posts that a draft becomes, where it becomes more than one."""
        cut = getattr(self.limits, "posts", None)
        found: list[str] = cut(draft, limits) if cut else []
        return found if len(found) > 1 else []

    def beforehand(self, draft: Draft, limits: Limits) -> str:
        """What people should know before it goes, such as what it costs; in their language."""
        told = getattr(self.limits, "beforehand", None)
        sentence, values = told(draft, limits) if told else ("", {})
        said = {key: number_format(one) if isinstance(one, Decimal) else one for key, one in values.items()}
        return logic.filled_in(_(sentence), said) if sentence else ""

    def laid_out(self, draft: Draft, settings: Mapping[str, str]) -> Laid:
        """A post as somebody takes it to the platform by hand."""
        own = getattr(self.limits, "laid_out", None)
        if own is not None:
            return own(draft, settings)  # type: ignore[no-any-return]
        return Laid(draft.text, "" if draft.link in draft.text else draft.link)


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


def session_for(account: Account, http: Any = None, *, fresh: bool = True) -> Session:
    """An account as its connector sees it, with opened credentials and the guarded door.

    Tokens of a platform are renewed first where their end is near; `fresh=False`, for what came in by itself, asks
    nobody. Where there are none just now the door stays shut, so that this is told as any answer of a platform.
    Refused when the credentials can't be opened: the key of the house is another one than they were sealed with."""
    made_with = connector(account.connector)
    door, opened = http or door_for(made_with.manifest), {}
    if account.grant_id is not None and fresh:
        found = _fresh(account.grant_id, http)
        opened = {"access_token": found.access} if isinstance(found, Tokens) else {}
        door = door if isinstance(found, Tokens) else Shut(found)
    if made_with.manifest.oauth is not None and made_with.manifest.pushed:
        known = application(account.connector)
        opened |= opened_application(known) if known else {}
    return Session(
        http=door,
        account=account.pk,
        settings={key: str(value) for key, value in account.settings.items()},
        secrets={**opened, **secrets_of(account)},
        limits=limits_of(account),
    )


def _fresh(grant_id: int, http: Any) -> Tokens | Outcome:
    from koor.ground.channels.actions import fresh_tokens

    return fresh_tokens(grant_id, http)


@dataclass(frozen=True)
class Shut:
    """A door without a key: nothing leaves. It answers as the platform would when access has ended for good, and else
    as when it can't be reached, which passes."""

    why: Outcome

    def request(self, method: str, url: str, **_more: Any) -> Answer:
        if self.why.because == Because.AUTH:
            return Answer(401, {}, b'{"error": "this account has to be connected again"}', url)
        raise NotSent(f"Not sent: {self.why.answer}")


def session_to_connect(key: str, application: Application, tokens: Tokens, http: Any = None) -> Session:
    """Before there is an account, and when its tokens are renewed: what `connect.py` works with."""
    opened = opened_application(application) | {"access_token": tokens.access, "refresh_token": tokens.refresh}
    settings = {str(name): str(value) for name, value in application.settings.items()}
    settings["client_id"] = application.client_id
    return Session(http or door_for(connector(key).manifest), 0, settings, opened, now=clock.now())


def session_without_account(key: str, http: Any = None) -> Session:
    """A session for a connector that needs no account, such as a feed."""
    return Session(http=http or door_for(connector(key).manifest), account=0, settings={})


def door_for(manifest: Manifest) -> Door:
    """Plain http is for public reading only: never where a secret goes along."""
    return Door(plain_reads=not manifest.keeps_secrets)


def renews(key: str, tokens: Tokens) -> bool:
    """Whether these tokens can be renewed without a person."""
    made_with = connectors().get(key)
    oauth = made_with.manifest.oauth if made_with else None
    if made_with is None or oauth is None:
        return False
    return hasattr(made_with.connect, "refresh") or (oauth.refreshes and bool(tokens.refresh))


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
    rows = Account.objects.select_related("owner", "owner__picture", "grant").defer("grant__sealed")
    return rows.prefetch_related("members__person__picture")


def accounts_visible_to(person: Person) -> QuerySet[Account]:
    """All accounts that this colleague may know of, with owner and members."""
    rows = _with_all().order_by("personal", Case(When(purpose=Purpose.PRACTICE, then=1), default=0), "name", "pk")
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
    unseen: int  # in use, and not looked at yet


def standing(person: Person) -> Standing:
    """Counted over the accounts in use, in one query."""
    connected = ~Q(state=AccountState.DISCONNECTED)
    counted = accounts_visible_to(person).aggregate(
        all=Count("pk", filter=connected),
        troubled=Count("pk", filter=connected & Q(health=Health.TROUBLE)),
        paused=Count("pk", filter=Q(state=AccountState.PAUSED)),
        unseen=Count("pk", filter=Q(state=AccountState.ACTIVE, health=Health.UNKNOWN)),
    )
    return Standing(**counted)


def troubled_accounts() -> QuerySet[Account]:
    """All accounts that do not work."""
    return Account.objects.filter(health=Health.TROUBLE).exclude(state=AccountState.DISCONNECTED)


how_many_troubled = written.once()(troubled_accounts)  # the same, for the number beside the navigation


def accounts_to_agree_for(person: Person) -> QuerySet[Account]:
    """The accounts of which this colleague is the owner and whose tokens end within a week, soonest first."""
    soon = clock.now() + sign_in.TELL_BEFORE
    rows = Account.objects.filter(looked_after_by(person), grant__ends_at__lte=soon, grant__refused_at=None)
    rows = rows.exclude(state=AccountState.DISCONNECTED).exclude(health=Health.TROUBLE)
    return rows.select_related("grant").order_by("grant__ends_at", "pk")


def ends_soon(account: Account) -> bool:
    """Whether its owner had better connect it again this week."""
    ends = account.grant.ends_at if account.grant and account.state != AccountState.DISCONNECTED else None
    return ends is not None and ends <= clock.now() + sign_in.TELL_BEFORE


def connecting(person: Person, pk: int) -> Connecting:
    """Somebody's own way back from a platform, on which they still choose."""
    found = Connecting.objects.filter(pk=pk, person=person, arrived=True).first()
    if found is None:
        raise NotFound
    return found


def troubled_accounts_of(person: Person) -> QuerySet[Account]:
    """The accounts that need this colleague, as their owner or in the place of one who left."""
    return troubled_accounts().filter(looked_after_by(person)).order_by("name", "pk")


def own_accounts(person: Person) -> QuerySet[Account]:
    """The accounts of which this colleague is the owner."""
    return _with_all().filter(owner=person).order_by("name", "pk")


def account(person: Person, id: int) -> Account:
    """One account. Missing and not for this person look the same."""
    found = accounts_visible_to(person).select_related("owner", "owner__picture", "grant__person").filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def accounts_to_draft_for(person: Person) -> list[Account]:
    """Where this colleague may write something, those in use first; a connector that is gone offers nothing."""
    seen = accounts_visible_to(person).exclude(state=AccountState.DISCONNECTED).prefetch_related(None)
    rows, memberships = together.lists(seen, Member.objects.filter(person=person))
    together.hang(rows, "members", memberships)  # the person's own are asked
    return [row for row in rows if _posts(row) and access.may_draft(person, row)]


def _posts(account: Account) -> bool:
    made_with = connectors().get(account.connector)
    return made_with is not None and made_with.manifest.posts


def every_account() -> QuerySet[Account]:
    """All accounts; for Koor itself and the operator."""
    return _with_all().order_by("pk")
