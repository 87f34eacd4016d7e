"""Every page that a person can reach: it opens, in both languages; axe finds nothing; nothing hangs over the side of a
narrow phone; no other host is asked for anything; script and style stay light."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.urls.exceptions import NoReverseMatch

from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.shell.navigation import FRONT, MANAGEMENT, VERBS
from tests.journeys.conftest import Visitor
from tests.plugin import ALL

NARROW = 320
LIGHT = 60 * 1024  # bytes of script and style over the wire
PER_VIEW = 2 if ALL else 1  # addresses of one page that are opened, such as two posts
NARROW_RULES = ["scrollable-region-focusable", "target-size", "region"]
LINK = re.compile(r'(?:href|hx-get)="([^"]+)"')
STARTS = ("/", "/newsroom/", "/sign-in/login/", "/no-such-page/")
ROLES = ("curator", "colleague", "captain", "administrator", "newcomer", "stranger")
WALKS = [  # each role once; all of them in both languages in `make test-long`; the curator walks through the demo
    pytest.param(role, language, marks=() if number and language == ("nl", "en")[number % 2] else pytest.mark.long)
    for number, role in enumerate(ROLES)
    for language in ("nl", "en")
]
SHOTS = os.environ.get("KOOR_TEST_SHOTS", "")  # a folder: keep a picture of each page


@dataclass(frozen=True)
class Found:
    path: str
    view: str


def places() -> Iterator[str]:
    for place in (*FRONT, *(place for verb in (*VERBS, MANAGEMENT) for place in verb.places)):
        try:
            yield reverse(place.url_name)
        except NoReverseMatch:
            continue


@cache
def view_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def links_on(page: str, at: str) -> Iterator[str]:
    for link in LINK.findall(page):
        address = urlsplit(urljoin(f"http://here{at}", link.replace("&amp;", "&")))
        if address.netloc == "here" and not address.path.startswith(("/static/", "/files/")):
            yield address.path + (f"?{address.query}" if address.query else "")


def kind_of(path: str) -> str:
    """`/posts/1/` and `/posts/2/` are one kind."""
    return re.sub(r"[0-9][0-9-]*", "0", path)


def reachable(client: Client, language: str, known: Container[str] = (), most: int = PER_VIEW) -> list[Found]:
    """Everything that can be opened by following links from the first page, at most so many addresses a view; not the
    kinds of page that are known."""
    asked = {*STARTS, *places()}  # typed in by hand; all else is a link on a page, and a link leads somewhere
    waiting, seen, pages = sorted(asked), set[str](), list[Found]()
    while waiting:
        path = waiting.pop(0)
        view = view_of(path)
        if path in seen or kind_of(path) in known or sum(found.view == view for found in pages) >= most:
            continue
        seen.add(path)
        answered = client.get(path, headers={"Accept-Language": language})
        assert answered.status_code < (500 if path in asked else 400), (
            f"a link to {path} answers {answered.status_code}"
        )
        if answered.status_code in {301, 302}:
            waiting.append(next(links_on(f'href="{answered["Location"]}"', path), path))
        if answered.streaming:  # a file; writing it to its end works too
            assert b"".join(answered)
            continue
        if answered.status_code >= 300 or not answered.content or "text/html" not in answered["Content-Type"]:
            if answered.status_code in {403, 404} and "text/html" in answered["Content-Type"] and not view:
                pages.append(Found(path, "error"))
            continue
        page = answered.content.decode()
        chosen = re.search(r"[?&]lang=(\w+)", path)
        spoken = house().language if path.startswith("/newsroom") else chosen[1] if chosen else language
        assert f'lang="{spoken}"' in page[:200], f"{path} does not speak {spoken}"
        pages.append(Found(path, view))
        waiting += links_on(page, path)
    return pages


@pytest.fixture
def cast(
    marloes: Person, bram: Person, hanna: Person, ada: Person, pieter: Person, newcomer: Person
) -> dict[str, Person | None]:
    return {
        "curator": marloes,
        "colleague": bram,
        "captain": hanna,
        "administrator": ada,
        "newcomer": newcomer,
        "stranger": None,
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("role", "language"), WALKS)
def test_every_page_opens_in_its_language(
    visit: Callable[[Person | None], Client], cast: dict[str, Person | None], role: str, language: str
) -> None:
    person = cast[role]
    if person is not None:
        person.language = language
        person.save()
    pages = reachable(visit(person), language)
    assert len(pages) > (2 if person is None else 4)


@pytest.mark.browser(400)
@pytest.mark.django_db(transaction=True)
def test_every_place_is_for_everyone(
    screen: Callable[..., Visitor], visit: Callable[[Person | None], Client], cast: dict[str, Person | None]
) -> None:
    """What the navigation leads to, and what is typed in by hand."""
    opened: set[str] = set()
    wrong: list[str] = []
    for role in ("stranger", "curator", "administrator"):
        visitor, client = screen(cast[role]), visit(cast[role])
        for path in STARTS if role == "stranger" else sorted(set(places()) - opened):
            if role == "stranger" or client.get(path).status_code == 200:
                opened.add(path)
                wrong += [f"{role} at {path}: {line}" for line in wrong_on(visitor, Found(path, view_of(path)))]
    assert len(opened) > 30
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.long
@pytest.mark.browser(400)
@pytest.mark.django_db(transaction=True)
def test_every_page_is_for_everyone(
    screen: Callable[..., Visitor], visit: Callable[[Person | None], Client], cast: dict[str, Person | None]
) -> None:
    opened: set[str] = set()
    wrong: list[str] = []
    for role, person in cast.items():
        everything = reachable(visit(person), "en")
        assert len(everything) > (2 if person is None else 4)
        pages = [found for found in everything if found.view not in opened]
        visitor = screen(person)
        for found in pages:
            if found.view not in opened:
                opened.add(found.view)
                wrong += [f"{role} at {found.path}: {line}" for line in wrong_on(visitor, found)]
    assert not wrong, "\n".join(["", *wrong])


def wrong_on(visitor: Visitor, found: Found) -> Iterator[str]:
    visitor.complaints.clear()
    visitor.page.set_viewport_size({"width": 1440, "height": 1000})
    visitor.go(found.path)
    keep_picture(visitor, f"{found.view.replace(':', '-')}-1440")
    yield from axe_finds(visitor.page)
    yield from (f"the browser says: {line}" for line in visitor.complaints)
    yield from (f"asks {address}" for address in visitor.elsewhere)
    weight = over_the_wire(visitor.weights)
    if weight > LIGHT:
        yield f"script and style weigh {weight} bytes"
    visitor.page.set_viewport_size({"width": NARROW, "height": 700})
    keep_picture(visitor, f"{found.view.replace(':', '-')}-{NARROW}")
    yield from axe_finds(visitor.page, NARROW_RULES)
    width = visitor.page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW:
        yield f"is {width} wide on a screen of {NARROW}: {hanging_over(visitor.page)}"


def axe_finds(page: Any, rules: list[str] | None = None) -> Iterator[str]:
    """Asks axe for what is wrong alone: all that is right would be ten times as much to gather and to carry over."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"], "elementRef": False, "preload": {"assets": ["media"]}}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    for violation in page.evaluate("options => axe.run(options).then(found => found.violations)", options):
        nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        yield f"axe {violation['id']}: {violation['help']} ({nodes})"


def hanging_over(page: Any) -> str:
    return str(
        page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".slice(0, 4).map(e => e.tagName + '.' + e.className)"
        )
    )


def over_the_wire(addresses: Any) -> int:
    """What the files weigh as the house sends them: gzipped."""
    total = 0
    for address in addresses:
        file = finders.find(urlsplit(address).path.removeprefix("/static/"))
        assert file, f"{address} is no static file of the house"
        total += len(gzip.compress(Path(str(file)).read_bytes(), 6))
    return total


def keep_picture(visitor: Visitor, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
