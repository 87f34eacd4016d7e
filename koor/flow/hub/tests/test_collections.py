"""Collections: put together by hand or by a kept search, shared or one's own, ordered, taken away and brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.actions import collections
from koor.flow.hub.models import Collection, Item
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry

Visit = Callable[[Person | None], Client]
Show = Callable[..., Item]


def names(person: Person, collection: Collection) -> list[str]:
    return [str(one) for one in queries.InIt(person, collection)[0:50]]


@pytest.fixture
def three(bram: Person) -> list[Item]:
    return [actions.add_text_item(by=bram, text=text) for text in ("one", "two", "three")]


def test_several_at_once_from_the_library(visit: Visit, marloes: Person, three: list[Item]) -> None:
    browser = visit(marloes)
    assert "Put what is ticked in a collection" in browser.get("/library/").content.decode()
    sent = {"item": [three[0].pk, three[2].pk, 999, "x"], "new": "  Winter  work ", "once": "k"}
    for _ in range(2):
        assert browser.post("/library/collect/", sent).status_code == 302
    made = Collection.objects.get()
    assert (made.name, made.by, names(marloes, made)) == ("Winter work", marloes, ["one", "three"])
    browser.post("/library/collect/", {"item": [three[1].pk, three[0].pk], "into": made.pk})
    assert names(marloes, made) == ["one", "three", "two"]
    page = browser.get(f"/library/{three[1].pk}/").content.decode()
    assert "Winter work" in page
    assert AuditEntry.objects.filter(verb="hub.put_in").count() == 2


@pytest.mark.parametrize("sent", [{}, {"item": "1"}, {"item": "1", "into": "x"}, {"item": "x", "new": "A"}])
def test_nothing_ticked_or_nowhere_to_go(visit: Visit, marloes: Person, sent: dict[str, Any]) -> None:
    assert visit(marloes).post("/library/collect/", sent).status_code == 302
    assert not Collection.objects.exists()


def test_order_and_taking_out(visit: Visit, marloes: Person, three: list[Item]) -> None:
    made = actions.make_collection(by=marloes, name="A", items=[one.pk for one in three])
    browser, path = visit(marloes), f"/library/collections/{made.pk}/arrange/"
    for do, order in (
        (f"later:{three[0].pk}", ["two", "one", "three"]),
        (f"earlier:{three[2].pk}", ["two", "three", "one"]),
        (f"first:{three[0].pk}", ["one", "two", "three"]),
        (f"sideways:{three[0].pk}", ["one", "two", "three"]),
        ("later:x", ["one", "two", "three"]),
    ):
        browser.post(path, {"do": do})
        assert names(marloes, made) == order
    browser.post(path, {"do": "out", "item": [three[1].pk]})
    assert names(marloes, made) == ["one", "three"]
    assert Item.objects.count() == 3
    assert "Tick what should go out" in browser.post(path, {"do": "out"}, follow=True).content.decode()
    assert browser.post(path, {"do": "later:999999"}).status_code == 404


def test_a_kept_search_goes_on_finding(visit: Visit, bram: Person, marloes: Person, three: list[Item]) -> None:
    browser = visit(marloes)
    assert "Keep this search" in browser.get("/library/?q=two").content.decode()
    sent = {"name": "Twos", "shared": "on", "once": "k"}
    for _ in range(2):
        browser.post("/library/collections/?q=two&since=2020-01-01&kind=text", sent)
    made = Collection.objects.get()
    assert made.search == {"words": "two", "since": "2020-01-01", "kind": "text"}
    actions.add_text_item(by=bram, text="two again")
    assert names(bram, made) == ["two again", "two"]
    with pytest.raises(Refused):
        actions.put_in(by=marloes, collection=made, items=[three[0].pk])


def test_own_is_own_and_shared_is_seen(visit: Visit, bram: Person, henk: Person, marloes: Person, show: Show) -> None:
    hidden, plain = show(henk, "Not for all", Jelle="no"), show(henk, "For all")
    made = actions.make_collection(by=marloes, name="Mine", items=[hidden.pk, plain.pk])
    assert visit(bram).get(f"/library/collections/{made.pk}/").status_code == 404
    actions.edit_collection(by=marloes, collection=made, name="Ours", shared=True, offered=False)
    page = visit(bram).get(f"/library/collections/{made.pk}/").content.decode()
    assert "For all" in page
    assert "Not for all" not in page
    assert "Take the collection away" not in page
    assert "Ours" in visit(bram).get("/library/collections/").content.decode()
    with pytest.raises(Forbidden):
        actions.remove_collection(by=bram, collection=made)
    with pytest.raises(Forbidden):
        actions.make_collection(by=bram, name="Of a colleague without the right")


def test_taken_away_and_back(visit: Visit, marloes: Person, three: list[Item]) -> None:
    made = actions.make_collection(by=marloes, name="A", items=[three[0].pk])
    browser = visit(marloes)
    page = browser.post(f"/library/collections/{made.pk}/remove/", follow=True).content.decode()
    assert f'action="/library/collections/{made.pk}/restore/"' in page
    with pytest.raises(NotFound):
        queries.collection(marloes, made.pk)
    browser.post(f"/library/collections/{made.pk}/restore/")
    assert names(marloes, queries.collection(marloes, made.pk)) == ["one"]


def test_a_name_that_was_typed_stays_when_nothing_was_ticked(marloes: Person, visit: Visit) -> None:
    said = {"new": "Daken & kelders", "next": "/library/?q=dak"}
    answer = visit(marloes).post("/library/collect/", said)
    assert answer["Location"] == "/library/?q=dak&new=Daken+%26+kelders"
    item = actions.add_text_item(by=marloes, text="Een dak")
    page = visit(marloes).get(f"/library/{item.pk}/?new=Daken").content.decode()
    assert 'name="new" value="Daken"' in page


def test_ticks_stay_when_no_collection_was_chosen(marloes: Person, visit: Visit, three: list[Item]) -> None:
    browser, ticked = visit(marloes), [three[0].pk, three[2].pk]
    page = browser.post("/library/collect/", {"item": ticked, "next": "/library/?kind=text&item=5"}, follow=True)
    shown = page.content.decode()
    assert "Choose a collection" in shown
    made = actions.make_collection(by=marloes, name="A", items=ticked)
    actions.remove_item(by=marloes, item=three[0])
    assert (queries.collections(marloes).get().number, names(marloes, made)) == (1, ["three"])
    assert [one.pk for one in three if f'value="{one.pk}" form="collect" checked' in shown] == ticked


def test_renamed_and_proposed(visit: Visit, marloes: Person, three: list[Item]) -> None:
    made = actions.make_collection(by=marloes, name="A", items=[three[0].pk])
    live = actions.make_collection(by=marloes, name="B", search={"words": "three"})
    browser = visit(marloes)
    assert not queries.proposed(marloes).exists()
    for one in (made, live):
        browser.post(f"/library/collections/{one.pk}/", {"name": "Renamed", "offered": "on"})
    assert set(queries.proposed(marloes)) == {three[0], three[2]}
    assert browser.post(f"/library/collections/{made.pk}/", {"name": " "}).status_code == 422


def test_pages_cost_the_same_for_one_and_for_many(
    visit: Visit, marloes: Person, show: Show, bare_navigation: None, django_assert_max_num_queries: Any
) -> None:
    made = actions.make_collection(by=marloes, name="A", items=[show(marloes, f"Photo {n}").pk for n in range(8)])
    browser = visit(marloes)
    for path in (f"/library/collections/{made.pk}/", "/library/collections/", "/library/?q=photo"):
        with django_assert_max_num_queries(15):
            assert browser.get(path).status_code == 200


@pytest.mark.parametrize(("name", "code"), [(" ", "no_name"), ("x" * 121, "too_long")])
def test_a_collection_has_a_name(marloes: Person, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.make_collection(by=marloes, name=name)
    assert (refused.value.code, refused.value.field) == (code, "name")


def test_there_is_an_end_to_how_many_and_to_how_much(
    marloes: Person, three: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "MOST", 1)
    monkeypatch.setattr(collections, "MOST_IN_IT", 2)
    made = actions.make_collection(by=marloes, name="A", items=[three[0].pk], once="k")
    assert actions.make_collection(by=marloes, name="A", items=[three[0].pk], once="k") == made  # a double click
    with pytest.raises(Refused, match="1 collections already"):
        actions.make_collection(by=marloes, name="B")
    with pytest.raises(Refused, match="At most 2"):
        actions.put_in(by=marloes, collection=made, items=[one.pk for one in three])
    assert names(marloes, made) == ["one"]


def test_taking_away_twice_is_taking_away_once(visit: Visit, marloes: Person) -> None:
    made = actions.make_collection(by=marloes, name="A")
    for _ in range(2):
        actions.remove_collection(by=marloes, collection=made)
    assert AuditEntry.objects.filter(verb="hub.remove_collection").count() == 1
