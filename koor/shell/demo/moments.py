"""Moments of the demo, relative to now, so that it never looks stale."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "Europe/Amsterdam"
LATEST = time(9, 40)  # today's story runs up to this time; it becomes now


class Moments:
    """`of(3, "07:10")`: three days ago at ten past seven in the house. Today's moments end now, whatever the hour."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)
        self.today = now.astimezone(ZoneInfo(ZONE)).date()

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def workday(self, ago: int) -> date:
        """That day, or the Friday before when it falls in a weekend."""
        found = self.day(ago)
        return found - timedelta(days=max(0, found.weekday() - 4))

    def of(self, ago: int, at: str) -> datetime:
        """An instant in UTC; never later than now for days that are past."""
        wall = time.fromisoformat(at)
        if ago == 0:
            behind = datetime.combine(self.today, LATEST) - datetime.combine(self.today, wall)
            return self.now - max(behind, timedelta(minutes=1))
        return datetime.combine(self.day(ago), wall, ZoneInfo(ZONE)).astimezone(UTC)
