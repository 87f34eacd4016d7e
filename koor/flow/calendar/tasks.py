"""Jobs of the calendar."""

from koor.flow.calendar import actions
from koor.kernel import jobs


@jobs.every("11 * * * *", "calendar.roll")
def roll(timestamp: int) -> None:
    actions.roll_by_itself()
