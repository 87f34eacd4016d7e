"""Whether the database answers, known before anybody asks, so that a page can say so instead of waiting along with it.

A database that is gone refuses at once. One that hangs takes the connection and says nothing: every page would wait,
until no thread of the house is free, not even for a monitor. So each web process asks it every two seconds on a line of
its own, which gives up in time, and when it has been silent no page asks it anything. Elsewhere (a command, a worker, a
test) nobody watches, and one waits as long as it takes."""

import logging
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from django.db import connection

from koor.kernel.locks import KEEPALIVE

EVERY = 2.0  # seconds between two questions
PATIENCE = 2  # seconds to connect; psycopg counts with no less
SILENT = 10.0  # seconds without a word; a machine that is only busy stays below it, and its pages must not be refused
NAME = "koor watch"
BEATS = "SELECT part, at FROM kernel_beat"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Word:
    """The last that it said: when (`time.monotonic`), and the sign of life of each part; None: a no."""

    beats: dict[str, datetime] | None = None
    at: float = field(default_factory=time.monotonic)


_last: dict[str, Word | None] = {"word": None}  # none where nobody watches


def is_watched() -> bool:
    return _last["word"] is not None


def is_silent() -> bool:
    """Whether asking it now would only be waiting."""
    word = _last["word"]
    return word is not None and time.monotonic() - word.at > SILENT


def beats() -> dict[str, datetime] | None:
    """The signs of life as the watch last saw them; None when the database gave none."""
    word = _last["word"]
    return word.beats if word and not is_silent() else None


def watch() -> None:
    """For as long as this process serves pages, beside its work."""
    threading.Thread(target=_watch, args=[threading.Event()], name="watch", daemon=True).start()


def _watch(over: threading.Event) -> None:
    _last["word"] = Word()
    try:
        while True:
            look()
            if over.wait(EVERY):
                return
    finally:
        _last["word"] = None


def look() -> None:
    """Ask once. Whoever says anything, were it a no, is not silent."""
    try:
        _last["word"] = Word(_ask())
    except psycopg.errors.ConnectionTimeout:
        logger.info("The database says nothing.")
    except Exception as error:  # a watch that fails for another reason refuses nobody a page
        _last["word"] = Word()
        logger.info("The database does not answer: %s", error)


def _ask() -> dict[str, datetime]:
    """A new line each time: one that stands may be answered by a server that lets nobody else in. Where the network
    falls away while it answers, the line is given up likewise."""
    usual = {**KEEPALIVE, **connection.get_connection_params()}
    there = {**usual, "connect_timeout": PATIENCE, "application_name": NAME, "autocommit": True}
    with closing(psycopg.connect(**there)) as line:
        return dict(line.execute(BEATS).fetchall())
