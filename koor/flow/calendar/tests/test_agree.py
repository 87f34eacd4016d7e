"""An agreement is made by two people, and rolls out once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from koor.flow.calendar import access, actions, queries
from koor.flow.calendar.choices import AgreementState
from koor.flow.calendar.events import AgreementMade, ChangeProposed, ColleagueAsked
from koor.flow.calendar.models import Agreement, Slot
from koor.flow.calendar.receivers import agreed, asked, proposed
from koor.ground.channels.models import Account
from koor.ground.people import actions as people
from koor.ground.people.models import Absence, Person
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry, Push
from koor.kernel.panels import todos_of
from koor.kernel.tests.test_push import FCM, device_at

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


def test_every_working_day_is_no_public_holiday(noon: datetime, marloes: Person, bram: Person) -> None:
    made = actions.propose_agreement(
        by=marloes, person=bram, content="work", rhythm="daily", weekday=0, first_day=TODAY
    )
    actions.agree(by=bram, agreement=made)
    days = set(Slot.objects.filter(agreement=made).values_list("day", flat=True))
    assert {date(2026, 12, 24), date(2026, 12, 28)} <= days
    assert not days & {date(2026, 12, 25), date(2027, 1, 1)}
    for day, version in ((date(2026, 12, 25), 0), (date(2027, 1, 1), 1)):  # rolled out before these were holidays
        Slot.objects.create(agreement=made, person=bram, content="work", day=day, rolled_for=day, version=version)
    actions.roll_all()
    there = Slot.objects.filter(dropped_at=None, day__in=[date(2026, 12, 25), date(2027, 1, 1)])
    assert [slot.day for slot in there] == [date(2027, 1, 1)]  # what somebody touched stays
    assert Slot.objects.filter(agreement=made, day=date(2026, 12, 24), dropped_at=None).count() == 1


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


def test_a_change_waits_for_the_other_and_history_is_kept(promise: Agreement, bram: Person, marloes: Person) -> None:
    actions.agree(by=bram, agreement=promise)
    actions.propose_change(by=bram, agreement=promise, rhythm="fortnightly", weekday=2, why="Less on the road")
    promise.refresh_from_db()
    assert (promise.rhythm, promise.weekday) == ("weekly", 0)
    with pytest.raises(Forbidden):
        actions.agree(by=bram, agreement=promise)
    with pytest.raises(Refused):
        actions.propose_change(by=marloes, agreement=promise, about="Other")
    actions.agree(by=marloes, agreement=promise)
    actions.agree(by=marloes, agreement=promise)
    promise.refresh_from_db()
    assert (promise.rhythm, promise.weekday) == ("fortnightly", 2)
    days = [slot.day for slot in Slot.objects.filter(agreement=promise, dropped_at=None).order_by("day")]
    assert days == [date(2026, 11, 25) + timedelta(weeks=2 * n) for n in range(4)]
    told = [(change.kind, change.state, change.answered_by) for change in queries.history(bram, promise)]
    assert told == [("made", "agreed", bram), ("changed", "agreed", marloes)]


def test_channels_a_time_and_a_last_day_change_too(
    promise: Agreement, bram: Person, marloes: Person, noon: datetime
) -> None:
    newsroom = Account.objects.create(connector="newsroom", name="Newsroom", owner=marloes, made_at=noon)
    actions.agree(by=bram, agreement=promise)
    last = date(2026, 12, 20)
    actions.propose_change(by=bram, agreement=promise, accounts=[newsroom], time=time(9, 30), last_day=last)
    actions.agree(by=marloes, agreement=promise)
    promise.refresh_from_db()
    assert (list(promise.accounts.all()), promise.time, promise.last_day) == ([newsroom], time(9, 30), last)
    coming = Slot.objects.filter(agreement=promise, dropped_at=None)
    assert {(slot.account, slot.time, slot.day <= last) for slot in coming} == {(newsroom, time(9, 30), True)}


def test_only_terms_of_what_was_agreed_are_changed(promise: Agreement, bram: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.propose_change(by=bram, agreement=promise, rhythm="monthly")
    assert refused.value.code == "not_agreed"
    with pytest.raises(TypeError):
        actions.propose_change(by=bram, agreement=promise, person=bram)


def test_nothing_to_decline_changes_nothing(promise: Agreement, bram: Person) -> None:
    actions.agree(by=bram, agreement=promise)
    assert actions.decline_change(by=bram, agreement=promise).state == AgreementState.AGREED
    assert not AuditEntry.objects.filter(verb="calendar.decline_change").exists()


def test_saying_no_to_a_promise_answers_what_waited(promise: Agreement, bram: Person) -> None:
    actions.end_agreement(by=bram, agreement=promise)
    assert [(change.state, change.answered_by) for change in promise.changes.all()] == [("declined", bram)]
    assert not Slot.objects.exists()


def test_koor_itself_speaks_for_nobody_but_may_set_a_promise_up(promise: Agreement) -> None:
    assert not access.speaks_for(SYSTEM, promise)
    assert actions.agree(by=SYSTEM, agreement=promise).state == AgreementState.AGREED


def test_what_koor_proposed_is_told_to_nobody_when_it_is_agreed(noon: datetime, bram: Person) -> None:
    device_at(FCM, bram.pk)
    promise = actions.propose_agreement(by=SYSTEM, person=bram, content="work", first_day=TODAY)
    assert actions.agree(by=bram, agreement=promise).state == AgreementState.AGREED
    agreed(AgreementMade(promise.pk))
    assert not Push.objects.exists()


def test_a_colleagues_own_promise_reaches_who_plans(
    noon: datetime, bram: Person, henk: Person, marloes: Person
) -> None:
    for person in (bram, henk, marloes):
        device_at(FCM + str(person.pk), person.pk)
    own = actions.propose_agreement(by=bram, person=bram, content="work", about="Roofs", first_day=date(2026, 11, 24))
    change = own.changes.get()
    for _time in range(2):
        proposed(ChangeProposed(change.pk))
    assert [one.title for one in todos_of(marloes) if "promise" in one.title] == [
        "Bram would like to promise something"
    ]
    assert not [one for who in (bram, henk) for one in todos_of(who) if "like to promise" in one.title]
    actions.agree(by=marloes, agreement=own)
    proposed(ChangeProposed(change.pk))
    agreed(AgreementMade(own.pk))
    asked(ColleagueAsked(actions.ask_colleague(by=marloes, day=date(2026, 12, 1), person=henk).pk))
    gone = actions.ask_colleague(by=marloes, day=date(2026, 12, 2), person=henk)
    actions.drop_slot(by=marloes, slot=gone.slot)
    asked(ColleagueAsked(gone.pk))  # for a place that is no more nobody is rung
    said = [(row.device.owner_id, row.title) for row in Push.objects.order_by("pk")]
    assert said == [
        (marloes.pk, "A promise waits for your yes"),
        (bram.pk, "Agreed: Roofs"),
        (henk.pk, "Do you have something for Tuesday 1 December?"),
    ]
    assert not [one for one in todos_of(marloes) if "like to promise" in one.title]


def test_a_change_that_is_declined_leaves_it_as_it_was(promise: Agreement, bram: Person, marloes: Person) -> None:
    actions.agree(by=bram, agreement=promise)
    actions.propose_change(by=marloes, agreement=promise, rhythm="daily")
    assert [change.by for change in queries.asked_of(bram)] == [marloes]
    actions.decline_change(by=bram, agreement=promise)
    actions.propose_change(by=marloes, agreement=promise, rhythm="monthly")
    actions.decline_change(by=marloes, agreement=promise)
    promise.refresh_from_db()
    assert promise.rhythm == "weekly"
    assert [change.state for change in promise.changes.all()] == ["agreed", "declined", "withdrawn"]
    with pytest.raises(Refused):
        actions.propose_change(by=bram, agreement=promise, rhythm="weekly")


def test_what_somebody_moved_or_filled_stays_when_it_changes(promise: Agreement, bram: Person, marloes: Person) -> None:
    actions.agree(by=bram, agreement=promise)
    moved, filled = Slot.objects.order_by("day")[:2]
    actions.move_slot(by=bram, slot=moved, day=moved.day + timedelta(days=1))
    actions.fill_slot(by=bram, slot=filled)
    actions.propose_change(by=bram, agreement=promise, weekday=3)
    actions.agree(by=marloes, agreement=promise)
    there = Slot.objects.filter(dropped_at=None)
    assert {moved.pk, filled.pk} <= set(there.values_list("pk", flat=True))


def test_a_curators_own_promise_is_agreed_by_the_captain(noon: datetime, marloes: Person, hanna: Person) -> None:
    own = actions.propose_agreement(by=marloes, person=marloes, content="news", first_day=TODAY)
    with pytest.raises(Forbidden):
        actions.agree(by=marloes, agreement=own)
    assert actions.agree(by=hanna, agreement=own).state == AgreementState.AGREED


def test_a_team_promises_as_one(noon: datetime, marloes: Person, bram: Person, henk: Person, anneke: Person) -> None:
    crew = people.make_team(by=marloes, name="Roof crew")
    people.join(by=marloes, group=crew, person=bram)
    promise = actions.propose_agreement(by=marloes, team=crew, content="work", first_day=TODAY, weekday=3)
    with pytest.raises(Forbidden):
        actions.agree(by=anneke, agreement=promise)
    actions.agree(by=bram, agreement=promise)
    slot = Slot.objects.order_by("day")[0]
    assert (slot.team, slot.person) == (crew, None)
    assert queries.Placed(slot, False).standing == "promise"
    assert actions.take_slot(by=bram, slot=slot).person == bram


def test_a_rota_goes_to_whose_week_it_is_or_the_next_who_is_there(
    noon: datetime, marloes: Person, bram: Person, henk: Person
) -> None:
    rota = people.make_rota(by=marloes, name="Question of the week", first_week=TODAY)
    for one in (bram, henk):
        people.join(by=marloes, group=rota, person=one)
    Absence.objects.create(person=henk, first_day=date(2026, 11, 30), last_day=date(2026, 12, 4))
    promise = actions.propose_agreement(by=marloes, rota=rota, content="question", first_day=TODAY, weekday=2)
    actions.agree(by=henk, agreement=promise)
    who = [slot.person for slot in Slot.objects.order_by("day")[:4]]
    assert who == [bram, bram, bram, henk]  # Henk is away in his first week


def test_who_supplies_it_is_one(noon: datetime, marloes: Person, bram: Person) -> None:
    crew = people.make_team(by=marloes, name="Roof crew")
    for who in ({}, {"person": bram, "team": crew}):
        with pytest.raises(Refused):
            actions.propose_agreement(by=marloes, content="work", first_day=TODAY, **who)


def test_a_team_that_ends_leaves_its_agreement_to_nobody(noon: datetime, marloes: Person, bram: Person) -> None:
    crew = people.make_team(by=marloes, name="Roof crew")
    people.join(by=marloes, group=crew, person=bram)
    promise = actions.propose_agreement(by=marloes, team=crew, content="work", first_day=TODAY)
    actions.agree(by=bram, agreement=promise)
    people.end_group(by=marloes, group=crew)
    Slot.objects.all().delete()
    assert actions.roll_all() == 0
    assert Agreement.objects.get().who == "–"
