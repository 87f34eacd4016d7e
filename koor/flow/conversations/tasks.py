"""Heartbeats: what was put off comes back, and nobody waits for a colleague who is away."""

from procrastinate import RetryStrategy

from koor.flow.conversations import actions
from koor.flow.conversations.actions import (
    acting,
    alarms,
    alerts_of_fires,
    attaching,
    drills,
    line_letters,
    recordings,
    stages,
)
from koor.flow.conversations.logic import topics
from koor.kernel import jobs
from koor.kernel.access import SYSTEM


@jobs.beforehand
def know_the_subjects() -> None:
    """What people write about, in the words that they use."""
    topics.wanted("Boven blijft het koud, ook met de knop open.")


@jobs.every("* * * * *", "conversations.wake_due")
def wake_due(timestamp: int) -> None:
    actions.wake_due(by=SYSTEM)
    actions.forget_who_looked()


@jobs.every("* * * * *", "conversations.ask_the_next")
def ask_the_next(timestamp: int) -> None:
    actions.ask_the_next(by=SYSTEM)


@jobs.every("*/10 * * * *", "conversations.cover_absences")
def cover_absences(timestamp: int) -> None:
    actions.cover_absences(by=SYSTEM)


@jobs.task("conversations.tell_everybody")
def tell_everybody(fire: int, number: int) -> None:
    """What colleagues say while something burns."""
    alerts_of_fires.tell_everybody(fire, number)


@jobs.task("conversations.ask_to_sign")
def ask_to_sign(fire: int, statement: int) -> None:
    alerts_of_fires.ask_to_sign(statement)


@jobs.task("conversations.drill_says")
def drill_says(fire: int, number: int) -> None:
    """The next message of an exercise."""
    drills.say(by=SYSTEM, fire_id=fire, number=number)


@jobs.every("* * * * *", "conversations.end_drills")
def end_drills(timestamp: int) -> None:
    """An exercise ends by itself, and its stages go once nothing is to come there any more."""
    drills.end_what_is_over(by=SYSTEM)
    stages.put_away()


@jobs.every("* * * * *", "conversations.call_others")
def call_others(timestamp: int) -> None:
    """An alarm at which nobody looks."""
    alarms.call_others(by=SYSTEM)


@jobs.task("conversations.open_recording", retry=RetryStrategy(max_attempts=4, wait=20))
def open_recording(recording: int) -> None:
    """A voice note is made ready to be played."""
    recordings.open_recording(recording)


@jobs.every("37 * * * *", "conversations.open_waiting_recordings")
def open_waiting_recordings(timestamp: int) -> None:
    """What was not made ready is tried again."""
    recordings.open_waiting(by=SYSTEM)


@jobs.task("conversations.open_attached", queue="listening", retry=RetryStrategy(max_attempts=4, wait=20))
def open_attached(attached: int) -> None:
    """A photo or document out of the contact form is made ready to be shown."""
    attaching.open_attached(attached)


@jobs.every("38 * * * *", "conversations.open_waiting_attached", queue="listening")
def open_waiting_attached(timestamp: int) -> None:
    """What was not made ready is tried again."""
    attaching.open_waiting(by=SYSTEM)


@jobs.task("conversations.write_to_page")
def write_to_page(line: int) -> None:
    """A letter to who has a page of their own: an answer stands there."""
    line_letters.write_letter(by=SYSTEM, line_id=line)


@jobs.task("conversations.perform")
def perform(deed: int) -> None:
    """One try to have something done with a message."""
    acting.perform(by=SYSTEM, deed_id=deed)


@jobs.every("* * * * *", "conversations.perform_what_waits")
def perform_what_waits(timestamp: int) -> None:
    acting.sweep()
