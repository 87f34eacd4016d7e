"""The template from which all test databases are copied is what the house itself would have made."""

from __future__ import annotations

import secrets
import subprocess
from typing import Any

import psycopg
import pytest
from django.db import connection as ours
from psycopg import sql

from koor.flow.listening.models import Count, Mention, Source
from koor.kernel import clock, postgres
from koor.kernel.models import Beat
from tests import plugin
from tests.database import drawing_little, empty_tables, migrate


@pytest.mark.django_db(transaction=True)
def test_tables_are_emptied_though_all_connections_were_ended() -> None:
    empty_tables()
    with ours.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    Beat.objects.create(part="worker", at=clock.now())
    empty_tables()
    assert not Beat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_counts_are_emptied_after_what_they_count() -> None:
    now = clock.now()
    source = Source.objects.create(name="Bron", kind="file", made_at=now)
    Mention.objects.create(source=source, external_id="1", kind="mention", text="a", said_at=now, stored_at=now)
    assert Count.objects.exists()
    empty_tables()
    assert not Count.objects.exists()


@pytest.mark.long
def test_drawing_little_makes_the_same_database(test_cluster: Any, django_db_blocker: Any) -> None:
    whole, little = (f"same_{secrets.token_hex(4)}_{kind}" for kind in ("whole", "little"))
    with (
        psycopg.connect(plugin.database_url(postgres.NAME), autocommit=True) as connection,
        django_db_blocker.unblock(),
    ):
        for name in (whole, little):
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            migrate(whole)
            with drawing_little():
                migrate(little)
            assert written(little) == written(whole)
        finally:
            for name in (whole, little):
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def written(name: str) -> list[str]:
    """All that stands in it, without the moments at which it was written."""
    host = str(postgres.socket_folder(plugin.test_home()))
    asked = ["--exclude-table-data=django_migrations", "--restrict-key=same", "-h", host, "-U", postgres.NAME, name]
    told = postgres.run_tool("pg_dump", *asked, stdout=subprocess.PIPE).stdout
    return sorted(told.decode().splitlines())
