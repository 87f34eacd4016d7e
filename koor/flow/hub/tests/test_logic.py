"""Decisions of the hub."""

from datetime import UTC, date, datetime, timedelta

import pytest

from koor.flow.hub.choices import Agrees, Use, Where
from koor.flow.hub.logic import (
    MAX_TAGS,
    Said,
    blocks,
    guess_project,
    hindrance,
    signed,
    tags_of,
    title_of,
    usual_project,
    who_is,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def test_everybody_in_a_picture_has_to_agree() -> None:
    assert blocks([], today=TODAY) == []
    assert blocks([Said("Jelle", Agrees.YES), Said("Els", Agrees.YES)], today=TODAY) == []
    found = blocks([Said("Jelle", Agrees.YES), Said("Els", Agrees.NO), Said("A neighbour")], today=TODAY)
    assert [(block.code, block.name) for block in found] == [("no", "Els"), ("ask", "A neighbour")]


def test_a_colleagues_no_looks_like_no_answer() -> None:
    answers = [Said("Henk", agrees, colleague=True) for agrees in (Agrees.NO, Agrees.ASK)]
    assert [hindrance(one, TODAY) for one in answers] == ["colleague", "colleague"]


@pytest.mark.parametrize(
    ("use", "place", "day", "found"),
    [
        ("", "", 24, ""),
        (Use.SHOW, Where.HOUSE, 24, ""),
        (Use.JOBS, Where.HOUSE, 24, "use"),
        (Use.SHOW, Where.SOCIAL, 24, "place"),
        (Use.SHOW, Where.HOUSE, 25, "ended"),
    ],
)
def test_a_yes_is_for_a_purpose_a_place_and_a_time(use: str, place: str, day: int, found: str) -> None:
    said = Said("Els", Agrees.YES, (Use.SHOW,), (Where.HOUSE,), ends_on=TODAY)
    assert hindrance(said, date(2026, 11, day), use, place) == found


def test_what_was_taken_back_or_put_aside_is_not_offered() -> None:
    assert [block.code for block in blocks([], today=TODAY, shelved=True, withdrawn=True, empty=True)] == [
        "withdrawn",
        "shelved",
        "empty",
    ]


@pytest.mark.parametrize(
    ("last", "running", "guess"),
    [
        ((7, NOW - timedelta(hours=2)), [], (7, "last")),
        ((7, NOW - timedelta(hours=2)), [3], (7, "last")),
        ((7, NOW - timedelta(days=15)), [3], (3, "mine")),
        ((7, NOW - timedelta(days=15)), [3, 4], (None, "")),
        ((None, NOW), [3], (3, "mine")),
        (None, [], (None, "")),
    ],
)
def test_the_project_is_guessed_from_the_last_photo_or_the_only_work(
    last: tuple[int | None, datetime] | None, running: list[int], guess: tuple[int | None, str]
) -> None:
    assert guess_project(last, running, NOW) == guess


@pytest.mark.parametrize(
    ("earlier", "usual"),
    [
        ([(7, 7, 0), (7, 14, 60)], 7),
        ([(7, 7, 0)], None),  # once is no habit
        ([(7, 7, 0), (7, 7, 5)], None),  # nor is twice on one day
        ([(7, 7, 0), (7, 14, 120)], None),  # another time of day
        ([(7, 7, 0), (7, 13, 0)], None),  # another weekday
        ([(7, 7, 0), (7, 70, 0)], None),  # long ago
        ([(7, 14, 0), (7, 21, 0), (8, 7, 0)], 7),
        ([(7, 14, 0), (7, 21, 0), (8, 7, 0), (None, 28, 0)], None),  # no project is a choice too
        ([(None, 7, 0), (None, 14, 0)], None),
        ([], None),
    ],
)
def test_a_habit_is_the_same_choice_at_the_same_time_of_the_week(
    earlier: list[tuple[int | None, int, int]], usual: int | None
) -> None:
    """Project, days ago, minutes later in the day."""
    moments = [(one, NOW - timedelta(days=days) + timedelta(minutes=later)) for one, days, later in earlier]
    assert usual_project(moments, NOW) == usual


def test_a_habit_comes_before_older_work_and_not_before_the_visit_one_is_on() -> None:
    assert guess_project((7, NOW - timedelta(hours=2)), [3], NOW, 8) == (7, "last")
    assert guess_project((7, NOW - timedelta(hours=20)), [3], NOW, 8) == (8, "habit")
    assert guess_project((None, NOW), [3], NOW, 8) == guess_project(None, [], NOW, 8) == (8, "habit")


def test_tags_as_one_types_them() -> None:
    assert tags_of(" #Warmtepomp,  zolder ; zolder\nNa  Isolatie#2026") == [
        "warmtepomp",
        "zolder",
        "na isolatie",
        "2026",
    ]
    assert tags_of("") == []
    assert len(tags_of(",".join(str(n) for n in range(99)))) == MAX_TAGS
    assert len(tags_of("x" * 500)[0]) == 40


def test_a_name_is_somebody_when_only_one_is_called_so() -> None:
    known = [("René Oonk", 1), ("Henk Oonk", 2), ("Jan Jansen", 3), ("jan jansen", 4)]
    assert who_is("  rene  oonk ", known) == 1
    assert who_is("Jan Jansen", known) is None
    assert who_is("A neighbour", known) is None


def test_a_fingerprint_fits_the_database() -> None:
    assert signed("0000000000000001") == 1
    assert signed("ffffffffffffffff") == -1
    assert signed("8000000000000000") == -(2**63)


def test_a_title_is_cut_between_words() -> None:
    assert title_of("Short and good.\nSecond line") == "Short and good."
    assert title_of("word " * 60).endswith("word…")
    assert len(title_of("x" * 500)) <= 120
