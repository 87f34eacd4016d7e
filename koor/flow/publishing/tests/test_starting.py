"""A text to begin with: of somebody's own words, never the same as another's."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koor.flow.publishing.logic import phrases, starting, words
from koor.flow.publishing.logic.starting import Habits, Shown

ROB = (
    "Moi allemaal, de school ademt weer. #reurslag #school",
    "Moi allemaal, vandaag gemeten. Frisse lucht in lokalen merk je pas als hij er niet is. #reurslag",
    "Een rustige dag. #reurslag",
)
SHOWN = Shown("Acht lokalen in Eibergen hebben sinds vrijdag frisse lucht.", "Bram", ("school",), (("place", ""),))


def test_habits_are_read_from_what_somebody_wrote() -> None:
    habits = starting.habits_of(ROB)
    assert habits.openings == ("Moi allemaal,",)
    assert (habits.length, habits.always, habits.tag_number) == ("short", ("reurslag",), 1)
    assert starting.habits_of([]) == Habits()


def test_it_begins_as_they_begin_with_a_sentence_and_the_tags_of_their_own() -> None:
    start = starting.begin(starting.habits_of(ROB), SHOWN, [])
    assert start.text.startswith("Moi allemaal, Frisse lucht in lokalen merk je pas als hij er niet is.")
    assert start.text.endswith("#school")
    assert [code for code, _words in start.made_of] == ["opening", "sentence", "length", "tags"]


def test_who_never_wrote_gets_a_plain_beginning() -> None:
    start = starting.begin(Habits(), SHOWN, [])
    assert "Bram" in start.text
    assert start.made_of == ()


@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_colleagues_who_write_alike_begin_with_other_words(language: str) -> None:
    said: list[str] = []
    for turn in range(8):
        start = starting.begin(Habits(), SHOWN, said, turn=turn, language=language, tail="Ik werk bij Reurslag.")
        said.append(starting.with_tail(start.text, "Ik werk bij Reurslag."))
    assert all(said)
    assert not any(words.is_copy(one, other) for one, other in combinations([*said, SHOWN.text], 2))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=5), st.text(max_size=120), st.integers(0, 50))
def test_whatever_was_written_it_is_never_a_copy(texts: list[str], shown: str, turn: int) -> None:
    start = starting.begin(starting.habits_of(texts), Shown(shown, "Bram"), [shown], turn=turn)
    assert not words.is_copy(start.text, shown)
    assert start == starting.begin(starting.habits_of(texts), Shown(shown, "Bram"), [shown], turn=turn)


def test_where_one_works_stands_there_once() -> None:
    once = starting.with_tail("Mooi.", "Ik werk bij Reurslag.")
    assert once == "Mooi.\n\nIk werk bij Reurslag."
    assert starting.with_tail(once, "ik werk bij reurslag") == once
    assert starting.with_tail("Mooi.", "") == "Mooi."


def test_when_all_was_said_the_sheet_is_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "LEADS", {"nl": {Habits().length: ("Kijk wat {name} maakte.",)}})
    said: list[str] = []
    while text := starting.begin(Habits(), SHOWN, said).text:
        said.append(text)
    assert len(said) > 2
    assert starting.begin(Habits(), SHOWN, said) == starting.Start("")
