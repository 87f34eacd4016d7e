"""The library found as one types, stepped through by keyboard, and as a plain form; in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from koor.flow.hub import actions
from koor.ground.people.models import Person
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def ideas(bram: Person, henk: Person) -> None:
    actions.add_text_item(by=bram, text="Two houses with a heat pump")
    actions.add_text_item(by=henk, text="A house with panels on the roof")
    actions.add_text_item(by=henk, text="Coffee with the neighbours")


def test_found_while_typing_and_stepped_through(screen: Screen, marloes: Person) -> None:
    visitor = screen(marloes)
    visitor.go("/library/")
    page = visitor.page
    tiles = page.locator("#found .tile")
    expect(tiles).to_have_count(3)
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    box.press_sequentially("houses")
    expect(tiles).to_have_count(2)
    expect(page.locator("#howmany")).to_have_text("2 finds")
    expect(box).to_be_focused()
    expect(page).to_have_url(visitor.home + "/library/?q=houses&consent=&since=&until=")
    box.press_sequentially(" roof")
    expect(tiles).to_have_count(1)
    for _ in " roof":
        box.press("Backspace")
    expect(tiles).to_have_count(2)
    box.press("ArrowDown")
    expect(tiles.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tiles.last).to_be_focused()
    page.keyboard.press("k")
    expect(tiles.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    box.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What does Henk Oonk show?")).to_be_visible()
    assert visitor.complaints == []


def test_narrowed_down_and_wider_again(screen: Screen, marloes: Person) -> None:
    visitor = screen(marloes, width=390)
    visitor.go("/library/")
    page = visitor.page
    page.get_by_text("Filter", exact=True).click()
    page.locator("#facets").get_by_role("link", name="Henk Oonk").click()
    expect(page.locator("#found .tile")).to_have_count(2)
    page.get_by_role("searchbox").press_sequentially("coff")
    expect(page.locator("#found .tile")).to_have_count(1)
    page.locator("#found .pill", has_text="Henk Oonk").click()
    expect(page.get_by_role("searchbox")).to_have_value("coff")
    expect(page.locator("#found .pill", has_text="Henk Oonk")).to_have_count(0)
    assert visitor.complaints == []


def test_without_script_it_is_a_plain_form(screen: Screen, marloes: Person) -> None:
    visitor = screen(marloes, java_script_enabled=False)
    visitor.go("/library/")
    visitor.page.get_by_role("searchbox").fill("houses")
    visitor.page.get_by_role("button", name="Search", exact=True).click()
    expect(visitor.page.locator("#found .tile")).to_have_count(2)
