"""A line that is refused, breaks or stands still: said in words, tried again in time, and nothing of it is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from koor.flow.listening import actions
from koor.flow.listening.actions import hearing, spooling
from koor.flow.listening.choices import Form
from koor.flow.listening.logic import waiting
from koor.flow.listening.models import Away, Mention, RawEvent, Source
from koor.flow.listening.tests.test_read_spooled import account, away, heard, there
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Batch, Because
from koor.kernel import locks
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.websocket import LineBroken
from tests.connectors.dag_cbor import commit

__all__ = ["account", "heard"]  # fixtures
RUN = hearing.Held._run


@pytest.fixture
def held(heard: Source, monkeypatch: pytest.MonkeyPatch) -> hearing.Held:
    """A line to all of a network, which nobody runs but the test."""
    monkeypatch.setattr(hearing.Held, "_run", lambda self: None)
    monkeypatch.setattr(connection, "close", lambda: None)
    return hearing.Held(heard.pk, "", away())


@pytest.mark.parametrize(("because", "told", "wait"), [(Because.AUTH, None, waiting.NO_STREAM), (Because.RATE, 90, 90)])
def test_what_the_platform_says_before_a_line_stands_on_the_page_of_the_source(
    held: hearing.Held, heard: Source, monkeypatch: pytest.MonkeyPatch, because: Because, told: int | None, wait: float
) -> None:
    """And what comes by a line alone counts as not heard."""
    no = Batch(problem="Niet nu.", because=because, retry_after=told)
    monkeypatch.setattr(channels.connector("bluesky").stream, "opening", lambda *_all: no)
    assert held._once() == wait
    heard.refresh_from_db()
    assert (heard.line_problem, heard.last_problem, heard.failures) == ("Niet nu.", "Niet nu.", 1)
    held.stop.set()
    held._once()
    heard.refresh_from_db()
    assert heard.failures == 1, "one that was let go says nothing: the next one does"


def test_where_no_line_can_be_it_is_asked_in_an_hour(
    held: hearing.Held, heard: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert held._once() == waiting.NO_STREAM, "not through a door that opens no lines"
    with monkeypatch.context() as lost:
        lost.setattr(channels, "session_for", refuses)
        assert held._once() == waiting.NO_STREAM
    heard.refresh_from_db()
    assert heard.line_problem == "Een andere sleutel."
    actions.pause_source(by=SYSTEM, source=heard)
    assert held._once() is None, "nobody listens there now"


def refuses(*_all: Any, **_more: Any) -> None:
    raise Refused("Een andere sleutel.")


def test_a_line_that_stood_long_is_opened_again_soon(held: hearing.Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_once", held.stop.set)
    for steady, failures in ((waiting.STEADY, 6), (-1.0, 1)):
        monkeypatch.setattr(waiting, "STEADY", steady)
        held.stop.clear()
        held.failures = 5
        RUN(held)
        assert held.failures == failures


def test_a_connector_that_breaks_is_tried_again_and_later_each_time(
    held: hearing.Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = list[int]()

    def breaks() -> None:
        if len(waits) == 2:
            held.stop.set()
        raise ValueError("kapot")

    monkeypatch.setattr(held, "_once", breaks)
    monkeypatch.setattr(waiting, "wait_after", lambda failures, _chance: waits.append(failures) or 0)
    RUN(held)
    assert waits == [0, 1, 2]


def test_what_can_not_be_stored_now_waits_and_is_read_later(
    held: hearing.Held, heard: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the database the line itself is let go."""
    for error in (ValueError("kapot"), DatabaseError("weg")):
        with monkeypatch.context() as broken:
            broken.setattr(hearing, "read_spooled", raising(error))
            if isinstance(error, DatabaseError):
                with pytest.raises(DatabaseError):
                    held._read(heard, [commit("een warmtepomp", seq=2)], True)
            else:
                held._read(heard, [commit("een warmtepomp", seq=1)], True)
    kept = list(RawEvent.objects.filter(form=Form.LIVE).values_list("pk", flat=True))
    assert len(kept) == 2
    for number in kept:
        actions.read_spooled(number, there())
    assert Mention.objects.count() == 1, "said once, and heard twice"
    with monkeypatch.context() as ended:
        ended.setattr(hearing, "read_spooled", lambda *_all: spooling.Reading(problem="Te laat."))
        with pytest.raises(LineBroken, match="Te laat"):
            held._read(heard, [commit("nog een warmtepomp", seq=3)], True)


def raising(error: Exception) -> Callable[..., None]:
    def raises(*_all: Any) -> None:
        raise error

    return raises


def test_open_again_it_tells_how_long_nobody_heard_it(heard: Source, noon: datetime) -> None:
    then = noon - timedelta(hours=9)
    Source.objects.update(line_at=then, last_problem="Niet nu.", failures=4)
    heard.refresh_from_db()
    with hearing._shown_open(heard):
        heard.refresh_from_db()
        assert (heard.line_since, heard.last_problem, heard.failures) == (noon, "", 0)
    assert (Away.objects.get().since, Source.objects.get().line_since) == (then, None)


def test_without_the_database_all_lines_are_let_go_and_asked_for_again(
    held: hearing.Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, asked = threading.Event(), list[str]()

    @contextmanager
    def gone(name: str) -> Iterator[None]:
        asked.append(name)
        if len(asked) == 2:
            stop.set()
        raise locks.Away
        yield

    monkeypatch.setattr(hearing, "LOOK_SECONDS", 0)
    monkeypatch.setattr(locks, "watched", gone)
    hearing.hold_lines(stop)
    assert asked == [hearing.LOCK] * 2


# ── Two at the same messages ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_another_worker_read_meanwhile_is_not_read_twice(heard: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    number = spooling.spool(heard, [commit("een warmtepomp", seq=1)])
    event, named = RawEvent.objects.get(pk=number), spooling._named

    def first(one: RawEvent, reader: Any, items: Any) -> Any:
        found = named(one, reader, items)
        RawEvent.objects.filter(pk=one.pk).delete()
        return found

    monkeypatch.setattr(spooling, "_named", first)
    assert spooling.read_spooled(number, there()).tally.stored == 0
    spooling._by_halves(event, [b"een", b"twee"], spooling._Reader(heard, there()))
    assert (Mention.objects.count(), RawEvent.objects.count()) == (0, 0)


def test_what_can_not_be_held_against_the_queries_is_not_kept(heard: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was said by anybody, and nobody asked for it."""
    number = spooling.spool(heard, [commit("een warmtepomp", seq=1)])
    RawEvent.objects.update(tries=spooling.MOST_TRIES)
    monkeypatch.setattr(spooling, "chosen", raising(ValueError("kapot")))
    spooling.read_spooled(number, there())
    assert not RawEvent.objects.exists()
