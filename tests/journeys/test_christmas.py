"""A year's end with absences: the page shows its holes, and three clicks fill them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from playwright.sync_api import expect

from koor.flow.calendar import queries
from koor.flow.calendar.logic import forecast
from koor.flow.calendar.models import Slot, SlotAsk
from koor.flow.hub.models import Item
from koor.ground.channels.models import Account
from koor.ground.people.models import Absence, House, Person, Skill
from koor.ground.people.queries import today
from koor.kernel import clock
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]


@pytest.fixture
def years_end(marloes: Person, henk: Person, bram: Person) -> list[date]:
    """Everything stands ready but three days on which Henk is away; three evergreens lie in the library.

    By the real clock: the server of a journey does not see one that stands still."""
    news = Account.objects.create(connector="newsroom", name="Newsroom", owner=marloes, made_at=clock.now())
    first, last = forecast.years_end(today())
    free = queries.free_days(House.objects.get(), first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if day.weekday() < 5 and day not in free and day > today()]
    open_days = working[len(working) // 2 :][:3]
    if len(open_days) < 3:
        pytest.skip("the weeks around the year's end are nearly over")
    for day in [today(), *working]:
        whose = henk if day in open_days else marloes
        Slot.objects.create(
            day=day, time=time(9), title="Work", account=news, person=whose, filled=day not in open_days
        )
    Absence.objects.create(person=henk, first_day=open_days[0], last_day=open_days[-1])
    for n in (1, 2, 3):
        Item.objects.create(kind="text", text=f"Winter {n}", by=henk, state="kept", evergreen=True, made_at=clock.now())
    Skill.objects.create(name="photos", kind="craft").people.add(bram)
    return open_days


def test_three_holes_three_clicks(
    screen: Screen, years_end: list[date], marloes: Person, bram: Person, run_jobs: Callable[[], None]
) -> None:
    desk = screen(marloes)
    desk.go("/calendar/christmas/")
    expect(desk.page.get_by_text("3 gaps are left. For 3 a proposal lies ready.")).to_be_visible()
    expect(desk.page.locator("td.gap")).to_have_count(3)
    expect(desk.page.get_by_text("Henk is away").first).to_be_visible()
    for left in (2, 1, 0):
        desk.page.locator("form.way button").first.click()
        expect(desk.page.locator("td.gap")).to_have_count(left)
    run_jobs()
    assert not Slot.objects.filter(day__in=years_end, filled=False, person=None).exists()
    assert not SlotAsk.objects.exists()
    expect(desk.page.get_by_text("Yes. Every working day has something")).to_be_visible()
    assert desk.complaints == []


def test_a_colleague_says_yes_on_the_phone(
    screen: Screen, years_end: list[date], marloes: Person, bram: Person
) -> None:
    desk = screen(marloes, width=390, java_script_enabled=False)
    desk.go("/calendar/christmas/")
    hole = desk.page.locator(".holes > li").first
    hole.locator("summary").click()
    hole.get_by_role("button", name="Ask Bram").click()
    expect(desk.page.get_by_text("It stays open until they say yes.")).to_be_visible()
    expect(desk.page.locator("td.gap")).to_have_count(3)
    phone = screen(bram, width=390)
    phone.go("/")
    phone.page.get_by_role("link", name="Look at it").first.click()
    phone.page.get_by_role("button", name="I will do this").click()
    expect(phone.page.get_by_text("It is yours")).to_be_visible()
    assert Slot.objects.get(day=years_end[0]).person == bram
    desk.go("/calendar/christmas/")
    expect(desk.page.locator("td.gap")).to_have_count(2)
