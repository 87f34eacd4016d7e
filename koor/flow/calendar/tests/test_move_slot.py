"""A slot is moved by who may, and two people who move the same one are told."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from koor.flow.calendar import actions, queries
from koor.flow.calendar.models import Slot
from koor.flow.hub.models import Item
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


@pytest.fixture
def slot(noon: datetime, bram: Person) -> Slot:
    return Slot.objects.create(day=FRIDAY, title="Cabinet with Jelle", person=bram)


def test_the_curator_and_the_owner_move_it(slot: Slot, marloes: Person, bram: Person) -> None:
    assert actions.move_slot(by=marloes, slot=slot, day=SATURDAY, version=0).day == SATURDAY
    assert actions.move_slot(by=bram, slot=slot, day=FRIDAY, version=1).version == 2


def test_another_colleague_does_not(slot: Slot, henk: Person) -> None:
    with pytest.raises(Forbidden):
        actions.move_slot(by=henk, slot=slot, day=SATURDAY)


def test_the_second_of_two_movers_is_told_and_nothing_changes(slot: Slot, marloes: Person, bram: Person) -> None:
    actions.move_slot(by=marloes, slot=slot, day=SATURDAY, version=0)
    with pytest.raises(Refused) as refused:
        actions.move_slot(by=bram, slot=slot, day=date(2026, 11, 30), version=0)
    assert "on Saturday 28 November" in str(refused.value)
    assert Slot.objects.get().day == SATURDAY


def test_the_same_move_twice_is_one_move(slot: Slot, marloes: Person) -> None:
    for _click in range(2):
        actions.move_slot(by=marloes, slot=slot, day=SATURDAY, version=0)
    assert AuditEntry.objects.filter(verb="calendar.move_slot").count() == 1


def test_by_script_it_answers_in_json(slot: Slot, marloes: Person, visit: Callable[[Person | None], Client]) -> None:
    address = f"/calendar/slots/{slot.pk}/move/"
    browser = visit(marloes)
    answer = browser.post(address, {"day": "2026-11-28", "version": "0"}, headers={"accept": "application/json"})
    assert answer.json()["day"] == "2026-11-28"
    late = browser.post(address, {"day": "2026-11-30", "version": "0"}, headers={"accept": "application/json"})
    assert late.status_code == 409
    assert "on Saturday 28 November" in late.json()["sentence"]
    wrong = browser.post(address, {"day": "soon"}, headers={"accept": "application/json"})
    assert wrong.status_code == 400


def test_by_form_the_page_says_what_happened(
    slot: Slot, marloes: Person, visit: Callable[[Person | None], Client]
) -> None:
    browser = visit(marloes)
    address = f"/calendar/slots/{slot.pk}/move/"
    assert "Saturday 28 November" in browser.post(address, {"day": "2026-11-28"}, follow=True).content.decode()
    late = browser.post(address, {"day": "2026-11-30", "version": "0"})
    assert late.status_code == 409
    page = late.content.decode()
    assert 'name="version" value="1"' in page  # no dead end: saved once more it goes, knowingly
    assert "2026-11-30" in page
    assert browser.post(address, {"day": "2026-11-30", "version": "1"}).status_code == 302
    assert browser.post(address, {"day": "never"}).status_code == 422
    said = {"title": "A cellar", "content": "work", "version": "1"}
    edit = browser.post(f"/calendar/slots/{slot.pk}/edit/", said).content.decode()
    assert [words in edit for words in ("on Monday 30 November", 'value="A cellar"', 'name="version" value="2"')] == [
        True
    ] * 3
    browser.post(f"/calendar/slots/{slot.pk}/edit/", {**said, "version": "2"})
    assert Slot.objects.get().title == "A cellar"


def test_what_went_out_stays_on_its_day(slot: Slot, marloes: Person, visit: Callable[[Person | None], Client]) -> None:
    Slot.objects.update(filled=True, day=date(2026, 11, 23))
    browser, address = visit(marloes), f"/calendar/slots/{slot.pk}/"
    page = browser.get(address).content.decode()
    assert "Another day" not in page
    assert "ready</span>" not in page
    answer = browser.post(f"{address}move/", {"day": "2026-11-28"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["sentence"][:23]) == (409, "Its moment has passed. ")
    assert ", past</span>" in browser.get("/calendar/week/2026-11-23/").content.decode()
    Slot.objects.update(filled=False, person=None)
    assert "I will do this" not in browser.get(address).content.decode()
    # nothing came: it may come another day
    assert browser.post(f"{address}move/", {"day": "2026-11-28"}).status_code == 302


def test_something_evergreen_that_still_rests_is_told_with_the_day(
    slot: Slot, noon: datetime, marloes: Person, visit: Callable[[Person | None], Client]
) -> None:
    used = noon - timedelta(days=85)
    item = Item.objects.create(by=marloes, text="Winter", kind="text", state="kept", evergreen=True, made_at=noon)
    Slot.objects.update(item=item)
    browser, address = visit(marloes), f"/calendar/slots/{slot.pk}/"
    assert "It still rests" not in browser.get(address).content.decode()
    Item.objects.update(used_at=used)
    told = "It still rests then; it can go again from 29 November 2026."
    assert told in browser.get(address).content.decode()
    headers = {"accept": "application/json"}
    assert told in browser.post(f"{address}move/", {"day": "2026-11-28"}, headers=headers).json()["sentence"]
    moved = browser.post(f"{address}move/", {"day": "2026-11-29"}, headers=headers).json()
    assert "rests" not in moved["sentence"]
    Item.objects.update(evergreen=False)
    assert queries.rested_on(marloes, queries.slot(marloes, slot.pk)) is None


def test_a_day_before_in_the_calendar_counts_and_what_was_used_that_day_does_not(
    slot: Slot, noon: datetime, marloes: Person
) -> None:
    item = Item.objects.create(by=marloes, kind="text", state="kept", evergreen=True, rest_days=10, made_at=noon)
    Slot.objects.update(item=item)
    Slot.objects.create(day=SATURDAY, item=item)
    before = Slot.objects.create(day=date(2026, 11, 25), item=item)
    assert queries.rested_on(marloes, queries.slot(marloes, slot.pk)) == date(2026, 12, 5)
    assert queries.rested_on(marloes, queries.slot(marloes, before.pk)) is None
    Item.objects.update(used_at=noon + timedelta(days=3))
    assert queries.rested_on(marloes, queries.slot(marloes, slot.pk)) is None
