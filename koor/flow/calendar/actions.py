"""Writes of the calendar: agreements between two people, slots, and who takes them."""

from datetime import date, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koor.flow.calendar import access, logic
from koor.flow.calendar.choices import AgreementState, Content, Rhythm
from koor.flow.calendar.events import AgreementMade, SlotMoved
from koor.flow.calendar.models import Agreement, Campaign, Slot
from koor.flow.calendar.queries import AHEAD
from koor.flow.hub.models import Item
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import audit, clock, events
from koor.kernel.access import SYSTEM, Refused, System, require
from koor.kernel.once import once as only_once


@transaction.atomic
def propose_agreement(
    *,
    by: Colleague,
    person: Person,
    content: str,
    about: str = "",
    rhythm: str = Rhythm.WEEKLY,
    weekday: int = 0,
    account: Account | None = None,
    first_day: date,
    last_day: date | None = None,
    once: str = "",
) -> Agreement:
    """Propose a promise to a colleague, or one's own to the planner. Nothing rolls out before the other agrees."""
    require(access.may_plan(by) or by.pk == person.pk)
    if last_day and last_day < first_day:
        raise Refused(_("The last day lies before the first."), field="last_day")

    def make() -> Agreement:
        agreement = Agreement.objects.create(
            person=person, content=content, about=about, rhythm=rhythm, weekday=weekday, account=account,
            first_day=first_day, last_day=last_day, proposed_by_id=by.pk, made_at=clock.now(),
        )  # fmt: skip
        audit.record(by=by, verb="calendar.propose_agreement", target=agreement)
        return agreement

    pk, _new = only_once(f"calendar.propose_agreement:{by.pk}", once, {"person": person.pk, "about": about}, make)
    return Agreement.objects.get(pk=pk)


@transaction.atomic
def agree(*, by: Colleague, agreement: Agreement) -> Agreement:
    """The other of the two agrees; its slots roll out at once. Agreeing twice changes nothing."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    require(isinstance(by, System) or access.may_answer_agreement(by, agreement))
    if agreement.state == AgreementState.AGREED:
        return agreement
    if agreement.state == AgreementState.ENDED:
        raise Refused(_("This agreement has ended. Make a new one."))
    agreement.state, agreement.agreed_at = AgreementState.AGREED, clock.now()
    agreement.save(update_fields=["state", "agreed_at"])
    audit.record(by=by, verb="calendar.agree", target=agreement)
    events.tell(AgreementMade(agreement.pk))
    roll_agreement(agreement)
    return agreement


@transaction.atomic
def end_agreement(*, by: Colleague, agreement: Agreement) -> Agreement:
    """End a promise, or say no to one. Coming slots that nothing stands ready for disappear with it."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    require(access.may_end_agreement(by, agreement))
    if agreement.state == AgreementState.ENDED:
        return agreement
    today = clock.today(house().zone)
    agreement.state, agreement.last_day = AgreementState.ENDED, max(today, agreement.first_day)
    agreement.save(update_fields=["state", "last_day"])
    agreement.slots.filter(day__gte=today, filled=False, dropped_at=None).update(dropped_at=clock.now())
    audit.record(by=by, verb="calendar.end_agreement", target=agreement)
    return agreement


def roll_agreement(agreement: Agreement) -> int:
    """Make the slots of the coming eight weeks; those that were made before (also moved or dropped) stay as they are.

    Returns how many are new."""
    today = clock.today(house().zone)
    days = logic.rolled_days(
        agreement.rhythm, agreement.weekday, agreement.first_day, agreement.last_day, today,
        today + timedelta(days=AHEAD),
    )  # fmt: skip
    there = set(agreement.slots.filter(rolled_for__in=days).values_list("rolled_for", flat=True))
    made = Slot.objects.bulk_create(
        [
            Slot(
                day=day, rolled_for=day, agreement=agreement, person_id=agreement.person_id,
                account_id=agreement.account_id, content=agreement.content, title=agreement.about,
            )
            for day in days
            if day not in there
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return len(made)


def roll_all() -> int:
    """Roll out every agreement that stands. Safe to repeat."""
    standing = Agreement.objects.filter(state=AgreementState.AGREED)
    return sum(roll_agreement(agreement) for agreement in standing.iterator())


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
    item: Item | None = None,
    once: str = "",
) -> Slot:
    """Put a place in the calendar: for somebody, or open for whoever wants it. A colleague may for themselves."""
    require(access.may_plan(by) or (person is not None and by.pk == person.pk))
    fields: dict[str, Any] = {
        "day": day, "time": at, "title": title, "content": content, "account": account, "person": person,
        "campaign": campaign, "item": item,
    }  # fmt: skip

    def make() -> Slot:
        slot = Slot.objects.create(**fields)
        audit.record(by=by, verb="calendar.plan_slot", target=slot, day=str(day))
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
            _("Somebody else just changed this. It now stands on %(day)s. Nothing of yours was changed; look again.")
            % {"day": slot.day.strftime("%d-%m-%Y")},
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
    before, slot.day = slot.day, day
    _saved(slot, "day")
    audit.record(by=by, verb="calendar.move_slot", target=slot, before=str(before), after=str(day))
    events.tell(SlotMoved(slot.pk))
    return slot


@transaction.atomic
def edit_slot(*, by: Colleague, slot: Slot, version: int | None = None, **changes: Any) -> Slot:
    """Change title, content, time, account, person, campaign or item of a slot."""
    slot = _held(slot)
    require(access.may_change_slot(by, slot))
    _same_version(slot, version)
    allowed = {"title", "content", "time", "account", "person", "campaign", "item"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"not changeable: {unknown}")
    if "person" in changes and not access.may_plan(by) and changes["person"] not in (None, by):
        require(False, _("Ask the curator to give this to somebody else."))
    for name, value in changes.items():
        setattr(slot, name, value)
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
def fill_slot(*, by: Colleague, slot: Slot) -> Slot:
    """Something stands ready for this slot; called by the room that fills it."""
    slot = _held(slot)
    if not slot.filled:
        slot.filled = True
        _saved(slot, "filled")
    return slot


@transaction.atomic
def unfill_slot(*, by: Colleague, slot: Slot) -> Slot:
    """What stood ready is gone; the slot is a promise or a gap again."""
    slot = _held(slot)
    if slot.filled:
        slot.filled = False
        _saved(slot, "filled")
    return slot


@transaction.atomic
def slot_for(
    *, by: Colleague, day: date, at: time | None, title: str, account: Account | None, person: Person | None
) -> Slot:
    """A filled slot for something that was planned without one, so that the calendar shows it."""
    return Slot.objects.create(day=day, time=at, title=title[:160], account=account, person=person, filled=True)


@transaction.atomic
def plan_campaign(*, by: Colleague, name: str, first_day: date, last_day: date, about: str = "") -> Campaign:
    """Name a campaign, event or trade fair."""
    require(access.may_plan(by))
    if last_day < first_day:
        raise Refused(_("The last day lies before the first."), field="last_day")
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(name=name, first_day=first_day, last_day=last_day, about=about)
    except IntegrityError as error:
        raise Refused(_("There is already a campaign with this name."), field="name") from error
    audit.record(by=by, verb="calendar.plan_campaign", target=campaign)
    return campaign


def roll_by_itself() -> int:
    with transaction.atomic():
        made = roll_all()
        if made:
            audit.record(by=SYSTEM, verb="calendar.roll_all", slots=made)
    return made
