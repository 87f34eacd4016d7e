"""Jobs of publishing. The sender does one at a time; see kernel/limits.py for why."""

from koor.flow.publishing.actions import (
    alerts,
    archiving,
    by_hand,
    correcting,
    newsletter,
    posting_letters,
    read_back,
    remove,
    repeat,
    telling,
)
from koor.flow.publishing.actions import deliver as engine
from koor.flow.publishing.actions import share as sharing
from koor.kernel import jobs
from koor.kernel.access import SYSTEM


@jobs.task("publishing.deliver", queue=jobs.SENDING)
def deliver(target: int) -> None:
    engine.deliver(target)
    engine.deliver_due()


@jobs.every("* * * * *", "publishing.sweep", queue="upkeep")
def sweep(timestamp: int) -> None:
    """Rows whose moment passed without their job."""
    engine.sweep()
    remove.sweep_removals()
    correcting.sweep_corrections()


@jobs.every("*/10 * * * *", "publishing.watch", queue="upkeep")
def watch(timestamp: int) -> None:
    """The worker watches the sender."""
    alerts.tell_overdue()


@jobs.every("*/10 * * * *", "publishing.remind", queue="upkeep")
def remind(timestamp: int) -> None:
    """Of what waits for somebody's hands, once more; then it is left."""
    by_hand.remind_due()


@jobs.every("29 * * * *", "publishing.follow_the_clocks", queue="upkeep")
def follow_the_clocks(timestamp: int) -> None:
    """Moments of what is planned, should the rules of a zone have changed."""
    engine.follow_the_clocks()


@jobs.every("11 3 * * *", "publishing.let_go_of_withdrawn", queue="upkeep")
def let_go_of_withdrawn(timestamp: int) -> None:
    """Before the hub erases it."""
    remove.let_go_of_withdrawn()


@jobs.every("20 3 * * *", "publishing.read_back")
def look_back_at_night(timestamp: int) -> None:
    """Some of what is up: still there, and once?"""
    read_back.read_back()


@jobs.every("*/10 * * * *", "publishing.roll_series", queue="upkeep")
def roll_series(timestamp: int) -> None:
    """The next turn of what comes back."""
    repeat.roll_series()


@jobs.task("publishing.sweep_now", queue="upkeep")
def sweep_now() -> None:
    engine.sweep()


@jobs.task("publishing.ask_platform", queue=jobs.SENDING)
def ask_platform(target: int) -> None:
    """Have it taken away. With the sender, for its time is limited in the same way."""
    remove.ask_platform(by=SYSTEM, target_id=target)


@jobs.task("publishing.put_right", queue=jobs.SENDING)
def put_right(target: int) -> None:
    """Have the words changed. With the sender, for its time is limited in the same way."""
    correcting.ask_platform(by=SYSTEM, target_id=target)


@jobs.task("publishing.tell_hub")
def tell_hub(attempt: int) -> None:
    telling.tell_hub(by=SYSTEM, attempt=attempt)


@jobs.task("publishing.post_letters", queue=jobs.SENDING)
def post_letters(target: int) -> None:
    """Some letters of an issue. With the sender, for its time is limited in the same way."""
    posting_letters.post_letters(target)


@jobs.every("*/5 * * * *", "publishing.sweep_letters", queue="upkeep")
def sweep_letters(timestamp: int) -> None:
    """Letters whose moment passed without their job."""
    posting_letters.sweep_letters()


@jobs.every("17 3 * * *", "publishing.forget_askers", queue="upkeep")
def forget_askers(timestamp: int) -> None:
    """Addresses that were filled in for the newsletter and never said yes."""
    newsletter.forget_who_did_not_say_yes()


@jobs.task("publishing.read_archive", retry=5)
def read_archive(archive: int) -> None:
    """Minutes for a large one; it goes on where it was when its worker dies."""
    archiving.read_archive(by=SYSTEM, archive_id=archive)


@jobs.every("*/10 * * * *", "publishing.sweep_archives", queue="upkeep")
def sweep_archives(timestamp: int) -> None:
    """Exports of which the job that reads them broke off."""
    archiving.sweep_archives()


@jobs.every("40 5 * * 1-5", "publishing.go_rounds")
def go_rounds(timestamp: int) -> None:
    """What is shared is offered to who has room by now."""
    from koor.flow.publishing.queries.offers import still_offered

    for pk in still_offered().values_list("pk", flat=True):
        sharing.go_round(pk)
