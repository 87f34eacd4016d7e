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
# After a test that commits. Foreign keys wait for the end of the statement, so the order does not matter. Emptying a
# hundred tables like this takes 5 ms; Django's flush (TRUNCATE, and writing the permissions again) half a second.
EMPTY = """do $$ declare used text; begin
    if exists (select from conversations_fireline) then truncate conversations_fireline; end if;  -- none goes
    for used in select quote_ident(tablename) from pg_tables where schemaname = 'public'
        and tablename not in ('django_migrations', 'django_content_type', 'auth_permission', 'conversations_fireline')
    loop execute 'delete from ' || used; end loop;
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
    with django_db_blocker.unblock(), _maintenance() as connection:
        _use(postgres.NAME)
        _order(connection, "drop database if exists {} with (force)", name)


def empty_tables(_case: TransactionTestCase | None = None) -> None:
    """In the place of Django's flush: also of procrastinate's tables, which are unmanaged."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[method-assign]


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
    from django.core.management import call_command

    making = f"{name}_new"
    _order(connection, "drop database if exists {} with (force)", making)
    _order(connection, "create database {}", making)
    _use(making)
    call_command("migrate", verbosity=0, interactive=False)
    _use(postgres.NAME)
    _order(connection, "alter database {} with allow_connections false", making)  # or nobody could copy it
    _order(connection, "alter database {} rename to {}", making, name)


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
