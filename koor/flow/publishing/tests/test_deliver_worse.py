"""A post goes up once, also when the world around it behaves worse: late platforms, locked rows, no memory, rows that
an older version had in hand, a restored house. Numbers: the faults in docs/operate/delivery.md."""

import os
import random
import resource
import signal
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction

from koor.flow.publishing import actions
from koor.flow.publishing.actions import content, ledger
from koor.flow.publishing.actions import deliver as engine
from koor.flow.publishing.actions.deliver import deliver, sweep
from koor.flow.publishing.models import Attempt, Post, Target
from koor.flow.publishing.queries.invariants import broken
from koor.flow.publishing.tests.conftest import Child, again, row
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock, locks
from koor.kernel.access import Refused
from koor.kernel.identity import COPIED, RESTORED
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


# ── Late, locked, out of memory ──────────────────────────────────────────────────────────────────────────────────────


def _applied_now(mastodon: MastodonServer, key: str) -> None:
    """What the server took and forgot is done after all."""
    headers = {"Authorization": f"Bearer {mastodon.token}", "Idempotency-Key": key}
    asked = urllib.request.Request(f"{mastodon.url}/api/v1/statuses", urlencode({"status": TEXT}).encode(), headers)
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("minutes", [0, 1, 5, 14])
def test_p13_applied_late(due: Target, pass_time: PassTime, mastodon: MastodonServer, minutes: int) -> None:
    """The platform answers with an error, and puts the post up as much later."""
    start = clock.now()
    mastodon.fault("500", accepted=False)
    deliver(due.pk)
    pass_time(due, minutes * 60, start=start)
    assert again(due).state in ("unknown", "reconciling")
    _applied_now(mastodon, again(due).key)
    pass_time(due, start=start)
    assert (again(due).state, again(due).attempts_made, mastodon.copies(TEXT)) == ("published", 1, 1)


def test_p18_a_locked_row_waits_and_the_others_do_not(
    due: Target, released: Released, on_mastodon: Account, mastodon: MastodonServer
) -> None:
    other = released("Iets anders.", on_mastodon)
    holding, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Target.objects.select_for_update().get(pk=due.pk)
            holding.set()
            if not enough.wait(60):
                enough.set()  # somebody waited for it
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(10)
        deliver(due.pk)
        deliver(other.pk)
        assert not enough.is_set(), "a row in somebody's hand held up the others"
        assert (again(due).state, again(other).state) == ("scheduled", "published")
    finally:
        enough.set()
        thread.join()
    deliver(due.pk)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


MUCH = 4 * 1024**3  # bytes, never touched; a busy test process gives some hundreds of millions back meanwhile


def _with_little_memory() -> None:
    with open("/proc/self/statm", "rb") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MUCH // 2, resource.RLIM_INFINITY))


def test_p22_no_memory_to_load_what_goes_along(
    due: Target, child: Callable[..., Child], pass_time: PassTime, mastodon: MastodonServer
) -> None:
    def work() -> None:
        draft_of = content.draft_of

        def large(*given: Any, **named: Any) -> Any:
            return draft_of(*given, **named), bytearray(MUCH)

        content.draft_of = large  # type: ignore[assignment]
        _with_little_memory()
        deliver(due.pk)

    assert child(work).wait() == 0
    after = again(due)
    assert (after.state, after.because, after.note) == ("waiting", "broken", "MemoryError")
    assert mastodon.requests(STATUSES) == 0
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_p22_no_memory_left_after_it_was_sent(
    due: Target, child: Callable[..., Child], pass_time: PassTime, mastodon: MastodonServer
) -> None:
    def work() -> None:
        sent = engine._sent

        class Greedy:
            def __init__(self, publish: Any) -> None:
                self.publish = publish

            def send(self, *given: Any) -> Any:
                return self.publish.send(*given), bytearray(MUCH)

        engine._sent = lambda publish, *given: sent(Greedy(publish), *given)
        _with_little_memory()
        deliver(due.pk)

    assert child(work).wait() == 0
    assert (again(due).state, mastodon.copies(TEXT)) == ("unknown", 1)
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT), mastodon.requests(STATUSES)) == ("published", 1, 1)


