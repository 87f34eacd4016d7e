"""Heartbeats: what was put off comes back, and nobody waits for a colleague who is away."""

from koor.flow.conversations import actions
from koor.kernel import jobs
from koor.kernel.access import SYSTEM


@jobs.every("* * * * *", "conversations.wake_due")
def wake_due(timestamp: int) -> None:
    actions.wake_due(by=SYSTEM)
    actions.forget_who_looked()


@jobs.every("*/10 * * * *", "conversations.cover_absences")
def cover_absences(timestamp: int) -> None:
    actions.cover_absences(by=SYSTEM)
