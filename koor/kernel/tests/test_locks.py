"""A lock that lasts as long as a process works on something."""

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
