"""The lines that stay open: one thread a source, all in one process of the house.

A line is opened, what was missed is fetched, and then messages are kept and read as they come. When it breaks it is
opened again, later each time. Visits go on beside it every two minutes, so nothing hangs on a line alone."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import Error, connection
from django.db.models import F
from django.db.models.functions import Coalesce

from koor.flow.listening import queries
from koor.flow.listening.actions.away import note_away, note_filled
from koor.flow.listening.actions.fetching import visit
from koor.flow.listening.actions.sources import is_pushed
from koor.flow.listening.actions.spooling import Message, Reading, read_spooled, spool
from koor.flow.listening.logic import waiting
from koor.flow.listening.logic.clean import clean_line
from koor.flow.listening.models import WELL, Source
from koor.ground.channels import logic
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Batch, Because
from koor.ground.channels.contract import message_id as _
from koor.kernel import clock, locks
from koor.kernel.access import Refused
from koor.kernel.http import Door, NotSent
from koor.kernel.websocket import Line, LineBroken, NotOpened, opened

logger = logging.getLogger(__name__)
LOOK_SECONDS = 3.0  # between two looks at which sources should have a line
SIGN_SECONDS = 15.0  # between two signs of life of a line
TOGETHER_SECONDS = 0.25  # messages that come within this are kept and read together
TOGETHER, TOGETHER_BYTES = 300, 3_000_000
FILLS = 10  # visits of twenty pages to fill a gap before the line is read; then one at each sign of life
CAUGHT_UP = 10  # seconds behind at most
MOST_LAG = 10**9  # seconds: what a clock gone wrong says fits its column
LOCK = "listening.lines"
NO_STREAM = _("The server offers no stream.")


def hold_lines(stop: threading.Event, http: Any = None) -> None:
    """Hold the lines of all sources that have one, until `stop`. Only one process of a house does."""
    while not stop.is_set():
        try:
            with locks.watched(LOCK) as still:
                if still is not None:
                    _hold(stop, still, http)
        except (Error, locks.Away):  # the database is away: the lines are let go, and opened again when it is back
            logger.warning("The lines are let go: the database is away")
        connection.close()
        stop.wait(LOOK_SECONDS)


def _hold(stop: threading.Event, still: Callable[[], bool], http: Any) -> None:
    """Until `stop`, or until the lock is no longer ours: then another process may hold them already."""
    held: dict[int, Held] = {}
    try:
        while not stop.is_set() and still():
            wanted = queries.streamed()
            connection.close()
            for number in [number for number, one in held.items() if wanted.get(number) != one.opened_with]:
                held.pop(number).let_go()
            for number, opened_with in wanted.items():
                if number not in held:
                    held[number] = Held(number, opened_with, http)
            stop.wait(LOOK_SECONDS)
    finally:
        for one in held.values():
            one.stop.set()
        for one in held.values():
            one.let_go()


class Held:
    """One line, in a thread of its own."""

    def __init__(self, source: int, opened_with: str, http: Any = None) -> None:
        self.source, self.opened_with, self.http = source, opened_with, http
        self.stop = threading.Event()
        self.failures = 0
        self.thread = threading.Thread(target=self._run, daemon=True, name=f"line {source}")
        self.thread.start()

    def let_go(self) -> None:
        self.stop.set()
        self.thread.join(10)

    def _run(self) -> None:
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                wait = self._once()
            except Exception:  # a broken connector must not stop the others
                logger.exception("A line broke")
                wait = None
            if time.monotonic() - began > waiting.STEADY:
                self.failures = 0
            if wait is None:
                wait = waiting.wait_after(self.failures, random.random())
            self.failures += 1
            connection.close()
            self.stop.wait(wait)

    def _once(self) -> float | None:
        """One line, from its opening to its end. The seconds to wait when the other side told."""
        source = queries.streamed_source(self.source)
        if source is None or source.account is None:
            return None
        try:
            return self._heard(source)
        except Refused as refused:
            return self._closed(source, str(refused), waiting.NO_STREAM)
        except NotOpened as error:
            return self._not_opened(source, error)
        except (NotSent, LineBroken) as error:
            return self._closed(source, str(error), None)

    def _not_opened(self, source: Source, error: NotOpened) -> float:
        told = logic.retry_after(error.headers, clock.now())
        wait = waiting.wait_after_answer(error.status, self.failures, told, random.random())
        self._closed(source, NO_STREAM if wait > waiting.LONGEST else str(error), None)
        return wait

    def _closed(self, source: Source, problem: str, wait: float | None) -> float | None:
        """Said on the page of the source, unless this line was let go: then it is for the next one to say."""
        if self.stop.is_set():
            return wait
        said: dict[str, Any] = {"line_since": None, "line_problem": clean_line(problem, 300)}
        if is_pushed(source):  # there is no other way to hear it
            said |= {"last_problem": said["line_problem"], "tried_at": clock.now(), "failures": F("failures") + 1}
            said |= {"failing_since": Coalesce("failing_since", clock.now())}
        Source.objects.filter(pk=source.pk).update(**said)
        return wait

    def _heard(self, source: Source) -> float | None:
        assert source.account is not None
        session = channels.session_for(source.account, self.http)
        stream = channels.connector(source.account.connector).stream
        settings = {name: str(value) for name, value in source.settings.items()}
        opening = stream.opening(session, source.cursor, settings)
        if isinstance(opening, Batch):
            lasting = opening.because in (Because.REJECTED, Because.AUTH)
            return self._closed(source, opening.problem, waiting.NO_STREAM if lasting else opening.retry_after)
        if not isinstance(session.http, Door):
            return self._closed(source, NO_STREAM, waiting.NO_STREAM)
        asked: dict[str, Any] = {"headers": opening.headers, "most": opening.most, "named_by": opening.named_by}
        with opened(session.http, opening.url, **asked) as line, _shown_open(source):
            self._follow(source, line)
        return None

    def _follow(self, source: Source, line: Line) -> None:
        """Fill what was missed, then keep and read what comes. What is not filled yet is gone on with meanwhile."""
        filled = is_pushed(source) or self._fill(source, FILLS)
        signed = 0.0
        while not self.stop.is_set():
            messages, broken = _gathered(line)
            if messages:
                self._read(source, messages, filled)
            if broken is not None:
                raise broken
            if time.monotonic() - signed > SIGN_SECONDS:
                filled = filled or (not _rests(source) and self._fill(source, 1))
                signed = time.monotonic()
                Source.objects.filter(pk=source.pk).update(line_at=clock.now())
                connection.close()

    def _fill(self, source: Source, visits: int) -> bool:
        """Fetch what was said while there was no line. Whether it came to its end: until then the cursor stays with
        these visits, for behind what the line says there is more."""
        for _visit in range(visits):
            if self.stop.is_set():
                return False
            if visit(source.pk)[1]:
                source.refresh_from_db(fields=["cursor"])
                return True
            if _rests(source):
                return False
        return False

    def _read(self, source: Source, messages: list[Message], filled: bool) -> None:
        number = spool(source, messages)
        try:
            reading = read_spooled(number, self.http)
        except Error:
            raise
        except Exception:  # they are kept; the worker reads them again, by halves if need be
            logger.exception("Messages of a stream wait to be read")
            return
        _note(source, reading, filled)
        if reading.problem:
            raise LineBroken(reading.problem)


def _gathered(line: Line) -> tuple[list[Message], LineBroken | None]:
    """What comes within a moment; and that the line broke, for what came before that counts."""
    messages, size, until = list[Message](), 0, 0.0
    try:
        while len(messages) < TOGETHER and size < TOGETHER_BYTES:
            left = until - time.monotonic() if messages else 1.0
            one = line.receive(left) if left > 0 else None
            if one is None:
                break
            until = until or time.monotonic() + TOGETHER_SECONDS
            messages.append(one)
            size += len(one)
    except LineBroken as broken:
        return messages, broken
    return messages, None


def _note(source: Source, reading: Reading, filled: bool) -> None:
    """How far it is. The cursor goes on only after what came before it is stored: also what was missed before the line
    was opened, which visits fetch until it is `filled`."""
    now, kind = clock.now(), queries.kind_of(source)
    said: dict[str, Any] = {"line_at": now}
    if reading.at is not None:
        said["line_lag"] = min(max(0, int((now - reading.at).total_seconds())), MOST_LAG)
    if not filled:
        Source.objects.filter(pk=source.pk).update(**said)
        return
    if reading.cursor:
        said |= {"cursor": reading.cursor}
        source.cursor = reading.cursor
    if reading.at is not None or reading.cursor:
        said |= {"last_success_at": now, "tried_at": now}
    if kind is not None and kind.chosen and not kind.pushed:
        said["next_at"] = now + timedelta(minutes=2)  # while the line brings all, no visit is needed
    same = Source.objects.filter(pk=source.pk, active=True, settings=source.settings)
    if not same.update(**said):
        return  # it listens elsewhere by now, and its place is not of this line
    note_filled(source, reading.tally.stored, done=said.get("line_lag", 0) <= CAUGHT_UP, lost=reading.lost)


def _rests(source: Source) -> bool:
    """Whether a visit failed and the next one is still to wait."""
    return Source.objects.filter(pk=source.pk, next_at__gt=clock.now()).exclude(last_problem="").exists()


@contextmanager
def _shown_open(source: Source) -> Iterator[None]:
    """On the page of the source it stands open as long as it is."""
    now = clock.now()
    if is_pushed(source) and source.line_at is not None:
        note_away(source, source.line_at, now)
    fresh: dict[str, Any] = {"line_since": now, "line_at": now, "line_problem": ""}
    if is_pushed(source):
        fresh |= {**WELL, "last_success_at": now, "tried_at": now}
    Source.objects.filter(pk=source.pk).update(**fresh)
    try:
        yield
    finally:  # only what was said here: another line may have been opened meanwhile
        Source.objects.filter(pk=source.pk, line_since=now).update(line_since=None)
