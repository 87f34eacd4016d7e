"""The door out as who works with it sees it: what may be asked, and what comes back. No Django, no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Response(Protocol):
    """What `Http.request` returns; the body is read whole, within the door's size limit."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...  # case-insensitive
    @property
    def content(self) -> bytes: ...
    @property
    def text(self) -> str: ...
    def json(self) -> Any: ...


class Http(Protocol):
    """The guarded door, given by the caller (`koor.kernel.http`).

    Raises `NotSent` when it is certain that no byte of the body left (refused address, DNS, connect failure),
    `Unclear` for anything after that (timeout, reset, broken answer)."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        content: bytes | None = None,
        timeout: float = 30.0,
    ) -> Response: ...
