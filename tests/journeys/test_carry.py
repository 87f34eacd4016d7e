"""Ideas and plans are carried from place to place: by mouse, by keys and with a finger, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from playwright.sync_api import Locator, expect

from koor.flow.calendar.models import Slot
from koor.flow.hub import actions
from koor.flow.hub.choices import IdeaState
from koor.flow.hub.models import Idea
from koor.ground.people.models import Person
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]


def middle(of: Locator, down: float = 0.5) -> dict[str, float]:
    place = of.bounding_box()
    assert place is not None
    return {"x": place["x"] + place["width"] / 2, "y": place["y"] + place["height"] * down}


def day(of: Visitor, number: int) -> Locator:
    return of.page.locator(f"td[data-place='day=2026-11-{number}']")


def carried_by_finger(phone: Visitor, thing: Locator, place: Locator, *, rests: bool = True) -> None:
    finger = phone.context.new_cdp_session(phone.page)
    thing.scroll_into_view_if_needed()
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [middle(thing)]})
    if rests:
        expect(thing).to_have_class(re.compile("moving"))
    for _step in range(60):  # at the edge of the screen it scrolls
        wanted = middle(place)
        end = {**wanted, "y": min(max(wanted["y"], 40.0), 804.0)}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [end]})
        phone.page.wait_for_timeout(100)
        if 100 < wanted["y"] < 740 and (not rests or "over" in (place.get_attribute("class") or "")):
            break
    if rests:
        expect(place).to_have_class(re.compile("over"))
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_an_idea_over_the_board(screen: Screen, marloes: Person, bram: Person) -> None:
    idea = actions.add_text_item(by=bram, text="Show the attic before and after").idea
    desk = screen(marloes)
    desk.go("/ideas/")
    card = desk.page.locator("[data-move]")
    lane = {state: desk.page.locator(f".lane[data-place^='state={state}']") for state in IdeaState.values}
    first, second, third = IdeaState.values[:3]
    card.drag_to(lane[second])
    expect(lane[second].locator("[data-move]")).to_have_count(1)
    expect(desk.page.get_by_role("status")).to_contain_text("Moved to")
    card.get_by_role("link").press("Alt+ArrowRight")
    expect(lane[third].locator("[data-move]")).to_have_count(1)
    expect(card.get_by_role("link")).to_be_focused()
    expect(lane[third].locator(".none")).to_be_hidden()
    idea = Idea.objects.get(pk=idea.pk)
    assert idea.state == third
    assert desk.complaints == []

    phone = screen(marloes, width=390, height=844, has_touch=True)
    phone.go("/ideas/")
    card = phone.page.locator("[data-move]")
    home = phone.page.locator(f".lane[data-place^='state={first}']")
    carried_by_finger(phone, card, home, rests=False)  # a finger that moves at once only scrolls
    expect(home.locator("[data-move]")).to_have_count(0)
    carried_by_finger(phone, card, home)
    expect(home.locator("[data-move]")).to_have_count(1)
    expect(phone.page).to_have_url(phone.home + "/ideas/")
    expect(phone.page.get_by_role("status")).to_contain_text("Moved to")
    assert Idea.objects.get(pk=idea.pk).state == first
    assert phone.complaints == []


def test_a_plan_over_the_month(screen: Screen, noon: datetime, marloes: Person, bram: Person) -> None:
    slot = Slot.objects.create(day=date(2026, 11, 27), title="Cabinet with Jelle", person=bram)
    desk = screen(marloes)
    desk.go("/calendar/2026/11/#weeks")
    card = desk.page.locator(f"[data-slot='{slot.pk}']")
    card.drag_to(day(desk, 25))
    expect(day(desk, 25).locator("[data-slot]")).to_have_count(1)
    card.get_by_role("link").press("Alt+ArrowUp")
    expect(day(desk, 18).locator("[data-slot]")).to_have_count(1)
    expect(card).not_to_have_attribute("aria-busy", "true")

    phone = screen(marloes, width=390, height=844, has_touch=True)
    phone.go("/calendar/2026/11/#weeks")
    carried_by_finger(phone, phone.page.locator(f"[data-slot='{slot.pk}']"), day(phone, 20))
    expect(day(phone, 20).locator("[data-slot]")).to_have_count(1)
    expect(phone.page.get_by_role("status")).to_contain_text("20 November")
    assert Slot.objects.get().day == date(2026, 11, 20)

    Slot.objects.update(version=9)  # another moved it meanwhile: it goes back, and that is said
    card.get_by_role("link").press("Alt+ArrowRight")
    expect(desk.page.get_by_role("status")).to_contain_text("Somebody else just changed this")
    expect(day(desk, 18).locator("[data-slot]")).to_have_count(1)
    assert [*desk.complaints, *phone.complaints] == []
