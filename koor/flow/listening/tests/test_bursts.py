"""What hardly any hour reaches: each stream by its own past."""

import numpy as np
import pytest

from koor.flow.listening.logic import bursts
from koor.flow.listening.logic.bursts import DAY, PAST, Seen


def test_an_hour_is_twelve_parts() -> None:
    assert list(bursts.windows([1] * 14)) == [12, 12, 12]
    assert bursts.usual([1] * 5) == 0


def test_the_usual_is_what_hardly_any_hour_reached_and_not_this_one() -> None:
    parts = np.ones(PAST)
    parts[-3:] = 50
    assert bursts.usual(parts) == 12
    parts[1000:1200] = 5
    assert bursts.usual(parts) == 60


def test_what_burned_is_left_out() -> None:
    parts = np.ones(PAST)
    begin, end = 1000, 1200
    parts[begin:end] = 5
    fire = Seen(told=PAST - begin, posts=60, top=60, began=PAST - begin, ended=PAST - end, answer="confirmed")
    assert bursts.usual(parts, [fire]) == 12
    waved = Seen(told=PAST - begin, posts=60, top=60, began=PAST - begin, ended=PAST - end, answer="waved")
    assert bursts.usual(parts, [waved]) == 60


@pytest.mark.parametrize(("known", "need"), [(PAST, 106), (7 * DAY, 131), (DAY, 300)])
def test_the_less_is_known_the_more_it_takes(known: int, need: int) -> None:
    assert round(bursts.needed(100, known)) == need


def test_waved_away_a_week_long_less_than_a_tenth_more_is_not_told() -> None:
    waved = Seen(told=2 * DAY, posts=150, top=900, began=2 * DAY, ended=DAY, answer="waved", waved=200)
    assert round(bursts.needed(100, PAST, [waved])) == 220
    old = Seen(told=9 * DAY, posts=150, top=200, began=9 * DAY, ended=8 * DAY, answer="waved", waved=200)
    assert round(bursts.needed(100, PAST, [old])) == 106


def test_what_was_waved_away_and_grew_no_more_than_that_until_it_was_over_is_nothing() -> None:
    on = Seen(told=DAY, posts=150, top=290, began=DAY, answer="waved", waved=200)
    assert round(bursts.needed(100, PAST, [on])) == 220
    over = Seen(told=2 * DAY, posts=150, top=290, began=2 * DAY, ended=DAY, answer="waved", waved=200)
    assert round(bursts.needed(100, PAST, [over])) == 300, "never more than half as much again as was seen"
    bit = Seen(told=2 * DAY, posts=150, top=240, began=2 * DAY, ended=DAY, answer="waved", waved=200)
    assert round(bursts.needed(100, PAST, [bit])) == 264
    much = Seen(told=2 * DAY, posts=90, top=260, began=2 * DAY, ended=DAY, answer="waved", waved=200)
    assert bursts.needed(100, PAST, [much]) == 269, "three times what was told is told again"


def test_what_grew_far_beyond_what_was_waved_away_rings_the_next_day() -> None:
    seen = [Seen(told=DAY + 24, posts=8, top=23, began=DAY + 24, ended=DAY, answer="waved", waved=8)]
    need = bursts.needed(2, PAST, seen)
    assert need == 12
    assert bursts.is_told(23, need, seen)
    assert not bursts.is_told(12, need, seen)


def test_what_grows_after_it_was_waved_away_rings_again_at_three_times_as_many() -> None:
    posts = [12 * 1.08**minute for minute in range(2, 40)]
    seen = [Seen(told=2, posts=12, top=int(top), began=2, answer="waved", waved=40) for top in posts]
    need = [bursts.needed(3, PAST, [one]) for one in seen]
    rang = [now for now, n, one in zip(posts, need, seen, strict=True) if bursts.is_told(now, n, [one])]
    assert 36 <= rang[0] < 40


def _last(told: int, answer: str = "", ended: int | None = 5) -> list[Seen]:
    return [Seen(told, 20, 25, told, ended, answer)]


@pytest.mark.parametrize(
    ("posts", "need", "seen", "told"),
    [
        (7, 0, [], False), (8, 0, [], True), (8, 8, [], False), (30, 10, _last(100), False), (60, 10, _last(100), True),
        (60, 10, _last(1), False), (30, 10, _last(DAY), True), (30, 10, _last(DAY, ended=None), False),
        (30, 10, _last(DAY, "confirmed"), False), (30, 10, _last(2 * DAY, "confirmed"), True),
    ],
)  # fmt: skip
def test_who_heard_of_it_is_left_alone_for_a_day_unless_it_triples(
    posts: int, need: float, seen: list[Seen], told: bool
) -> None:
    assert bursts.is_told(posts, need, seen) is told


def test_it_is_over_when_it_fell_well_below_the_usual() -> None:
    assert bursts.is_over(69, 100)
    assert not bursts.is_over(70, 100)
    assert bursts.is_over(0, 0)
