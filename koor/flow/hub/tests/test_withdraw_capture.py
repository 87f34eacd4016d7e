"""What somebody showed is theirs to take back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.models import ProtectedError

from koor.flow.hub import actions, queries, tasks
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Capture, Item, Medium
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, StoredFile

Show = Callable[..., Item]


def test_it_leaves_the_library_at_once(bram: Person, marloes: Person, show: Show) -> None:
    item = show(bram)
    assert item.capture is not None
    for _ in range(2):
        actions.withdraw_capture(by=bram, capture=item.capture)
    with pytest.raises(NotFound):
        queries.item(marloes, item.pk)
    item.refresh_from_db()
    assert queries.publishable(bram, item) == (False, ["Its maker took it back."])
    assert AuditEntry.objects.filter(verb="hub.withdraw_capture").count() == 1


def test_it_can_come_back(bram: Person, marloes: Person, show: Show, photo: Photo) -> None:
    item = show(bram)
    assert item.capture is not None
    actions.withdraw_capture(by=bram, capture=item.capture)
    actions.restore_capture(by=bram, capture=item.capture)
    assert queries.item(marloes, item.pk) == item
    waiting = actions.capture(by=bram, photos=[photo])
    actions.withdraw_capture(by=bram, capture=waiting)
    actions.restore_capture(by=bram, capture=waiting)
    actions.develop_capture(by=SYSTEM, capture_id=waiting.pk)
    assert Item.objects.count() == 2


def test_nobody_else_takes_it_back(bram: Person, henk: Person, marloes: Person, show: Show) -> None:
    capture = show(bram).capture
    assert capture is not None
    for other in (henk, marloes):
        with pytest.raises(Forbidden):
            actions.withdraw_capture(by=other, capture=capture)
        with pytest.raises(Forbidden):
            actions.restore_capture(by=other, capture=capture)


def test_after_a_week_it_is_erased(noon: datetime, bram: Person, show: Show) -> None:
    kept, gone = show(bram, "kept"), show(bram, "gone")
    assert gone.capture is not None
    actions.withdraw_capture(by=bram, capture=gone.capture)
    assert actions.erase_withdrawn(by=SYSTEM) == 0
    before = StoredFile.objects.count()
    with clock.fixed(noon + timedelta(days=8)):
        assert actions.erase_withdrawn(by=SYSTEM) == 1
        with pytest.raises(Refused):
            actions.restore_capture(by=bram, capture=gone.capture)
    assert list(Item.objects.all()) == [kept]
    assert Capture.objects.count() == 1
    assert StoredFile.objects.count() == before // 2


def test_so_many_are_erased_in_one_night(
    noon: datetime, bram: Person, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sentence in ("one", "two"):
        capture = show(bram, sentence).capture
        assert capture is not None
        actions.withdraw_capture(by=bram, capture=capture)
    monkeypatch.setattr(actions.captures, "MOST_ERASED", 1)
    with clock.fixed(noon + timedelta(days=8)):
        assert [actions.erase_withdrawn(by=SYSTEM) for _night in range(3)] == [1, 1, 0]


def test_a_photo_in_a_post_stays_until_the_post_is_gone(
    noon: datetime, bram: Person, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rooms above hold on to a picture with PROTECT; this stands for them."""

    def held(self: Medium) -> None:
        raise ProtectedError("in a post", {self})

    capture = show(bram).capture
    assert capture is not None
    actions.withdraw_capture(by=bram, capture=capture)
    monkeypatch.setattr(Medium, "delete", held)
    with clock.fixed(noon + timedelta(days=8)):
        assert actions.erase_withdrawn(by=SYSTEM) == 0
        tasks.erase_withdrawn(0)
    assert Capture.objects.filter(pk=capture.pk).exists()
    monkeypatch.undo()
    with clock.fixed(noon + timedelta(days=8)):
        tasks.erase_withdrawn(0)
    assert not Capture.objects.filter(pk=capture.pk).exists()


def test_bringing_back_what_was_never_taken_back_changes_nothing(bram: Person, show: Show) -> None:
    capture = show(bram).capture
    assert capture is not None
    actions.restore_capture(by=bram, capture=capture)
    assert not AuditEntry.objects.filter(verb="hub.restore_capture").exists()
