"""A worker process: does jobs until it is told to stop, and shows that it lives."""

from __future__ import annotations

import logging
import signal
import threading

from koor.kernel import clock, limits, locks
from koor.kernel.jobs import SENDING
from koor.shell.health import PROCESS

PULSE_SECONDS = 10.0
IDLE_SECONDS = 30.0  # that a sender may stand still inside a transaction; no network step is ever inside one


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
    queues = {task.queue for task in app.tasks.values()}
    wanted = {SENDING, "upkeep"} if sending else queues - {SENDING}
    with app.replace_connector(app.connector.get_worker_connector()) as ready:  # type: ignore[attr-defined]
        ready.run_worker(
            queues=sorted(wanted),
            name=name,
            concurrency=1 if sending else at_once,
            delete_jobs="never",  # kernel.forget_finished does, after a while in which one can look
        )


def listen() -> None:
    """Hold the lines over which the house listens, until SIGTERM or SIGINT. Django must be ready."""
    from koor.flow.listening import actions

    quieten()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=pulse, args=["listener", stop], name="pulse", daemon=True).start()
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
    from procrastinate.exceptions import ConnectorException

    if record.exc_info and isinstance(record.exc_info[1], ConnectorException):
        cause = record.exc_info[1].__cause__
        record.msg, record.args = "A worker lost the database: %s", (str(cause or "no answer").splitlines()[0],)
        record.exc_info = record.exc_text = None
    return True
