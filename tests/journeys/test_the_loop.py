"""One idea travels the whole loop: shown on site, kept, planned, published, answered by a customer, given to the
colleague whom that customer knows, answered, remembered, and shown for what it did. In a real browser, with the jobs
that the worker does, against a platform that counts copies."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from koor.flow.conversations.models import Conversation, Message
from koor.flow.hub.media.tests.pictures import MARK, marked
from koor.flow.hub.models import Item
from koor.flow.listening import actions as listening
from koor.flow.listening import tasks as listening_tasks
from koor.flow.publishing.models import Target
from koor.flow.relations.models import Touch
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.ground.people.models import Person
from koor.ground.people.queries import today
from koor.kernel import files
from koor.kernel.access import SYSTEM
from tests.journeys.conftest import Visitor
from tests.mastodon_server import MastodonServer
from tests.mastodon_server.control import copies, inject

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]

SENTENCE = "All labelled, even the neighbour could find it."
POST = "A cabinet in which everything has its place. Bram made it in Borculo."
QUESTION = "Beautiful. Could you make one like that for us too?"
ANSWER = "Gladly, Fatma. I come by on Thursday and look at it with you."


@pytest.fixture
def mastodon_account(mastodon: MastodonServer, marloes: Person, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port}")
    return channels.add_account(
        by=SYSTEM,
        connector="mastodon",
        name="Reurslag on Mastodon",
        owner=marloes,
        settings={"server": mastodon.url},
        secrets={"access_token": mastodon.token},
    )


@pytest.fixture
def newsroom(marloes: Person) -> Account:
    return channels.add_account(by=SYSTEM, connector="newsroom", name="Newsroom", owner=marloes)


@pytest.fixture
def fatma_knows_henk(henk: Person) -> None:
    fatma = contacts.meet_contact(by=SYSTEM, name="Fatma Kaya", platform="mastodon", handle="@fatma@social.example")
    contacts.introduce(by=SYSTEM, person=henk, contact=fatma, how="Did her heat pump")


@pytest.fixture
def listens(mastodon_account: Account) -> None:
    listening.add_source(by=SYSTEM, name="To us", kind="notifications", settings={}, account=mastodon_account)


@pytest.mark.usefixtures("fatma_knows_henk", "listens")
def test_one_idea_travels_the_whole_loop(
    screen: Screen,
    bram: Person,
    marloes: Person,
    henk: Person,
    mastodon: MastodonServer,
    mastodon_account: Account,
    newsroom: Account,
    run_jobs: Callable[[], None],
    tmp_path: Path,
) -> None:
    phone, desk = screen(bram, width=390, height=844), screen(marloes)
    henks = screen(henk, width=390, height=844)
    _shown_on_site(phone, tmp_path)
    run_jobs()
    _kept(desk)
    _made_a_post(desk)
    _in_the_calendar(desk)
    _let_go_now(desk)
    run_jobs()
    up = _up_once(mastodon, mastodon_account)
    _in_the_newsroom(screen)
    inject(mastodon.world, "reply", "fatma@social.example", "Fatma Kaya", f"@reurslag {QUESTION}", up)
    _heard(run_jobs)
    _with_whom_she_knows(henks, henk)
    _answered_on_the_phone(henks, mastodon, run_jobs)
    _remembered(henks)
    _shown_for_what_it_did(desk)
    assert [*phone.complaints, *desk.complaints, *henks.complaints] == []
    assert not phone.elsewhere | desk.elsewhere | henks.elsewhere


def _shown_on_site(phone: Visitor, folder: Path) -> None:
    """A photo as a phone makes it, with the place where it was taken."""
    photo = folder / "IMG_5207.jpg"
    photo.write_bytes(marked("jpeg", size=(1600, 1200)))
    assert MARK in photo.read_bytes()
    phone.go("/")
    phone.page.get_by_role("link", name="Show", exact=True).click()
    phone.page.set_input_files("#gallery", photo)
    phone.page.fill("[name=sentence]", SENTENCE)
    phone.page.get_by_role("button", name="Done").click()
    phone.page.wait_for_url("**/capture/*/")


def _kept(desk: Visitor) -> None:
    """The curator looks at what is new and keeps it; nothing of place or device is left."""
    desk.go("/library/?state=new")
    desk.page.get_by_role("link", name=SENTENCE).first.click()
    desk.page.get_by_role("button", name="Keep it").click()
    expect(desk.page.get_by_text("kept it")).to_be_visible()
    item = Item.objects.get()
    renditions = [files.read(one.file) for one in item.media.get().renditions.all()]
    assert len(renditions) >= 3
    assert not [one for one in renditions if MARK in one or b"Exif" in one]


def _made_a_post(desk: Visitor) -> None:
    """In two steps: write it for two places, each as it will look there; let it go at a moment."""
    page = desk.page
    page.get_by_role("link", name="Make it a post").click()
    page.fill("[name=text]", POST)
    page.get_by_label("What it shows").first.fill("A cabinet with labelled shelves")
    for place in ("Reurslag on Mastodon", "Newsroom"):
        page.get_by_role("checkbox", name=place).check()
    page.get_by_label("At a moment").check()
    page.fill("[name=day]", (today() + timedelta(days=1)).isoformat())
    page.fill("[name=time]", "10:00")
    for place in ("Reurslag on Mastodon", "Newsroom"):
        shown = page.locator("#places section", has=page.get_by_role("heading", name=place))
        expect(shown.get_by_text("everything has its place").first).to_be_visible()
    page.locator("#go").click()
    expect(page.get_by_text("It is planned.")).to_be_visible()


def _in_the_calendar(desk: Visitor) -> None:
    """It fills a place in the calendar, from where one comes back to the post."""
    desk.go(f"/calendar/week/{today() + timedelta(days=1)}/")
    desk.page.get_by_role("link", name="A cabinet in which everything").first.click()
    expect(desk.page.get_by_text("What stands ready")).to_be_visible()
    desk.page.locator("main").get_by_role("link", name="A cabinet in which everything").first.click()


def _let_go_now(desk: Visitor) -> None:
    """Not tomorrow: now."""
    for _place in range(2):
        with desk.page.expect_navigation():
            desk.page.get_by_role("button", name="Post it now").first.click()


def _up_once(mastodon: MastodonServer, account: Account) -> str:
    """Published on both places, once; gives the platform's number."""
    assert sorted(Target.objects.values_list("state", flat=True)) == ["published", "published"]
    row = Target.objects.get(account=account)
    found = copies(mastodon.world, row.text)
    assert (found["live"], found["ever"]) == (1, 1), found
    assert found["ids"] == [row.remote_id]
    return row.remote_id


