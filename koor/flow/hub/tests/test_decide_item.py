"""The curator keeps an item or puts it aside, kindly; and can think again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry

Show = Callable[..., Item]


def test_keep_tells_who_and_when(noon: datetime, bram: Person, marloes: Person, show: Show) -> None:
    kept = actions.keep_item(by=marloes, item=show(bram), reason="Lovely light.")
    assert (kept.state, kept.decided_by, kept.decided_at, kept.decision) == ("kept", marloes, noon, "Lovely light.")
    assert queries.last_decision(bram) == kept
    Item.objects.filter(pk=kept.pk).update(used_at=noon + timedelta(hours=1))  # what a post of it did says more
    assert queries.last_decision(bram) is None


def test_twice_is_once(bram: Person, marloes: Person, show: Show) -> None:
    item = show(bram)
    for _ in range(2):
        actions.keep_item(by=marloes, item=item)
    assert AuditEntry.objects.filter(verb="hub.keep_item").count() == 1


def test_putting_aside_wants_a_kind_reason(bram: Person, henk: Person, marloes: Person, show: Show) -> None:
    item = show(bram)
    with pytest.raises(Refused) as refusal:
        actions.shelve_item(by=marloes, item=item, reason="  ")
    assert refusal.value.field == "reason"
    shelved = actions.shelve_item(by=marloes, item=item, reason="We had three of these, keep them coming.")
    assert shelved.state == "shelved"
    assert queries.item(bram, item.pk).decision.startswith("We had three")
    with pytest.raises(NotFound):
        queries.item(henk, item.pk)
    assert queries.publishable(marloes, shelved)[0] is False
    own = show(marloes)
    assert actions.shelve_item(by=marloes, item=own, reason="").state == "shelved"


def test_a_decision_can_be_taken_back(bram: Person, henk: Person, marloes: Person, show: Show) -> None:
    item = actions.shelve_item(by=marloes, item=show(bram), reason="Twice the same.")
    again = actions.reconsider_item(by=marloes, item=item)
    assert (again.state, again.decision, again.decided_by, again.decided_at) == ("new", "", None, None)
    assert queries.item(henk, item.pk) == item


def test_only_the_curator_decides(bram: Person, henk: Person, hanna: Person, show: Show) -> None:
    item = show(bram)
    for other in (bram, henk, hanna):
        with pytest.raises(Forbidden):
            actions.keep_item(by=other, item=item)
        with pytest.raises(Forbidden):
            actions.shelve_item(by=other, item=item, reason="No")


def test_a_reason_has_a_limit(bram: Person, marloes: Person, show: Show) -> None:
    with pytest.raises(Refused):
        actions.shelve_item(by=marloes, item=show(bram), reason="x" * 301)


def test_the_curator_sees_how_many_wait(bram: Person, marloes: Person, show: Show) -> None:
    one, _two = show(bram), show(bram)
    assert queries.undecided(marloes).count() == 2
    actions.keep_item(by=marloes, item=one)
    assert queries.undecided(marloes).count() == 1
