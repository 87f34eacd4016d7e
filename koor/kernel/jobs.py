"""Work for later, on Procrastinate: a job is deferred in the transaction of the data that it is about.

Arguments are ids only. Every task may run twice (a paused worker): it must be idempotent."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar

import procrastinate
import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import JobDeferrer, Status
from procrastinate.manager import JobManager

from koor.kernel import clock
from koor.kernel.access import Refused

T = TypeVar("T")
blueprint = procrastinate.Blueprint()
logger = logging.getLogger(__name__)

SENDING = "sending"  # queue of what leaves the house; its worker does one job at a time: a hard limit ends it
STALLED_AFTER = 30  # seconds without a heartbeat of the worker
KEEP_FINISHED = 24 * 3  # hours
IN_BULK = -1  # priority of what is deferred by the thousand: it leaves the way free for what somebody waits for
BEAT = 1  # priority of what runs every so often; signs of life must not wait for an import


def task(name: str, *, queue: str = "default", lock: str | None = None, retry: Any = None) -> Callable[..., Any]:
    """Register a task under a stable name, such as `hub.develop_capture`."""
    return blueprint.task(name=name, queue=queue, lock=lock, retry=retry)


def every(cron: str, name: str, *, queue: str = "default") -> Callable[..., Any]:
    """Register a periodic task. Cron is a heartbeat only: what is due stands in rows.

    The function takes one argument, the timestamp of the beat (seconds)."""

    def wrap(function: Callable[[int], Any]) -> Any:
        calm = function if iscoroutinefunction(function) else _calm_in_an_empty_house(function)
        return blueprint.periodic(cron=cron)(
            blueprint.task(name=name, queue=queue, queueing_lock=name, pass_context=False, priority=BEAT)(calm)
        )

    return wrap


def _calm_in_an_empty_house(function: Callable[[int], Any]) -> Callable[[int], Any]:
    """Before `koor init` there is no organisation, and so nothing that a beat could do."""

    @wraps(function)
    def calm(timestamp: int) -> Any:
        try:
            return function(timestamp)
        except Refused as refused:
            if refused.code != "no_house":
                raise
            return None

    return calm


def is_away(cause: BaseException | None) -> bool:
    """Whether this says that there is no database any more. A deadlock or a full disk is an `OperationalError` too, but
    one with a state of its own (PostgreSQL, Appendix A: 08 is the connection, 57P a server that stops)."""
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return not cause.sqlstate or cause.sqlstate.startswith(("08", "57P"))


def each_by_itself(rows: Iterable[int], do: Callable[[int], T]) -> list[T]:
    """Do it for each row that is due; what came of it. One that breaks something is told and keeps no other; without
    a database all stop."""
    done: list[T] = []
    for pk in rows:
        try:
            done.append(do(pk))
        except Exception as error:
            cause = error.__cause__
            if isinstance(error, OperationalError | InterfaceError) and (cause is None or is_away(cause)):
                raise
            logger.exception("%s of %s", getattr(do, "__qualname__", do), pk)
    return done


def beforehand(function: Callable[[], object]) -> Callable[[], object]:
    """What a worker has at hand before its first job, such as words and models that take a second to load: the first
    who writes to us need not wait for that."""
    _at_hand.append(function)
    return function


def have_at_hand() -> None:
    """Called once by a worker. What goes wrong here goes wrong again where it is needed, and is told there."""
    for function in _at_hand:
        try:
            function()
        except Refused:  # there is no house yet
            pass
        except Exception:
            logger.warning("Not at hand: %s", function.__qualname__, exc_info=True)
    connection.close()  # jobs have connections of their own


_at_hand: list[Callable[[], object]] = []


def later(job: Any, *, at: datetime | None = None, only_one: str | None = None, **ids: int | str) -> None:
    """Defer a task in the present transaction. `only_one`: not again while one with this key waits."""
    options: dict[str, Any] = {}
    if at is not None:
        options["schedule_at"] = at
    if only_one:
        options["queueing_lock"] = only_one
    try:
        with transaction.atomic():
            _with_the_data(job.configure(**options)).defer(**ids)
    except exceptions.AlreadyEnqueued:
        pass


def later_all(job: Any, many: Iterable[Mapping[str, int | str]], *, in_bulk: bool = True) -> None:
    """Defer a task many times in the present transaction, in one statement; `in_bulk`: other jobs pass them."""
    rows: list[dict[str, Any]] = [dict(ids) for ids in many]
    if rows:
        _with_the_data(job.configure(priority=IN_BULK if in_bulk else 0)).batch_defer(*rows)


def _with_the_data(deferrer: JobDeferrer) -> JobDeferrer:
    """By Django's connection, also in a worker: that has a connection of its own for its jobs, on which a job would
    be there, and begin, before the rows that it is about."""
    deferrer.job_manager = JobManager(DjangoConnector())
    return deferrer


def ready(app: procrastinate.App) -> None:
    """Called by Procrastinate's Django integration once the apps are loaded."""
    if "koor" not in _added:
        _added.add("koor")
        app.add_tasks_from(blueprint, namespace="koor")


_added: set[str] = set()


@every("* * * * *", "kernel.sweep_stalled", queue="upkeep")
async def sweep_stalled(timestamp: int) -> None:
    """Run again what a killed worker left behind."""
    manager = django_app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        try:
            await manager.retry_job(job)
        except exceptions.UniqueViolation:  # another with its key waits already, and does it
            await manager.finish_job(job, Status.ABORTED, delete_job=False)


@every("17 * * * *", "kernel.forget_finished", queue="upkeep")
async def forget_finished(timestamp: int) -> None:
    await django_app.job_manager.delete_old_jobs(nb_hours=KEEP_FINISHED, include_failed=False)


@every("* * * * *", "kernel.beat", queue="default")
def beat(timestamp: int) -> None:
    """The worker's sign of life, read by /health/."""
    from koor.kernel.models import Beat

    Beat.objects.update_or_create(part="worker", defaults={"at": clock.now()})


@every("* * * * *", "kernel.beat_sender", queue=SENDING)
def beat_sender(timestamp: int) -> None:
    """The same of the worker that sends; late while a long upload goes out."""
    from koor.kernel.models import Beat

    Beat.objects.update_or_create(part="sender", defaults={"at": clock.now()})
