"""Reading holidays from an iCalendar file: bounded in size, number and repetition. No Django."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar

MOST_BYTES = 2_000_000
MOST_EVENTS = 5_000  # in a file
MOST_TIMES = 120  # that one event is repeated within the window
MOST_STEPS = 4_000  # of a rule that are looked at, also before the window
MOST_FOUND = 5_000
LONGEST = timedelta(days=120)  # a holiday; what lasts longer is none
NAME = 160  # characters

HTML, BROKEN, LARGE, MANY, EMPTY = "html", "broken", "large", "many", "empty"


class Unreadable(ValueError):
    """Why it is no list of holidays; one of the codes above."""


@dataclass(frozen=True)
class Found:
    name: str
    first: date
    last: date


def read(data: bytes, zone: str, first: date, last: date) -> list[Found]:
    """The days off that touch the window, each once, in order. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(LARGE)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        raise Unreadable(HTML)
    if b"begin:vcalendar" not in start:
        raise Unreadable(BROKEN if start else EMPTY)
    if data.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise Unreadable(MANY)
    found = {one for event in _events(data) for one in _days(event, ZoneInfo(zone), first, last)}
    if len(found) > MOST_FOUND:
        raise Unreadable(MANY)
    return sorted(found, key=lambda one: (one.first, one.last, one.name))


def _events(data: bytes) -> Iterator[Any]:
    try:
        yield from Calendar.from_ical(data).walk("VEVENT")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(BROKEN) from error


def _days(event: Any, zone: ZoneInfo, first: date, last: date) -> Iterator[Found]:
    """One event, as often as it is repeated in the window; an event that can't be read is left out."""
    try:
        begin, end = _span(event, zone)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return
    name = " ".join(str(event.get("SUMMARY", "")).split())[:NAME]
    if not name or end < begin or end - begin > LONGEST:
        return
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    length = end - begin
    for day in _starts(event, begin, length, first, last):
        yield Found(name, day, day + length)


def _span(event: Any, zone: ZoneInfo) -> tuple[date, date]:
    """First and last day, both included, by the clock of the house."""
    start = event["DTSTART"].dt
    begin = _day(start, zone)
    if "DTEND" in event:
        stop = event["DTEND"].dt
    elif "DURATION" in event:
        stop = start + event["DURATION"].dt
    else:
        return begin, begin
    if not isinstance(stop, datetime):  # an end without a time is the day after the last
        return begin, max(begin, stop - timedelta(days=1))
    return begin, max(begin, _day(stop - timedelta(microseconds=1), zone))


def _day(moment: date | datetime, zone: ZoneInfo) -> date:
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()


def _starts(event: Any, begin: date, length: timedelta, first: date, last: date) -> Iterator[date]:
    """The days on which it begins within the window, in a bounded number of steps."""
    rule = event.get("RRULE")
    if rule is None:
        if begin <= last and begin + length >= first:
            yield begin
        return
    if isinstance(rule, list):
        rule = rule[0]
    left_out = {_plain(moment) for moment in _left_out(event)}
    try:
        text = rule.to_ical().decode()
        text = ";".join(part for part in text.split(";") if not part.upper().startswith(("BYHOUR", "BYMIN", "BYSEC")))
        if any(word in text.upper() for word in ("SECONDLY", "MINUTELY", "HOURLY")):
            return
        moments = rrulestr(_without_zone(text), dtstart=datetime(begin.year, begin.month, begin.day))  # noqa: DTZ001
        times = 0
        for moment in islice(moments, MOST_STEPS):
            day = moment.date()
            if day > last or times >= MOST_TIMES:
                return
            if day + length >= first and day not in left_out:
                times += 1
                yield day
    except (ValueError, TypeError, OverflowError, AttributeError):
        return


def _without_zone(rule: str) -> str:
    """UNTIL as a day, for days are compared."""
    parts = (part for part in rule.split(";"))
    return ";".join(f"UNTIL={part[6:14]}" if part.upper().startswith("UNTIL=") else part for part in parts)


def _left_out(event: Any) -> Iterator[Any]:
    rows = event.get("EXDATE", [])
    for row in rows if isinstance(rows, list) else [rows]:
        yield from (one.dt for one in getattr(row, "dts", []))


def _plain(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
