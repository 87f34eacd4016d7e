"""The library: found as one types, filtered, and each sees what is theirs to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item
from koor.flow.hub.queries import finding
from koor.flow.hub.tests.conftest import ASK, NO, YES
from koor.ground.contacts.models import Project
from koor.ground.people import queries as people
from koor.ground.people.models import Person

Show = Callable[..., Item]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("warmtepomp", True),
        ("WARMTE", True),
        ("pomp", False),
        ("cafe", True),
        ("Café zolder", True),
        ("zolders", True),
        ("pompen", False),
        ("op de zolder van een cafe", True),
        ("deksel", False),
        ("bram", True),
        ("bram zolder", True),
        ("henk zolder", False),
        ("leerlingen", True),
        ("warmtepomp dak", False),
        ("slagheurne", True),
        ("#leerling", True),
        ("#ander", False),
        ("!!!", False),
        ("x' | y & (q", False),
        ("", True),
        ("x" * 5000, False),
    ],
)
def test_found_as_one_types(bram: Person, flat: Project, show: Show, words: str, found: bool) -> None:
    item = show(bram, "Warmtepomp op de zolder van het café", project=flat)
    actions.edit_item(by=bram, item=item, tags=["leerling"])
    assert list(queries.items(bram, words=words)) == ([item] if found else [])


def test_filters(bram: Person, henk: Person, marloes: Person, flat: Project, show: Show) -> None:
    one = show(bram, project=flat, Jelle=YES)
    two, three = show(henk, Jelle=ASK), show(henk, Jelle=NO)
    text = actions.add_text_item(by=bram, text="An idea")
    actions.keep_item(by=marloes, item=two)
    actions.edit_item(by=henk, item=three, tags=["zolder"], evergreen=True)

    def ids(**asked: Any) -> set[int]:
        return set(queries.items(marloes, **asked).values_list("pk", flat=True))

    assert ids(project=flat.pk) == {one.pk}
    assert ids(maker=henk.pk) == {two.pk, three.pk}
    assert ids(kind="text") == {text.pk}
    assert ids(state="kept") == {two.pk}
    assert ids(consent="yes") == {one.pk, text.pk}
    assert ids(consent="ask") == {two.pk}
    assert ids(consent="no") == {three.pk}
    assert ids(tag="zolder") == ids(evergreen=True) == {three.pk}
    assert ids(kind="photo", maker=henk.pk, state="new") == {three.pk}
    assert list(queries.items(marloes)) == [text, three, two, one]
    assert ids(used="no") == {one.pk, two.pk, three.pk, text.pk}
    assert ids(used="yes") == set()
    today = people.today()
    assert ids(since=today, until=today) == {one.pk, two.pk, three.pk, text.pk}
    assert ids(since=today + timedelta(days=1)) == ids(until=today - timedelta(days=1)) == set()
    assert ids(until=date.max) == ids(since=date.min) == {one.pk, two.pk, three.pk, text.pk}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Een huis in Borculo", "huizen"),
        ("Twee huizen in Borculo", "huis"),
        ("De brieven lagen klaar", "brief"),
        ("Een brief van de gemeente", "brieven"),
        ("Wij monteren vandaag", "gemonteerd monteren"),
        ("Zonnepanelen op het dak", "zonnepaneel"),
        ("Running cables through the wall", "run cable"),
        ("Three batteries installed", "battery installing"),
        ("Bomen voor de deur", "boom"),
    ],
)
def test_singular_finds_plural_in_dutch_and_english(bram: Person, text: str, words: str) -> None:
    item = actions.add_text_item(by=bram, text=text + " gemonteerd" * ("gemonteerd" in words))
    assert list(queries.items(bram, words=words)) == [item]
    assert not queries.items(bram, words=words + " walrus").exists()


def test_facets_count_what_is_found(bram: Person, henk: Person, marloes: Person, flat: Project, show: Show) -> None:
    one = show(bram, "Heat pump", project=flat)
    show(henk, "Heat pipe")
    actions.edit_item(by=bram, item=one, tags=["attic"], evergreen=True)
    actions.add_text_item(by=bram, text="Something else")
    found = queries.facets(queries.Finds(marloes, {"words": "heat", "maker": bram.pk}))
    shown = {facet.name: [(choice.value, choice.number) for choice in facet.choices] for facet in found.groups}
    assert (found.total, found.more) == (1, False)
    assert shown == {
        "kind": [("photo", 1)],
        "project": [(str(flat.pk), 1)],
        "maker": [(str(bram.pk), 1)],
        "tag": [("attic", 1)],
        "used": [("no", 1)],
        "evergreen": [("1", 1)],
    }
    assert [(name, choice.label) for name, choice in found.chosen] == [("maker", "Bram Wolters")]
    none = queries.facets(queries.Finds(marloes, {"words": "walrus", "project": flat.pk}))
    assert [(name, choice.label, choice.number) for name, choice in none.chosen] == [("project", flat.name, 0)]


def test_facets_of_many_are_counted_among_the_newest(
    bram: Person, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "COUNTED", 3)
    for number in range(5):
        actions.add_text_item(by=bram, text=f"Idea {number}")
    found = queries.facets(queries.Finds(marloes, {}))
    assert (found.total, found.more) == (3, True)


def test_the_list_costs_the_same_for_one_and_for_thirty(
    marloes: Person, bram: Person, show: Show, django_assert_num_queries: Any
) -> None:
    show(bram, Jelle=YES)
    with django_assert_num_queries(5):
        list(queries.items(marloes))
    for number in range(29):
        show(bram, f"Number {number}", photos=2, Jelle=YES, Henk=ASK)
    with django_assert_num_queries(4):  # the curator's permissions are known by now
        for item in queries.items(marloes):
            assert [one.file.handle for medium in item.media.all() for one in medium.renditions.all()]
            queries.publishable(marloes, item)


@pytest.mark.parametrize("sure", [0.0, 1.15, 1e9])  # looked at first, by the guess, the index at once: always the same
def test_rare_and_old_words_are_found_beyond_the_newest(
    bram: Person, marloes: Person, monkeypatch: pytest.MonkeyPatch, sure: float
) -> None:
    for name, value in {"LOOKED_AT": 2, "TASTED": 2, "SURE": sure}.items():
        monkeypatch.setattr(finding, name, value)
    made = [actions.add_text_item(by=bram, text=text) for text in ("walrus", "old walrus", "zes", "uil", "vos", "das")]
    for words, found in (("walrus", [made[1], made[0]]), ("uil", [made[3]]), ("of", []), ("unheard", [])):
        finds = queries.Finds(marloes, {"words": words})
        assert finds[0:25] == found == list(queries.items(marloes, words=words))
        assert [one.pk for one in finds.newest] == [one.pk for one in found]
    assert queries.Finds(marloes, {"words": "walrus"})[1:2] == [made[0]]


@pytest.mark.parametrize(("name", "looked"), [("COUNTED", 15_000), ("FEWER", 4)])
def test_beyond_what_is_counted_pages_go_on(
    bram: Person, marloes: Person, monkeypatch: pytest.MonkeyPatch, name: str, looked: int
) -> None:
    for key, value in {name: 2, "LOOKED_AT": looked, "TASTED": 3}.items():
        monkeypatch.setattr(finding, key, value)
    made = [actions.add_text_item(by=bram, text=f"Idea {number}") for number in range(5)]
    finds = queries.Finds(marloes, {"words": "idea"})
    assert finds[0:2] == [made[4], made[3]]
    assert finds[2:4] == [made[2], made[1]]
    assert (finds.counted, queries.facets(finds).more) == (2, True)
