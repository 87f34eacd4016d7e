"""A line that stays open: a WebSocket (RFC 6455), through the same door as every other call.

The address is checked as the door checks it, TLS verifies the name, nothing is followed. What comes in is bounded: the
size of a message, the time for it, the silence of the other side. Compression is not offered, so nothing unfolds here.
No Django: one line is used by one thread."""

from __future__ import annotations

import base64
import hashlib
import math
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import httpcore2
import httpx2
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError

from koor.kernel import plainly
from koor.kernel.addresses import parse_allowed
from koor.kernel.http import Door, NotSent, Refused, _build, _host_port, _raw_request, _tls, _Wire

MOST_BYTES = 5_000_000  # of one message
MOST_PARTS = 10_000  # of one message
OPEN_SECONDS = 15.0
PING_AFTER, DEAD_AFTER = 25.0, 75.0  # seconds without a whole message
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_NETWORK = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError)


class NotOpened(NotSent):
    """The other side answered, and opened no line. `status`, and the headers of its answer."""

    def __init__(self, status: int, headers: Mapping[str, str], words: str = "") -> None:
        super().__init__(f"{status} {words}".strip())
        self.status, self.headers = status, headers


class LineBroken(Exception):
    """The line is gone: closed, silent for too long, or it carried what it may not. The text is for people."""


@contextmanager
def opened(
    door: Door,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    most: int = MOST_BYTES,
    seconds: float = OPEN_SECONDS,
    named_by: str = "",
) -> Iterator[Line]:
    """A line to `wss://…` (`ws://` only to hosts that are allowed). `named_by` is the `https://…` that gave the
    address, when no person did. Raises `NotSent` (`Refused`, `NotOpened`)."""
    key = base64.b64encode(os.urandom(16)).decode()
    ask = _asked(url, headers or {}, key)
    allow = parse_allowed(os.environ.get("KOOR_ALLOW_HOSTS", "")) if door.allow is None else door.allow
    if named_by and _host_port(_build("GET", named_by, {}, params=None).url) not in allow:
        allow = frozenset()  # nobody outside names a host that is allowed for ourselves
    door._check(ask, allow)
    if ask.url.scheme == "http" and _host_port(ask.url) not in allow:
        raise Refused(f"{ask.url.host} would be called without encryption; use wss://.")
    wire = _Wire(allow, time.monotonic() + seconds, door.idle)
    with httpcore2.ConnectionPool(ssl_context=_tls(), network_backend=wire, max_connections=1) as pool:
        try:
            raw = pool.handle_request(_raw_request(ask))
            _agreed(raw, key)
        except _NETWORK as error:
            raise NotSent(plainly.why(error, ask.url.host, plainly.NOT_MADE)) from error
        line = Line(raw.extensions["network_stream"], wire, most)
        try:
            yield line
        finally:
            line.close()
            with suppress(*_NETWORK):
                raw.close()


def _asked(url: str, headers: Mapping[str, str], key: str) -> httpx2.Request:
    """The request that opens it: an ordinary GET that asks for more."""
    if url.startswith("wss://"):
        web = f"https://{url[6:]}"
    elif url.startswith("ws://"):
        web = f"http://{url[5:]}"
    else:
        raise Refused("Only addresses that begin with wss:// can be listened to.")
    ask = _build("GET", web, headers, params=None)
    ask.headers.update(
        {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key}
    )
    return ask


def _agreed(raw: httpcore2.Response, key: str) -> None:
    """Whether the other side speaks it too, and answered our very question (RFC 6455, 4.1). The words of its answer
    are not read: it can repeat our own headers in them, and what is raised is shown to people."""
    headers = httpx2.Headers(raw.headers)
    if raw.status != 101:
        raise NotOpened(raw.status, headers)
    wanted = base64.b64encode(hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()).decode()
    upgraded = headers.get("upgrade", "").lower() == "websocket" and "upgrade" in headers.get("connection", "").lower()
    if not upgraded or headers.get("sec-websocket-accept", "").strip() != wanted:
        raise NotOpened(raw.status, headers, "no answer to our question")
    if headers.get("sec-websocket-extensions") or headers.get("sec-websocket-protocol"):
        raise NotOpened(raw.status, headers, "something was agreed that was not asked for")


