"""Jobs of the calendar."""

from koor.flow.calendar import actions
from koor.kernel import jobs
from koor.kernel.access import SYSTEM


@jobs.every("11 * * * *", "calendar.roll")
def roll(timestamp: int) -> None:
    actions.roll_by_itself()


@jobs.every("23 4 * * *", "calendar.holidays")
def read_holidays(timestamp: int) -> None:
    actions.read_all_again()
    actions.erase_removed_holidays(by=SYSTEM)
