"""A job begins as soon as it is there, also one that came while the worker asked for another."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.testing import InMemoryConnector

from koor.kernel import events, jobs, limits, locks
from koor.shell import worker


def apart(deed: Callable[..., object], *given: Any, **named: Any) -> None:
    """In a thread of its own: a test with a browser leaves its loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(deed, *given, **named).result()


class Asked:
    """How often a worker asked for a job, of which there is none; at the first time somebody calls meanwhile."""

    def __init__(self, called: worker.Attentive) -> None:
        self.times, self.called = 0, called

    async def fetch_job(self, **_which: Any) -> None:
        self.times += 1
        if self.times == 1:
            await self.called._handle_notification(channel="any", notification={"type": "job_inserted", "job_id": 1})


def test_who_calls_while_it_asks_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    one = worker.Attentive(App(connector=InMemoryConnector()), wait=False)
    one.worker_id = 1
    asked = Asked(one)
    monkeypatch.setattr(one.app.job_manager, "fetch_job", asked.fetch_job)
    apart(lambda: asyncio.run(one._fetch_and_process_jobs()))
    assert asked.times == 2
    apart(lambda: asyncio.run(one._fetch_and_process_jobs()))
    assert asked.times == 3, "without a call once is enough"


class Begun:
    """What a worker process does before its first job, and with which options it goes on; nothing is really done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, sending: bool) -> None:
        self.options: dict[str, Any] = {}
        self.at_hand = 0
        for name in ("quieten", "beat", "pulse"):
            monkeypatch.setattr(worker, name, lambda *_: None)
        monkeypatch.setattr(limits, "may_end_this_process", lambda: None)
        for name in ("let_go_when_idle", "keep_connection"):
            monkeypatch.setattr(locks, name, lambda *_: None)
        monkeypatch.setattr(jobs, "have_at_hand", self.have_at_hand)
        monkeypatch.setattr(worker, "_run", self.run)
        apart(worker.work, sending=sending, at_once=3)

    def have_at_hand(self) -> None:
        assert not self.options, "before its first job"
        self.at_hand += 1

    async def run(self, _app: App, **options: Any) -> None:
        self.options = options


@pytest.mark.parametrize("sending", [False, True])
def test_it_looks_by_itself_for_what_nobody_tells_of(monkeypatch: pytest.MonkeyPatch, sending: bool) -> None:
    """A job with a moment of its own, such as a post, is not called when that moment comes."""
    assert Begun(monkeypatch, sending=sending).options["fetch_job_polling_interval"] <= 1


def test_it_has_at_hand_what_takes_long_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Begun(monkeypatch, sending=False)
    assert (begun.at_hand, begun.options["name"], begun.options["concurrency"]) == (1, "worker", 3)
    assert "sending" not in begun.options["queues"]


def test_a_sender_needs_none_of_it_and_does_one_thing_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Begun(monkeypatch, sending=True)
    assert (begun.at_hand, begun.options["name"], begun.options["concurrency"]) == (0, "sender", 1)
    assert begun.options["queues"] == ["sending", "upkeep"]


@pytest.mark.django_db(transaction=True)
def test_what_fails_beside_another_with_its_key_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that waits does it: this one can't go back in line, and would stand there as being done for ever."""
    tries: list[int] = []

    def fail_once(**_ids: int | str) -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            jobs.later(events.pass_on, only_one="key", fact=1, receiver="nobody")
            raise ValueError

    monkeypatch.setattr(events.pass_on, "func", fail_once)
    jobs.later(events.pass_on, only_one="key", fact=1, receiver="nobody")
    apart(run_what_waits)
    assert len(tries) == 2
    assert [job.status for job in ProcrastinateJob.objects.filter(queueing_lock="key").order_by("pk")] == [
        "aborted",
        "succeeded",
    ]


def run_what_waits() -> None:
    options: dict[str, Any] = {
        "wait": False,
        "install_signal_handlers": False,
        "listen_notify": False,
        "delete_jobs": "never",
    }
    with app.replace_connector(app.connector.get_worker_connector()) as ready:  # type: ignore[attr-defined]
        asyncio.run(worker._run(ready, **options))


def told(error: Exception) -> logging.LogRecord:
    """What the log says of a worker that stopped at this error."""
    record = logging.LogRecord("procrastinate.worker", logging.ERROR, "", 0, "Main coroutine error", (), None)
    record.exc_info = (type(error), error, None)
    assert worker._one_line_for_a_lost_database(record)
    return record


@pytest.mark.parametrize(("said", "line"), [("server closed\nmore", "server closed"), ("", "no answer")])
def test_a_lost_database_is_told_in_one_line(said: str, line: str) -> None:
    lost = ConnectorException()
    lost.__cause__ = psycopg.OperationalError(said)
    record = told(lost)
    assert (record.getMessage(), record.exc_info) == (f"A worker lost the database: {line}", None)


def test_what_the_database_refuses_is_told_in_full() -> None:
    deadlock = ConnectorException()
    deadlock.__cause__ = psycopg.errors.DeadlockDetected("deadlock detected")
    for refused in (UniqueViolation(constraint_name="procrastinate_jobs_lock_idx", queueing_lock=None), deadlock):
        record = told(refused)
        assert record.exc_info
        assert record.exc_info[1] is refused
        assert "database" not in record.getMessage()


def test_a_clock_that_is_set_loses_no_beat_and_makes_up_for_none() -> None:
    """What a house does every minute and every night, when its machine slept or its clock was wrong."""
    beats = App(connector=InMemoryConnector())
    for cron in ("* * * * *", "30 3 * * *"):
        beats.periodic(cron=cron)(beats.task(name=cron)(lambda timestamp: None))
    deferrer = worker.Punctual(beats.periodic_registry)

    def given(clock: str) -> list[tuple[str, str]]:
        at = datetime.fromisoformat(f"2026-11-{clock}+00:00").timestamp()
        found = [(task.cron, datetime.fromtimestamp(moment, UTC)) for task, moment in deferrer.get_previous_tasks(at)]
        return [(cron, f"{moment:%d %H:%M}") for cron, moment in found]

    assert given("23 03:30:01") == [("* * * * *", "23 03:30"), ("30 3 * * *", "23 03:30")]
    assert given("23 03:31:01") == [("* * * * *", "23 03:31")]
    assert not given("23 03:31:02")
    assert given("24 09:00:01") == [("* * * * *", "24 09:00"), ("30 3 * * *", "24 03:30")], "it slept a night"
    assert given("23 22:00:01") == [("* * * * *", "23 22:00")], "the clock was ahead, and is set right"
    assert given("23 22:01:01") == [("* * * * *", "23 22:01")]
    assert not given("24 03:30:01")[1:], "that night's work was done"
    assert given("25 03:30:01") == [("* * * * *", "25 03:30"), ("30 3 * * *", "25 03:30")]
