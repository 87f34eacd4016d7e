"""Who leaves leaves no promises behind that nobody keeps."""

from datetime import date, datetime, timedelta

from django.test import Client

from koor.flow.calendar import actions, queries
from koor.flow.calendar.events import PlacesGiven
from koor.flow.calendar.models import Slot
from koor.flow.calendar.receivers import given, hand_over
from koor.ground.people import actions as people
from koor.ground.people.events import PersonLeft
from koor.ground.people.models import Absence, Person, Rota, RotaTurn
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.models import Push, ToldFact
from koor.kernel.panels import todos_of
from koor.kernel.tests.test_push import FCM, device_at

TODAY = date(2026, 11, 24)  # a Tuesday


def test_what_was_promised_is_open_or_goes_to_who_takes_over(
    noon: datetime, marloes: Person, bram: Person, henk: Person, rob: Person
) -> None:
    own = Slot.objects.create(day=date(2026, 12, 1), person=bram)
    ready = Slot.objects.create(day=date(2026, 12, 1), person=bram, filled=True)
    before = Slot.objects.create(day=date(2026, 11, 20), person=bram)
    rota = Rota.objects.create(name="Photos", first_week=date(2026, 11, 23))
    for place, person in enumerate((bram, henk, rob)):
        RotaTurn.objects.create(rota=rota, person=person, place=place)
    promise = actions.propose_agreement(by=marloes, rota=rota, content="work", first_day=TODAY, weekday=3)
    actions.agree(by=henk, agreement=promise)
    turns = list(Slot.objects.filter(agreement=promise).order_by("day"))
    assert [slot.person for slot in turns[:4]] == [bram, henk, rob, bram]
    hand_over(PersonLeft(bram.pk, henk.pk))
    assert Slot.objects.filter(person=bram).count() == 6  # still here: it was taken back
    people.let_go(by=SYSTEM, person=bram)
    hand_over(PersonLeft(bram.pk, None))
    assert set(Slot.objects.filter(person=bram)) == {ready, before}
    own.refresh_from_db()
    assert actions.take_slot(by=rob, slot=own).person == rob
    assert [slot.person for slot in Slot.objects.filter(agreement=promise).order_by("day")[:4]] == [
        henk,
        henk,
        rob,
        henk,
    ]
    people.let_go(by=SYSTEM, person=rob)
    hand_over(PersonLeft(rob.pk, henk.pk))
    own.refresh_from_db()
    assert own.person == henk


def test_who_gets_a_place_by_another_hand_hears_it_once_with_what_it_is(
    noon: datetime, marloes: Person, bram: Person, henk: Person, rob: Person, client: Client
) -> None:
    Slot.objects.create(day=date(2026, 12, 1), person=bram, title="A roof")
    Slot.objects.create(day=date(2026, 12, 3), person=bram, title="A cellar")
    people.let_go(by=SYSTEM, person=bram)
    for _twice in range(2):
        hand_over(PersonLeft(bram.pk, henk.pk))
    assert [PlacesGiven(**fact.data) for fact in ToldFact.objects.filter(kind__endswith="PlacesGiven")] == [
        PlacesGiven(Slot.objects.get(title="A roof").pk, henk.pk)
    ]
    device_at(FCM, henk.pk)
    for _twice in range(2):
        given(PlacesGiven(Slot.objects.get(title="A roof").pk, henk.pk))
    assert [(one.text, one.url) for one in Push.objects.all()] == [
        ("Tuesday 1 December: A roof, and 1 more", "/calendar/given/")
    ]
    todo = next(one for one in todos_of(henk) if one.url == "/calendar/given/")
    assert todo.text == "Tuesday 1 December: A roof. And 1 more."
    client.force_login(henk)
    page = client.get("/calendar/given/").content.decode()
    assert [words in page for words in ("A cellar", "who left", "2 places")] == [True] * 3
    client.post("/calendar/given/")
    assert not queries.given_to(henk)
    mine = actions.plan_slot(by=rob, day=date(2026, 12, 8), person=rob)  # who promises it knows
    actions.edit_slot(by=marloes, slot=mine, person=henk)
    assert [(one.slot, one.of, one.by) for one in queries.given_to(henk)] == [(mine, rob, marloes)]
    assert not queries.given_to(rob)
    actions.edit_slot(by=henk, slot=mine, person=None)
    assert not queries.given_to(henk)  # left to whoever wants it


def test_whose_turn_it_became_because_another_is_away_hears_it(
    noon: datetime, marloes: Person, bram: Person, henk: Person
) -> None:
    rota = Rota.objects.create(name="Photos", first_week=date(2026, 11, 23))
    for place, person in enumerate((bram, henk)):
        RotaTurn.objects.create(rota=rota, person=person, place=place)
    Absence.objects.create(person=bram, first_day=TODAY, last_day=date(2026, 11, 29))
    promise = actions.propose_agreement(by=marloes, rota=rota, content="work", first_day=TODAY, weekday=3)
    actions.agree(by=henk, agreement=promise)
    assert [(one.slot.day, one.of) for one in queries.given_to(henk)] == [(date(2026, 11, 26), bram)]
    assert not queries.given_to(bram)


def test_what_still_stands_rings_and_not_again_before_it_was_looked_at(
    noon: datetime, marloes: Person, bram: Person, henk: Person
) -> None:
    days = [Slot.objects.create(day=date(2026, 12, day), person=bram, title=f"Roof {day}") for day in (1, 2, 3)]
    people.let_go(by=SYSTEM, person=bram)
    hand_over(PersonLeft(bram.pk, henk.pk))
    device_at(FCM, henk.pk)
    actions.drop_slot(by=henk, slot=days[0])  # before the worker came
    given(PlacesGiven(days[0].pk, henk.pk))
    gone = actions.plan_slot(by=marloes, day=date(2026, 12, 4), person=henk)
    number = gone.pk
    gone.delete()  # with the demo
    given(PlacesGiven(number, henk.pk))
    assert [one.text for one in Push.objects.all()] == ["Wednesday 2 December: Roof 2, and 1 more"]
    for hour, told in ((1, 1), (2, 2)):
        with clock.fixed(noon + timedelta(hours=hour)):
            late = actions.plan_slot(by=marloes, day=date(2026, 12, 3 + hour), person=henk)
            given(PlacesGiven(late.pk, henk.pk))
            assert Push.objects.count() == told
            actions.see_given(by=henk)


def test_so_many_are_many(noon: datetime, marloes: Person, henk: Person) -> None:
    for number in range(25):
        actions.plan_slot(by=marloes, day=date(2026, 12, 1 + number), person=henk, title=f"Roof {number}")
    assert "And many more." in next(one for one in todos_of(henk) if one.url == "/calendar/given/").text
