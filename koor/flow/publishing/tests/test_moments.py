"""Wall time and instants: every gap and every fold of the year fires exactly once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from koor.flow.publishing.logic import moments

AMSTERDAM = "Europe/Amsterdam"


def test_wall_time_follows_the_season() -> None:
    assert moments.instant(date(2026, 1, 15), time(9), AMSTERDAM) == datetime(2026, 1, 15, 8, tzinfo=UTC)
    assert moments.instant(date(2026, 7, 15), time(9), AMSTERDAM) == datetime(2026, 7, 15, 7, tzinfo=UTC)


def test_a_time_that_the_clock_skips_comes_as_long_after_the_jump() -> None:
    night = date(2026, 3, 29)
    assert moments.instant(night, time(2, 30), AMSTERDAM) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 3:30
    assert moments.is_skipped(night, time(2, 30), AMSTERDAM)
    assert not moments.is_skipped(night, time(1, 59), AMSTERDAM)
    assert not moments.is_skipped(night, time(3, 0), AMSTERDAM)


def test_an_hour_that_comes_twice_means_its_first() -> None:
    night = date(2026, 10, 25)
    assert moments.instant(night, time(2, 30), AMSTERDAM) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moments.instant(night, time(2, 30, fold=1), AMSTERDAM) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert not moments.is_skipped(night, time(2, 30), AMSTERDAM)


def changes(zone: str, first: datetime, last: datetime) -> list[datetime]:
    """The instants at which the offset of a zone changes, to the minute."""
    there, found, step = ZoneInfo(zone), [], timedelta(days=1)
    while first < last:
        if first.astimezone(there).utcoffset() != (first + step).astimezone(there).utcoffset():
            minutes = (first + timedelta(minutes=n) for n in range(1, 1441))
            found.append(
                next(m for m in minutes if m.astimezone(there).utcoffset() != first.astimezone(there).utcoffset())
            )
        first += step
    return found


SOME = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]


@pytest.mark.long
def test_around_every_change_in_all_other_zones() -> None:
    for zone in sorted(available_timezones() - set(SOME)):
        test_around_every_change_each_wall_time_is_one_instant_and_stays_in_order(zone)


@pytest.mark.parametrize("zone", SOME)
def test_around_every_change_each_wall_time_is_one_instant_and_stays_in_order(zone: str) -> None:
    assert zone in available_timezones()
    for change in changes(zone, datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)):
        local = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) - timedelta(hours=3)
        for _quarter in range(24):
            instant = moments.instant(local.date(), local.time(), zone)
            assert instant == moments.instant(local.date(), local.time(), zone)
            if not moments.is_skipped(local.date(), local.time(), zone):
                assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == local
            else:
                assert instant >= change - timedelta(minutes=1)
            local += timedelta(minutes=15)


@pytest.mark.parametrize("text", ["2026-11-24T16:30", "2026-11-24 16:30", " 2026-11-24T16:30:00 "])
def test_local_time_as_it_is_typed(text: str) -> None:
    assert moments.parse_local(text) == (date(2026, 11, 24), time(16, 30))


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-11-24", "16:30", "2026-11-24T16:30Z", "2026-11-24T16:30+01:00", "2026-13-01T10:00"]
)
def test_what_is_no_local_time(text: str) -> None:
    with pytest.raises(moments.NotATime):
        moments.parse_local(text)
