"""Single slots, and slots of somebody or nobody."""

from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet

from koor.flow.calendar.models import PostingTime, Slot, SlotGiven
from koor.flow.calendar.queries.period import slots
from koor.flow.hub import queries as hub
from koor.ground.channels.models import Account
from koor.ground.channels.queries import accounts_visible_to
from koor.ground.people.models import Person
from koor.ground.people.queries import house, today
from koor.kernel import clock, written
from koor.kernel.access import NotFound

MOST_OPEN = 20


def slot(person: Person, pk: int) -> Slot:
    """One slot. Everybody sees the calendar; dropped ones too, so that it can be put back."""
    found = (
        Slot.objects.select_related("person", "team", "account", "agreement", "campaign", "project", "item")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def channels_of(slot: Slot) -> list[Account]:
    """Where it goes: its own channel, or else those of its agreement."""
    if slot.account is not None:
        return [slot.account]
    return list(slot.agreement.accounts.order_by("name")) if slot.agreement is not None else []


def rested_on(person: Person, slot: Slot) -> date | None:
    """From which day what is laid out here may be used again, when its own day comes sooner; None when that is fine.

    What it was used for before counts, and the days before this one on which it stands in the calendar."""
    if slot.item is None or not slot.item.evergreen or slot.dropped_at is not None or slot.day < today():
        return None
    used = slot.item.used_at
    if used is not None and clock.local(used, house().zone).date() >= slot.day:
        return None  # this was it, or it is the same day
    others = Slot.objects.filter(item=slot.item, dropped_at=None, day__lt=slot.day).exclude(pk=slot.pk)
    free = hub.rested_on(slot.item, others.aggregate(last=Max("day"))["last"])
    return free if free is not None and free > slot.day else None


def _promises(pk: Any, first: Any, last: Any) -> QuerySet[Slot]:
    return slots().filter(person=pk, filled=False, day__range=(first, last)).order_by("day", "time")


@written.once("pk", "first", "last")
def first_promise(pk: Any, first: Any, last: Any) -> QuerySet[Slot]:
    """The first of these, for Today."""
    return _promises(pk, first, last)[:1]


def open_slots(person: Person) -> list[Slot]:
    """Coming slots that this colleague can fill: those without anyone, and their own promises."""
    theirs = slots().filter(Q(person=None) | Q(person=person), filled=False, day__gte=today())
    return list(theirs.order_by("day", "time", "id")[:MOST_OPEN])


def posting_times(person: Person, account: Account) -> list[PostingTime]:
    """The rhythm of a channel, through the week."""
    return list(account.posting_times.order_by("weekday", "time"))


def posting_time(person: Person, pk: int) -> PostingTime:
    found = PostingTime.objects.select_related("account").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def channel(person: Person, pk: int) -> Account:
    """An account that this colleague may see."""
    found = accounts_visible_to(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def given_to(person: Person) -> QuerySet[SlotGiven]:
    """Coming places that became theirs by another's hand, until they said that they know; the first day first."""
    rows = SlotGiven.objects.filter(person=person, seen_at=None, slot__person=person, slot__day__gte=today())
    rows = rows.filter(slot__dropped_at=None, slot__filled=False).select_related("slot__account", "of", "by__picture")
    return rows.order_by("slot__day", "slot__time", "pk")
