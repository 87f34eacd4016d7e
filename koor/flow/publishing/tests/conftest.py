"""Accounts to post on, rows to deliver, time that passes, and processes that are really killed."""

import os
import signal
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NoReturn

import pytest
from django.db import connection, connections

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Post, Target
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock, faults, limits
from koor.kernel.access import SYSTEM
from tests.mastodon_server import MastodonServer


@pytest.fixture
def account(marloes: Person) -> Callable[..., Account]:
    """Make an account: `account("Newsroom", "newsroom")`."""

    def make(name: str = "Stage", connector: str = "paper", **fields: Any) -> Account:
        owner = fields.pop("owner", marloes)
        return channels.add_account(by=SYSTEM, connector=connector, name=name, owner=owner, **fields)

    return make


@pytest.fixture
def stage(account: Callable[..., Account]) -> Account:
    """A stage in the house that nobody outside sees."""
    return account("Stage", "paper")


@pytest.fixture
def news(account: Callable[..., Account]) -> Account:
    """The newsroom of the house."""
    return account("Newsroom", "newsroom")


@pytest.fixture
def by_hand(account: Callable[..., Account], rob: Person) -> Account:
    """Rob's own LinkedIn, which he posts on himself."""
    return account("Rob on LinkedIn", "by_hand", owner=rob, personal=True)


@pytest.fixture
def on_mastodon(mastodon: MastodonServer, account: Callable[..., Account], monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account on the Mastodon test server, which the house may call."""
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port}")
    return account(
        "Reurslag on Mastodon",
        "mastodon",
        settings={"server": mastodon.url},
        secrets={"access_token": mastodon.token},
    )


@pytest.fixture
def write(bram: Person) -> Callable[..., Post]:
    """Make a draft of Bram's: `write("Hallo", stage)`."""

    def make(text: str, *accounts: Account, by: Person | None = None, **more: Any) -> Post:
        return actions.create_post(by=by or bram, text=text, accounts=accounts, **more)

    return make


@pytest.fixture
def released(write: Callable[..., Post]) -> Callable[..., Target]:
    """Make a post and let it go; its first row."""

    def make(text: str, *accounts: Account, by: Person | None = None, **more: Any) -> Target:
        post = write(text, *accounts, by=by, **more)
        actions.let_go(by=post.by, post=post)
        return row(post)

    return make


def row(post: Post, account: Account | None = None) -> Target:
    rows = post.targets.order_by("pk")
    return (rows.filter(account=account) if account else rows).select_related("post", "account").first()  # type: ignore[return-value]


def again(target: Target) -> Target:
    """The row as it is now."""
    return Target.objects.select_related("post", "account").get(pk=target.pk)


@pytest.fixture
def pass_time() -> Callable[..., list[tuple[int, str]]]:
    """Let time pass for a row, stopping at each of its moments. Gives the states as (second, state)."""

    def run(target: Target, seconds: float = 86_400, start: datetime | None = None) -> list[tuple[int, str]]:
        first = start or clock.now()
        seen: list[tuple[int, str]] = []
        for _step in range(80):
            present = again(target)
            if present.wake_at is None or present.wake_at > first + timedelta(seconds=seconds):
                break
            with clock.fixed(max(present.wake_at, first)):
                deliver(target.pk)
            after = again(target)
            if (after.state, after.wake_at) == (present.state, present.wake_at):
                break
            seen.append((round((max(present.wake_at, first) - first).total_seconds()), after.state))
        return seen

    return run


class Child:
    """A process of its own, forked from this one, so that it need not load everything first."""

    def __init__(self, work: Callable[[], Any], fault: str) -> None:
        connections.close_all()
        self.pid = os.fork()
        if self.pid == 0:
            self._live(work, fault)

    def _live(self, work: Callable[[], Any], fault: str) -> NoReturn:
        code = 1
        try:
            os.environ["KOOR_FAULT"] = fault
            faults._passed.clear()
            for alias in connections:  # never one that this process shares: when it is killed, its lock would stay
                connections[alias].connection = None
                del connections[alias]
            limits.may_end_this_process()
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def wait(self, seconds: float = 60) -> int:
        """How it ended: its exit code, or the signal that killed it as a negative number."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError("the child did not end")

    def has_stopped(self) -> bool:
        """Whether it stands still by SIGSTOP."""
        with open(f"/proc/{self.pid}/stat", "rb") as file:
            return file.read().rsplit(b")", 1)[1].split()[0] == b"T"


@pytest.fixture
def child() -> Callable[..., Child]:
    """Do something in a process of its own: `child(lambda: deliver(target.pk), fault="publishing.after_send")`."""

    def start(work: Callable[[], Any], fault: str = "") -> Child:
        return Child(work, fault)

    return start


@pytest.fixture
def die(child: Callable[..., Child]) -> Callable[..., None]:
    """Deliver a row in a process that is killed at a named point."""

    def run(target: Target, fault: str) -> None:
        assert child(lambda: deliver(target.pk), fault).wait() == -signal.SIGKILL, f"not killed at {fault}"
        for _try in range(200):  # the database hears of its death a moment later
            if not locks_of_others():
                return
            time.sleep(0.05)
        raise AssertionError("what the dead process had locked stays locked")

    return run


def locks_of_others() -> int:
    """Advisory locks of other sessions in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_locks join pg_database on pg_database.oid = pg_locks.database"
            " where locktype = 'advisory' and datname = current_database() and pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


__all__ = ["Child", "again", "row"]
