"""What appeared counts as used in the library; practice and what is still to come does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from koor.flow.hub import actions as hub
from koor.flow.hub import queries as library
from koor.flow.publishing import actions
from koor.flow.publishing.actions.used import note_use
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden


def test_what_was_posted_before_was_used(bram: Person, marloes: Person, news: Account) -> None:
    item = hub.add_text_item(by=bram, text="An idea")
    other = hub.add_text_item(by=bram, text="Another")
    at = clock.now() - timedelta(days=3)
    target = actions.record_past_post(by=SYSTEM, maker=bram, account=news, text="Said", published_at=at, item=item)
    item.refresh_from_db()
    assert item.used_at == at
    assert list(library.items(marloes, used="yes")) == [item]
    assert list(library.items(marloes, used="no")) == [other]
    actions.record_past_post(
        by=SYSTEM, maker=bram, account=news, text="Earlier", published_at=at - timedelta(days=9), item=item
    )
    note_use(target.pk)
    item.refresh_from_db()
    assert item.used_at == at


def test_practice_is_no_use(bram: Person, news: Account) -> None:
    item = hub.add_text_item(by=bram, text="An idea")
    target = actions.record_past_post(
        by=SYSTEM, maker=bram, account=news, text="Said", published_at=clock.now(), item=item
    )
    type(item).objects.update(used_at=None)
    type(target.post).objects.update(practice=True)
    note_use(target.pk)
    note_use(0)
    item.refresh_from_db()
    assert item.used_at is None


def test_nobody_says_by_hand_that_it_was_used(bram: Person) -> None:
    with pytest.raises(Forbidden):
        hub.note_use(by=bram, items=[1], at=clock.now())
