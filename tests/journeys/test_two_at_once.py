"""Two colleagues have the same conversation open: each sees the other, what comes in appears by itself, and a reply
that would collide asks first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from koor.flow.conversations import actions
from koor.flow.conversations.models import Conversation
from koor.ground.contacts import actions as contacts
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from tests.journeys.conftest import Visitor, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


MARKS = "[type=hidden][name=last_message]"
BUTTON = "log => log.append(Object.assign(document.createElement('button'), { id: 'own', textContent: 'Busy' }))"

CLOCK = """
const [wait, now] = [window.setTimeout, Date.now]
Object.assign(window, { waits: [], late: 0 })
window.setTimeout = (what, long, ...more) => { if (long >= 1200) waits.push(long); return wait(what, long, ...more) }
Date.now = () => now.call(Date) + late
"""


@pytest.fixture
def cold(henk: Person, marloes: Person) -> Conversation:
    fatma = contacts.add_contact(by=SYSTEM, name="Fatma Kaya")
    return hears(henk, fatma, "Boven blijft het koud.")


def hears(person: Person, fatma: object, text: str) -> Conversation:
    return actions.tell_by_hand(
        by=person,
        contact=fatma,  # type: ignore[arg-type]
        channel="telephone",
        direction="in",
        text=text,
        waits=True,
    )


def test_two_at_once(screen: Callable[..., Visitor], cold: Conversation, henk: Person, marloes: Person) -> None:
    desk, phone = screen(marloes), screen(henk, width=390, height=844)
    desk.go(f"/inbox/{cold.pk}/")
    phone.go(f"/talk/{cold.pk}/")
    expect(phone.page.get_by_role("status").filter(has_text="Marloes looks too")).to_be_visible()
    phone.page.get_by_label("Your answer to Fatma").press_sequentially("Ik kom maandag.")
    expect(desk.page.locator("#beside")).to_have_text("Henk is writing")
    phone.page.get_by_text("Note, hand over, later").click()
    phone.page.locator("#note_text").fill("Ze belde ook.")
    phone.page.get_by_role("button", name="Keep the note").click()
    expect(phone.page.locator("#log")).to_contain_text("Ze belde ook.")
    expect(phone.page.get_by_label("Your answer to Fatma")).to_have_value("Ik kom maandag.")  # another form went
    hears(marloes, cold.contact, "En nu tikt hij ook.")
    expect(desk.page.locator("#log")).to_contain_text("En nu tikt hij ook.")
    expect(desk.page.locator("#queue")).to_contain_text("En nu tikt hij ook.")
    expect(phone.page.locator("#log")).to_contain_text("En nu tikt hij ook.")
    expect(phone.page.get_by_text("Something new was said.")).to_be_visible()
    phone.page.get_by_role("button", name="Put it ready").click()
    expect(phone.page.get_by_text("This was said while you wrote:")).to_be_visible()
    expect(phone.page.get_by_label("Your answer to Fatma")).to_have_value("Ik kom maandag.")
    phone.page.get_by_role("button", name="Send it after all").click()
    expect(desk.page.locator("#log")).to_contain_text("Ik kom maandag.")
    desk.page.keyboard.press("n")
    desk.page.keyboard.type("Even, Henk")  # in the note, and no quick keys: e is done
    expect(desk.page.locator("#note_text")).to_have_value("Even, Henk")
    assert desk.complaints == []


def test_who_clicks_in_a_conversation_goes_on_reading_it(
    screen: Callable[..., Visitor], cold: Conversation, marloes: Person, henk: Person
) -> None:
    """The log takes the focus by a click. What was said appears all the same; what one is busy with is left alone, is
    not fetched over and over, and is not taken for read."""
    desk = screen(marloes)
    page, log = desk.page, desk.page.locator("#log")
    desk.go(f"/inbox/{cold.pk}/")
    log.locator(".bubble").first.click()
    expect(log).to_be_focused()
    hears(henk, cold.contact, "En nu tikt hij ook.")
    expect(log).to_contain_text("En nu tikt hij ook.")
    expect(log).to_be_focused()
    log.evaluate(BUTTON)
    page.locator("#own").focus()
    read = page.locator(MARKS).first.input_value()
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.append(asked.url) if asked.method == "GET" else None)
    hears(henk, cold.contact, "Kom je nog?")
    expect(page.locator("#queue")).to_contain_text("Kom je nog?")
    for _ask in range(2):
        page.wait_for_event("requestfinished", lambda asked: asked.url.endswith("/live/"))
    assert len([one for one in fetched if one.endswith(f"/inbox/{cold.pk}/")]) == 1
    expect(log).not_to_contain_text("Kom je nog?")
    assert page.locator(MARKS).first.input_value() == read
    page.get_by_label("Answer to Fatma").focus()
    expect(log).to_contain_text("Kom je nog?")
    expect(page.locator(MARKS).first).not_to_have_value(read)
    assert desk.complaints == []


def test_a_page_asks_no_more_than_it_costs(
    screen: Callable[..., Visitor], cold: Conversation, marloes: Person, henk: Person
) -> None:
    cost = {"asking": 5, "page": 5}

    def told(what: str) -> Callable[[Route], None]:
        def answer(route: Route) -> None:
            answered = route.fetch()
            timing = {"server-timing": f"work;dur={cost[what]}"}
            route.fulfill(response=answered, headers={**answered.headers, **timing})

        return answer

    desk = screen(marloes)
    page = desk.page
    page.add_init_script(CLOCK)
    page.route("**/live/", told("asking"))
    page.route(f"**/inbox/{cold.pk}/", told("page"))
    desk.go(f"/inbox/{cold.pk}/")
    page.mouse.move(10, 10)
    until(page, "waits.at(-1) === 1200 && waits.length > 1")
    cost["page"] = 60
    hears(henk, cold.contact, "En nu tikt hij ook.")
    until(page, "waits.includes(40 * 65)")
    cost.update(asking=50, page=5)
    until(page, "waits.at(-1) === 2000")
    cost["asking"] = 5
    page.evaluate("late = 200000")
    until(page, "waits.at(-1) === 2750")
    page.mouse.move(20, 20)
    until(page, "waits.at(-1) === 1200")
    page.unroute_all(behavior="wait")
    assert desk.complaints == []
