"""Good examples of the week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.models import GoodExample, Item
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

Visit = Callable[[Person | None], Client]


@pytest.fixture
def item(bram: Person, show: Callable[..., Item]) -> Item:
    return show(bram, "Steam from the unit")


def test_it_stands_on_everybodys_today_for_two_weeks(noon: datetime, item: Item, marloes: Person, henk: Person) -> None:
    for _ in range(2):
        made = actions.choose_example(by=marloes, item=item, why="You see at once what happens.")
    assert (made.week, GoodExample.objects.count()) == (date(2026, 11, 23), 1)
    shown = queries.news_for(henk).examples
    assert [one.why for one in shown] == ["You see at once what happens."]
    assert shown[0].picture_url.startswith("/files/")  # type: ignore[attr-defined]
    with clock.fixed(noon + timedelta(days=14)):
        assert queries.news_for(henk).examples == []
        assert list(queries.examples(henk)) == [made]


def test_its_maker_may_rather_not(item: Item, marloes: Person, bram: Person, henk: Person) -> None:
    made = actions.choose_example(by=marloes, item=item, why="Good")
    with pytest.raises(Forbidden):
        actions.decline_example(by=henk, example=made)
    for _ in range(2):
        actions.decline_example(by=bram, example=made)
    assert list(queries.examples(henk)) == []
    with pytest.raises(Refused):
        actions.choose_example(by=marloes, item=item, why="Still good")


def test_a_few_a_week_with_a_sentence(marloes: Person, bram: Person, show: Callable[..., Item]) -> None:
    first = show(bram, "First")
    for why in ("", "x" * 301):
        with pytest.raises(Refused):
            actions.choose_example(by=marloes, item=first, why=why)
    with pytest.raises(Forbidden):
        actions.choose_example(by=bram, item=first, why="Mine")
    for number in range(5):
        actions.choose_example(by=marloes, item=show(bram, f"Number {number}"), why="Good")
    with pytest.raises(Refused, match="5"):
        actions.choose_example(by=marloes, item=first, why="Good")


def test_the_pages(visit: Visit, item: Item, marloes: Person, bram: Person, henk: Person) -> None:
    curator, maker = visit(marloes), visit(bram)
    assert maker.get(f"/library/{item.pk}/example/").status_code == 404
    assert curator.post(f"/library/{item.pk}/example/", {"why": ""}).status_code == 422
    curator.post(f"/library/{item.pk}/example/", {"why": "You see the steam."})
    made = GoodExample.objects.get()
    assert "You see the steam." in visit(henk).get("/").content.decode()
    assert "rather not" in maker.get("/examples/").content.decode()
    maker.post(f"/examples/{made.pk}/decline/")
    assert "You see the steam." not in visit(henk).get("/examples/").content.decode()
    assert curator.post(f"/examples/{made.pk}/remove/").status_code == 404


def test_what_not_everybody_may_see_is_no_example(marloes: Person, bram: Person, show: Callable[..., Item]) -> None:
    """Also while its maker and the curator see it."""
    refused = show(bram, "With somebody who said no", Visitor="no")
    aside = actions.shelve_item(by=marloes, item=show(bram, "Blurred"), reason="Not sharp")
    for item in (refused, aside):
        with pytest.raises(Refused) as caught:
            actions.choose_example(by=marloes, item=item, why="Good")
        assert caught.value.code == "hidden"
    assert not GoodExample.objects.exists()


def test_the_curator_takes_it_away_again(visit: Visit, item: Item, marloes: Person, bram: Person, henk: Person) -> None:
    made = actions.choose_example(by=marloes, item=item, why="Good")
    with pytest.raises(Forbidden):
        actions.remove_example(by=bram, example=made)
    visit(marloes).post(f"/examples/{made.pk}/remove/")
    actions.remove_example(by=marloes, example=made)  # a second time changes nothing
    assert list(queries.examples(henk)) == []
    assert AuditEntry.objects.filter(verb="hub.remove_example").count() == 1
    assert actions.choose_example(by=marloes, item=item, why="After all").why == "After all"
