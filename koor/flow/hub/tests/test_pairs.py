"""What looks alike stands in one list, until the curator said what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item, Medium, Resemblance
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM

Show = Callable[..., Item]
Visit = Callable[[Person | None], Client]


def printed(item: Item, dhash: int) -> Item:
    Medium.objects.filter(item=item).update(dhash=dhash, compared=False)
    return item


@pytest.fixture
def two(bram: Person, henk: Person, show: Show) -> tuple[Item, Item]:
    return printed(show(bram, "One"), 99 << 20), printed(show(henk, "Sent twice"), (99 << 20) | 1)


def listed(person: Person) -> list[tuple[int, int]]:
    return [(pair.one.pk, pair.other.pk) for pair in queries.Pairs(person)[0:20]]


def test_new_pictures_are_compared_once(marloes: Person, bram: Person, show: Show, two: tuple[Item, Item]) -> None:
    printed(show(bram, "Black"), 0)
    printed(show(bram, "Black too"), 0)
    assert [actions.compare_pictures(by=SYSTEM) for _ in range(2)] == [4, 0]
    assert listed(marloes) == [(two[0].pk, two[1].pk)]
    third = printed(show(bram, "Once more"), 99 << 20)
    actions.compare_pictures(by=SYSTEM)
    assert listed(marloes) == [(two[1].pk, third.pk), (two[0].pk, third.pk), (two[0].pk, two[1].pk)]
    assert listed(bram) == []


def test_an_answer_takes_a_pair_out_and_back(marloes: Person, two: tuple[Item, Item]) -> None:
    actions.compare_pictures(by=SYSTEM)
    actions.keep_both(by=marloes, one=two[0], other=two[1])
    assert listed(marloes) == []
    actions.compare_again(by=marloes, one=two[0], other=two[1])
    assert len(listed(marloes)) == 1
    actions.keep_one(by=marloes, kept=two[0], copy=two[1])
    assert listed(marloes) == []


def test_what_is_put_aside_or_taken_back_asks_nothing(marloes: Person, two: tuple[Item, Item]) -> None:
    actions.compare_pictures(by=SYSTEM)
    actions.withdraw_capture(by=two[1].capture.by, capture=two[1].capture)  # type: ignore[union-attr,arg-type]
    assert listed(marloes) == []
    assert Resemblance.objects.count() == 1


def test_deciding_in_the_list(marloes: Person, bram: Person, visit: Visit, two: tuple[Item, Item]) -> None:
    actions.compare_pictures(by=SYSTEM)
    one, other = (item.pk for item in two)
    assert "/library/alike/" in visit(marloes).get("/library/").content.decode()
    assert "/library/alike/" not in visit(bram).get("/library/").content.decode()
    assert visit(bram).get("/library/alike/").status_code == 403
    page = visit(marloes).get("/library/alike/").content.decode()
    assert f'name="answer" value="{other}" data-key="2"' in page
    said = {"answer": str(other), "next": "/library/alike/"}
    answer = visit(marloes).post(f"/library/{one}/beside/{other}/", said)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/library/alike/")
    assert "Nothing looks alike" in visit(marloes).get("/library/alike/").content.decode()


@pytest.mark.usefixtures("two")
def test_the_list_costs_the_same_for_one_and_for_ten(
    marloes: Person, bram: Person, show: Show, visit: Visit, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        printed(show(bram, f"Again {number}"), 99 << 20)
    actions.compare_pictures(by=SYSTEM)
    client = visit(marloes)
    client.get("/library/alike/")
    with django_assert_max_num_queries(12):
        assert client.get("/library/alike/").content.decode().count("data-row") == 12