# ── Some of five fail ────────────────────────────────────────────────────────────────────────────────────────────────

FAULTS = [("422", False), ("500", True), ("502", False), ("429_seconds", False), ("401", False)]
SUBSETS = list(product([False, True], repeat=5))
SHORT = {(True, False, True, False, True), (False, True, True, True, False)}  # each fails, and each goes well


@pytest.mark.parametrize(
    "failing", [pytest.param(one, marks=() if one in SHORT else pytest.mark.long) for one in SUBSETS], ids=str
)
def test_p23_some_of_five_fail(
    account: Callable[..., Account],
    on_mastodon: Account,
    write: Callable[..., Post],
    bram: Person,
    pass_time: PassTime,
    mastodon: MastodonServer,
    failing: tuple[bool, ...],
) -> None:
    """Only what failed is tried again, and all five are up once."""
    more = {"settings": {"server": mastodon.url}, "secrets": {"access_token": mastodon.token}}
    five = [on_mastodon, *(account(f"Mastodon {number}", "mastodon", **more) for number in range(2, 6))]
    texts = {one.pk: f"Tekst {number} van vijf: {'abcde'[number] * 9}" for number, one in enumerate(five)}
    post = write("Vijf plaatsen.", *five, texts=texts)
    actions.let_go(by=bram, post=post)
    rows = [row(post, one) for one in five]
    for one, fails, (answer, accepted) in zip(rows, failing, FAULTS, strict=True):
        if fails:
            mastodon.fault(answer, accepted=accepted)
        deliver(one.pk)
    assert [again(one).state != "published" for one in rows] == list(failing)
    for one in rows:
        if again(one).state == "rejected":
            actions.retry(by=bram, target=again(one))
            deliver(one.pk)
        pass_time(one)
    assert {again(one).state for one in rows} == {"published"}
    assert [mastodon.copies(texts[one.account_id]) for one in rows] == [1] * 5
    well = [again(one).attempts_made for one, fails in zip(rows, failing, strict=True) if not fails]
    assert set(well) <= {1}
    assert list(broken()) == []


# ── Somebody changes their mind ──────────────────────────────────────────────────────────────────────────────────────

OTHER = "Negen lokalen in Eibergen hebben frisse lucht, zegt Henk."
POINTS = ["scheduled", "claimed", "sending", "sent", "unknown", "reconciling", "waiting", "rejected", "missed", "up"]
VERBS = ["edit", "cancel", "delete"]
MINDS = [  # each at every point while it is sent and nobody knows yet; elsewhere in turn, all in `make test-long`
    pytest.param(point, verb, marks=() if point in POINTS[2:5] or number % 3 == turn else pytest.mark.long)
    for number, point in enumerate(POINTS)
    for turn, verb in enumerate(VERBS)
]


def _bring_to(point: str, due: Target, die: Die, mastodon: MastodonServer) -> None:
    """Have a row at this point of its way."""
    answers = {"unknown": ("500", True), "reconciling": ("500", False), "waiting": ("401", False)}
    if point in ("claimed", "sending", "sent"):
        faults = {"claimed": "after_claim", "sending": "before_send", "sent": "after_send"}
        die(due, f"publishing.{faults[point]}")
    elif point == "missed":
        with clock.fixed(clock.now() + timedelta(days=2)):
            deliver(due.pk)
    elif point == "up":
        deliver(due.pk)
    elif point != "scheduled":
        answer, accepted = answers.get(point, ("422", False))
        mastodon.fault(answer, accepted=accepted)
        deliver(due.pk)
        if point == "reconciling":
            with clock.fixed(clock.now() + timedelta(seconds=16)):
                deliver(due.pk)


def _change(verb: str, due: Target, bram: Person) -> None:
    post = Post.objects.get(pk=due.post_id)
    with suppress(Refused):
        if verb == "edit":
            actions.edit_post(by=bram, post=post, text=OTHER)
        elif verb == "cancel":
            actions.cancel_target(by=bram, target=again(due))
        else:
            actions.edit_post(by=bram, post=post, accounts=[])


