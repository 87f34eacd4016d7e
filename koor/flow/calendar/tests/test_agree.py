"""An agreement is made by two people, and rolls out once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from koor.flow.calendar import actions, queries
from koor.flow.calendar.choices import AgreementState
from koor.flow.calendar.models import Agreement, Slot
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

TODAY = date(2026, 11, 24)


@pytest.fixture
def promise(noon: datetime, marloes: Person, bram: Person) -> Agreement:
    return actions.propose_agreement(
        by=marloes, person=bram, content="work", about="Photo of the work", weekday=0, first_day=TODAY
    )


def test_nothing_rolls_out_before_the_other_agrees(promise: Agreement) -> None:
    assert promise.state == AgreementState.PROPOSED
    assert actions.roll_all() == 0


def test_agreeing_rolls_out_eight_weeks_and_repeating_adds_nothing(promise: Agreement, bram: Person) -> None:
    actions.agree(by=bram, agreement=promise)
    assert Slot.objects.filter(agreement=promise, person=bram).count() == 8
    actions.agree(by=bram, agreement=promise)
    assert actions.roll_all() == 0
    assert AuditEntry.objects.filter(verb="calendar.agree").count() == 1


def test_who_proposed_it_cannot_agree_for_the_other(promise: Agreement, marloes: Person, henk: Person) -> None:
    for person in (marloes, henk):
        with pytest.raises(Forbidden):
            actions.agree(by=person, agreement=promise)


def test_an_own_promise_is_agreed_by_the_curator(noon: datetime, bram: Person, marloes: Person) -> None:
    own = actions.propose_agreement(by=bram, person=bram, content="work", first_day=TODAY)
    with pytest.raises(Forbidden):
        actions.agree(by=bram, agreement=own)
    assert actions.agree(by=marloes, agreement=own).state == AgreementState.AGREED


def test_a_colleague_promises_nothing_on_behalf_of_another(noon: datetime, bram: Person, henk: Person) -> None:
    with pytest.raises(Forbidden):
        actions.propose_agreement(by=bram, person=henk, content="work", first_day=TODAY)


def test_a_moved_slot_is_not_rolled_again(promise: Agreement, bram: Person) -> None:
    actions.agree(by=bram, agreement=promise)
    slot = Slot.objects.order_by("day").first()
    assert slot
    actions.move_slot(by=bram, slot=slot, day=slot.day + timedelta(days=1))
    assert actions.roll_all() == 0
    assert Slot.objects.count() == 8


def test_ending_takes_the_coming_promises_along_and_leaves_what_stands_ready(promise: Agreement, bram: Person) -> None:
    actions.agree(by=bram, agreement=promise)
    ready = Slot.objects.order_by("day").first()
    assert ready
    actions.fill_slot(by=bram, slot=ready)
    for _click in range(2):
        actions.end_agreement(by=bram, agreement=promise)
    assert list(Slot.objects.filter(dropped_at=None)) == [ready]
    with pytest.raises(Refused):
        actions.agree(by=bram, agreement=promise)


def test_last_day_before_the_first_is_refused(noon: datetime, marloes: Person, bram: Person) -> None:
    with pytest.raises(Refused):
        actions.propose_agreement(
            by=marloes, person=bram, content="work", first_day=TODAY, last_day=TODAY - timedelta(days=1)
        )


def test_a_double_click_proposes_once(noon: datetime, marloes: Person, bram: Person) -> None:
    for _click in range(2):
        actions.propose_agreement(by=marloes, person=bram, content="work", first_day=TODAY, once="a-key")
    assert Agreement.objects.count() == 1


def test_how_a_promise_is_kept_is_seen_by_its_colleague_alone(
    promise: Agreement, bram: Person, marloes: Person, visit: Callable[..., object]
) -> None:
    Slot.objects.create(day=TODAY - timedelta(days=7), agreement=promise, person=bram, filled=True)
    assert queries.kept(bram) == {promise.pk: [True]}
    assert queries.kept(marloes) == {}
