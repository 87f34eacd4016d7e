"""/health/: 200 when database and worker are well, 503 with the reason when not."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from koor import __version__
from koor.kernel import clock
from koor.kernel.models import Beat

pytestmark = pytest.mark.django_db


def beat(*, heartbeat_age: int = 1, beat_age: int = 1) -> None:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (%s)", [now - timedelta(seconds=heartbeat_age)]
        )
    Beat.objects.create(part="worker", at=now - timedelta(seconds=beat_age))


def test_a_house_that_is_well_answers_to_anyone() -> None:
    beat()
    answer = Client().get("/health/")
    assert answer.status_code == 200
    assert answer.json()["version"] == __version__
    assert answer.json()["house"] == (Path(os.environ["KOOR_HOME"]) / "house").read_text().strip()
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_a_worker_it_says_so() -> None:
    answer = Client().get("/health/")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["worker: none is running", "worker: jobs are not done"]


@pytest.mark.parametrize(
    ("ages", "reason"),
    [
        ({"heartbeat_age": 60}, "worker: none is running"),
        ({"beat_age": 600}, "worker: jobs are not done"),
    ],
)
def test_an_old_sign_of_life_is_none(ages: dict[str, int], reason: str) -> None:
    beat(**ages)
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()["reasons"]) == (503, [reason])


@pytest.mark.django_db(transaction=True)
def test_without_a_database_it_says_so() -> None:
    there = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        answer = Client().get("/health/")
    finally:
        connection.close()
        connection.settings_dict["PORT"] = there
    assert answer.status_code == 503
    assert answer.json()["reasons"][0].startswith("database: ")
