"""What the compose page begins with: the account that suits this colleague, and open places in the calendar."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client

from koor.flow.calendar import actions as calendar
from koor.flow.calendar.models import Slot
from koor.flow.hub.models import Item
from koor.flow.publishing.choices import Stage
from koor.flow.publishing.models import Post
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM

Visit = Callable[[Person | None], Client]
Write = Callable[..., Post]


def ticked(browser: Client, account: Account, query: str = "") -> bool:
    return f'value="{account.pk}" checked' in browser.get(f"/posts/new/{query}").content.decode()


def test_who_never_posted_begins_with_the_account_of_the_house(
    bram: Person, stage: Account, news: Account, visit: Visit
) -> None:
    browser = visit(bram)
    assert ticked(browser, news)
    assert not ticked(browser, stage)


def test_without_an_account_of_the_house_with_the_own_one(rob: Person, by_hand: Account, visit: Visit) -> None:
    assert ticked(visit(rob), by_hand)


def test_nothing_is_ticked_on_somebody_elses_own_account(bram: Person, by_hand: Account, visit: Visit) -> None:
    assert not ticked(visit(bram), by_hand)


def test_who_posted_before_begins_where_that_was(
    bram: Person, stage: Account, news: Account, write: Write, visit: Visit
) -> None:
    write("Hallo.", stage)
    browser = visit(bram)
    assert ticked(browser, stage)
    assert not ticked(browser, news)


def test_the_account_that_a_link_names_is_ticked_alone(
    bram: Person, stage: Account, news: Account, visit: Visit
) -> None:
    browser = visit(bram)
    assert ticked(browser, stage, f"?accounts={stage.pk}")
    assert not ticked(browser, news, f"?accounts={stage.pk}")  # who practises does not post for real
    assert ticked(browser, news, "?accounts=0")


# ── An open place in the calendar ────────────────────────────────────────────────────────────────────────────────────


def a_slot(when: datetime, days: int = 3, **more: object) -> Slot:
    return calendar.plan_slot(by=SYSTEM, day=(when + timedelta(days=days)).date(), **more)  # type: ignore[arg-type]


def test_open_places_that_suit_are_offered(
    noon: datetime, bram: Person, marloes: Person, news: Account, by_hand: Account, visit: Visit
) -> None:
    open_one = a_slot(noon, title="Uitleg")
    mine = a_slot(noon, title="Van Bram", person=bram, account=news)
    others = a_slot(noon, title="Van Marloes", person=marloes)
    elsewhere = a_slot(noon, title="Ergens anders", account=by_hand)
    page = visit(bram).get("/posts/new/").content.decode()
    for slot, offered in ((open_one, True), (mine, True), (others, False), (elsewhere, False)):
        assert (f'<option value="{slot.pk}"' in page) is offered


def test_without_open_places_there_is_nothing_to_choose(bram: Person, news: Account, visit: Visit) -> None:
    assert "In an open place" not in visit(bram).get("/posts/new/").content.decode()


def test_an_item_joins_an_open_place(noon: datetime, bram: Person, news: Account, visit: Visit) -> None:
    slot, browser = a_slot(noon, title="Uitleg"), visit(bram)
    shown = Item.objects.create(kind="text", by=bram, text="Op palen.", made_at=noon)
    page = browser.get(f"/library/{shown.pk}/").content.decode()
    assert f"/posts/new/?item={shown.pk}&amp;slot={slot.pk}" in page
    said = {
        "text": "Op palen.",
        "accounts": news.pk,
        "when": "slot",
        "open_slot": slot.pk,
        "do": "go",
        "item": shown.pk,
    }
    browser.post("/posts/new/", {**said, "do": "go", "item": shown.pk})
    post = Post.objects.get()
    assert (post.stage, post.slot, post.targets.get().due_day) == (Stage.RELEASED, slot, slot.day)
    slot.refresh_from_db()
    assert slot.filled
    assert slot.person == bram  # who fills an open place gave it
    assert Slot.objects.count() == 1


def test_a_place_that_was_taken_meanwhile(
    noon: datetime, bram: Person, marloes: Person, news: Account, visit: Visit
) -> None:
    slot, browser = a_slot(noon, title="Uitleg"), visit(bram)
    calendar.take_slot(by=marloes, slot=slot)
    answer = browser.post(
        "/posts/new/", {"text": "Hallo.", "accounts": news.pk, "when": "slot", "open_slot": slot.pk, "do": "go"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody took that place just now" in page
    assert "Hallo." in page
    assert not Post.objects.exists()
