"""/health/: 200 when database and worker are well, 503 with the reason when not."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client

from koor import __version__
from koor.kernel import clock, database
from koor.kernel.models import Beat
from koor.shell import health, worker

pytestmark = pytest.mark.django_db


def beat(part: str = "worker", *, process_age: int = 1, jobs_age: int = 1) -> None:
    now = clock.now()
    for name, age in ((f"{part} process", process_age), (part, jobs_age)):
        Beat.objects.update_or_create(part=name, defaults={"at": now - timedelta(seconds=age)})


def test_a_house_that_is_well_answers_to_anyone() -> None:
    beat()
    beat("sender")
    answer = Client().get("/health/")
    assert answer.status_code == 200
    assert answer.json()["version"] == __version__
    assert answer.json()["house"] == (Path(os.environ["KOOR_HOME"]) / "house").read_text().strip()
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_workers_it_names_them() -> None:
    answer = Client().get("/health/")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == [
        "worker: none is running",
        "worker: jobs are not done",
        "sender: none is running",
        "sender: jobs are not done",
    ]


@pytest.mark.parametrize(
    ("part", "ages", "reason"),
    [
        ("worker", {"process_age": 60}, "worker: none is running"),
        ("worker", {"jobs_age": 600}, "worker: jobs are not done"),
        ("sender", {"process_age": 60}, "sender: none is running"),
        ("sender", {"jobs_age": 1000}, "sender: jobs are not done"),
        ("worker", {"jobs_age": -3600}, "worker: jobs are not done"),  # the clock was ahead
    ],
)
def test_an_old_sign_of_life_of_one_is_none(part: str, ages: dict[str, int], reason: str) -> None:
    beat("worker")
    beat("sender", jobs_age=600)  # a long film goes out
    beat(part, **ages)
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()["reasons"]) == (503, [reason])


@pytest.mark.django_db(transaction=True)
def test_a_process_gives_its_sign_of_life_again_after_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, seen = threading.Event(), []
    beats, once = worker.beat, iter([True])

    def beat(part: str) -> None:
        if next(once, False):
            raise OperationalError("gone")
        beats(part)
        seen.append(part)
        stop.set()

    monkeypatch.setattr(worker, "beat", beat)
    monkeypatch.setattr(worker, "PULSE_SECONDS", 0.01)
    process = threading.Thread(target=worker.pulse, args=["sender", stop])
    process.start()
    process.join(20)
    assert (seen, process.is_alive()) == (["sender process"], False)
    assert "sender: none is running" not in health.look().reasons
    monkeypatch.setitem(database._last, "word", None)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "tcp_user_timeout", "5000")  # an address may say so
    database.look()  # as the watch of a web process sees it
    assert "sender process" in (database.beats() or {})
    assert "sender: none is running" not in health.look().reasons
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "no_such_thing", "1")
    monkeypatch.setitem(database._last, "word", database.Word(at=-1000))
    assert database.is_silent()
    database.look()
    assert not database.is_silent()  # a watch that can't watch refuses nobody a page


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


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """A database that takes every line and says nothing, while a house stands and watches it."""
    there, over = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}, threading.Event()
    connection.close()
    watch = threading.Thread(target=database._watch, args=[over])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection.settings_dict.update(HOST="127.0.0.1", PORT=str(listener.getsockname()[1]))
        watch.start()
        yield listener
        over.set()
    watch.join(20)
    connection.settings_dict.update(there)


@pytest.mark.django_db(transaction=True)
def test_while_the_database_says_nothing_every_answer_comes_at_once(
    deaf: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SILENT", 0)
    while not database.is_watched():
        threading.Event().wait(0.01)
    signed_in = Client(headers={"Accept-Language": "en"})
    signed_in.cookies["sessionid"] = "x" * 32
    for _ in range(60):  # a monitor that asks for a minute
        answer = signed_in.get("/health/")
        assert (answer.status_code, answer.json()["reasons"]) == (503, ["database: no answer"])
    assert signed_in.get("/health").status_code == 503  # as some monitors are set
    page = signed_in.get("/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "20")
    assert "The house is just starting again" in page.content.decode()
    deaf.setblocking(False)
    deaf.accept()
    with pytest.raises(BlockingIOError):
        deaf.accept()  # no line but that of the watch


def test_a_database_that_is_away_is_told_without_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError('connection to server at "db.inside", user "koor_owner" failed')

    monkeypatch.setattr(health.connection, "cursor", away)
    assert health.look().reasons == ["database: no answer"]
