"""On which days something comes back. Days only: the instant of each follows from its wall time and zone, as for every
post, so a night in which the clock jumps moves nothing by an hour."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count

from koor.flow.publishing.logic import moments

WEEK, FORTNIGHT, MONTH, YEAR = "week", "fortnight", "month", "year"
DAYS = {WEEK: 7, FORTNIGHT: 14}
MONTHS = {MONTH: 1, YEAR: 12}
LAST_YEAR = 9990  # of the calendar that Python knows, with room for a step


def days(first: date, every: str) -> Iterator[date]:
    """The first day and all that follow. A month without that day has it on its last one; a later month as ever."""
    for number in count():
        if every in DAYS:
            day = first.toordinal() + number * DAYS[every]
            if day > date(LAST_YEAR, 1, 1).toordinal():
                return
            yield date.fromordinal(day)
        else:
            year, month = divmod(first.year * 12 + first.month - 1 + number * MONTHS[every], 12)
            if year > LAST_YEAR:
                return
            last = calendar.monthrange(year, month + 1)[1]
            yield date(year, month + 1, min(first.day, last))


def after(first: date, every: str, last: date) -> Iterator[date]:
    """The days that come after one."""
    return (day for day in days(first, every) if day > last)


def next_day(first: date, every: str, last: date, at: time, zone: str, now: datetime) -> tuple[date | None, list[date]]:
    """The first day after `last` whose moment is still to come, and those in between that passed by."""
    passed: list[date] = []
    for day in after(first, every, last):
        if moments.instant(day, at, zone) > now:
            return day, passed
        passed.append(day)
    return None, passed


def between(first: date, every: str, last: date, start: date, end: date) -> list[date]:
    """The days of a period that still have to come, when `last` was the latest that was dealt with."""
    found = []
    for day in after(first, every, last):
        if day > end:
            break
        if day >= start:
            found.append(day)
    return found


def words_for(texts: list[str], turn: int) -> str:
    """The words of a turn, in order and from the beginning again; empty: those of the time before."""
    return texts[turn % len(texts)] if texts else ""


def variants(text: str) -> list[str]:
    """Other words for other times, with a line of dashes between them."""
    pieces: list[list[str]] = [[]]
    for line in text.replace("\r\n", "\n").split("\n"):
        if len(line.strip()) >= 3 and set(line.strip()) == {"-"}:
            pieces.append([])
        else:
            pieces[-1].append(line)
    return [said for piece in pieces if (said := "\n".join(piece).strip())]


NEAR = timedelta(hours=1)  # before a turn: what is still on its way by then is not followed by another