@pytest.mark.parametrize(("point", "verb"), MINDS)
def test_p24_another_mind_at_every_point(
    due: Target, bram: Person, die: Die, pass_time: PassTime, mastodon: MastodonServer, point: str, verb: str
) -> None:
    """Whatever somebody does at whatever point: at most one copy, and what the house says of it is so."""
    _bring_to(point, due, die, mastodon)
    there = mastodon.copies(TEXT)
    _change(verb, due, bram)
    left = Target.objects.filter(pk=due.pk).exists()
    if left:
        pass_time(due)
    copies = mastodon.copies(TEXT) + mastodon.copies(OTHER)
    assert copies <= 1
    state = again(due).state if left else "gone"
    assert (state == "published") == (copies == 1), f"{state}, and {copies} are up"
    assert copies >= there
    if verb != "edit" and state == "cancelled":
        assert copies == 0
    assert list(broken()) == []


# ── A backlog, a restore, an older version ───────────────────────────────────────────────────────────────────────────


def test_p26_a_week_of_backlog_is_no_burst(
    released: Released, on_mastodon: Account, noon: datetime, run_jobs: Callable[[], None], mastodon: MastodonServer
) -> None:
    """Nobody worked for a week. What is from within the allowed lateness goes, all else waits for a person."""
    rows = []
    for hours in range(6, 168, 6):
        with clock.fixed(noon + timedelta(hours=hours)):
            rows.append(released(f"Het bericht van uur {hours}.", on_mastodon))
    with clock.fixed(noon + timedelta(hours=168)):
        for one in rows:
            deliver(one.pk)
    late = {hours: again(one).state for hours, one in zip(range(6, 168, 6), rows, strict=True)}
    assert {hours for hours, state in late.items() if state == "published"} == {156, 162}
    assert {state for hours, state in late.items() if hours < 156} == {"missed"}
    assert mastodon.requests(STATUSES) == 2


def test_p26_what_may_still_go_goes_no_faster_than_the_brake(
    released: Released, on_mastodon: Account, mastodon: MastodonServer
) -> None:
    House.objects.update(brake=5)
    rows = [released(f"Nummer {number}: {chr(97 + number) * 20}", on_mastodon) for number in range(9)]
    with clock.fixed(clock.now() + timedelta(hours=11)):
        for one in rows:
            deliver(one.pk)
    states = [again(one).state for one in rows]
    assert (states.count("published"), states.count("needs_person")) == (5, 4)
    assert mastodon.requests(STATUSES) == 5


@pytest.mark.parametrize("why", [COPIED, f"{RESTORED}2026-11-21: look at what was due."])
@pytest.mark.parametrize("late", [timedelta(minutes=5), timedelta(days=3)])
def test_p27_a_restored_house_does_not_post_again(
    due: Target, marloes: Person, run_jobs: Callable[[], None], mastodon: MastodonServer, why: str, late: timedelta
) -> None:
    """The backup was made before it went; the restored house knows nothing of that."""
    before = Target.objects.filter(pk=due.pk).values().get()
    deliver(due.pk)
    Attempt.objects.all().delete()
    Target.objects.filter(pk=due.pk).update(**{key: value for key, value in before.items() if key != "id"})
    House.objects.update(publishing_held=why)
    with clock.fixed(clock.now() + late):
        deliver(due.pk)
        assert again(due).state == "scheduled", "held until somebody looked"
        actions.resume_publishing(by=marloes)
        deliver(due.pk)
        run_jobs()
        after = again(due)
        assert (after.state, after.because, mastodon.copies(TEXT)) == ("needs_person", "unsure", 1)
        actions.link_target(by=marloes, target=after, url="https://mastodon.example/@reurslag/1")
    assert (again(due).state, mastodon.copies(TEXT), mastodon.requests(STATUSES)) == ("published", 1, 1)


def test_p27_what_was_on_its_way_at_the_backup_is_looked_for(
    due: Target, marloes: Person, die: Die, pass_time: PassTime, mastodon: MastodonServer
) -> None:
    die(due, "publishing.after_send")
    House.objects.update(publishing_held=COPIED)
    actions.resume_publishing(by=marloes)
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT), mastodon.requests(STATUSES)) == ("published", 1, 1)


