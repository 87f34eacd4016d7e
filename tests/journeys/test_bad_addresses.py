"""Whatever stands in an address or a form, a person gets a page with words, never a fall: every address of the house
with numbers that no database holds, signs that no text holds, and a hundred thousand characters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zlib import crc32

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter

from koor.ground.people.models import Person
from tests.plugin import ALL

FAR = "99999999999999999999999999"
ASKED = (
    "q", "page", "state", "group", "query", "source", "label", "kind", "by", "person", "day", "item", "slot", "after",
    "tag", "project", "contact", "account", "sort", "from", "until", "next", "verb", "before", "month", "to", "prompt",
)  # fmt: skip
SENT = ("text", "title", "sentence", "who", "agrees", "do", "once", "version", "accounts", "medium")
pytestmark = pytest.mark.django_db
TODAY = date.today()
SAID = f"asked on {TODAY}; with KOOR_TEST_ALL=1 all of them on any day"


def its_turn(address: str, half: int = 0) -> bool:
    """Half of the addresses today and the other half tomorrow, whatever their place in the list."""
    return ALL or (crc32(address.encode()) + TODAY.toordinal()) % 2 == half


def addresses(patterns: list[Any], before: str = "/") -> Iterator[str]:
    """Each address of the rooms with numbers and words that nothing has."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if one.app_name not in {"ninja"} and "sign-in" not in route:
                yield from addresses(one.url_patterns, route)
        elif isinstance(one, URLPattern) and "^" not in route:
            for number, word in ((FAR, "x" * 300), ("0", "%00")):
                address = route
                for name, converter in one.pattern.converters.items():
                    kind = next(part for part in route.split("<") if part.split(">")[0].endswith(name)).split(">")[0]
                    slug = isinstance(converter, SlugConverter)
                    value = number if isinstance(converter, IntConverter) else "x-0" if slug else word
                    address = address.replace(f"<{kind}>", value)
                yield address


@pytest.fixture
def everything() -> list[str]:
    return sorted(set(addresses(get_resolver().url_patterns)))


def test_no_address_falls(visit: Callable[[Person], Client], marloes: Person, everything: list[str]) -> None:
    """With numbers that nothing can have, or that nothing has: half of both, the other half the next day."""
    asked = [address for address in everything if its_turn(address)]
    browser = visit(marloes)
    browser.raise_request_exception = False
    assert len(everything) > 150
    fallen = [address for address in asked if browser.get(address).status_code >= 500]
    assert fallen == [], SAID


@pytest.mark.parametrize(("half", "nasty"), list(enumerate(["%00x", f"\u202e%F0%9F%92%A9%27;--{FAR}"])))
def test_no_question_falls(
    visit: Callable[[Person], Client], marloes: Person, everything: list[str], half: int, nasty: str
) -> None:
    """Half of the addresses with one, half with the other; the other way round the next day."""
    browser = visit(marloes)
    browser.raise_request_exception = False
    question = "&".join(f"{name}={nasty}" for name in ASKED)
    plain = [address for address in everything if not any(part in address for part in (FAR, "%00", "x-0", "/0/"))]
    asked = [address for address in plain if its_turn(address, half)]
    fallen = [address for address in asked if browser.get(f"{address}?{question}").status_code >= 500]
    assert fallen == [], SAID


def test_no_empty_form_falls(visit: Callable[[Person], Client], marloes: Person, everything: list[str]) -> None:
    """Sent without a field, and with signs that no text holds."""
    browser = visit(marloes)
    browser.raise_request_exception = False
    nasty = dict.fromkeys((*ASKED, *SENT), "\x00" + FAR)
    plain = [address for address in everything if not any(part in address for part in (FAR, "%00", "/0/"))]
    fallen = [
        f"{address} {sorted(sent)[:1]}"
        for address in plain
        for sent in ({}, nasty)
        if browser.post(address, sent).status_code >= 500
    ]
    assert fallen == []
