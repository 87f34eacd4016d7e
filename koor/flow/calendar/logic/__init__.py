"""The calendar's brain: which days an agreement gives, what is a gap, how long the stock lasts. No Django."""

import calendar
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAILY, WEEKLY, FORTNIGHTLY, MONTHLY = "daily", "weekly", "fortnightly", "monthly"
QUIET_DAYS = 3  # working days without anything before a week is called quiet


def rolled_days(rhythm: str, weekday: int, first: date, last: date | None, start: date, end: date) -> list[date]:
    """The days between start and end (both included) that an agreement gives.

    Daily is Monday to Friday; fortnightly counts from the first such weekday on or after `first`; monthly is the first
    such weekday of a month."""
    if rhythm == DAILY:
        return [day for weekly in range(5) for day in rolled_days(WEEKLY, weekly, first, last, start, end)]
    opening = first + timedelta(days=(weekday - first.weekday()) % 7)
    closing = min(end, last) if last else end
    return [day for day in _weekdays(weekday, max(start, opening), closing) if _counts(rhythm, day, opening)]


def _weekdays(weekday: int, start: date, end: date) -> Iterator[date]:
    day = start + timedelta(days=(weekday - start.weekday()) % 7)
    while day <= end:
        yield day
        day += timedelta(days=7)


def _counts(rhythm: str, day: date, opening: date) -> bool:
    if rhythm == FORTNIGHTLY:
        return (day - opening).days % 14 == 0
    return rhythm != MONTHLY or day.day <= 7


def next_there(order: Sequence[int], turn: int, away: Container[int]) -> int:
    """Whose turn it becomes: who is on turn, else the next in the order who is not away; all away, who was on turn."""
    at = order.index(turn)
    return next((one for one in (*order[at:], *order[:at]) if one not in away), turn)


def weeks_of(year: int, month: int) -> list[list[date]]:
    """The whole weeks, Monday first, that hold the days of a month."""
    return calendar.Calendar(firstweekday=0).monthdatescalendar(year, month)


def week_of(day: date) -> list[date]:
    """The days of the week that a day is in, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def has_passed(day: date, at: time | None, zone: str, now: datetime) -> bool:
    """Whether the moment of a place is over; without a time that is the end of its day."""
    return datetime.combine(day, at or time.max, ZoneInfo(zone)) <= now


class Planned(NamedTuple):
    """What matters of a slot for looking ahead."""

    day: date
    filled: bool
    person: int | None
    away: bool = False  # its person is away that day
    team: int | None = None

    @property
    def promised(self) -> bool:
        return not self.filled and not self.away and (self.person is not None or self.team is not None)


def is_gap(slot: Planned) -> bool:
    """Nothing stands ready, and nobody who is there has promised it."""
    return not slot.filled and not slot.promised


def quiet_days(slots: Iterable[Planned], free: set[date], start: date, end: date) -> list[date]:
    """Working days (Monday to Friday, no holiday) between start and end on which nothing stands or is promised."""
    covered = {slot.day for slot in slots if not is_gap(slot)}
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in free and day not in covered]


def stock(ready: Container[date], expected: Iterable[date], today: date, horizon: int = 56) -> tuple[int, date | None]:
    """(calendar days that what stands ready still covers, the first expected day on which nothing does).

    Expected are a house's working days, or the days on which a channel has a place. Only what stands ready counts: this
    is when it goes quiet if nobody sends anything in. None: not within the horizon."""
    last = today + timedelta(days=horizon)
    silent = min((day for day in expected if today <= day <= last and day not in ready), default=None)
    return ((silent - today).days, silent) if silent else (horizon, None)
