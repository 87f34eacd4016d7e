"""What is the same for a whole request is asked once: `@remembered` on a function without parameters. What may change
within a request but not for a worker that does many things of a kind in a second: `@remembered_in_a_stream`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")
_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory", default=None)
_stream: ContextVar[bool] = ContextVar("stream", default=False)


@contextmanager
def remembering() -> Iterator[None]:
    """Answers of remembered functions are kept inside; outside each call asks anew."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


@contextmanager
def streaming() -> Iterator[None]:
    """The same for a worker that does many things of a kind, one after the other."""
    token = _stream.set(True)
    try:
        with remembering():
            yield
    finally:
        _stream.reset(token)


def forget(*functions: Callable[[], Answer]) -> None:
    """After a write that changes a remembered answer: of these functions, or all there are."""
    kept = _memory.get()
    if kept is not None and functions:
        for function in functions:
            kept.pop(getattr(function, "__wrapped__"), None)  # noqa: B009 known to the decorator alone
    elif kept is not None:
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


def remembered_in_a_stream(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Kept inside `streaming` only; by what it was asked with, when that is something."""

    @wraps(function)
    def answer(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        kept = _memory.get() if _stream.get() else None
        if kept is None:
            return function(*args, **kwargs)
        key = (function, args, *sorted(kwargs.items())) if args or kwargs else function
        if key not in kept:
            kept[key] = function(*args, **kwargs)
        return cast(Answer, kept[key])

    return answer
