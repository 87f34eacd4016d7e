"""A post goes up once, also when the process that sends it is killed or stopped. The numbers are those of the faults in
docs/decisions on delivery. The platform is a real HTTP server that counts copies; processes are really killed."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from koor.flow.publishing import actions
from koor.flow.publishing.actions import deliver as engine
from koor.flow.publishing.actions.deliver import deliver, sweep
from koor.flow.publishing.choices import Stage
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Attempt, Target
from koor.flow.publishing.tests.conftest import Child, again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock, locks
from tests.mastodon_server import MastodonServer

pytestmark = [pytest.mark.broad, pytest.mark.django_db(transaction=True)]
TEXT = "Acht lokalen in Eibergen hebben frisse lucht."
Released = Callable[..., Target]
PassTime = Callable[..., list[tuple[int, str]]]
Die = Callable[..., None]
STATUSES = "POST /api/v1/statuses"


@pytest.fixture
def due(released: Released, on_mastodon: Account) -> Target:
    """A row that is due now."""
    return released(TEXT, on_mastodon)


def test_p01_killed_before_it_was_sent(due: Target, die: Die, pass_time: PassTime, mastodon: MastodonServer) -> None:
    die(due, "publishing.before_send")
    assert again(due).state == "sending"
    went = pass_time(due)
    assert mastodon.copies(TEXT) == 1
    after = again(due)
    assert (after.state, after.attempts_made) == ("published", 2)
    keys = set(after.attempts.values_list("key", flat=True))
    assert keys == {after.key}
    assert [state for _second, state in went].count("waiting") == 1
    waiting = next(second for second, state in went if state == "waiting")
    assert waiting >= 950, "sent again before the last look"


def test_p01_killed_while_it_was_only_claimed(
    due: Target, die: Die, pass_time: PassTime, mastodon: MastodonServer
) -> None:
    die(due, "publishing.after_claim")
    assert again(due).state == "claimed"
    assert mastodon.requests(STATUSES) == 0
    pass_time(due, 300)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_p02_killed_after_it_was_sent(due: Target, die: Die, pass_time: PassTime, mastodon: MastodonServer) -> None:
    die(due, "publishing.after_send")
    assert (again(due).state, mastodon.copies(TEXT)) == ("sending", 1)
    went = pass_time(due)
    after = again(due)
    assert (after.state, after.attempts_made, mastodon.copies(TEXT)) == ("published", 1, 1)
    assert mastodon.requests(STATUSES) == 1, "looked, and did not send again"
    assert [state for _second, state in went] == ["unknown", "published"]
    assert after.attempts.last().step == "look"  # type: ignore[union-attr]


@pytest.mark.parametrize("point", ["publishing.during_record", "publishing.after_record"])
def test_p03_killed_while_it_was_recorded(
    due: Target, die: Die, pass_time: PassTime, mastodon: MastodonServer, point: str
) -> None:
    die(due, point)
    assert again(due).state == ("sending" if point.endswith("during_record") else "published")
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT), mastodon.requests(STATUSES)) == ("published", 1, 1)


def test_killed_while_looking(due: Target, die: Die, pass_time: PassTime, mastodon: MastodonServer) -> None:
    mastodon.fault("500", accepted=True)
    deliver(due.pk)
    with clock.fixed(clock.now() + timedelta(seconds=16)):
        Target.objects.filter(pk=due.pk).update(wake_at=clock.now() - timedelta(hours=1))
    die(due, "publishing.before_look")
    assert again(due).state == "reconciling"
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_p11_many_workers_on_one_row(due: Target, child: Callable[..., Child], mastodon: MastodonServer) -> None:
    mastodon.fault("slow", accepted=True, seconds=0.5)
    workers = [child(lambda: deliver(due.pk)) for _worker in range(8)]
    assert [worker.wait() for worker in workers] == [0] * 8
    assert (again(due).state, mastodon.copies(TEXT), mastodon.requests(STATUSES)) == ("published", 1, 1)


def test_p11_real_workers_on_one_queue(
    released: Released, on_mastodon: Account, child: Callable[..., Child], mastodon: MastodonServer
) -> None:
    rows = [released(f"Bericht {number}.", on_mastodon) for number in range(12)]

    def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as ready:
            ready.run_worker(
                queues=["sending"], wait=False, concurrency=1, listen_notify=False, install_signal_handlers=False
            )

    workers = [child(work) for _worker in range(3)]
    assert [worker.wait() for worker in workers] == [0] * 3
    assert {again(one).state for one in rows} == {"published"}
    assert [mastodon.copies(one.text) for one in rows] == [1] * 12
    assert mastodon.requests(STATUSES) == 12


def wait_for(what: Callable[[], Any], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


def test_p12_a_stopped_worker_loses_its_lock_and_never_sends(
    due: Target, child: Callable[..., Child], pass_time: PassTime, mastodon: MastodonServer
) -> None:
    """Stopped in the middle of sending; others look, find nothing, send; the first one wakes up and dies."""

    def stop() -> None:
        sent = engine._sent

        def stopped(*given: Any) -> Any:
            os.kill(os.getpid(), signal.SIGSTOP)
            return sent(*given)

        engine._sent = stopped
        logic.HARD_LIMIT = 0.5  # type: ignore[misc]
        deliver(due.pk)

    worker = child(stop)
    try:
        wait_for(worker.has_stopped)
        time.sleep(0.6)
        deliver(due.pk)
        assert again(due).state == "sending", "the stopped worker still holds its lock"
        with clock.fixed(clock.now() + timedelta(seconds=95)):
            sweep()
        wait_for(lambda: lock_is_free(due))
        pass_time(due)
        assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)
    finally:
        os.kill(worker.pid, signal.SIGCONT)
    assert worker.wait() == -signal.SIGALRM, "it did not die on waking"
    assert (mastodon.copies(TEXT), mastodon.requests(STATUSES)) == (1, 1)


def lock_is_free(target: Target) -> bool:
    with locks.held(f"publishing.target:{target.pk}") as alone:
        return alone


def test_p12_stopped_between_the_claim_and_the_send(
    due: Target, child: Callable[..., Child], pass_time: PassTime, mastodon: MastodonServer
) -> None:
    """Stopped while preparing, long enough for others to do its work: on waking the row is not its own."""

    def stop() -> None:
        prepared = engine._prepared

        def stopped(*given: Any) -> Any:
            done = prepared(*given)
            os.kill(os.getpid(), signal.SIGSTOP)
            return done

        engine._prepared = stopped
        deliver(due.pk)

    worker = child(stop)
    try:
        wait_for(worker.has_stopped)
        assert again(due).state == "claimed"
        with clock.fixed(clock.now() + timedelta(minutes=15)):
            sweep()
        wait_for(lambda: lock_is_free(due))
        pass_time(due, start=clock.now() + timedelta(minutes=15))
        assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)
    finally:
        os.kill(worker.pid, signal.SIGCONT)
        worker.wait()
    assert (mastodon.copies(TEXT), mastodon.requests(STATUSES)) == (1, 1)


def test_p25_two_clicks_at_the_same_moment(
    bram: Person, on_mastodon: Account, child: Callable[..., Child], mastodon: MastodonServer
) -> None:

    def click() -> None:
        post = actions.create_post(by=bram, text=TEXT, accounts=[on_mastodon], once="click")
        actions.let_go(by=bram, post=post)
        deliver(post.targets.get().pk)

    clicks = [child(click) for _click in range(4)]
    assert [one.wait() for one in clicks] == [0] * 4
    assert (Target.objects.count(), mastodon.copies(TEXT), mastodon.requests(STATUSES)) == (1, 1, 1)


def test_the_sweep_finds_a_row_whose_job_is_lost(
    due: Target, run_jobs: Callable[[], None], mastodon: MastodonServer
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")
    Target.objects.filter(pk=due.pk).update(wake_at=clock.now() - timedelta(minutes=1))
    assert sweep() == 1
    run_jobs()
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_the_worker_does_it_by_itself(due: Target, run_jobs: Callable[[], None], mastodon: MastodonServer) -> None:
    run_jobs()
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_an_attempt_is_on_record_before_anything_is_asked_of_the_network(
    due: Target, mastodon: MastodonServer, die: Die
) -> None:
    die(due, "publishing.after_claim")
    attempt = Attempt.objects.get()
    assert (attempt.key, attempt.sent_at, attempt.ended_at) == (again(due).key, None, None)
    assert mastodon.requests(STATUSES) == 0
    assert again(due).post.stage == Stage.RELEASED
