"""Jobs of publishing. The sender does one at a time; see kernel/limits.py for why."""

from koor.flow.publishing.actions import deliver as engine
from koor.kernel import jobs


@jobs.task("publishing.deliver", queue=jobs.SENDING)
def deliver(target: int) -> None:
    engine.deliver(target)


@jobs.every("* * * * *", "publishing.sweep", queue="upkeep")
def sweep(timestamp: int) -> None:
    """Rows whose moment passed without their job."""
    engine.sweep()


@jobs.task("publishing.sweep_now", queue="upkeep")
def sweep_now() -> None:
    engine.sweep()
