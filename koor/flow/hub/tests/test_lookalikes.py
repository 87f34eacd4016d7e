"""A picture that looks like one that is in the library already is shown beside it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item, Medium
from koor.ground.people.models import Person

Show = Callable[..., Item]


def printed(item: Item, dhash: int) -> Item:
    Medium.objects.filter(item=item).update(dhash=dhash)
    return queries.item(item.by, item.pk)  # type: ignore[arg-type]


def test_the_nearest_comes_first_and_what_differs_stays_away(bram: Person, marloes: Person, show: Show) -> None:
    seen = printed(show(marloes, "Another angle"), 0x0F0F << 40)
    assert queries.lookalikes(marloes, seen) == []
    near = printed(show(bram, "The same, smaller"), (0x0F0F << 40) | 0b111)
    same = printed(show(bram, "The very same"), 0x0F0F << 40)
    printed(show(bram, "Something else"), -(0x0F0F << 40))
    assert [one.pk for one in queries.lookalikes(marloes, seen)] == [same.pk, near.pk]


def test_negative_fingerprints_count_too(bram: Person, show: Show) -> None:
    one, other = printed(show(bram, "One"), -(2**63) + 5), printed(show(bram, "Other"), -(2**63) + 4)
    assert queries.lookalikes(bram, one) == [other]


def test_a_picture_of_nothing_looks_like_none(bram: Person, show: Show) -> None:
    black, white = printed(show(bram, "Black"), 0), printed(show(bram, "White"), 0)
    assert queries.lookalikes(bram, black) == queries.lookalikes(bram, white) == []


def test_what_one_may_not_see_is_not_shown(bram: Person, henk: Person, show: Show) -> None:
    printed(show(bram, "Henk says no", Henk="no"), 77 << 20)
    mine = printed(show(henk, "Mine"), 77 << 20)
    assert queries.lookalikes(henk, mine) == []


def test_it_stands_on_the_page(bram: Person, show: Show, client: Client) -> None:
    one, other = printed(show(bram, "One"), 99 << 20), printed(show(bram, "Sent twice"), 99 << 20)
    client.force_login(bram)
    page = client.get(f"/library/{one.pk}/").content.decode()
    assert "Looks like" in page
    assert f"/library/{other.pk}/" in page
    actions.withdraw_capture(by=bram, capture=other.capture)  # type: ignore[arg-type]
    assert "Looks like" not in client.get(f"/library/{one.pk}/").content.decode()


def test_a_page_asks_no_more_where_something_is_beside_the_item(marloes: Person, show: Show, client: Client) -> None:
    one, alone = printed(show(marloes, "One"), 99 << 20), printed(show(marloes, "Alone"), -(99 << 30))
    client.force_login(marloes)
    client.get(f"/library/{one.pk}/")  # what a process asks once
    before = asked(client, one)
    assert before <= 14
    for number in range(8):
        printed(show(marloes, f"Sent again {number}"), (99 << 20) + number % 4)
        collection = actions.make_collection(by=marloes, name=f"Collection {number}")
        actions.put_in(by=marloes, collection=collection, items=[one.pk])
    assert asked(client, one) == before
    assert asked(client, alone) <= before


def asked(client: Client, item: Item) -> int:
    with CaptureQueriesContext(connection) as queries_:
        assert client.get(f"/library/{item.pk}/").status_code == 200
    return len(queries_)