class Line:
    """An open line. `receive` gives whole messages; pings are answered on the way."""

    def __init__(self, stream: httpcore2.NetworkStream, wire: _Wire, most: int) -> None:
        self._stream, self._wire, self._most = stream, wire, most
        self._talk = Connection(ConnectionType.CLIENT)
        self._whole: deque[bytes | str] = deque()
        self._parts: list[bytes | str] = []
        self._size = 0
        self._end = ""
        self._heard = self._pinged = self._begun = time.monotonic()
        wire.deadline = math.inf

    def receive(self, wait: float) -> bytes | str | None:
        """The next whole message; None when none came within `wait` seconds. Raises `LineBroken` when there will be
        no other."""
        until = time.monotonic() + wait
        while not self._whole:
            if self._end:
                raise LineBroken(self._end)
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._read(left)
        return self._whole.popleft()

    def close(self) -> None:
        with suppress(LineBroken, LocalProtocolError, *_NETWORK):
            self._wire.idle = 2.0
            self._send(CloseConnection(code=CloseReason.NORMAL_CLOSURE))
        with suppress(*_NETWORK):
            self._stream.close()

    def _read(self, left: float) -> None:
        self._alive()
        self._wire.idle = max(0.01, min(left, PING_AFTER / 5))
        try:
            came = self._stream.read(65_536)
        except (httpcore2.ReadTimeout, TimeoutError):
            return
        except _NETWORK as error:
            raise LineBroken(plainly.why(error, "", plainly.BROKE_OFF)) from error
        if not came:
            self._end = "the other side closed the line"
            return
        self._talk.receive_data(came)
        for event in self._talk.events():
            self._take(event)
            if self._end:
                return

    def _alive(self) -> None:
        """Ask who is silent whether they are there; give up on who does not answer, or drips."""
        now = time.monotonic()
        if now - self._heard > DEAD_AFTER or (self._parts and now - self._begun > DEAD_AFTER):
            raise LineBroken("nothing whole came for a while")
        if now - self._heard > PING_AFTER and now - self._pinged > PING_AFTER:
            self._pinged = now
            self._send(Ping())

    def _take(self, event: Event) -> None:
        if isinstance(event, TextMessage | BytesMessage):
            self._gather(event)
            return
        self._heard = time.monotonic()
        if isinstance(event, Ping):
            self._send(event.response())
        elif isinstance(event, CloseConnection):
            ours = self._talk.state is not ConnectionState.REMOTE_CLOSING  # what broke the rules; else their words
            why = (event.reason or "")[:200] if ours else ""
            self._end = f"the other side closed the line: {event.code} {why}".strip()
        else:
            assert isinstance(event, Pong)

    def _gather(self, event: TextMessage | BytesMessage) -> None:
        if not self._parts:
            self._begun = time.monotonic()
        self._size += len(event.data)
        self._parts.append(bytes(event.data) if isinstance(event, BytesMessage) else event.data)
        if self._size > self._most:
            self._end = f"a message is larger than {self._most} bytes"
        elif len(self._parts) > MOST_PARTS:
            self._end = f"a message comes in more than {MOST_PARTS} parts"
        elif event.message_finished:
            text = isinstance(event, TextMessage)
            self._whole.append("".join(self._parts) if text else b"".join(self._parts))  # type: ignore[arg-type]
            self._parts, self._size = [], 0
            self._heard = time.monotonic()

    def _send(self, event: Event) -> None:
        self._wire.idle = 10.0
        try:
            self._stream.write(self._talk.send(event))
        except (LocalProtocolError, *_NETWORK) as error:
            raise LineBroken(plainly.why(error, "", plainly.BROKE_OFF)) from error
