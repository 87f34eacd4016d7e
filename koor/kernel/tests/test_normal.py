"""Normal forms of text from outside: those of Unicode, and of a heap of marks only the first 30."""

import unicodedata
from itertools import cycle, islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import koor
from koor.kernel.normal import MOST_MARKS, Form, normal

FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")
HEAP = "".join(islice(cycle(map(chr, range(0x300, 0x33C))), 1_000_000))  # would take a quarter of an hour and more


@pytest.mark.parametrize("form", FORMS)
def test_a_heap_of_marks_ends(form: Form) -> None:
    whole = normal(f"a{HEAP} é{HEAP}b", form)
    assert len(whole) <= 2 * (MOST_MARKS + 2) + 2
    assert normal(whole, form) == whole
    assert whole.endswith("b")


@pytest.mark.parametrize("piece", ["\u0344\u0323", "\u0f73\u0f71", "\uff9e\u0300", "\u0301", "\u309a\u3099"])
@pytest.mark.parametrize("form", FORMS)
def test_marks_that_show_when_taken_apart(piece: str, form: Form) -> None:
    whole = normal("a" + piece * 200_000, form)
    assert normal(whole, form) == whole


@given(st.text(st.sampled_from("a é\u0301\u0323\u0344\u0f73\uff9e가日") | st.characters(), max_size=29))
def test_ordinary_text_is_as_unicode_says(text: str) -> None:
    assert [normal(text, form) for form in FORMS] == [unicodedata.normalize(form, text) for form in FORMS]


@given(st.text("a\u01d8\u0301\u0323\u0344\u093c", max_size=200))
def test_twice_is_once(text: str) -> None:
    for form in FORMS:
        assert normal(normal(text, form), form) == normal(text, form)


def test_thirty_stay_wherever_they_stand() -> None:
    for before in range(70):
        assert normal("x" * before + "q" + "\u0301" * 40 + "y") == "x" * before + "q" + "\u0301" * 30 + "y"


def test_nothing_else_in_the_house_normalizes() -> None:
    house = Path(koor.__file__).parent
    found = [path for path in house.rglob("*.py") if "unicodedata.normalize" in path.read_text()]
    assert [path.name for path in found if "tests" not in path.parts and path.name != "tests.py"] == ["normal.py"]
