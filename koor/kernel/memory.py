"""What is the same for a whole request is asked once: `@remembered` on a function without parameters."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

Answer = TypeVar("Answer")
_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Answers of remembered functions are kept inside; outside each call asks anew."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def forget() -> None:
    """After a write that changes a remembered answer."""
    kept = _memory.get()
    if kept is not None:
        kept.clear()


def keep(function: Callable[[], Answer], found: Answer) -> None:
    """The answer of a remembered function, found on another way."""
    kept = _memory.get()
    if kept is not None:
        kept[getattr(function, "__wrapped__")] = found  # noqa: B009 known to the decorator alone


def remembered(function: Callable[[], Answer]) -> Callable[[], Answer]:
    @wraps(function)
    def answer() -> Answer:
        kept = _memory.get()
        if kept is None:
            return function()
        if function not in kept:
            kept[function] = function()
        return cast(Answer, kept[function])

    return answer
