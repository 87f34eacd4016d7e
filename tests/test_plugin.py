"""The test plugin itself: tests stay in their own database and on this machine."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.plugin import OutsideWorldError


def test_koor_home_belongs_to_this_process() -> None:
    assert Path(os.environ["KOOR_HOME"]).name == f"run-{os.getpid()}"
    assert settings.DATABASES["default"]["HOST"].endswith("/s")


@pytest.mark.django_db
def test_the_database_is_a_migrated_copy_of_our_own() -> None:
    assert connection.settings_dict["NAME"].startswith(f"test_{os.getpid()}_")
    assert "django_migrations" in connection.introspection.table_names()


@pytest.mark.django_db(transaction=True)
def test_jobs_are_there_in_a_transactional_test() -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_jobs (queue_name, task_name, args) values ('q', 't', '{}')")


@pytest.mark.django_db
def test_no_job_of_another_test_is_left() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def test_the_network_ends_at_this_machine() -> None:
    with pytest.raises(OutsideWorldError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("example.org", 80)
    assert socket.getaddrinfo("127.0.0.1", 80)
