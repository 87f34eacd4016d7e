"""Working time: office hours on working days, and the evenings of the rota. Nobody waits while nobody works."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LONGEST_PROMISE = 60 * 24 * 5  # working minutes
AHEAD = 400  # days; beyond that nobody works any more


@dataclass(frozen=True)
class Hours:
    """When the house answers. `free` tells whether nobody works on a day."""

    opens: time
    closes: time
    free: Callable[[date], bool]
    evening: time | None = None  # until then there is an evening rota
    weekend: bool = False  # which also has the days off


@dataclass(frozen=True)
class Agreed:
    """A promise: for a channel and a purpose, each empty for all."""

    channel: str
    purpose: str
    minutes: int
    ask_before: int


def promise_for(promises: Iterable[Agreed], channel: str, purpose: str) -> Agreed | None:
    """The narrowest one that fits: channel and purpose, then channel, then purpose, then all."""
    fitting = [one for one in promises if one.channel in ("", channel) and one.purpose in ("", purpose)]
    return max(fitting, key=lambda one: (bool(one.channel), bool(one.purpose)), default=None)


def window(hours: Hours, day: date) -> tuple[time, time] | None:
    """From when until when somebody answers on this day."""
    if day.weekday() > 4 or hours.free(day):
        return (hours.opens, hours.evening) if hours.weekend and hours.evening else None
    return hours.opens, max(hours.closes, hours.evening or hours.closes)


def works_at(hours: Hours, moment: datetime) -> bool:
    """Whether somebody answers now; `moment` is local."""
    span = window(hours, moment.date())
    return span is not None and span[0] <= moment.time() < span[1]


def after_work(hours: Hours, moment: datetime) -> bool:
    """Whether only the evening rota is there."""
    office = moment.weekday() < 5 and not hours.free(moment.date()) and hours.opens <= moment.time() < hours.closes
    return works_at(hours, moment) and not office


def due(since: datetime, minutes: int, hours: Hours) -> datetime:
    """When so many working minutes have passed since a local moment."""
    left, day = timedelta(minutes=minutes), since.date()
    for _step in range(AHEAD):
        span = window(hours, day)
        if span is not None:
            begin = max(since, datetime.combine(day, span[0], since.tzinfo))
            end = datetime.combine(day, span[1], since.tzinfo)
            if begin < end:
                if end - begin >= left:
                    return begin + left
                left -= end - begin
        day += timedelta(days=1)
    return since + timedelta(minutes=minutes)
