"""Writes of slots: plan, move, take, fill, drop."""

from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koor.flow.calendar import access, logic
from koor.flow.calendar.actions.giving import note_given
from koor.flow.calendar.choices import Content
from koor.flow.calendar.events import SlotMoved, SlotRetimed
from koor.flow.calendar.models import Campaign, Slot
from koor.flow.hub.models import Item
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Project
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require
from koor.kernel.once import once as only_once


@transaction.atomic
def plan_slot(
    *,
    by: Colleague,
    day: date,
    at: time | None = None,
    title: str = "",
    content: str = Content.OTHER,
    account: Account | None = None,
    person: Person | None = None,
    campaign: Campaign | None = None,
    project: Project | None = None,
    item: Item | None = None,
    once: str = "",
) -> Slot:
    """Put a place in the calendar: for somebody, or open for whoever wants it. A colleague may for themselves."""
    require(access.may_plan(by) or (person is not None and by.pk == person.pk))
    fields: dict[str, Any] = {
        "day": day, "time": at, "title": title, "content": content, "account": account, "person": person,
        "campaign": campaign, "project": project, "item": item,
    }  # fmt: skip

    def make() -> Slot:
        slot = Slot.objects.create(**fields)
        audit.record(by=by, verb="calendar.plan_slot", target=slot, day=str(day))
        note_given([(slot, None)], by=by)
        return slot

    pk, _new = only_once(f"calendar.plan_slot:{by.pk}", once, {"day": day, "title": title}, make)
    return Slot.objects.get(pk=pk)


def _held(slot: Slot) -> Slot:
    return Slot.objects.select_for_update(of=("self",)).get(pk=slot.pk)


def _saved(slot: Slot, *fields: str) -> Slot:
    slot.version += 1
    slot.save(update_fields=[*fields, "version"])
    return slot


def _same_version(slot: Slot, version: int | None) -> None:
    if version is not None and slot.version != version:
        raise Refused(
            _("Somebody else just changed this. It is now “%(what)s” on %(day)s (%(who)s). Nothing was overwritten.")
            % {"what": slot, "day": date_format(slot.day, "l j F"), "who": slot.person or slot.team or _("nobody yet")},
            code="changed_meanwhile",
        )


@transaction.atomic
def move_slot(*, by: Colleague, slot: Slot, day: date, version: int | None = None) -> Slot:
    """Move a slot to another day. `version` is what the mover saw: two people moving one slot are told.

    Repeating the same move changes nothing."""
    slot = _held(slot)
    require(access.may_change_slot(by, slot), _("Only the curator and the colleague whose it is can move this."))
    if slot.day == day:
        return slot
    _same_version(slot, version)
    _not_gone(slot)
    _still_to_come(slot, day, slot.time)
    before, slot.day = slot.day, day
    _saved(slot, "day")
    audit.record(by=by, verb="calendar.move_slot", target=slot, before=str(before), after=str(day))
    events.tell(SlotMoved(slot.pk))
    return slot


def _not_gone(slot: Slot) -> None:
    """What went out then stays there; what did not go gets another moment with the post."""
    if slot.filled and logic.has_passed(slot.day, slot.time, house().zone, clock.now()):
        said = _("Its moment has passed. If it did not go out, open what stands here and give it another moment.")
        raise Refused(said, code="gone")


def _still_to_come(slot: Slot, day: date, at: time | None) -> None:
    """What stands ready would go at once, or never, at a moment that has passed."""
    if slot.filled and logic.has_passed(day, at, house().zone, clock.now()):
        raise Refused(
            _("That moment has passed, and something stands ready for this. Choose a later one."), code="past"
        )


@transaction.atomic
def follow_post(*, by: Colleague, slot: Slot, day: date, at: time | None) -> Slot:
    """What stands ready for it got another moment, and so does the place. Nobody is told: it is known there."""
    slot = _held(slot)
    if (slot.day, slot.time) != (day, at or slot.time):
        before, slot.day, slot.time = slot.day, day, at or slot.time
        _saved(slot, "day", "time")
        audit.record(by=by, verb="calendar.move_slot", target=slot, before=str(before), after=str(day))
    return slot


