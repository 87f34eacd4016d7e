"""Private addresses for calendar programs: what stands in them, who reads, and how they are shut."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from koor.flow.calendar import actions, queries
from koor.flow.calendar.models import Slot
from koor.ground.people import actions as people
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

Visit = Callable[[Person | None], Client]


def events(body: bytes) -> dict[str, Any]:
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(body).walk("VEVENT")}


def test_the_own_calendar_and_the_houses(noon: datetime, marloes: Person, bram: Person, visit: Visit) -> None:
    crew = people.make_team(by=marloes, name="Roof crew")
    people.join(by=marloes, group=crew, person=bram)
    Slot.objects.create(day=date(2026, 12, 1), person=bram, title="Cabinet", filled=True)
    Slot.objects.create(day=date(2026, 12, 2), person=marloes, title="News")
    Slot.objects.create(day=date(2026, 12, 3), team=crew, title="Roof")
    Slot.objects.create(day=date(2026, 12, 4), title="Gone", dropped_at=noon)
    page = visit(bram).post("/calendar/along/mine/open/").content.decode()
    secret = page.split("/calendar/feed/")[1].split(".ics")[0]
    answer = visit(None).get(f"/calendar/feed/{secret}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert list(events(answer.content)) == ["✓ Cabinet (Bram)", "Roof (Roof crew)"]
    house = actions.open_feed(by=bram, whole_house=True)
    assert len(events(visit(None).get(f"/calendar/feed/{house}.ics").content)) == 3


def test_an_address_that_was_shut_opens_nothing(noon: datetime, bram: Person, visit: Visit) -> None:
    first = actions.open_feed(by=bram)
    second = actions.open_feed(by=bram)
    assert visit(None).get(f"/calendar/feed/{first}.ics").status_code == 404
    assert visit(None).get(f"/calendar/feed/{second}.ics").status_code == 200
    visit(bram).post("/calendar/along/mine/close/")
    for secret in (second, "x" * 43, "short"):
        assert visit(None).get(f"/calendar/feed/{secret}.ics").status_code == 404


def test_who_left_reads_nothing_any_more(noon: datetime, bram: Person) -> None:
    secret = actions.open_feed(by=bram)
    Person.objects.filter(pk=bram.pk).update(is_active=False)
    with pytest.raises(NotFound):
        queries.feed_of(secret)


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2027, 3, 27), time(9), datetime(2027, 3, 27, 8, tzinfo=UTC)),
        (date(2027, 3, 28), time(9), datetime(2027, 3, 28, 7, tzinfo=UTC)),  # the clock went forward that night
        (date(2026, 12, 1), time(9), datetime(2026, 12, 1, 8, tzinfo=UTC)),
    ],
)
def test_times_are_right_on_both_sides_of_a_change_of_the_clock(
    day: date, at: time, utc: datetime, noon: datetime, bram: Person
) -> None:
    Slot.objects.create(day=day, time=at, person=bram, title="Cabinet")
    body = queries.calendar_of(bram, whole_house=False, home="https://koor.example")
    event = events(body)["Cabinet (Bram)"]
    assert event["DTSTART"].dt.astimezone(UTC) == utc
    assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert b"BEGIN:VTIMEZONE" in body


def test_words_can_not_add_an_event(noon: datetime, bram: Person) -> None:
    Slot.objects.create(day=date(2026, 12, 1), person=bram, title="A\r\nEND:VEVENT\r\nBEGIN:VEVENT, b; c")
    body = queries.calendar_of(bram, whole_house=False, home="https://koor.example")
    assert len(Calendar.from_ical(body).walk("VEVENT")) == 1


@pytest.mark.parametrize("rows", [1, 60])
def test_a_feed_takes_the_same_number_of_queries(
    rows: int, noon: datetime, bram: Person, visit: Visit, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        Slot.objects.create(day=date(2026, 12, 1 + n % 28), person=bram, title=f"Cabinet {n}")
    secret = actions.open_feed(by=bram)
    queries.calendar_of(bram, whole_house=False, home="")
    browser = visit(None)
    browser.get(f"/calendar/feed/{secret}.ics")
    with django_assert_num_queries(3):
        browser.get(f"/calendar/feed/{secret}.ics")
