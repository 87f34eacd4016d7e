"""What is said on two networks comes into one stream, once; and when many say it, the alarm arrives in the browser."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from koor.flow.listening import actions as listening
from koor.flow.listening import queries
from koor.flow.listening.actions import hearing, spooling
from koor.flow.listening.models import Mention, Source
from koor.ground.channels import actions as channels
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from koor.kernel.tests.test_push import Browser
from tests.journeys.conftest import Visitor, until
from tests.journeys.test_messages_on_a_phone import SHOWN, SUBSCRIBES, deliver
from tests.mastodon_server import MastodonServer
from tests.peers.bluesky_server import HANDLE, PASSWORD, BlueskyServer
from tests.peers.test_firehose import Els
from tests.peers.test_firehose import until as waited

pytestmark = [
    pytest.mark.browser(170, whole=True),
    pytest.mark.peers("bluesky"),
    pytest.mark.django_db(transaction=True),
]
ON_MASTODON = "Onze warmtepomp bromt al drie nachten achter elkaar #reurslag"
ON_BLUESKY = "Wie heeft ervaring met een stille warmtepomp in een rijtjeshuis"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process that holds the lines, as a thread."""
    monkeypatch.setattr(hearing, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(spooling, "NAMES_WAIT", timedelta(0))  # this server has no reading service that knows names
    stop = threading.Event()

    def hold() -> None:
        listening.hold_lines(stop)
        connection.close()

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(10)


@pytest.fixture
def pushed(httpserver: HTTPServer) -> list[bytes]:
    """What a service for messages on phones was asked to bring."""
    came: list[bytes] = []

    def take(request: Request) -> Response:
        came.append(request.get_data())
        return Response(status=201)

    httpserver.expect_request("/push/marloes", method="POST").respond_with_handler(take)
    return came


@pytest.fixture
def accounts(
    mastodon: MastodonServer, bluesky_server: BlueskyServer, httpserver: HTTPServer, marloes: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    host, port = bluesky_server.place
    hosts = f"{mastodon.host}:{mastodon.port},{host}:{port},{httpserver.host}:{httpserver.port}"
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", hosts)
    for connector, settings, kept in (
        ("mastodon", {"server": mastodon.url}, {"access_token": mastodon.token}),
        ("bluesky", {"server": bluesky_server.url, "handle": HANDLE}, {"app_password": PASSWORD}),
    ):
        channels.add_account(
            by=SYSTEM, connector=connector, name=f"Reurslag {connector}", owner=marloes, settings=settings, secrets=kept
        )


def add_source(visitor: Visitor, offer: str, name: str, **fields: str) -> None:
    """By the pages: choose, fill in, start."""
    visitor.go("/listen/sources/")
    visitor.page.get_by_role("link", name=re.compile("Add (a|the first) source")).first.click()
    visitor.page.get_by_role("link", name=re.compile(offer)).click()
    visitor.page.get_by_label("Name", exact=True).fill(name)
    for label, value in fields.items():
        visitor.page.get_by_label(label, exact=False).fill(value)
    visitor.page.get_by_role("button", name="Start listening").click()
    expect(visitor.page.get_by_text("Added. The first visit follows at once.")).to_be_visible()


def add_query(visitor: Visitor) -> None:
    visitor.go("/listen/queries/add/")
    visitor.page.get_by_label("Name", exact=True).fill("Warmtepompen")
    visitor.page.locator("[name=expression]").fill("warmtepomp")
    visitor.page.locator("main form button.first").first.click()
    expect(visitor.page.get_by_role("heading", name="Warmtepompen").first).to_be_visible()


def all_open() -> bool:
    return all(queries.is_open(one) for one in Source.objects.filter(name__in=("Op Mastodon", "Op Bluesky")))


def rows_with(page: Page, text: str) -> Any:
    return page.locator("[data-row]", has_text=text)


@pytest.mark.usefixtures("accounts", "lines")
def test_heard_on_both_and_an_alarm_when_many_say_it(
    screen: Callable[..., Visitor], marloes: Person, mastodon: MastodonServer, bluesky_server: BlueskyServer,
    httpserver: HTTPServer, pushed: list[bytes], run_jobs: Callable[[], None],
) -> None:  # fmt: skip
    desk, browser = screen(marloes, service_workers="allow"), Browser()
    add_query(desk)
    add_source(desk, "A hashtag.*Mastodon", "Op Mastodon", Hashtag="#reurslag")
    add_source(desk, "from a server or relay.*Bluesky", "Op Bluesky", **{"Address of the stream": bluesky_server.url})
    waited(all_open)
    mastodon.inject("post", text=ON_MASTODON)
    Els(bluesky_server).says(ON_BLUESKY)
    waited(lambda: Mention.objects.count() == 2)
    listening.fetch(Source.objects.get(name="Op Mastodon").pk)  # the visit finds it too
    desk.go("/listen/")
    for said in (ON_MASTODON, ON_BLUESKY):
        expect(rows_with(desk.page, said)).to_have_count(1)
    assert set(Mention.objects.values_list("matches__query__name", flat=True)) == {"Warmtepompen"}
    allow_messages(desk, httpserver, browser)
    for number in range(9):
        mastodon.inject("post", by=f"buur{number}@social.example", text=f"De warmtepomp van {number} lekt #reurslag")
    waited(lambda: Mention.objects.count() == 11)
    listening.watch(by=SYSTEM)
    run_jobs()
    arrives(desk, browser, pushed)


def allow_messages(desk: Visitor, httpserver: HTTPServer, browser: Browser) -> None:
    """Asked for by a press; the service behind the address stands on loopback."""
    desk.context.grant_permissions(["notifications"], origin=desk.home)
    made = {"endpoint": httpserver.url_for("/push/marloes"), "keys": browser.given}
    desk.page.add_init_script(SUBSCRIBES % json.dumps(made))
    desk.go("/me/")
    desk.page.get_by_role("link", name="Messages on your phone").click()
    desk.page.get_by_role("button", name="On this device").click()
    expect(desk.page.get_by_text("This device gets a message")).to_be_visible()


def arrives(desk: Visitor, browser: Browser, pushed: list[bytes]) -> None:
    """What came to the service, sealed for this browser, is shown by it, and its page is opened."""
    said = next(one for one in (json.loads(browser.read(body)) for body in pushed) if "/alarms/" in one["url"])
    deliver(desk, said)
    shown = until(desk.page, f"{SHOWN}.then(all => all.length && all)")
    assert said["url"] in [one[3] for one in shown]
    desk.go("/")
    expect(desk.page.get_by_role("heading", name=re.compile("Does this burn")).first).to_be_visible()
    desk.go(said["url"])
    expect(desk.page.get_by_role("heading", name=re.compile("Does this burn")).first).to_be_visible()
    expect(desk.page.get_by_text("De warmtepomp van", exact=False).first).to_be_visible()
    desk.page.get_by_role("button", name="It burns: open a fire").click()
    expect(desk.page).to_have_url(re.compile("/fires/"))
