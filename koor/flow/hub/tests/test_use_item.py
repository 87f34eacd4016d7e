"""What the curator says before something is used: what it shows in words, and how long it rests after use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item
from koor.ground.contacts.models import Project
from koor.ground.people import actions as people
from koor.ground.people.models import House, Person
from koor.kernel.access import SYSTEM, Refused

Show = Callable[..., Item]
Visit = Callable[[Person | None], Client]


def test_without_words_for_the_picture_it_is_not_kept(bram: Person, marloes: Person, show: Show) -> None:
    item = show(bram, alt="")
    picture = item.media.get()
    with pytest.raises(Refused) as refusal:
        actions.keep_item(by=marloes, item=item, alts={picture.pk: "  "})
    assert refusal.value.field == f"alt-{picture.pk}"
    kept = actions.keep_item(by=marloes, item=item, alts={picture.pk: "A cabinet, open"})
    assert (kept.state, item.media.get().alt) == ("kept", "A cabinet, open")


def test_the_words_are_suggested_without_names(
    bram: Person, jelle_of_service: Person, marloes: Person, flat: Project, show: Show
) -> None:
    who = {"people": {"Jelle": jelle_of_service}, "Jelle": "yes", "Mrs. Smit": "yes"}
    item = queries.item(marloes, show(bram, "New wires\nand more", project=flat, alt="", **who).pk)
    said = queries.suggested_alt(item)
    assert said.startswith("New wires. Project: Meter cupboards")
    assert "servicemonteur" in said
    assert "Jelle" not in said
    assert "Smit" not in said


@pytest.fixture
def jelle_of_service(person: Callable[..., Person]) -> Person:
    return person("Jelle", "helper", job="Servicemonteur, tweede jaar")


def test_the_page_asks_for_words_at_the_field(bram: Person, marloes: Person, show: Show, visit: Visit) -> None:
    item = show(bram, "Pipes in a row", alt="")
    field = f"keep-alt-{item.media.get().pk}"
    browser = visit(marloes)
    assert "Pipes in a row.</textarea>" in browser.get(f"/library/{item.pk}/").content.decode()
    refused = browser.post(f"/library/{item.pk}/keep/", {"keep-reason": "", field: ""})
    assert refused.status_code == 422
    assert "Without that it is not kept." in refused.content.decode()
    sent = {"keep-reason": "Lovely.", "keep-ready": "This is what customers ask about.", field: "Pipes"}
    assert browser.post(f"/library/{item.pk}/keep/", sent).status_code == 302
    assert queries.item(bram, item.pk).decision == "This is what customers ask about. Lovely."


def test_a_ready_word_is_read_in_the_language_of_the_maker(
    bram: Person, marloes: Person, show: Show, visit: Visit
) -> None:
    Person.objects.filter(pk=bram.pk).update(language="nl")
    item = show(bram)
    ready = "We have a few that look like this. Keep them coming."
    visit(marloes).post(f"/library/{item.pk}/shelve/", {"shelve-ready": ready, "shelve-reason": ""})
    assert queries.item(bram, item.pk).decision == "We hebben er een paar die hierop lijken. Blijf ze sturen."


def test_only_what_nobody_described_is_filled_in(bram: Person, henk: Person, show: Show) -> None:
    bare, said = show(bram, "One", alt=""), show(bram, "Two")
    for item in (bare, said):
        picture = item.media.get()
        actions.describe_pictures(by=henk, item=item, alts={picture.pk: "By Henk"})
    assert [one.media.get().alt for one in (bare, said)] == ["By Henk", "A cabinet with wires"]


def test_something_evergreen_rests_after_use(noon: datetime, bram: Person, marloes: Person, show: Show) -> None:
    item = show(bram)
    actions.edit_item(by=marloes, item=item, evergreen=True)
    item.refresh_from_db()
    assert queries.rests_until(item) is None
    actions.note_use(by=SYSTEM, items=[item.pk], at=noon - timedelta(days=10))
    item.refresh_from_db()
    assert queries.rests_until(item) == (noon + timedelta(days=80)).date()
    assert queries.rests_until(item, (noon + timedelta(days=80)).date()) is None
    people.change_house(by=SYSTEM, house=House.objects.get(), evergreen_rest=30)
    assert queries.rests_until(item) == (noon + timedelta(days=20)).date()
    item = actions.edit_item(by=marloes, item=item, rest_days=5)
    assert queries.rests_until(item) is None
    assert queries.rested_on(item, date(2030, 1, 1)) == date(2030, 1, 6)
    item = actions.edit_item(by=marloes, item=item, evergreen=False, rest_days=400)
    assert queries.rests_until(item) is None


def test_a_rest_has_an_end(bram: Person, marloes: Person, show: Show) -> None:
    for days in (-1, 100_000):
        with pytest.raises(Refused):
            actions.edit_item(by=marloes, item=show(bram), rest_days=days)
