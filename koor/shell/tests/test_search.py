"""Search over everything."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet, Value
from django.test import Client

from koor.ground.people.models import Person
from koor.kernel import search

Visit = Callable[[Person | None], Client]


@pytest.fixture(autouse=True)
def _only_boats(monkeypatch: pytest.MonkeyPatch) -> None:
    def asks(person: Person, words: str) -> QuerySet[Person]:
        return Person.objects.annotate(said=Value(words))

    def boat(person: Person, row: Any) -> search.Hit:
        return search.Hit(title=f"<b>{row.said}</b> of {row.name}", url="/boats/1/", text="Afloat")

    monkeypatch.setattr(search, "_searchers", [])
    search.searches("Boats", asks)(boat)


def test_finds_with_its_room(visit: Visit, bram: Person) -> None:
    page = visit(bram).get("/search/", {"q": " barge "}).content.decode()
    assert "Boats" in page
    assert "&lt;b&gt;barge&lt;/b&gt; of Bram Wolters" in page
    assert "1 find" in page


def test_without_words_it_says_what_can_be_found(visit: Visit, bram: Person) -> None:
    page = visit(bram).get("/search/").content.decode()
    assert "Boats" not in page
    assert "everything that is for you to see" in page


def test_curators_search_backstage(visit: Visit, marloes: Person) -> None:
    assert 'class="rail"' in visit(marloes).get("/search/", {"q": "x"}).content.decode()


def test_a_very_long_question_is_cut(visit: Visit, bram: Person) -> None:
    assert visit(bram).get("/search/", {"q": "a" * 5000}).status_code == 200
