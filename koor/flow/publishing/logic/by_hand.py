"""When somebody is reminded of what they post themselves. No Django."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

REMINDERS = 2  # at its moment, and once more
MOST_DAYS = 60  # that a reminder waits for somebody who is away
SATURDAY = 5


def next_reminder(now: datetime, due_at: datetime, zone: str, works: Callable[[date], bool]) -> datetime:
    """The same time of day as it was meant for, on the next day that `works`; weekends never do."""
    here = ZoneInfo(zone)
    day, at = now.astimezone(here).date(), due_at.astimezone(here).time()
    for _day in range(MOST_DAYS):
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and works(day):
            break
    return datetime.combine(day, at, here)
