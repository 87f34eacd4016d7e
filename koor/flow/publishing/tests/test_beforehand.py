"""What a platform charges, and what it makes a title of, stands beside the counter while one writes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from koor.flow.publishing.queries.previews import preview_of
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock


@pytest.fixture
def on(marloes: Person) -> Callable[[str], Account]:
    """An account on a platform, as it comes back from there."""

    def make(connector: str) -> Account:
        return Account.objects.create(connector=connector, name=connector, owner=marloes, made_at=clock.now())

    return make


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("Hallo", {}, "X charges $0.015 for this."),
        ("Hallo reurslag.nl", {}, "X charges $0.20 for this."),
        ("een\n---\ntwee", {"thread": "yes"}, "2 posts in a thread; X charges $0.03 for them."),
        ("", {}, ""),
    ],
)
def test_what_it_costs(on: Callable[[str], Account], text: str, options: dict[str, str], told: str) -> None:
    with translation.override("en"):
        assert preview_of(on("x"), text, options=options).beforehand == told


def test_in_dutch(on: Callable[[str], Account]) -> None:
    with translation.override("nl"):
        assert preview_of(on("x"), "Hallo").beforehand == "X rekent hier $\u00a00,015 voor."


def test_most_platforms_say_nothing(on: Callable[[str], Account]) -> None:
    assert preview_of(on("mastodon"), "Hallo").beforehand == ""


def test_a_long_text_fits_as_a_thread(on: Callable[[str], Account]) -> None:
    account: Any = on("x")
    assert preview_of(account, "woord " * 100).too_long
    assert not preview_of(account, "woord " * 100, options={"thread": "yes"}).too_long
