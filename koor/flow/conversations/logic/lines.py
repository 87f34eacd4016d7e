"""A direct line: who answers on it now, whether it is open at this hour, and how much may be written there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from koor.flow.conversations.logic.routing import NOBODY, Reason

WORKDAYS = (1, 2, 3, 4, 5)  # Monday is 1
LONGEST_ON_A_LINE = 4000  # characters
LONGEST_NAME = 120  # characters
MOST_AN_HOUR, MOST_A_DAY = 12, 40  # messages of one person
NEW_AN_HOUR, NEW_A_DAY = 6, 30  # people who begin a line of their own at the page of a project
INTRODUCED = timedelta(days=60)  # that the page tells who it was before
LOOKS_AHEAD = timedelta(weeks=3)  # for the next day on which a line is read
AHEAD = timedelta(weeks=6)  # that holiday cover is looked at


@dataclass(frozen=True)
class Answerer:
    """Who answers on a line now, and why it is not the colleague themselves."""

    person: int | None  # empty: nobody is there
    reasons: tuple[Reason, ...] = ()
    stands_in: bool = False
    full: bool = False
    until: date | None = None  # last day away


def who_answers(
    *,
    owner: int,
    away_until: date | None,
    absence_stand_in: int | None,
    line_stand_in: int | None,
    waiting: int,
    limit: int,
    passed: Collection[int] = (),
) -> Answerer:
    """The colleague; while they are away whoever stands in, of this absence or of this line; when their hands are full
    the stand-in of the line helps. Both stand-ins are given only when they are there themselves."""
    why: Reason = ("direct_line", owner)
    if away_until is not None:
        instead = next((one for one in (absence_stand_in, line_stand_in) if one and one not in passed), None)
        if instead is None:
            return Answerer(None, (("unsure", NOBODY), ("away", owner)), until=away_until)
        reasons = (("stand_in", owner), ("until", away_until.isoformat()), why)
        return Answerer(instead, reasons, stands_in=True, until=away_until)
    if owner in passed:
        return Answerer(None)
    if waiting >= limit and line_stand_in and line_stand_in not in passed:
        return Answerer(line_stand_in, (("stand_in", owner), ("full", owner), why), stands_in=True, full=True)
    return Answerer(owner, (why,))


def stays(*, assignee: int | None, ground: str, owner: int, is_there: bool) -> bool:
    """Whether what is written on a line goes on where the conversation is: with the colleague of the line, or with
    whom a colleague gave it to by choice."""
    if assignee is None or not is_there:
        return False
    return assignee == owner or ground == "person"


def is_open(now: datetime, days: Collection[int], opens: time, closes: time) -> bool:
    """`now` in the zone of the house."""
    return now.isoweekday() in days and opens <= now.time() < closes


def next_open(now: datetime, days: Collection[int], opens: time, closed: Collection[date] = ()) -> date | None:
    """The next day on which the line is read; today when that is still to come. `closed`: days off of all the house."""
    for ahead in range(LOOKS_AHEAD.days):
        day = now.date() + timedelta(days=ahead)
        if day.isoweekday() in days and day not in closed and (ahead or now.time() < opens):
            return day
    return None


def too_many(recent: Collection[datetime], now: datetime, *, an_hour: int, a_day: int) -> bool:
    """Whether this is more than a person would write."""
    hour = sum(one > now - timedelta(hours=1) for one in recent)
    day = sum(one > now - timedelta(days=1) for one in recent)
    return hour >= an_hour or day >= a_day


def masked(address: str) -> str:
    """An address as a page shows it to whoever holds that page: who it is of knows it again."""
    name, _at, place = address.rpartition("@")
    return f"{name[:1]}…@{place}"