@transaction.atomic
def edit_slot(*, by: Colleague, slot: Slot, version: int | None = None, **changes: Any) -> Slot:
    """Change title, content, time, account, person, campaign, project or item of a slot."""
    slot = _held(slot)
    require(access.may_change_slot(by, slot))
    _same_version(slot, version)
    allowed = {"title", "content", "time", "account", "person", "campaign", "project", "item"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"not changeable: {unknown}")
    if "person" in changes and not access.may_plan(by) and changes["person"] not in (None, by):
        require(False, _("Ask the curator to give this to somebody else."))
    other_time = "time" in changes and changes["time"] not in (None, slot.time)
    if other_time:
        _not_gone(slot)
        _still_to_come(slot, slot.day, changes["time"])
        events.tell(SlotRetimed(slot.pk))
    had = slot.person_id
    for name, value in changes.items():
        setattr(slot, name, value)
    note_given([(slot, had)], by=by)
    audit.record(by=by, verb="calendar.edit_slot", target=slot, changed=sorted(changes))
    return _saved(slot, *changes)


@transaction.atomic
def take_slot(*, by: Person, slot: Slot) -> Slot:
    """An open slot becomes this colleague's promise. Refused when somebody was first."""
    slot = _held(slot)
    if slot.person_id == by.pk:
        return slot
    if not access.may_take_slot(by, slot):
        raise Refused(_("Somebody was just before you. Thank you all the same."), code="taken")
    slot.person = by
    audit.record(by=by, verb="calendar.take_slot", target=slot)
    return _saved(slot, "person")


@transaction.atomic
def drop_slot(*, by: Colleague, slot: Slot) -> Slot:
    """Take a slot off the calendar; it can be put back."""
    slot = _held(slot)
    require(access.may_change_slot(by, slot))
    if slot.filled:
        raise Refused(_("Something stands ready for this. Cancel that first."), code="filled")
    if slot.dropped_at is None:
        slot.dropped_at = clock.now()
        _saved(slot, "dropped_at")
        audit.record(by=by, verb="calendar.drop_slot", target=slot)
    return slot


@transaction.atomic
def restore_slot(*, by: Colleague, slot: Slot) -> Slot:
    """Put a dropped slot back."""
    slot = _held(slot)
    require(access.may_change_slot(by, slot))
    if slot.dropped_at is not None:
        slot.dropped_at = None
        _saved(slot, "dropped_at")
        audit.record(by=by, verb="calendar.restore_slot", target=slot)
    return slot


@transaction.atomic
def fill_slot(*, by: Colleague, slot: Slot, item: Item | None = None) -> Slot:
    """Something stands ready for this slot, made of `item`; called by the room that fills it."""
    slot = _held(slot)
    if not slot.filled:
        slot.filled, slot.item, slot.unready = True, item or slot.item, ""
        _saved(slot, "filled", "item", "unready")
    return slot


@transaction.atomic
def leave_unready(*, by: Colleague, slot: Slot, code: str) -> Slot:
    """What was laid out here waits as a draft, and why; the place counts as a gap until it is ready."""
    slot = _held(slot)
    if not slot.filled and slot.unready != code:
        slot.unready = code[:20]
        _saved(slot, "unready")
    return slot


@transaction.atomic
def unfill_slot(*, by: Colleague, slot: Slot) -> Slot:
    """What stood ready, or waited as a draft, is gone; the slot is a promise or a gap again."""
    slot = _held(slot)
    if slot.unready:  # what was laid out here is put away
        slot.unready, slot.item = "", None
        _saved(slot, "unready", "item")
    if slot.filled:
        slot.filled = False
        _saved(slot, "filled")
    return slot


@transaction.atomic
def let_go_of_item(*, by: Colleague, item_id: int) -> None:
    """It was removed from the library, and did not come back meanwhile: places that nothing stands ready for are open
    again, whoever laid it there. A place that somebody promised, or that has a name of its own, keeps that."""
    item = Item.objects.filter(pk=item_id, removed_at__isnull=False).first()
    if item is None:
        return
    for slot in Slot.objects.select_for_update(of=("self",)).filter(item=item, filled=False).order_by("pk"):
        slot.item, slot.unready = None, ""
        if slot.title == str(item)[:160]:
            slot.title, slot.person_id = "", slot.person_id if slot.agreement_id else None
        _saved(slot, "item", "unready", "title", "person")
        audit.record(by=by, verb="calendar.let_go_of_item", target=slot, item=str(item))


@transaction.atomic
def slot_for(
    *,
    by: Colleague,
    day: date,
    at: time | None,
    title: str,
    account: Account | None,
    person: Person | None,
    item: Item | None = None,
) -> Slot:
    """A filled slot for something that was planned without one, so that the calendar shows it."""
    return Slot.objects.create(
        day=day, time=at, title=title[:160], account=account, person=person, item=item, filled=True
    )
