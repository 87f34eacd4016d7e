"""The bugs of others that Koor must not get. Here: that each still fits the code. Long: that the suite notices."""

import pytest

from tests.museum.show import Exhibit, applies, exhibits, is_caught

ALL = exhibits()


def test_there_is_something_to_see() -> None:
    assert len(ALL) >= 12


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.file.stem)
def test_it_fits(one: Exhibit) -> None:
    assert one.bug
    assert one.red
    assert applies(one), "the code it breaks has changed: make the patch anew"


@pytest.mark.long
@pytest.mark.parametrize("one", ALL, ids=lambda one: one.file.stem)
def test_the_suite_turns_red(one: Exhibit) -> None:
    assert is_caught(one)
