"""The calendar's brain: rolled days, gaps, quiet days, stock."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from koor.flow.calendar import logic
from koor.flow.calendar.logic import Planned

MONDAY = date(2026, 11, 23)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def test_every_week_gives_each_such_weekday() -> None:
    found = logic.rolled_days("weekly", 1, MONDAY, None, MONDAY, MONDAY + timedelta(days=20))
    assert found == [date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8)]


def test_every_day_is_every_working_day() -> None:
    found = logic.rolled_days("daily", 0, MONDAY, None, MONDAY, MONDAY + timedelta(days=8))
    assert sorted(found) == [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8)]


def test_every_other_week_counts_from_the_first_day_not_from_where_one_looks() -> None:
    end = MONDAY + timedelta(days=60)
    whole = logic.rolled_days("fortnightly", 1, MONDAY, None, MONDAY, end)
    later = logic.rolled_days("fortnightly", 1, MONDAY, None, MONDAY + timedelta(days=8), end)
    assert whole[:2] == [date(2026, 11, 24), date(2026, 12, 8)]
    assert later == whole[1:]


def test_every_month_is_the_first_such_weekday() -> None:
    found = logic.rolled_days("monthly", 3, MONDAY, None, MONDAY, date(2027, 2, 28))
    assert found == [date(2026, 12, 3), date(2027, 1, 7), date(2027, 2, 4)]


def test_an_ended_agreement_gives_nothing_after_its_last_day() -> None:
    found = logic.rolled_days("weekly", 0, MONDAY, MONDAY, MONDAY, MONDAY + timedelta(days=30))
    assert found == [MONDAY]


@given(st.sampled_from(["weekly", "fortnightly", "monthly"]), st.integers(0, 6), days, days, st.integers(0, 200))
def test_rolled_days_are_on_the_weekday_inside_and_in_order(
    rhythm: str, weekday: int, first: date, start: date, length: int
) -> None:
    end = start + timedelta(days=length)
    found = logic.rolled_days(rhythm, weekday, first, None, start, end)
    assert found == sorted(set(found))
    assert all(day.weekday() == weekday and max(first, start) <= day <= end for day in found)


def test_a_promise_of_somebody_who_is_away_is_a_gap() -> None:
    assert logic.is_gap(Planned(MONDAY, filled=False, person=1, away=True))
    assert not logic.is_gap(Planned(MONDAY, filled=False, person=1))
    assert logic.is_gap(Planned(MONDAY, filled=False, person=None))
    assert not logic.is_gap(Planned(MONDAY, filled=True, person=None, away=True))


def test_weekends_and_holidays_are_not_quiet_days() -> None:
    christmas = {date(2026, 12, 25)}
    slots = [Planned(date(2026, 12, 21), True, None), Planned(date(2026, 12, 22), False, 1)]
    found = logic.quiet_days(slots, christmas, date(2026, 12, 21), date(2026, 12, 27))
    assert found == [date(2026, 12, 23), date(2026, 12, 24)]


def test_stock_counts_only_what_stands_ready() -> None:
    expected = [MONDAY + timedelta(days=n) for n in (0, 1, 2)]
    assert logic.stock({MONDAY, expected[2]}, expected, MONDAY) == (1, expected[1])
    assert logic.stock(set(), [MONDAY - timedelta(days=1)], MONDAY, 7) == (7, None)


def test_stock_without_an_end_in_sight() -> None:
    days = [MONDAY + timedelta(days=n) for n in range(60)]
    assert logic.stock(set(days), days, MONDAY, 56) == (56, None)
    assert logic.stock(set(days[:57]), days, MONDAY, 56) == (56, None)
