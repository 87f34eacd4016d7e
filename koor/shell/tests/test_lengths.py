"""A body of which nobody says how long it is: read as any other, and not without end."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from koor.kernel.uploads import MAX_STRANGER_BYTES
from koor.shell.lengths import measured


def asked(sent: Any, **said: str) -> dict[str, Any]:
    environ = RequestFactory().post("/api/v1/posts", content_type="application/json").environ
    del environ["CONTENT_LENGTH"]
    return {**environ, "wsgi.input": sent, **said}


def body(environ: dict[str, Any]) -> bytes:
    return b"".join(measured(lambda given, _start: [WSGIRequest(given).body])(environ, print))


class Endless:
    """A line on which zeros come for ever."""

    def __init__(self) -> None:
        self.gone = 0

    def read(self, size: int) -> bytes:
        self.gone += size
        return bytes(size)


def test_a_body_that_comes_in_pieces_is_read_whole() -> None:
    assert body(asked(BytesIO(b"{}"), HTTP_TRANSFER_ENCODING="Chunked")) == b"{}"
    assert body(asked(BytesIO(b"{}|and what follows"), CONTENT_LENGTH="2")) == b"{}"
    assert body(asked(BytesIO(b"not of this request"))) == b""


def test_one_without_end_is_told_to_be_too_large() -> None:
    sent = Endless()
    with pytest.raises(RequestDataTooBig):
        body(asked(sent, HTTP_TRANSFER_ENCODING="chunked"))
    assert sent.gone < MAX_STRANGER_BYTES * 1.1
