"""What people see as one sign."""

import time

import pytest
import regex

from koor.kernel.signs import signs

FLAG, HALF = "\U0001f1f3\U0001f1f1", "\U0001f1f3"


@pytest.mark.parametrize(
    "text",
    ["", "Hallo", "e\u0301", "\U0001f469\u200d\U0001f467 ja", FLAG * 31, FLAG * 32, FLAG * 33, "\u0600" + FLAG * 80,
     FLAG * 200 + "x" + HALF, HALF + "x" + FLAG * 90, FLAG * 32 + "\u0301" + FLAG * 40, HALF + "\u200d" + FLAG * 70],
)  # fmt: skip
def test_the_same_as_the_library(text: str) -> None:
    assert signs(text) == regex.findall(r"\X", text)


def test_many_flags_are_counted_at_once() -> None:
    began = time.process_time()
    assert len(signs(FLAG * 20_000)) == 20_000
    assert time.process_time() - began < 0.5
