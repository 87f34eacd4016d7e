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

    def workday_ago(self, ago: int) -> int:
        """So many days ago, moved out of the weekend: the past to the Friday before, what comes to the Monday after."""
        weekend = max(0, self.day(ago).weekday() - 4)
        if not weekend or ago == 0:
            return ago
        return ago + weekend if ago > 0 else ago - (3 - weekend)

    def of(self, ago: int, at: str) -> datetime:
        """An instant in UTC; never later than now for days that are past."""
        wall = time.fromisoformat(at)
        if ago == 0:
            behind = datetime.combine(self.today, LATEST) - datetime.combine(self.today, wall)
            return self.now - max(behind, timedelta(minutes=1))
        return datetime.combine(self.day(ago), wall, ZoneInfo(ZONE)).astimezone(UTC)