def test_p27_what_stays_in_this_house_came_back_with_it(released: Released, stage: Account, marloes: Person) -> None:
    target = released(TEXT, stage)
    House.objects.update(publishing_held=COPIED)
    actions.resume_publishing(by=marloes)
    deliver(target.pk)
    assert again(target).state == "published"


@pytest.mark.parametrize("point", ["after_claim", "before_send", "after_send", "during_record"])
def test_p29_a_row_that_an_older_version_had_in_hand(
    due: Target, die: Die, pass_time: PassTime, mastodon: MastodonServer, point: str
) -> None:
    """It knew no steady clocks and did not note how pictures were cut: its rows are finished all the same."""
    die(due, f"publishing.{point}")
    Target.objects.filter(pk=due.pk).update(steady={}, shown_as={}, prepared_at=None)
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)
    assert list(broken()) == []


def test_p29_a_job_of_an_older_version_does_no_harm(
    due: Target, run_jobs: Callable[[], None], mastodon: MastodonServer
) -> None:
    """It named its jobs otherwise, and left one that nobody knows any more."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set queueing_lock = null, lock = null")
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args) values"
            " ('sending', 'publishing.send_row', %s), ('sending', 'publishing.deliver', %s)",
            [f'{{"row": {due.pk}}}', f'{{"target": {due.pk}}}'],
        )
    run_jobs()
    assert (again(due).state, mastodon.copies(TEXT), mastodon.requests(STATUSES)) == ("published", 1, 1)


# ── The kill switch ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_p30_no_send_starts_a_second_after_the_switch(
    released: Released, on_mastodon: Account, marloes: Person, child: Callable[..., Child], mastodon: MastodonServer
) -> None:
    """Two processes send as fast as they can; then somebody stops it all."""
    House.objects.update(brake=10_000)
    rows = [released(f"Bericht {number} van velen.", on_mastodon) for number in range(60)]

    def work(mine: list[Target]) -> None:
        for one in mine:
            deliver(one.pk)

    workers = [child(lambda mine=rows[start::2]: work(mine)) for start in (0, 1)]
    until = time.monotonic() + 20
    while mastodon.requests(STATUSES) < 4 and time.monotonic() < until:
        time.sleep(0.005)
    actions.hold_publishing(by=marloes, why="Brand bij de buren")
    thrown = clock.now()
    assert [worker.wait() for worker in workers] == [0, 0]
    assert not Attempt.objects.filter(sent_at__gt=thrown + timedelta(seconds=1)).exists()
    went = mastodon.requests(STATUSES)
    assert 4 <= went < 60, "the switch did nothing, or nothing went at all"
    assert {again(one).state for one in rows} <= {"published", "scheduled", "waiting"}


# ── Workers on one queue, stopped and killed ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "number", [3, pytest.param(2, marks=pytest.mark.long), pytest.param(8, marks=pytest.mark.long)]
)
def test_p11_p12_workers_on_one_queue_one_stopped_one_killed(
    released: Released, on_mastodon: Account, child: Callable[..., Child], pass_time: PassTime,
    mastodon: MastodonServer, number: int,
) -> None:  # fmt: skip
    """One is stopped in the middle and goes on later, one is killed in the middle; the others do the rest."""
    House.objects.update(brake=10_000)
    rows = [released(f"Bericht {one} van zestien.", on_mastodon) for one in range(16)]
    pks = [one.pk for one in rows]

    def work(mine: list[int] = pks) -> None:
        locks.let_go_when_idle(1)
        for pk in mine:
            deliver(pk)

    # From the other end, so that it has something to send beside any number of others
    killed = child(lambda: work(pks[::-1]), fault="publishing.after_send:2")
    workers = [child(work) for _worker in range(number - 1)]
    until = time.monotonic() + 30
    while mastodon.requests(STATUSES) < 4 and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(workers[0].pid, signal.SIGSTOP)
    try:
        assert killed.wait() == -signal.SIGKILL
        assert [one.wait() for one in workers[1:]] == [0] * (number - 2)
    finally:
        os.kill(workers[0].pid, signal.SIGCONT)
        ended = workers[0].wait()
    assert ended in (0, 1), "1: it was stopped inside a transaction, which was closed meanwhile"
    for one in rows:
        pass_time(one)
    assert {again(one).state for one in rows} == {"published"}
    assert [mastodon.copies(one.text) for one in rows] == [1] * 16
    assert list(broken()) == []


def test_p12_stopped_inside_a_transaction_it_holds_up_nobody(
    due: Target, released: Released, on_mastodon: Account, child: Callable[..., Child], mastodon: MastodonServer
) -> None:
    """Stopped while it claims, with the lock of its account in hand: the others of the account go on all the same."""
    other = released("Iets anders.", on_mastodon)

    def stop() -> None:
        locks.let_go_when_idle(0.5)
        claimed = ledger.claim

        def stopped(*given: Any) -> Any:
            os.kill(os.getpid(), signal.SIGSTOP)
            return claimed(*given)

        ledger.claim = stopped  # type: ignore[assignment]
        deliver(due.pk)

    worker = child(stop)
    try:
        until = time.monotonic() + 20
        while not worker.has_stopped() and time.monotonic() < until:
            time.sleep(0.02)
        deliver(other.pk)
        assert again(other).state == "published"
    finally:
        os.kill(worker.pid, signal.SIGCONT)
    assert worker.wait() == 1
    assert again(due).state == "scheduled"
    deliver(due.pk)
    assert (mastodon.copies(TEXT), mastodon.requests(STATUSES)) == (1, 2)


def test_the_sweep_passes_by_what_somebody_holds(due: Target, mastodon: MastodonServer) -> None:
    Target.objects.filter(pk=due.pk).update(wake_at=clock.now() - timedelta(minutes=1))
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=due.pk)
        assert sweep() == 1
    deliver(due.pk)
    assert mastodon.copies(TEXT) == 1


@pytest.mark.parametrize(("posts", "cuts"), [(30, 5), pytest.param(100, 12, marks=pytest.mark.long)])
def test_p19_connections_are_cut_at_random_during_100_posts(
    released: Callable[..., Target], on_mastodon: Account, child: Callable[..., Any],
    pass_time: Callable[..., Any], mastodon: MastodonServer, posts: int, cuts: int,
) -> None:  # fmt: skip
    """What a sender meets when the server dies: every connection of its gone, in the middle of whatever it did."""
    House.objects.update(brake=1000)
    rows = [released(f"Bericht {number} van honderd.", on_mastodon) for number in range(posts)]
    pks = [one.pk for one in rows]

    def work() -> None:
        for pk in pks:
            try:
                deliver(pk)
            except Exception:  # whatever it broke off in, as a worker that goes on with the next job
                connection.close()

    workers = [child(work) for _worker in range(2)]
    chance = random.Random(19)
    for _cut in range(cuts):
        time.sleep(chance.uniform(0.1, 0.5))
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
    assert [one.wait() for one in workers] == [0, 0]
    for one in rows:
        pass_time(one)
    assert {again(one).state for one in rows} == {"published"}
    assert [mastodon.copies(one.text) for one in rows] == [1] * posts
    assert list(broken()) == []


# ── Many at one moment ───────────────────────────────────────────────────────────────────────────────────────────────


def test_one_job_goes_on_with_all_that_is_due(
    noon: datetime, released: Released, stage: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a row that breaks something does not keep the others."""
    rows = [released(f"Nummer {number}.", stage) for number in range(40)]
    later = released("Straks.", stage, due_local=noon.replace(tzinfo=None) + timedelta(days=30))
    whole = engine._step

    def broken_for_one(pk: int) -> None:
        if pk == rows[7].pk:
            raise ValueError("poisoned")
        whole(pk)

    monkeypatch.setattr(engine, "_step", broken_for_one)
    monkeypatch.setattr(engine, "GO_ON", 600.0)  # a slow machine does not come to the last one in its usual while
    engine.deliver_due()
    assert [again(one).state for one in rows].count("published") == 39
    assert (again(rows[7]).state, again(later).state) == ("scheduled", "scheduled")


def test_it_stops_when_all_is_held(released: Released, stage: Account, marloes: Person) -> None:
    target = released(TEXT, stage)
    actions.hold_publishing(by=marloes, why="Brand bij de buren")
    engine.deliver_due()
    assert again(target).state == "scheduled"
