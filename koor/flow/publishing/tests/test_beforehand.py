"""What a platform charges, and what it makes a title of, stands beside the counter while one writes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from koor.flow.hub.models import Medium, Rendition
from koor.flow.publishing.queries.compose import with_renditions
from koor.flow.publishing.queries.previews import preview_of
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.models import StoredFile


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


def test_a_letter_that_becomes_too_heavy_is_told_while_one_writes(
    on: Callable[[str], Account], marloes: Person
) -> None:
    shown = []
    for name in ("een", "twee", "drie"):
        medium = Medium.objects.create(by=marloes, alt=name)
        file = StoredFile.objects.create(
            handle=name, digest=name, path=name, mime="image/jpeg", size=2_900_000, at=clock.now()
        )
        Rendition.objects.create(medium=medium, file=file, format="jpeg", width=2048, height=1500)
        shown.append((with_renditions(medium), name))
    assert preview_of(on("newsletter"), "Ons werk.", title="Werk", pictures=shown[:2]).problem == ""
    assert "8 MB" in preview_of(on("newsletter"), "Ons werk.", title="Werk", pictures=shown).problem


def test_a_long_text_fits_as_a_thread(on: Callable[[str], Account]) -> None:
    account: Any = on("x")
    assert preview_of(account, "woord " * 100).too_long
    assert not preview_of(account, "woord " * 100, options={"thread": "yes"}).too_long
