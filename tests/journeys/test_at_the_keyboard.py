"""Quick keys, search while typing, and a button pressed twice; in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from koor.ground.people.models import Person
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]


def test_slash_searches_and_finds_while_typing(screen: Screen, marloes: Person, bram: Person) -> None:
    visitor = screen(marloes)
    visitor.go("/calendar/")
    visitor.page.keyboard.press("/")
    box = visitor.page.get_by_role("searchbox")
    expect(box).to_be_focused()
    box.press_sequentially("wolt")
    expect(visitor.page.locator("#found").get_by_text("Bram Wolters")).to_be_visible()
    expect(visitor.page).to_have_url(visitor.home + "/search/?q=wolt")
    visitor.page.keyboard.press("Escape")
    expect(box).to_have_value("wolt")
    visitor.page.keyboard.press("j")
    expect(visitor.page.locator("[data-row] a").first).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", name="Bram Wolters")).to_be_visible()
    assert visitor.complaints == []


def test_all_keys_on_a_card_and_off_again(screen: Screen, marloes: Person) -> None:
    visitor = screen(marloes)
    visitor.go("/calendar/")
    visitor.page.keyboard.press("?")
    card = visitor.page.get_by_role("dialog")
    expect(card).to_contain_text("Search")
    card.get_by_label("Quick keys on").uncheck()
    card.get_by_role("button", name="Close").click()
    visitor.page.keyboard.press("/")
    expect(visitor.page).to_have_url(visitor.home + "/calendar/")
    visitor.page.keyboard.press("?")
    expect(visitor.page.get_by_role("dialog").get_by_label("Quick keys on")).not_to_be_checked()


def test_keys_are_letters_while_one_writes(screen: Screen, marloes: Person) -> None:
    visitor = screen(marloes)
    visitor.go("/search/")
    visitor.page.get_by_role("searchbox").press_sequentially("jk/?")
    expect(visitor.page.get_by_role("searchbox")).to_have_value("jk/?")
    assert visitor.page.get_by_role("dialog").count() == 0


def test_a_button_pressed_twice_sends_once(screen: Screen, bram: Person) -> None:
    visitor = screen(bram, width=390)
    visitor.go("/me/skills/")
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    visitor.page.get_by_label("What", exact=True).fill("heat pumps")
    visitor.page.get_by_role("button", name="Add it").dblclick()
    expect(visitor.page.locator("main").get_by_text("heat pumps", exact=True)).to_be_visible()
    assert len(sent) == 1


def test_the_menu_closes_with_escape(screen: Screen, marloes: Person) -> None:
    visitor = screen(marloes)
    visitor.go("/calendar/")
    visitor.page.locator("details.you summary").click()
    expect(visitor.page.get_by_role("button", name="Sign out")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("button", name="Sign out")).to_be_hidden()


def test_without_script_search_is_a_plain_form(screen: Screen, marloes: Person, bram: Person) -> None:
    visitor = screen(marloes, java_script_enabled=False)
    visitor.go("/search/")
    visitor.page.get_by_role("searchbox").fill("wolt")
    visitor.page.get_by_role("button", name="Search").click()
    expect(visitor.page.get_by_text("Bram Wolters")).to_be_visible()
