"""Where a home's database is: addresses that follow from KOOR_HOME and DATABASE_URL alone; nothing is made."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from koor.kernel.trouble import Trouble

MAJOR = 18
NAME = "koor"  # the database, and the role that owns it
PORT = 5432  # a socket's file name carries a port; nothing listens on TCP
SOCKET_LIMIT = 107  # bytes, sun_path of unix(7) without its closing zero


class PostgresError(Trouble):
    """The database cannot be had; the text says why, and what to do, in words for an operator."""


def embedded() -> bool:
    """Whether the house runs its own server; with DATABASE_URL somebody else does."""
    return not os.environ.get("DATABASE_URL")


def socket_folder(home: Path) -> Path:
    """Where the server of this home has its socket; computed, nothing is made.

    A path over 107 bytes cannot be a socket (unix(7)); then it is a folder in /tmp. Not `tempfile.gettempdir()`: two
    processes of one house with another TMPDIR would look in two places.
    """
    home = home.resolve()
    near = home / "pg" / "s"
    if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= SOCKET_LIMIT:
        return near
    owner = home.stat().st_uid if home.exists() else os.geteuid()
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"koor-{owner}-{mark}"  # noqa: S108 - private (0700) and its owner is checked


def own_address(home: Path) -> dict[str, str]:
    """libpq parameters of the embedded server of this home, whatever DATABASE_URL says."""
    return {"host": str(socket_folder(home)), "port": str(PORT), "user": NAME, "dbname": NAME}


def address(home: Path) -> dict[str, str]:
    """libpq parameters of this home's database (keys as in libpq: host, port, user, dbname, …).

    DATABASE_URL wins; libpq itself reads it, so every form that `psql` takes is good.
    """
    url = os.environ.get("DATABASE_URL")
    if not url:
        return own_address(home)
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise PostgresError(f"DATABASE_URL cannot be read: {str(error).strip()}") from error
    return {key: str(value) for key, value in given.items() if value is not None}


def connect(parameters: Mapping[str, str], *, autocommit: bool = False) -> psycopg.Connection[Any]:
    """A connection of psycopg's own, beside Django's. Raises psycopg.OperationalError."""
    return psycopg.connect(make_conninfo("", **parameters), autocommit=autocommit)


def django_database(home: Path) -> dict[str, Any]:
    """The `default` entry of Django's DATABASES.

    CONN_MAX_AGE stays 0: an advisory lock taken on a connection that is kept would leak into the next job.
    """
    parts = address(home)
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    entry: dict[str, Any] = {django: parts.pop(libpq, "") for django, libpq in named.items()}
    parts.setdefault("connect_timeout", "3")  # seconds; a database that hangs must not hang every page
    return entry | {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0, "OPTIONS": dict(parts)}
