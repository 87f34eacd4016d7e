"""A real browser for journeys through the house."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page, Request, Response, sync_playwright

from koor.ground.people.models import Person
from tests.journeys.patience import CLOSING, LONGEST, patience
from tests.plugin import CHROMIUM, WHOLE


class Browsers:
    """One Chromium for all journeys, and another when that one was ended."""

    def __init__(self, kind: BrowserType) -> None:
        self.kind = kind
        self.running: dict[str, Browser] = {}

    def one(self, program: str) -> Browser:
        found = self.running.get(program)
        if found is None or not found.is_connected():
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            found = self.running[program] = self.kind.launch(executable_path=program, args=arguments)
        return found


@pytest.fixture(scope="session")
def browsers() -> Iterator[Browsers]:
    with sync_playwright() as playwright:
        found = Browsers(playwright.chromium)
        yield found
        for opened in found.running.values():
            close(opened)


@pytest.fixture
def chromium(request: pytest.FixtureRequest, browsers: Browsers) -> Iterator[Browser]:
    """`@pytest.mark.browser(seconds)`: a journey that may take longer than the others; `whole=True`: in the one with a
    window, which can do more."""
    mark = request.node.get_closest_marker("browser")
    longest = mark.args[0] if mark and mark.args else LONGEST
    with patience(longest) as ended:
        yield browsers.one(WHOLE if mark and mark.kwargs.get("whole") else CHROMIUM)
    assert not ended.is_set(), f"the browser was ended after {longest} seconds"


def close(opened: Browser | BrowserContext) -> None:
    """Page by page: Chromium waits for ever when a context with two pages on one service worker ends at once."""
    with patience(CLOSING), suppress(Error):
        for page in opened.pages if isinstance(opened, BrowserContext) else ():
            page.close()
        opened.close()


@dataclass
class Visitor:
    """Somebody in front of a screen. Remembers what the browser complained about and whom it asked for something."""

    context: BrowserContext
    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    weights: dict[str, bytes] = field(default_factory=dict)

    def go(self, path: str) -> Response | None:
        self.weights.clear()
        return self.page.goto(self.home + path)

    def seen_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != urlsplit(self.home).netloc:
            self.elsewhere.add(request.url)

    def seen_response(self, response: Response) -> None:
        if response.request.resource_type in {"script", "stylesheet"}:
            self.weights[response.url] = b""

    def seen_console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


def until(page: Page, asked: str, patience: float = 30) -> Any:
    """Asks until the answer is something, of promises too, and whatever page it is by then."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with suppress(Error):
            if answered := answer(page, asked):
                return answered
        page.wait_for_timeout(50)
    raise AssertionError(f"not within {patience} seconds: {asked}")


def answer(page: Page, asked: str) -> Any:
    """What a page says within five seconds, else nothing: a promise that is never kept would stop all tests. Waited for
    as a condition, since that has a limit also where no page comes to ask."""
    within = f"Promise.race([{asked}, new Promise(late => setTimeout(late, 5000))])"
    return page.wait_for_function(f"async () => [await {within}]", timeout=10_000).json_value()[0]


@pytest.fixture
def screen(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """`screen(bram, width=390)` is Bram with his phone; `screen(None)` a stranger."""
    opened: list[BrowserContext] = []

    def sit_down(person: Person | None, *, width: int = 1440, height: int = 1000, **options: Any) -> Visitor:
        options.setdefault("locale", "en-GB")
        options.setdefault("service_workers", "block")  # the pages of one test are not another's
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        page = context.new_page()
        visitor = Visitor(context, page, live_server.url)
        page.on("request", visitor.seen_request)
        page.on("response", visitor.seen_response)
        page.on("console", visitor.seen_console)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        return visitor

    yield sit_down
    for context in opened:
        close(context)
