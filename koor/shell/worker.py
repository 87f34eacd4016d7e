"""A worker process: does jobs until it is told to stop, and shows that it lives."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Iterable
from typing import Any

from procrastinate import App
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Notification, Status
from procrastinate.periodic import PeriodicDeferrer, PeriodicTask
from procrastinate.worker import Worker

from koor.kernel import clock, jobs, limits, locks
from koor.kernel.jobs import SENDING
from koor.shell.health import LISTENER, PROCESS

PULSE_SECONDS = 10.0
IDLE_SECONDS = 30.0  # that a sender may stand still inside a transaction; no network step is ever inside one
LOOKS_EVERY = 1.0  # seconds: for jobs whose moment has come, of which nobody tells; of others the database does at once


class Punctual(PeriodicDeferrer):
    """Procrastinate counts on from the last beat that it gave. With a clock that was an hour ahead and is set right it
    would give none for an hour, and after a night's sleep of the machine one for every minute of it. Here the latest
    beat alone counts, after either."""

    def get_timestamps(
        self, periodic_task: PeriodicTask[Any, Any, Any], since: int | None, until: float
    ) -> Iterable[int]:
        if since is None:
            yield from super().get_timestamps(periodic_task, since, until)
            return
        periodic_task.croniter.set_current(start_time=until)
        latest = round(periodic_task.croniter.get_prev(ret_type=float))
        if latest > since or (latest < since and until - latest <= self.max_delay):
            yield latest


class Attentive(Worker):
    """Procrastinate forgets a call that reaches it while it asks for a job: one that came just then would lie until the
    next look. This one asks once more. And a job that failed stays "doing" for ever there when another with its key
    waits already; here that other one does it, and this one is over."""

    calls = 0

    async def _periodic_deferrer(self) -> None:
        await Punctual(self.app.periodic_registry, **self.app.periodic_defaults).worker()

    async def _handle_notification(self, *, channel: str, notification: Notification) -> None:
        self.calls += 1
        await super()._handle_notification(channel=channel, notification=notification)

    async def _fetch_and_process_jobs(self) -> None:
        heard = -1
        while heard != self.calls and not self._stop_event.is_set():
            heard = self.calls
            await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]

    async def _persist_job_status(self, job: Job, *rest: Any, **named: Any) -> None:
        try:
            await super()._persist_job_status(job, *rest, **named)
        except UniqueViolation:
            await self.app.job_manager.finish_job(job, Status.ABORTED, delete_job=False)


def work(*, sending: bool, at_once: int) -> None:
    """Do jobs until SIGTERM or SIGINT. Django must be ready.

    A sending worker does one job at a time, because the hard limit of a send ends the whole process; it sweeps as
    well, so that stalled jobs are found while the other worker is full. `at_once` counts for the other one.
    """
    from procrastinate.contrib.django import app

    quieten()
    if sending:
        limits.may_end_this_process()
        locks.let_go_when_idle(IDLE_SECONDS)
        locks.keep_connection()
    name = "sender" if sending else "worker"
    beat(name)
    threading.Thread(target=pulse, args=[name], name="pulse", daemon=True).start()
    if not sending:
        jobs.have_at_hand()
    queues = {task.queue for task in app.tasks.values()}
    wanted = {SENDING, "upkeep"} if sending else queues - {SENDING}
    with app.replace_connector(app.connector.get_worker_connector()) as ready:  # type: ignore[attr-defined]
        asyncio.run(
            _run(
                ready,
                queues=sorted(wanted),
                name=name,
                concurrency=1 if sending else at_once,
                fetch_job_polling_interval=LOOKS_EVERY,
                delete_jobs="never",  # kernel.forget_finished does, after a while in which one can look
            )
        )


async def _run(app: App, **options: Any) -> None:
    async with app.open_async():
        app.perform_import_paths()  # type: ignore[no-untyped-call]
        await Attentive(app, **options).run()  # type: ignore[no-untyped-call]


def listen() -> None:
    """Hold the lines over which the house listens, until SIGTERM or SIGINT. Django must be ready."""
    from koor.flow.listening import actions

    quieten()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=pulse, args=[LISTENER, stop], name="pulse", daemon=True).start()
    actions.hold_lines(stop)


def beat(part: str) -> None:
    """A sign of life at once, so that /health/ need not wait for the first full minute."""
    from koor.kernel.models import Beat

    Beat.objects.update_or_create(part=part, defaults={"at": clock.now()})


def pulse(name: str, stop: threading.Event | None = None) -> None:
    """The life of this process, beside its jobs: one that sends a long film still lives, one that is gone does not."""
    from django.db import Error, connection

    stop = stop or threading.Event()
    while True:
        try:
            beat(f"{name}{PROCESS}")
        except Error:  # the database is away: the next beat finds it again
            connection.close()
        if stop.wait(PULSE_SECONDS):
            connection.close()
            return


def quieten() -> None:
    """A database that is away is told by the supervisor in one line; a hundred lines of traceback add nothing."""
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_one_line_for_a_lost_database)


def _one_line_for_a_lost_database(record: logging.LogRecord) -> bool:
    """What the database itself refused, such as a row that is there already, is a mistake of ours: told in full."""
    cause = record.exc_info[1].__cause__ if record.exc_info and record.exc_info[1] else None
    if jobs.is_away(cause):
        record.msg, record.args = "A worker lost the database: %s", (f"{cause}\n".splitlines()[0] or "no answer",)
        record.exc_info = record.exc_text = None
    return True
