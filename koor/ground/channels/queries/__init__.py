"""Reads of the channels room: accounts, and from their own files the connectors, sessions and what is sealed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, When

from koor.ground.channels import access
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.logic import sign_in
from koor.ground.channels.models import Account, Connecting, Member
from koor.ground.channels.queries.care import left_behind as left_behind
from koor.ground.channels.queries.care import looked_after_by as looked_after_by
from koor.ground.channels.queries.care import not_registered as not_registered
from koor.ground.channels.queries.care import of_the_house as of_the_house
from koor.ground.channels.queries.care import refused_applications as refused_applications
from koor.ground.channels.queries.care import without_stage as without_stage
from koor.ground.channels.queries.folders import Connector as Connector
from koor.ground.channels.queries.folders import abilities as abilities
from koor.ground.channels.queries.folders import acts_on as acts_on
from koor.ground.channels.queries.folders import by_hand_for as by_hand_for
from koor.ground.channels.queries.folders import connector as connector
from koor.ground.channels.queries.folders import connectors as connectors
from koor.ground.channels.queries.folders import covered as covered
from koor.ground.channels.queries.folders import is_elsewhere as is_elsewhere
from koor.ground.channels.queries.folders import length_of as length_of
from koor.ground.channels.queries.folders import limits_of as limits_of
from koor.ground.channels.queries.folders import platform_name as platform_name
from koor.ground.channels.queries.folders import platform_of as platform_of
from koor.ground.channels.queries.folders import platforms as platforms
from koor.ground.channels.queries.folders import renews as renews
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
from koor.ground.channels.queries.sessions import Shut as Shut
from koor.ground.channels.queries.sessions import door_for as door_for
from koor.ground.channels.queries.sessions import session_for as session_for
from koor.ground.channels.queries.sessions import session_to_connect as session_to_connect
from koor.ground.channels.queries.sessions import session_without_account as session_without_account
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel import clock, together, written
from koor.kernel.access import NotFound


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
