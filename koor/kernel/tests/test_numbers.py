import pytest

from koor.kernel import numbers


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "x", "١٢", "²", "9" * 19, "9" * 5000, " 1", "1\x00", "0x1"])
def test_what_is_no_row_is_the_number_that_no_row_has(text: str) -> None:
    assert numbers.row(text) == 0
    assert numbers.rows([text, "7"]) == [7]
    assert numbers.within(text, 10) == 1


def test_the_largest_that_is_read_fits_the_database() -> None:
    assert numbers.row("9" * numbers.DIGITS) < 2**63


def test_numbers_are_read_up_to_a_limit() -> None:
    assert numbers.rows(map(str, range(1, 1000)), most=3) == [1, 2, 3]
    assert numbers.within("8", 10) == 8
    assert numbers.within("800", 10) == 10
