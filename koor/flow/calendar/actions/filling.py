"""Filling a hole in one click: with something of the library, by asking a colleague, or by moving what stands near."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.calendar import access
from koor.flow.calendar.actions.slots import move_slot, plan_slot, take_slot
from koor.flow.calendar.events import ColleagueAsked, SlotLaidOut
from koor.flow.calendar.models import Slot, SlotAsk
from koor.flow.calendar.queries import channels_of
from koor.flow.hub import queries as hub
from koor.flow.hub.models import Item
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require
from koor.kernel.once import once as only_once


def _place(by: Person, day: date, slot: Slot | None, account: Account | None, once: str) -> Slot:
    """The place of a hole; on a day where nothing stands it is made now."""
    if slot is None:
        return plan_slot(by=by, day=day, account=account, once=once)
    held = Slot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
    if held.filled or held.dropped_at is not None:
        raise Refused(_("Something stands there already. Nothing was changed."), code="filled")
    return held


@transaction.atomic
def lay_out(
    *, by: Person, day: date, item: Item, slot: Slot | None = None, account: Account | None = None, once: str = ""
) -> Slot:
    """Something of the library comes here, by the colleague who puts it there; publishing makes it ready."""
    require(access.may_plan(by))
    _may_go(by, item)

    def make() -> Slot:
        place = _place(by, day, slot, account, "")
        for channel in channels_of(place):
            _may_go(by, item, channel)
        place.item, place.person, place.team, place.project, place.unready = item, by, None, item.project, ""
        if not place.title:
            place.title = str(item)[:160]
        place.version += 1
        place.save(update_fields=["item", "person", "team", "project", "title", "unready", "version"])
        audit.record(by=by, verb="calendar.lay_out", target=place, item=str(item), day=str(place.day))
        events.tell(SlotLaidOut(place.pk, by.pk))
        return place

    said = {"day": day, "item": item.pk, "slot": slot.pk if slot else None}
    pk, _new = only_once(f"calendar.lay_out:{by.pk}", once, said, make)
    return Slot.objects.get(pk=pk)


def _may_go(by: Person, item: Item, account: Account | None = None) -> None:
    """Refused where it would wait as a draft: for somebody's yes to this channel, or for words on what it shows."""
    allowed, reasons = hub.publishable(by, item, account=account)
    if not allowed:
        raise Refused(" ".join(reasons), code="not_publishable")
    if not hub.is_described(item):
        raise Refused(_("First say what the picture shows, for who can't see it."), code="alt")


@transaction.atomic
def ask_colleague(
    *, by: Person, day: date, person: Person, slot: Slot | None = None, account: Account | None = None, once: str = ""
) -> SlotAsk:
    """Ask somebody to fill it. It stays open, for whoever wants it, until they say yes themselves."""
    require(access.may_plan(by))
    if not person.is_active:
        raise Refused(_("This colleague has left."), code="left")

    def make() -> SlotAsk:
        place = _place(by, day, slot, account, "")
        ask, new = SlotAsk.objects.get_or_create(slot=place, person=person, defaults={"by": by, "at": clock.now()})
        if new:
            audit.record(by=by, verb="calendar.ask_colleague", target=place, name=person.name, day=str(place.day))
            events.tell(ColleagueAsked(ask.pk))
        return ask

    said = {"day": day, "person": person.pk, "slot": slot.pk if slot else None}
    pk, _new = only_once(f"calendar.ask_colleague:{by.pk}", once, said, make)
    return SlotAsk.objects.get(pk=pk)


@transaction.atomic
def say_yes(*, by: Person, ask: SlotAsk) -> Slot:
    """Who was asked takes it; a place of somebody who is away becomes theirs."""
    require(ask.person_id == by.pk)
    slot = Slot.objects.select_for_update(of=("self",)).get(pk=ask.slot_id)
    if slot.person_id not in (None, by.pk) and not slot.filled and _is_away(slot):
        slot.person, slot.version = None, slot.version + 1
        slot.save(update_fields=["person", "version"])
    put_away(by=by, ask=ask)
    return take_slot(by=by, slot=slot)


def _is_away(slot: Slot) -> bool:
    return (
        slot.person is not None
        and slot.person.absences.filter(first_day__lte=slot.day, last_day__gte=slot.day).exists()
    )


@transaction.atomic
def put_away(*, by: Person, ask: SlotAsk) -> None:
    """Not now. It leaves their Today; nobody is told."""
    require(ask.person_id == by.pk)
    SlotAsk.objects.filter(pk=ask.pk, put_away_at=None).update(put_away_at=clock.now())


@transaction.atomic
def move_into(*, by: Person, day: date, moved: Slot, slot: Slot | None = None) -> Slot:
    """What stands ready nearby goes to this day; the open place there is not needed any more."""
    require(access.may_plan(by))
    if slot is not None:
        place = _place(by, day, slot, None, "")
        place.dropped_at, place.version = clock.now(), place.version + 1
        place.save(update_fields=["dropped_at", "version"])
    return move_slot(by=by, slot=moved, day=day)
