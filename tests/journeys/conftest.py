"""A real browser for journeys through the house."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

from koor.ground.people.models import Person
from tests.plugin import CHROMIUM


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


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
        context.close()
