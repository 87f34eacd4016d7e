"""Local wall time and the instant it means. People plan in wall time; the instant follows from the zone's rules."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class NotATime(ValueError):
    """What was typed is not a local time such as 2026-11-24T16:30."""


def instant(day: date, at: time, zone: str) -> datetime:
    """The one instant of a wall time, in UTC. An hour that comes twice means its first; a time that the clock skips
    means as long after the jump: 2:30 in the night of the spring is 3:30 summer time."""
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), ZoneInfo(zone)).astimezone(UTC)


def is_skipped(day: date, at: time, zone: str) -> bool:
    """Whether the clock jumps over this wall time."""
    back = instant(day, at, zone).astimezone(ZoneInfo(zone))
    return (back.date(), back.time().replace(fold=0)) != (day, at.replace(fold=0))


def parse_local(text: str) -> tuple[date, time]:
    """`2026-11-24T16:30`, with a space or seconds if one likes. Raises NotATime, also for one with an offset."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotATime(text) from None
    if found.tzinfo is not None or ("T" not in text and " " not in text.strip()):
        raise NotATime(text)
    return found.date(), found.time().replace(microsecond=0)
