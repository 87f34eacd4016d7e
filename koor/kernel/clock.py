"""One clock for the whole house, so that a test can hold it still."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def steady() -> tuple[str, float]:
    """A machine since its start, and the seconds since then: of a clock that nobody sets. Two readings compare only
    when the machine is the same."""
    held = _fixed.get()
    if held is not None:
        return "held", held.timestamp()
    machine, read = _since_start()
    return machine, read()


_BOOT = Path("/proc/sys/kernel/random/boot_id")  # of Linux: another one after each start


@cache
def _since_start() -> tuple[str, Callable[[], float]]:
    """Which start of which machine this is, and the clock that counts from it."""
    if _BOOT.exists():
        return _BOOT.read_text().strip(), partial(time.clock_gettime, time.CLOCK_BOOTTIME)
    return uuid4().hex, time.monotonic


def today(zone: str) -> date:
    """The date of this moment in a zone such as `Europe/Amsterdam`."""
    return now().astimezone(ZoneInfo(zone)).date()


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment. SQL's `now()` does not follow: pass times from Python."""
    if moment.tzinfo is None:
        raise ValueError("an aware moment is needed")
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
