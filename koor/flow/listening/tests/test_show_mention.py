"""A mention is shown with its words marked, and days and queries as small drawings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koor.flow.listening.logic import show
from koor.flow.listening.logic.fold import spans
from koor.flow.listening.logic.plot import drawn_spark, last_point, plot, spark
from koor.flow.listening.logic.query import read_query
from koor.flow.listening.logic.show import Piece, marked
from koor.flow.listening.logic.tree import terms


def shown(text: str, expression: str, most: int = 1000) -> str:
    pieces = marked(text, terms(read_query(expression).tree), most)
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "expression", "expected"),
    [
        ("De pomp is stuk", "pomp", "De [pomp] is stuk"),
        ("Pómpen en pomp", "pomp*", "[Pómpen] en [pomp]"),
        ("Een koude. Douche", '"koude douche"', "Een [koude. Douche]"),
        ("a1 b1 c1", '"a1 b1" OR "b1 c1"', "[a1 b1 c1]"),
        ("pomp #pomp @pomp", "#pomp", "pomp #[pomp] @pomp".replace("@pomp", "@[pomp]")),
        ("👍 goed", "👍", "[👍] goed"),
        ("niets", "pomp", "niets"),
        ("", "pomp", ""),
        ("pomp NOT fiets", "pomp NOT fiets", "[pomp] NOT fiets"),
    ],
)
def test_marks(text: str, expression: str, expected: str) -> None:
    assert shown(text, expression) == expected


def test_a_long_text_is_cut_around_the_first_mark() -> None:
    text = "woord " * 100 + "pomp " + "woord " * 100
    cut = shown(text, "pomp", 120)
    assert cut.startswith("… woord")
    assert "[pomp]" in cut
    assert cut.endswith("woord …")
    assert len(cut) < 140
    assert shown(text, "iets", 50).endswith("woord …")
    assert not shown(text, "iets", 50).startswith("…")


def test_a_text_without_spaces_is_cut_too() -> None:
    assert shown("x" * 5000 + " pomp", "pomp", 100).startswith("… [pomp]")
    assert len(shown("x" * 5000, "pomp", 100)) < 110


@given(st.text(max_size=80), st.integers(5, 60))
def test_nothing_is_lost_or_made_up(text: str, most: int) -> None:
    pieces = marked(text, ["aa", ("b", "c*")], most)
    joined = "".join(piece.text for piece in pieces)
    assert joined.removeprefix("… ").removesuffix(" …").strip() in text
    assert pieces == [piece for piece in pieces if isinstance(piece, Piece)]


def test_bars() -> None:
    first, second, third = plot([(0, 0), (10, 5), (1, 1)], 300, 142)
    assert (first.height, first.told) == (0, False)
    assert (second.height, second.hot, second.told) == (100, 50, True)
    assert (third.height, third.told) == (10, True)
    assert second.y + second.height == 122
    assert second.x < second.right <= 200
    assert first.drawn() == ""
    assert second.drawn() == (
        '<rect class="bar-n" x="115.0" y="22.0" width="70.0" height="100.0" rx="1.5"/>'
        '<rect class="hot" x="115.0" y="72.0" width="70.0" height="50.0" rx="1.5"/>'
        '<text class="strong" x="150.0" y="16.0" text-anchor="middle">10</text>'
    )
    assert third.drawn().count("<rect") == 2
    assert plot([], 300, 142) == []
    assert [bar.told for bar in plot([(0, 0)], 300, 142)] == [False]


def test_sparks() -> None:
    points = spark([0, 1, 2])
    assert points == "2.0,18.0 36.0,10.0 70.0,2.0"
    assert last_point(points) == ("70.0", "2.0")
    assert last_point(spark([])) == ("2", "18")
    assert spark([0]) == "2.0,18.0"
    assert '<circle cx="70.0" cy="2.0"' in drawn_spark([0, 1, 2])


def test_words_are_found_once_for_all_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(show, "spans", lambda text: made.append(text) or spans(text))
    pieces = marked("warme pomp " * 1_800, [*(f"x{n}" for n in range(2_000)), "war*", ("pomp", "warme")])
    assert len(made) == 1
    assert pieces[0].marked
