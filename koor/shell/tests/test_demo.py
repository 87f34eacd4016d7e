"""The demo organisation goes into an empty house only. What it is like there: tests/journeys/test_the_demo.py."""

import argparse
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

from koor.ground.people.models import House
from koor.kernel import clock
from koor.kernel.access import Refused
from koor.shell.command_line import demo, init
from koor.shell.demo import load, remove
from koor.shell.demo.moments import Moments


@pytest.mark.django_db
def test_a_house_of_somebodys_own_is_left_alone(house: House) -> None:
    with pytest.raises(Refused):
        load.load()
    assert not remove.remove()
    assert House.objects.exists()


@pytest.mark.django_db
def test_it_is_taken_away_also_while_the_house_works(house: House, settings: Any, tmp_path: Path) -> None:
    """Emptying takes every table for itself; who works on them the other way round makes a deadlock of it."""
    settings.KOOR_HOME = tmp_path
    House.objects.update(demo=True)
    busy = [True] * remove.TRIES

    def working(execute: Any, order: str, *rest: Any) -> Any:
        if order.startswith("TRUNCATE") and busy:
            busy.pop()
            raise OperationalError("deadlock detected") from DeadlockDetected()
        return execute(order, *rest)

    with connection.cursor() as cursor:  # as it is outside the tests: what is never removed is not removed either
        cursor.execute("SET LOCAL koor.emptied = ''")
    with connection.execute_wrapper(working):
        with pytest.raises(Refused, match="too busy"):
            remove.remove()
        assert House.objects.exists()
        busy.append(True)
        assert remove.remove()
    assert not House.objects.exists()


@pytest.mark.django_db
def test_who_began_or_took_it_away_does_not_get_it_back(settings: Any, tmp_path: Path) -> None:
    settings.KOOR_HOME = tmp_path
    init.init(argparse.Namespace(name="", place="", person="", email=""))
    said: list[str] = []
    begin = ["Nobody lives here yet. Begin with: koor init"]
    assert (demo.offer(said.append), said) == (begin, begin)  # each start says it again
    assert not House.objects.exists()


@pytest.mark.django_db
def test_who_wants_no_demo_is_told_how_to_begin(settings: Any, tmp_path: Path) -> None:
    settings.KOOR_HOME = tmp_path
    assert demo.offer(print, wanted=False) == ["Nobody lives here yet. Begin with: koor init"]
    assert not House.objects.exists()


def test_who_can_not_be_asked_removes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    House.objects.update(demo=True)
    for typed in ("", "no\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(Refused):
            demo.demo(argparse.Namespace(remove=True, yes=False))
    assert capsys.readouterr().out == ""
    assert House.objects.exists()


def test_todays_moments_end_now_whatever_the_hour() -> None:
    for hour in (0, 5, 12, 23):
        now = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
        with clock.fixed(now):
            when = Moments(now)
            assert when.of(0, "09:40") < now
            assert when.of(0, "08:00") < when.of(0, "09:00") < now
            assert when.of(3, "07:10") < now
