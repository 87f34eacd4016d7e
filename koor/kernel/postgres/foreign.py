"""A server that somebody else runs (DATABASE_URL): whether it suits Koor, asked before anything is written there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from koor.kernel.postgres.place import PostgresError, connect

OLDEST = 180000  # PostgreSQL 18: the collation `pg_unicode_fast`, by which words are folded alike on every machine
ABOUT = """
    select current_setting('server_version_num')::int, current_setting('server_encoding'),
           has_schema_privilege(current_user, 'public', 'create'), current_database(), current_user
"""


# How psycopg reads what a server writes. A server may be set otherwise, so the role is told, for this database; not by
# `options` of the connection, which poolers refuse.
MUST = {"datestyle": "ISO, YMD", "intervalstyle": "postgres", "standard_conforming_strings": "on"}


def see_that_it_suits(parameters: Mapping[str, str]) -> None:
    """Raises PostgresError in words: too old, not UTF-8, nothing may be made there, or pooled by transaction."""
    try:
        with connect({**parameters, "client_encoding": "UTF8"}, autocommit=True) as connection:
            row = connection.execute(ABOUT).fetchone()
            assert row is not None
            pooled = is_pooled_by_transaction(parameters, connection)
            if row[1] == "UTF8":
                _write_as_we_read(connection, row[3])
    except psycopg.OperationalError as error:
        raise PostgresError(f"the database of DATABASE_URL cannot be reached: {str(error).strip()}") from error
    version, encoding, may_create, database, role = row
    if version < OLDEST:
        raise PostgresError(f"PostgreSQL {version // 10000} is too old: Koor needs {OLDEST // 10000} or later")
    if encoding != "UTF8":
        raise PostgresError(
            f"the database {database} is in {encoding}, Koor needs UTF8: "
            f"create database {database} owner {role} encoding 'UTF8' template template0"
        )
    if not may_create:
        raise PostgresError(f"the role {role} may make no tables in {database}: alter database {database} owner to …")
    if pooled:
        raise PostgresError(
            "a pooler stands before PostgreSQL that pools by transaction, and that breaks locks and jobs: "
            "connect directly, or let it pool by session"
        )


def _write_as_we_read(connection: psycopg.Connection[Any], database: str) -> None:
    for name, value in MUST.items():
        row = connection.execute("select current_setting(%s)", [name]).fetchone()
        if row is None or row[0].split(",")[0] != value.split(",")[0]:
            order = "alter role current_user in database {} set {} = {}"
            parts = sql.Identifier(database), sql.Identifier(name), sql.Literal(value)
            connection.execute(sql.SQL(order).format(*parts))


def is_pooled_by_transaction(parameters: Mapping[str, str], first: psycopg.Connection[Any]) -> bool:
    """Whether the server behind a connection changes when it rests. What is set in a session must still be there after
    another connection has been busy; a pooler hands that one the server that was free last, which was ours."""
    mark = secrets.token_hex(8)
    first.execute("select set_config('koor.mark', %s, false)", [mark])
    with connect(parameters) as other:  # begins a transaction with its first order, and keeps its server so long
        other.execute("select 1")
        row: object = first.execute("select current_setting('koor.mark', true)").fetchone()
    return row != (mark,)
