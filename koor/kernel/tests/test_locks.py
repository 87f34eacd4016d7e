"""A lock that lasts as long as a process works on something."""

from collections.abc import Iterator

import pytest

from koor.kernel import locks

pytestmark = pytest.mark.django_db


def test_only_one_at_a_time() -> None:
    with locks.held("a row") as first, locks.held("a row") as second, locks.held("another row") as other:
        assert (first, second, other) == (True, False, True)


def test_whoever_comes_next_finds_it_free_at_once() -> None:
    for _time in range(60):
        with locks.held("a row") as alone:
            assert alone


def test_it_is_free_after_a_mistake() -> None:
    with pytest.raises(ZeroDivisionError), locks.held("a row"):
        raise ZeroDivisionError
    with locks.held("a row") as alone:
        assert alone


def test_a_holder_that_is_ended_does_not_hinder() -> None:
    with locks.held("a row") as first:
        assert first
        assert locks.end_holder("a row")
    assert not locks.end_holder("a row")


def test_a_long_holder_can_ask_whether_it_is_still_theirs() -> None:
    with locks.watched("a row") as still, locks.watched("a row") as other:
        assert other is None
        assert still is not None
        assert still()
        assert locks.end_holder("a row")
        assert not still()
        assert not still()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a sender, whose connection for locks stays open."""
    monkeypatch.setattr(locks, "_keeps", True)
    yield
    if locks._kept.connection is not None:
        locks._kept.connection.close()
        locks._kept.connection = None


@pytest.mark.usefixtures("kept")
def test_a_kept_connection_holds_nothing_between_two_locks() -> None:
    for _time in range(3):
        with locks.held("a row") as alone, locks.held("a row") as second:
            assert (alone, second) == (True, False)
    own = locks._kept.connection
    assert own is not None
    with locks.held("another row"):
        assert locks._kept.connection is None, "in use"
    assert locks._kept.connection is own


@pytest.mark.usefixtures("kept")
def test_a_kept_connection_that_was_cut_is_made_again() -> None:
    with locks.held("a row") as alone:
        assert alone
        assert locks.end_holder("a row")
    with locks.held("a row") as again:
        assert again
