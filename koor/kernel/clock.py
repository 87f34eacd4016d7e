"""One clock for the whole house, so that a test can hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


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
