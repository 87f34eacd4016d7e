"""Django's PostgreSQL, for a process that watches its database: no page waits for one that has fallen silent."""

from collections.abc import Generator
from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import RV, PQGen

from koor.kernel import database

SAYS_NOTHING = "the database says nothing"


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if database.is_silent():
            raise psycopg.OperationalError(SAYS_NOTHING)
        line = super().get_new_connection(conn_params)
        if database.is_watched():
            line.wait = partial(_wait, line)
        return line


def _wait(line: psycopg.Connection[Any], gen: PQGen[RV], *args: Any, **named: Any) -> RV:
    return type(line).wait(line, _while_it_speaks(line, gen), *args, **named)


def _while_it_speaks(line: psycopg.Connection[Any], gen: PQGen[RV]) -> Generator[Any, Any, RV]:
    """What psycopg waits for, which looks every tenth of a second whether waiting still has sense."""
    try:
        wants = next(gen)
        while True:
            ready = yield wants
            if not ready and database.is_silent():
                line.close()
                raise psycopg.OperationalError(SAYS_NOTHING)
            wants = gen.send(ready)
    except StopIteration as over:
        answer: RV = over.value
        return answer
