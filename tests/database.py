"""The test database: one cluster for all sessions of this machine, one database a process, copied from a template.

Migrating takes seconds and copying a fraction of one, so the migrated database is kept as a template under the hash of
everything that shapes it. `PostgreSQL CREATE DATABASE … TEMPLATE` copies it. What nobody uses any more is dropped.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import TransactionTestCase
from psycopg import sql

from koor.kernel import postgres
from tests.plugin import database_url, session_home, test_home

ROOT = Path(__file__).parent.parent
KEEP_DAYS = 2
SHAPING = ("koor/**/migrations/*", "koor/**/apps.py", "koor/**/models.py", "koor/**/models/*.py", "koor/settings.py")
# After a test that commits. Foreign keys wait for the end of the statement, so the order does not matter. One
# connection of the process does it each time and keeps what it knows of the hundred and fifty tables: 5 ms. A new one
# learns them anew (60 ms); Django's flush (TRUNCATE, and writing the permissions again) takes half a second.
EMPTY = """do $$ declare orders text; begin
    select string_agg('delete from ' || quote_ident(tablename), '; ' order by tablename) into orders from pg_tables
        where schemaname = 'public' and tablename not in
            ('django_migrations', 'django_content_type', 'auth_permission', 'conversations_fireline');
    execute 'create function pg_temp.empty_tables() returns void language plpgsql as $body$ begin '
        'if exists (select from conversations_fireline) then truncate conversations_fireline; end if; '  -- none goes
        || orders || '; delete from listening_count; end $body$';  -- what the deletes themselves counted
end $$"""


@pytest.fixture(scope="session")
def test_cluster() -> Iterator[postgres.Cluster]:
    """The server that all test sessions share; fsync off."""
    with postgres.Cluster(test_home(), fsync=False) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def homes() -> Callable[[], Path]:
    """Makes folders for houses with a server of their own. Not in pytest's temporary folder: each session that starts
    closes that to other users, and as root the server is another user. Gone with the session."""
    return lambda: Path(tempfile.mkdtemp(prefix="h", dir=session_home()))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """In the place of pytest-django's: a copy of the template, dropped at the end."""
    request.getfixturevalue("test_cluster")
    name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
    with django_db_blocker.unblock(), _maintenance() as connection:
        _drop_leftovers(connection)
        template = _template(connection)
        _order(connection, "create database {} template {}", name, template)
        _use(name)
    yield
    empty_tables.end()
    with django_db_blocker.unblock(), _maintenance() as connection:
        _use(postgres.NAME)
        _order(connection, "drop database if exists {} with (force)", name)


class Emptying:
    """The connection that empties the database of this process after each test that commits."""

    connection: psycopg.Connection[Any] | None = None

    def __call__(self) -> None:
        """In the place of Django's flush: also of procrastinate's tables, which are unmanaged."""
        from django.db import connections

        connections.close_all()  # what a test left open would be waited for
        try:
            self._empty()
        except psycopg.OperationalError:  # a test that ends connections ended this one as well
            self.end()
            self._empty()

    def _empty(self) -> None:
        if self.connection is None:
            self.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
            self.connection.execute(EMPTY)
        self.connection.execute("select pg_temp.empty_tables()")

    def end(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


empty_tables = Emptying()
TransactionTestCase._fixture_teardown = lambda _case: empty_tables()  # type: ignore[method-assign]


def _maintenance() -> psycopg.Connection[Any]:
    """To the database that is never tested in; advisory locks and comments are kept there."""
    return psycopg.connect(database_url(postgres.NAME), autocommit=True)


def _order(connection: psycopg.Connection[Any], order: str, *names: str) -> None:
    connection.execute(sql.SQL(order).format(*map(sql.Identifier, names)))


def _use(name: str) -> None:
    """Point Django, and the child processes of tests, to this database."""
    from django.conf import settings
    from django.db import connections

    connections["default"].close()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = database_url(name)


def _fingerprint() -> str:
    """Changes whenever the migrated database could."""
    seen = hashlib.sha256()
    files = {file for pattern in SHAPING for file in ROOT.glob(pattern) if file.is_file() and file.suffix != ".pyc"}
    for file in [*sorted(files), ROOT / "requirements/run.txt", Path(__file__)]:
        seen.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return seen.hexdigest()[:20]


def _template(connection: psycopg.Connection[Any]) -> str:
    """Name of the migrated template, made by the first session that wants it while the others wait."""
    name = f"template_{_fingerprint()}"
    connection.execute("select pg_advisory_lock(hashtext(%s))", [name])
    try:
        if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            _make_template(connection, name)
        used = sql.SQL("comment on database {} is {}").format(sql.Identifier(name), sql.Literal(str(int(time.time()))))
        connection.execute(used)
    finally:
        connection.execute("select pg_advisory_unlock(hashtext(%s))", [name])
    return name


def _make_template(connection: psycopg.Connection[Any], name: str) -> None:
    making = f"{name}_new"
    _order(connection, "drop database if exists {} with (force)", making)
    _order(connection, "create database {}", making)
    with drawing_little():
        migrate(making)
    _order(connection, "alter database {} with allow_connections false", making)  # or nobody could copy it
    _order(connection, "alter database {} rename to {}", making, name)


def migrate(database: str) -> None:
    """By the migrations of the house, as it does it itself."""
    from django.conf import settings
    from django.core.management import call_command

    before = settings.DATABASES["default"]["NAME"]
    _use(database)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _use(before)


@contextmanager
def drawing_little() -> Iterator[None]:
    """Django draws a table and all that hang together with it anew, in Python, at each step of a migration: 28,000
    times for an empty house. Here it draws that table alone, and all of them once a step of our own code asks for them:
    1,500 times, a tenth of the processor time, and the same database (tests/test_database.py)."""
    from django.db.migrations.state import ProjectState

    def alone(state: Any, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" in state.__dict__:
            state.is_delayed = True
            state.apps.unregister_model(app_label, model_name)
            state.apps.render_multiple([state.models[app_label, model_name]])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectState, "reload_model", alone)
        yield


def _drop_leftovers(connection: psycopg.Connection[Any]) -> None:
    """Databases and folders of killed sessions, and templates that nobody asked for in the last days."""
    rows = connection.execute("select datname, shobj_description(oid, 'pg_database') from pg_database").fetchall()
    for name, comment in rows:
        kind, _, rest = name.partition("_")
        dead = kind == "test" and not Path(f"/proc/{rest.partition('_')[0]}").exists()
        old = kind == "template" and comment and int(comment) < time.time() - KEEP_DAYS * 86400
        if dead or old:
            _order(connection, "drop database if exists {} with (force)", name)
    for folder in test_home().glob("run-*"):
        if not Path(f"/proc/{folder.name.removeprefix('run-')}").exists():
            shutil.rmtree(folder, ignore_errors=True)
