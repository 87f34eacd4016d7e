"""Which job goes first, and when it is there: with its data, behind nobody's import of thousands."""

from collections.abc import Callable

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from koor.kernel import events, jobs
from koor.kernel.access import Refused


def test_what_comes_by_the_thousand_lets_others_pass(db: None) -> None:
    with transaction.atomic():
        jobs.later_all(events.pass_on, [{"fact": number, "receiver": "nobody"} for number in (1, 2)])
        jobs.later(events.pass_on, fact=3, receiver="nobody")
    with connection.cursor() as cursor:
        cursor.execute("select args ->> 'fact' from procrastinate_jobs order by priority desc, id")
        assert [fact for (fact,) in cursor.fetchall()] == ["3", "1", "2"]


def test_signs_of_life_pass_all_others() -> None:
    beats = [task for task in jobs.blueprint.tasks.values() if task.queueing_lock]
    assert beats
    assert {task.priority for task in beats} == {jobs.BEAT}


def test_also_a_worker_defers_in_the_transaction_of_the_data(db: None) -> None:
    elsewhere = InMemoryConnector()
    with app.replace_connector(elsewhere):  # as a worker does
        jobs.later(events.pass_on, fact=1, receiver="nobody")
        jobs.later_all(events.pass_on, [{"fact": 2, "receiver": "nobody"}])
    assert not elsewhere.jobs
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs")
        assert cursor.fetchone() == (2,)


def test_a_worker_has_things_at_hand_before_its_first_job(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def no_house() -> None:
        raise Refused("There is no organisation yet.", code="no_house")

    monkeypatch.setattr(
        jobs, "_at_hand", [lambda: done.append("words"), no_house, lambda: 1 / 0, lambda: done.append("more")]
    )
    monkeypatch.setattr(jobs.connection, "close", lambda: done.append("closed"))
    jobs.have_at_hand()
    assert done == ["words", "more", "closed"]
    assert caplog.text.count("Not at hand") == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_left_runs_again_also_beside_another_with_its_key(run_jobs: Callable[[], None]) -> None:
    jobs.later(events.pass_on, fact=1, only_one="key", receiver="nobody")
    jobs.later(events.pass_on, fact=2, receiver="nobody")
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")
    jobs.later(events.pass_on, fact=3, only_one="key", receiver="nobody")
    jobs.later(jobs.sweep_stalled, timestamp=0)
    run_jobs()
    with connection.cursor() as cursor:
        cursor.execute("select args ->> 'fact', status from procrastinate_jobs where args ? 'fact' order by id")
        assert cursor.fetchall() == [("1", "aborted"), ("2", "succeeded"), ("3", "succeeded")]


def test_one_that_breaks_keeps_no_other() -> None:
    def do(pk: int) -> int:
        if pk == 2:
            raise ValueError("broken")
        if pk == 4:
            raise OperationalError("no database") from psycopg.OperationalError("no database")
        if pk == 5:
            raise OperationalError("deadlock") from psycopg.errors.DeadlockDetected("deadlock")
        return pk * 10

    assert jobs.each_by_itself([1, 2, 3, 5, 6], do) == [10, 30, 60]
    with pytest.raises(OperationalError):
        jobs.each_by_itself([1, 4], do)
