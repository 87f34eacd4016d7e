"""A house with a PostgreSQL of one's own (DATABASE_URL): what does not suit is told, and all else works end to end."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from koor.kernel import postgres
from koor.kernel.postgres import PostgresError
from koor.kernel.postgres.foreign import is_pooled_by_transaction, see_that_it_suits
from tests.foreign_server import ForeignServer

Koor = Callable[..., Any]


@pytest.fixture(scope="module")
def server(homes: Callable[[], Path]) -> Iterator[ForeignServer]:
    with ForeignServer(homes(), fsync=False) as one:
        yield one


def parts(url: str) -> dict[str, str]:
    return {key: str(value) for key, value in conninfo_to_dict(url).items()}


def test_dates_come_as_they_are_read(server: ForeignServer) -> None:
    there = parts(server.database("dates"))
    see_that_it_suits(there)
    with postgres.connect(there) as connection:
        row = connection.execute("select now(), interval '1 day', current_setting('datestyle')").fetchone()
    assert row
    assert row[2].startswith("ISO")
    with postgres.connect(parts(server.database("other_dates"))) as connection:  # told for one database only
        other = connection.execute("select current_setting('datestyle')").fetchone()
    assert other == ("SQL, DMY",)


def test_another_encoding_is_refused(server: ForeignServer) -> None:
    there = parts(server.database("ascii", "encoding 'SQL_ASCII' locale 'C' template template0"))
    with pytest.raises(PostgresError, match="the database ascii is in SQL_ASCII, Koor needs UTF8"):
        see_that_it_suits(there)


def test_a_database_of_somebody_else_is_refused(server: ForeignServer) -> None:
    server.order("create database theirs")
    with pytest.raises(PostgresError, match="may make no tables in theirs"):
        see_that_it_suits(parts(server.url("theirs")))


@pytest.mark.parametrize(("key", "value"), [("password", "wrong"), ("dbname", "nowhere"), ("port", "9")])
def test_one_that_cannot_be_had_is_told(server: ForeignServer, key: str, value: str) -> None:
    there = parts(server.url("postgres")) | {key: value}
    with pytest.raises(PostgresError, match="cannot be reached") as error:
        see_that_it_suits(there)
    assert "p@ss" not in str(error.value)


def test_a_direct_connection_is_not_taken_for_a_pooler(server: ForeignServer) -> None:
    there = parts(server.url("postgres"))
    with postgres.connect(there, autocommit=True) as connection:
        assert not is_pooled_by_transaction(there, connection)


def test_a_server_that_changes_between_two_orders_is_a_pooler(server: ForeignServer) -> None:
    """As a pooler by transaction does when another client is busy: it resets nothing, but gives another server."""
    there = parts(server.url("postgres"))

    class Changing:
        def execute(self, query: str, parameters: Any = None) -> Any:
            with postgres.connect(there, autocommit=True) as connection:
                return connection.execute(query, parameters)

    assert is_pooled_by_transaction(there, Changing())  # type: ignore[arg-type]


@pytest.fixture
def koor(tmp_path: Path) -> Koor:
    """The command line in a process of its own; what it answers as JSON."""

    def run(url: str, home: str, *arguments: str, text: str = "") -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "koor", *arguments],
            env={**os.environ, "DATABASE_URL": url, "KOOR_HOME": str(tmp_path / home)},
            input=text,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    return run


@pytest.mark.long
def test_from_the_first_start_to_a_restored_house(server: ForeignServer, koor: Koor, tmp_path: Path) -> None:
    first, second = server.database("first"), server.database("second")
    (tmp_path / "passphrase").write_text("a sentence that nobody guesses")
    sealed = str(tmp_path / "house.backup"), "--passphrase-file", str(tmp_path / "passphrase"), "--json"
    koor(first, "one", "prepare", "--demo")
    who = [person["email"] for person in koor(first, "one", "person", "list", "--json")]
    assert len(who) == 60
    account = koor(first, "one", "account", "add", "paper", "--owner", who[0], "--name", "Here", "--json")["id"]
    wanted = ["post", "create", "--by", who[0], "--account", str(account), "--text-file", "-", "--json"]
    post = koor(first, "one", *wanted, text="Written there")["id"]
    made = koor(first, "one", "backup", *sealed)
    assert koor(second, "two", "restore", *sealed)["rows"] == made["rows"]
    koor(second, "two", "prepare")
    assert koor(second, "two", "post", "show", str(post), "--json")["id"] == post
    assert [person["email"] for person in koor(second, "two", "person", "list", "--json")] == who
