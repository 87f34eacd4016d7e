"""A house with a PostgreSQL of one's own (DATABASE_URL): what does not suit is told, and all else works end to end."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from koor.kernel import postgres
from koor.kernel.postgres import PostgresError, foreign
from koor.kernel.postgres.foreign import is_pooled_by_transaction, see_that_it_suits
from tests.foreign_server import ForeignServer


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


def test_an_older_server_is_refused_before_anything_is_made_there(
    server: ForeignServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian 13 brings 17, which cannot fold words as Koor does."""
    asked = foreign.ABOUT.replace("current_setting('server_version_num')::int", "170006")
    assert asked != foreign.ABOUT
    monkeypatch.setattr(foreign, "ABOUT", asked)
    with pytest.raises(PostgresError, match="PostgreSQL 17 is too old: Koor needs 18 or later"):
        see_that_it_suits(parts(server.url("postgres")))


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