def _in_the_newsroom(screen: Screen) -> None:
    """Everyone can read it, without signing in."""
    stranger = screen(None)
    stranger.go("/newsroom/")
    expect(stranger.page.get_by_text("everything has its place").first).to_be_visible()
    assert "everything has its place" in stranger.page.request.get(f"{stranger.home}/newsroom/feed.atom").text()
    assert stranger.complaints == []


def _heard(run_jobs: Callable[[], None]) -> None:
    """The worker asks the platform, as it does every few minutes."""
    from koor.flow.listening.models import Source

    listening_tasks.fetch_source.func(source=Source.objects.get(name="To us").pk)
    run_jobs()
    assert Conversation.objects.count() == 1


def _with_whom_she_knows(henks: Visitor, henk: Person) -> None:
    """On his phone, with the reason."""
    assert Conversation.objects.get().assignee == henk
    henks.go("/")
    henks.page.get_by_role("link", name="Talk", exact=False).first.click()
    henks.page.get_by_role("link", name="Fatma Kaya").first.click()
    expect(henks.page.get_by_text(re.compile("because you (know Fatma|are the direct line)"))).to_be_visible()
    expect(henks.page.get_by_role("log").get_by_text(QUESTION)).to_be_visible()


def _answered_on_the_phone(henks: Visitor, mastodon: MastodonServer, run_jobs: Callable[[], None]) -> None:
    _write_answer(henks.page)
    run_jobs()
    found = [text for text in copies(mastodon.world)["texts"] if ANSWER in text]
    assert len(found) == 1
    seen = copies(mastodon.world, found[0])
    assert (seen["live"], seen["ever"]) == (1, 1), seen
    said = Message.objects.get(direction="out")
    assert (said.failed, said.target.state) == (False, "published")


def _write_answer(page: Page) -> None:
    page.get_by_label("Your answer to Fatma").fill(ANSWER)
    page.get_by_role("button", name="Send to Fatma").dblclick()
    expect(page.get_by_role("log").get_by_text(ANSWER)).to_be_visible()


def _remembered(henks: Visitor) -> None:
    """What she asked and what he answered stand on her line."""
    henks.go("/people/")
    henks.page.get_by_role("link", name="Fatma Kaya").first.click()
    line = henks.page.get_by_role("region", name="The story of Fatma")
    expect(line.get_by_text(QUESTION[:40]).first).to_be_visible()
    expect(line.get_by_text("and one more")).to_be_visible()
    expect(henks.page.get_by_text(ANSWER).first).to_be_visible()
    told = list(Touch.objects.order_by("at").values_list("person__name", "sentence"))
    assert [QUESTION in told[0][1], told[1]] == [True, ("Henk Oonk", ANSWER)], told


def _shown_for_what_it_did(desk: Visitor) -> None:
    desk.go("/insight/")
    expect(desk.page.get_by_text("We showed our work 2 times and helped one person.")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="1 person helped")).to_be_visible()
