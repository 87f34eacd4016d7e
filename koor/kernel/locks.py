"""A lock that lasts as long as a process works on something, longer than any transaction.

It is an advisory lock of PostgreSQL on a connection of its own: when the process dies, the lock is gone at once. A
stopped process keeps it; `end_holder` takes it away. Such a lock says that nobody else works on it now. It does not
say that nobody ever did: what may not be done twice is kept in rows (see docs/decisions on delivery)."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

KEEPALIVE = {  # seconds and milliseconds, for a server elsewhere
    **{"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3},
    "tcp_user_timeout": 25_000,
}


Away = psycopg.OperationalError  # what a connection for locks raises when the database is away


def number_of(name: str) -> int:
    """The lock's number in PostgreSQL: 64 bits, signed."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def until_committed(name: str, *, shared: bool = False) -> None:
    """Wait for the lock of this name and hold it as long as the transaction lasts. Those who share it wait only for who
    does not."""
    way = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"select {way}(%s)", [number_of(name)])


@contextmanager
def busy(name: str) -> Iterator[bool]:
    """Say that this process is at it, until the block ends; False when another is. On Django's own connection: free as
    soon as that closes. Whoever brings work writes it down, commits, and then asks `is_busy`; whoever was busy looks
    once more after the block. So nothing is left lying, and no job is needed for each piece."""
    number = number_of(name)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [number])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and not connection.needs_rollback and not connection.closed_in_transaction:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [number])


def is_busy(name: str) -> bool:
    """Whether somebody is at it, who looks again before they end."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock_shared(%s)", [number_of(name)])
        return not cursor.fetchone()[0]


def let_go_when_idle(seconds: float) -> None:
    """Have PostgreSQL close a connection of this process that stands still inside a transaction for so long: stopped
    there, it would hold up everybody who waits for what it locked. Waking up, it finds nothing kept."""

    def say(connection: BaseDatabaseWrapper, **_more: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('idle_in_transaction_session_timeout', %s, false)", [f"{seconds * 1000:.0f}"]
            )

    connection_created.connect(say, weak=False, dispatch_uid="koor.locks.let_go_when_idle")
    connection.close()


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Hold the lock of this name inside the block. Gives False at once when somebody else has it."""
    with watched(name) as still:
        yield still is not None


@contextmanager
def watched(name: str) -> Iterator[Callable[[], bool] | None]:
    """As `held`, for who holds it long: gives a question that tells whether it is still ours, asked on the connection
    of the lock itself. None when somebody else has it."""
    with _for_locks() as own:
        row = own.execute("select pg_try_advisory_lock(%s)", [number_of(name)]).fetchone()
        alone = bool(row and row[0])
        try:
            yield partial(_alive, own) if alone else None
        finally:
            if alone:
                # PostgreSQL notices a closed connection only a moment later; the next may be there before that.
                with suppress(psycopg.OperationalError):  # ended by `end_holder`: the lock is gone already
                    own.execute("select pg_advisory_unlock(%s)", [number_of(name)])


def _alive(own: psycopg.Connection[Any]) -> bool:
    try:
        own.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def end_holder(name: str) -> bool:
    """Close the connection of whoever holds this lock; True when somebody did. For a process that stopped moving."""
    high, low = divmod(number_of(name) % 2**64, 2**32)
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objsubid = 1 and granted"
            " and database = (select oid from pg_database where datname = current_database())"
            " and classid::bigint = %s and objid::bigint = %s",
            [high, low],
        )
        return bool(cursor.fetchall())


def keep_connection() -> None:
    """For a process that takes one lock after another: the connection stays open between them. It dies with the
    process, and every lock with it, as ever."""
    global _keeps
    _keeps = True


class _Kept(threading.local):
    """The connection of this thread, while no lock is held on it."""

    connection: psycopg.Connection[Any] | None = None
    pid = 0


_keeps = False
_kept = _Kept()


@contextmanager
def _for_locks() -> Iterator[psycopg.Connection[Any]]:
    """A connection for one lock: a new one, or the kept one when that is free and alive."""
    if not _keeps:
        with _own_connection() as fresh:
            yield fresh
        return
    own, _kept.connection = _kept.connection, None
    if own is None or _kept.pid != os.getpid() or not _answers(own):
        own, _kept.pid = _own_connection(), os.getpid()
    try:
        yield own
    except BaseException:
        own.close()
        raise
    if _kept.connection is None and not own.closed and not own.broken:
        _kept.connection = own
    else:
        own.close()


def _answers(own: psycopg.Connection[Any]) -> bool:
    """Whether this connection is still there, and holds no lock of before."""
    try:
        own.execute("select pg_advisory_unlock_all()")
    except psycopg.OperationalError:
        return False
    return True


def _own_connection() -> psycopg.Connection[Any]:
    """To Django's database, outside of Django: it takes part in no transaction and is closed with the block."""
    given = connection.get_connection_params()
    parameters = {key: value for key, value in given.items() if key not in ("cursor_factory", "context", "row_factory")}
    return psycopg.connect(**{**KEEPALIVE, **parameters}, autocommit=True, application_name="koor lock")
