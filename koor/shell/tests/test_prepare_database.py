"""A start brings the database up to this version, and tells PostgreSQL what it holds now."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from koor.ground.people.models import Person
from koor.shell import preparation


@pytest.mark.django_db
def test_what_is_held_is_known_after_a_migration(marloes: Person) -> None:
    waits = ("publishing", "0024_no_names_in_offers")  # may run twice
    MigrationRecorder(connection).record_unapplied(*waits)
    assert preparation.waiting_migrations() == [".".join(waits)]
    said: list[str] = []
    preparation.migrate(said.append)
    preparation.migrate(said.append)
    assert (len(said), preparation.waiting_migrations()) == (1, [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'people_person' AND attname = 'email'")
        assert cursor.fetchone() == (1,)
