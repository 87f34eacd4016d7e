"""Accounts that are quiet for a while, and what is held there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from koor.flow.publishing import access
from koor.flow.publishing.choices import LetterState, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Pause, Target
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel import memory, together

# Also an issue of the newsletter whose last letters have not gone
HELD = Q(state__in=[State.NEEDS_PERSON, State.PUBLISHED], because=logic.PAUSED, removed_at=None, removal=None)
TO_COME = Q(state__in=[State.SCHEDULED, State.WAITING], due_at__isnull=False, post__in_reply_to="", through=False)


@dataclass(frozen=True)
class Pausable:
    """An account on which posting can be held, with how many posts are to go there."""

    account: Account
    to_come: int
    paused: bool


def pauses() -> QuerySet[Pause]:
    """Which accounts are quiet now, and why."""
    return Pause.objects.filter(ended_at=None).select_related("account__owner", "by").order_by("account__name", "pk")


@memory.remembered
def quiet_now() -> list[Pause]:
    """The same, for what one page shows in several places."""
    return list(pauses())


def held(person: Person) -> QuerySet[Target]:
    """What is held, in the order in which it was to go; for who conducts all of it, else one's own."""
    rows = Target.objects.filter(HELD).select_related("post__by__picture", "account__owner", "removal")
    rows = rows.annotate(letters_held=Count("letters", filter=Q(letters__state=LetterState.HELD)))
    if not access.may_hold(person):
        rows = rows.filter(Q(post__by=person) | Q(account__owner=person))
    return rows.order_by("due_at", "pk")


def held_of(person: Person, numbers: list[int]) -> list[Target]:
    """Of what is held, the rows that this colleague ticked."""
    return list(held(person).filter(pk__in=numbers))


def held_and_free(person: Person) -> QuerySet[Target] | None:
    """What is still held though its account is quiet no longer: for who conducts."""
    if not access.may_hold(person):
        return None
    quiet = Pause.objects.filter(ended_at=None).values("account")
    return Target.objects.filter(HELD).exclude(account__in=quiet)


def pausable(person: Person, *, practice: bool = False) -> list[Pausable]:
    """The accounts that can be quiet: those of the house and colleagues' own where something is to go. `practice`:
    the practice stage alone, else all but it. Two queries."""
    rows = [one for one in channels.accounts_to_draft_for(person) if (one.purpose == Purpose.PRACTICE) == practice]
    coming = Target.objects.filter(TO_COME).values_list("account").annotate(Count("pk")).order_by()
    counted, quiet = together.lists(coming, Pause.objects.filter(ended_at=None).values_list("account", flat=True))
    numbers = dict(counted)
    found = [Pausable(one, numbers.get(one.pk, 0), one.pk in quiet) for one in rows]
    return [one for one in found if not one.account.personal or one.to_come or one.paused]


def held_by(why: str) -> QuerySet[Target]:
    """What is still held since these accounts were paused for this reason."""
    return Target.objects.filter(HELD, note_values__why=" ".join(why.split())[:200])
