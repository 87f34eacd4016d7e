"""Two that look alike, beside each other: one stays with what the other had, both stay, or they are no copies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item, Likeness, Medium
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

Show = Callable[..., Item]
Visit = Callable[[Person | None], Client]


@pytest.fixture
def pair(bram: Person, henk: Person, marloes: Person, show: Show) -> tuple[Item, Item]:
    one, other = show(bram, "One"), show(henk, "Sent twice")
    Medium.objects.filter(item__in=[one, other]).update(dhash=99 << 20)
    one = actions.edit_item(by=marloes, item=one, tags=["attic"])
    return one, actions.edit_item(by=marloes, item=other, tags=["pump", "attic"])


def now(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def test_one_stays_with_what_the_other_had(
    noon: datetime, marloes: Person, henk: Person, pair: tuple[Item, Item]
) -> None:
    one, other = pair
    actions.note_use(by=SYSTEM, items=[other.pk], at=noon)
    for _ in range(2):
        actions.keep_one(by=marloes, kept=one, copy=other)
    assert (now(one).tags, now(one).used_at) == (["attic", "pump"], noon)
    assert now(other).state == "shelved"
    assert now(other).decision.startswith("Bram")
    assert {item.pk for item in queries.with_copies(marloes, one.pk)} == {one.pk, other.pk}
    assert AuditEntry.objects.filter(verb="hub.keep_one").count() == 1
    assert queries.lookalikes(marloes, queries.item(marloes, one.pk)) == []


def test_it_can_be_taken_back(marloes: Person, pair: tuple[Item, Item]) -> None:
    one, other = pair
    actions.keep_one(by=marloes, kept=one, copy=other)
    for _ in range(2):
        actions.compare_again(by=marloes, one=other, other=one)
    assert (now(one).tags, now(one).used_at, now(other).state) == (["attic"], None, "new")
    assert len(queries.lookalikes(marloes, queries.item(marloes, one.pk))) == 1


def test_another_answer_takes_the_first_back(marloes: Person, pair: tuple[Item, Item]) -> None:
    one, other = pair
    actions.keep_one(by=marloes, kept=one, copy=other)
    actions.keep_one(by=marloes, kept=other, copy=one)
    assert (now(one).state, now(other).state, now(other).tags) == ("shelved", "new", ["pump", "attic"])
    actions.keep_both(by=marloes, one=one, other=other, copies=False)
    assert (now(one).state, now(one).tags, Likeness.objects.get().answer) == ("new", ["attic"], "different")


def test_what_is_no_copy_is_never_proposed_again(marloes: Person, pair: tuple[Item, Item]) -> None:
    for _ in range(2):
        actions.keep_both(by=marloes, one=pair[1], other=pair[0], copies=False)
    assert AuditEntry.objects.filter(verb="hub.keep_both").count() == 1
    for item in pair:
        assert queries.lookalikes(marloes, queries.item(marloes, item.pk)) == []


def test_only_the_curator_and_two_different(bram: Person, marloes: Person, pair: tuple[Item, Item]) -> None:
    one, other = pair
    with pytest.raises(Forbidden):
        actions.keep_one(by=bram, kept=one, copy=other)
    with pytest.raises(Forbidden):
        actions.keep_both(by=bram, one=one, other=other)
    with pytest.raises(Refused):
        actions.keep_one(by=marloes, kept=one, copy=one)


def test_the_page_tells_what_differs(bram: Person, marloes: Person, pair: tuple[Item, Item], visit: Visit) -> None:
    one, other = pair
    address = f"/library/{one.pk}/beside/{other.pk}/"
    browser = visit(marloes)
    assert address in browser.get(f"/library/{one.pk}/").content.decode()
    page = browser.get(address).content.decode()
    assert f"<b>{one.by}</b>" in page
    assert "4000 × 3000" in page
    assert browser.post(address, {"answer": "nonsense"}).headers["Location"] == address
    answer = browser.post(address, {"answer": str(other.pk)}, follow=True).content.decode()
    assert f'action="{address}undo/"' in answer
    assert now(one).state == "shelved"
    browser.post(f"{address}undo/")
    assert now(one).state == "new"
    browser.post(address, {"answer": "both"})
    assert Likeness.objects.get().answer == "both"
    assert visit(bram).get(address).status_code == 403


def test_a_use_that_came_from_the_other_goes_back_with_it(
    noon: datetime, marloes: Person, pair: tuple[Item, Item]
) -> None:
    one, other = pair
    earlier = noon - timedelta(days=9)
    actions.note_use(by=SYSTEM, items=[one.pk], at=earlier)
    actions.note_use(by=SYSTEM, items=[other.pk], at=noon)
    actions.keep_one(by=marloes, kept=one, copy=other)
    assert now(one).used_at == noon
    actions.compare_again(by=marloes, one=one, other=other)
    assert (now(one).used_at, now(other).used_at) == (earlier, noon)


def test_who_sent_it_twice_is_not_told_of_themselves(marloes: Person, bram: Person, show: Show) -> None:
    one, other = show(bram, "One"), show(bram, "Sent twice")
    actions.keep_one(by=marloes, kept=one, copy=other)
    assert now(other).decision.startswith("We have this picture already")
