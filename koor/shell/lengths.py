"""Requests that do not say how long they are: how long is found out before Django, which reads as far as the length
says, and so would read nothing. Programs send such when they make up what they send as they go (chunked)."""

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import Any

from django.core.exceptions import RequestDataTooBig

from koor.kernel.uploads import MAX_STRANGER_BYTES

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PIECE = 1024 * 1024  # bytes
IN_MEMORY = 2 * PIECE


class TooLong:
    """In the place of what was sent, when that is more than anybody may send without saying so first."""

    def read(self, *_size: int) -> bytes:
        raise RequestDataTooBig

    readline = read


def measured(application: Application) -> Application:
    """The same application, told the length of what comes without one; more than a stranger may send is too much."""

    def served(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH") or "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            return application(environ, start)
        with SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
            come = _take(environ["wsgi.input"], kept)
            kept.seek(0)
            told = {"CONTENT_LENGTH": str(come), "wsgi.input": kept if come <= MAX_STRANGER_BYTES else TooLong()}
            return application({**environ, **told}, start)

    return served


def _take(source: Any, kept: Any) -> int:
    """How much came; not further than just over the limit."""
    come = 0
    while come <= MAX_STRANGER_BYTES and (piece := source.read(PIECE)):
        kept.write(piece)
        come += len(piece)
    return come
