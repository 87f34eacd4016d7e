"""The only door out: every call that Koor makes to another machine goes through `Door.request`, and what is no call
of the web (`kernel.imap`) through `checked_addresses`.

Who may enter an address in Koor may not use it to look around in the house's own network (SSRF). So the door looks
the name up itself, checks each address, and connects to the address that it checked, while TLS still verifies the
name. Nothing is followed, read or waited for without a limit. No Django here: connectors and tools use it as it is.
"""

from __future__ import annotations

import codecs
import functools
import json as jsonlib
import os
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from koor import __version__
from koor.kernel import plainly
from koor.kernel.addresses import HostPort, normal_host, parse_allowed, why_not_address, why_not_host, why_not_port

MAX_BYTES = 10_000_000  # of a body, after decompression
MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0  # for each address of a name
IDLE_SECONDS = 20.0  # between two pieces of an answer
SAFE_METHODS = frozenset({"GET", "HEAD"})
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
# All that crosses to another host in a redirect: anything else may be a secret by another name.
_TRAVELS_ALONG = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since", "range"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class NotSent(Exception):
    """No byte of the request left: repeating is safe. The text is for people and holds no secrets."""


class Refused(NotSent):
    """The door does not open to this address; trying again will not help."""


class Unclear(Exception):
    """Something may have arrived: look before repeating."""


class TooLarge(Unclear):
    """The answer is larger than the limit; it was not read to the end. `status` is what it began with."""

    status = 0


@dataclass(frozen=True)
class Answer:
    """A whole answer. `headers` is case-insensitive, `url` is where it came from after redirects."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is none, also for one that is nested too deep."""
        try:
            return jsonlib.loads(self.content)
        except RecursionError as error:
            raise ValueError("nested too deep") from error

    @property
    def text(self) -> str:
        """The body as text in the charset that the answer names, else UTF-8; what can't be read becomes �."""
        named = re.search(r"charset=\"?([\w.:-]+)", self.headers.get("content-type", ""), re.IGNORECASE)
        try:
            charset = codecs.lookup(named[1]).name if named else "utf-8"
            return self.content.decode(charset, "replace")
        except (LookupError, ValueError):
            return self.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class Door:
    """The guarded way out. Harmless to share between threads: it keeps nothing between calls.

    `plain_reads` lets GET and HEAD without credentials use `http:` to public hosts (feeds, articles);
    `allow` replaces KOOR_ALLOW_HOSTS; `max_bytes` limits a body; `idle` is in seconds."""

    plain_reads: bool = False
    max_bytes: int = MAX_BYTES
    idle: float = IDLE_SECONDS
    allow: frozenset[HostPort] | None = None

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
    ) -> Answer:
        """One answer within `timeout` seconds, redirects included, whatever its status.

        Raises `NotSent` (`Refused`) when no byte of the request left, `Unclear` (`TooLarge`) afterwards.
        A redirect that is not safe to follow (see `_follow`) comes back as the answer that it is."""
        ask = _build(method, url, headers, params=params, json=json, data=data, files=files, content=content)
        deadline = time.monotonic() + timeout
        allow = parse_allowed(os.environ.get("KOOR_ALLOW_HOSTS", "")) if self.allow is None else self.allow
        for hop in range(MAX_REDIRECTS + 1):
            answer = self._hop(ask, allow, deadline, first=hop == 0)
            following = _follow(ask, answer)
            if following is None:
                return answer
            if _host_port(ask.url) not in allow:  # nobody outside sends us on to a host that is allowed for ourselves
                allow = frozenset()
            ask = following
        raise Unclear(plainly.SENT_ON)

    def _hop(self, ask: httpx2.Request, allow: frozenset[HostPort], deadline: float, *, first: bool) -> Answer:
        try:
            self._check(ask, allow)
            return self._once(ask, _Wire(allow, deadline, self.idle))
        except NotSent as error:
            if first or ask.method in SAFE_METHODS:
                raise
            raise Unclear(str(error)) from error

    def _check(self, ask: httpx2.Request, allow: frozenset[HostPort]) -> None:
        """Raises `Refused` for what can be seen in the address alone."""
        url = ask.url
        if url.scheme not in ("http", "https") or not url.host:
            raise Refused("Only addresses that begin with https:// can be called.")
        if url.userinfo:
            raise Refused("An address with a name or password in it is not called.")
        if _host_port(url) in allow or url.scheme == "https":
            return
        if not self.plain_reads or ask.method not in SAFE_METHODS or _SECRET_HEADERS & set(ask.headers):
            raise Refused(f"{url.host} would be called without encryption; use https://.")

    def _once(self, ask: httpx2.Request, wire: _Wire) -> Answer:
        host = ask.url.host
        try:
            with httpcore2.ConnectionPool(ssl_context=_tls(), network_backend=wire, max_connections=1) as pool:
                raw = pool.handle_request(_raw_request(ask))
                try:
                    return self._read(ask, raw)
                finally:
                    raw.close()
        except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            kind, words = (Unclear, plainly.BROKE_OFF) if wire.sent else (NotSent, plainly.NOT_MADE)
            raise kind(plainly.why(error, host, words)) from error

    def _read(self, ask: httpx2.Request, raw: httpcore2.Response) -> Answer:
        try:
            return self._whole(ask, raw)
        except TooLarge as error:
            error.status = raw.status
            raise

    def _whole(self, ask: httpx2.Request, raw: httpcore2.Response) -> Answer:
        headers = httpx2.Headers(raw.headers)
        announced = headers.get("content-length", "")
        if ask.method != "HEAD" and announced.isdecimal() and int(announced) > self.max_bytes:
            raise TooLarge(f"{ask.url.host} sends {announced} bytes; the limit is {self.max_bytes}.")
        pieces = _unpacked(_parts(raw, self.max_bytes), headers.get("content-encoding", ""), self.max_bytes)
        return Answer(raw.status, headers, b"".join(_counted(pieces, self.max_bytes)), str(ask.url))


def _build(method: str, url: str, headers: Mapping[str, str] | None, **body: Any) -> httpx2.Request:
    """The request with our own headers. Raises `Refused` for an address or header that can't be one."""
    try:
        target = httpx2.URL(url)
        params = body.pop("params")
        target = target.copy_merge_params(params) if params else target
        kept = {name: value for name, value in (headers or {}).items() if name.lower() != "host"}
        ask = httpx2.Request(method, target, headers=kept, **body)
    except (httpx2.InvalidURL, ValueError) as error:
        raise Refused(f"This is not an address that can be called: {str(error)[:200]}") from error
    ask.headers.setdefault("User-Agent", f"Koor/{__version__}")
    ask.headers.setdefault("Accept", "*/*")
    ask.headers["Accept-Encoding"] = "gzip"  # what `_unpacked` reads within limits
    ask.headers["Connection"] = "close"
    return ask


def _raw_request(ask: httpx2.Request) -> httpcore2.Request:
    url = ask.url
    target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return httpcore2.Request(ask.method, target, headers=ask.headers.raw, content=ask.read())


def _host_port(url: httpx2.URL) -> HostPort:
    return normal_host(url.raw_host.decode("ascii")), url.port or (443 if url.scheme == "https" else 80)


def _follow(ask: httpx2.Request, answer: Answer) -> httpx2.Request | None:
    """The next request of a redirect, or None when this answer is the last one.

    Reads are followed anywhere. A write is repeated (307, 308) on the same host only: its body may hold secrets;
    303 after a write is read with GET. A write answered 301 or 302 is not followed: browsers would turn it into a
    GET whose 200 looks like success (RFC 9110, 15.4)."""
    location = answer.headers.get("location", "")
    if answer.status not in _REDIRECTS or not location:
        return None
    try:
        target = ask.url.join(location).copy_with(fragment=None)
    except (httpx2.InvalidURL, ValueError):
        return None
    same = _same_place(ask.url, target)
    method, body = ask.method, b""
    if method not in SAFE_METHODS:
        if answer.status == 303:
            method = "GET"
        elif answer.status in (307, 308) and same:
            body = ask.read()
        else:
            return None
    return _build(method, str(target), _headers_for(ask, same, bool(body)), params=None, content=body or None)


def _same_place(one: httpx2.URL, other: httpx2.URL) -> bool:
    """The same host and port, or the same host stepping up from plain http to https on the usual ports."""
    if one.scheme == other.scheme:
        return _host_port(one) == _host_port(other)
    steps_up = (one.scheme, other.scheme) == ("http", "https")
    return steps_up and normal_host(one.host) == normal_host(other.host) and {one.port, other.port} == {None}


def _headers_for(ask: httpx2.Request, same: bool, with_body: bool) -> dict[str, str]:
    def goes(name: str) -> bool:
        if name in ("host", "content-length", "transfer-encoding"):
            return False
        if name == "content-type":
            return with_body
        return same or name in _TRAVELS_ALONG

    return {name: value for name, value in ask.headers.items() if goes(name)}


def _parts(raw: httpcore2.Response, limit: int) -> Iterator[bytes]:
    assert isinstance(raw.stream, Iterable)
    return _counted(raw.stream, limit)


def _counted(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise TooLarge(f"The answer is larger than {limit} bytes.")
        yield piece


def _unpacked(parts: Iterator[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """The body without its compression, never more than `limit` + 1 bytes in one piece.

    Raises `Unclear` when the compression is one that was not asked for, or is broken."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from parts
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unclear(f"The answer is packed as {encoding[:40]}, which was not asked for.")
    try:
        yield from _inflated(parts, limit)
    except zlib.error as error:
        raise Unclear("The packed answer is broken.") from error


def _inflated(parts: Iterator[bytes], limit: int) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # finds out by itself: gzip or zlib
    started = False
    for part in parts:
        started = started or bool(part)
        while part:
            yield unpack.decompress(part, limit + 1)
            part = unpack.unconsumed_tail
            if unpack.eof and unpack.unused_data.startswith(b"\x1f\x8b"):  # several gzip members in a row
                part, unpack = unpack.unused_data, zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    if started and not unpack.eof:
        raise Unclear("The packed answer was cut off.")


@functools.cache
def _tls() -> ssl.SSLContext:
    """Certificates of the system, or SSL_CERT_FILE / SSL_CERT_DIR; names are always verified."""
    return httpcore2.default_ssl_context()


class _Wire(httpcore2.NetworkBackend):
    """Looks up, checks, connects; and knows whether a byte of the request left (`sent`)."""

    def __init__(self, allow: frozenset[HostPort], deadline: float, idle: float) -> None:
        self.allow, self.deadline, self.idle = allow, deadline, idle
        self.sent = False

    def left(self, most: float) -> float:
        """Seconds that the next step may take. Raises TimeoutError when the deadline has passed."""
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        return min(remaining, most)

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        """Connects to the first checked address that answers. Raises `Refused` or a network error."""
        backend = httpcore2.SyncBackend()
        failure: Exception = OSError("no address")
        for address in checked_addresses(host, port, allow=self.allow, seconds=self.left(CONNECT_SECONDS)):
            try:
                stream = backend.connect_tcp(address, port, timeout=self.left(CONNECT_SECONDS))
                return _Stream(stream, self)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        raise Refused("Sockets of this machine are not called.")


class _Stream(httpcore2.NetworkStream):
    """A connection that keeps the deadline of the whole request and notes the first byte that leaves."""

    PIECE = 65_536

    def __init__(self, inner: httpcore2.NetworkStream, wire: _Wire) -> None:
        self.inner, self.wire = inner, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, self.wire.left(self.wire.idle))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), self.PIECE):
            wait = self.wire.left(self.wire.idle)
            self.wire.sent = True
            self.inner.write(buffer[start : start + self.PIECE], wait)

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self.inner.start_tls(ssl_context, server_hostname, self.wire.left(CONNECT_SECONDS))
        return _Stream(secured, self.wire)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def checked_addresses(
    host: str, port: int, *, allow: frozenset[HostPort], seconds: float, ports: frozenset[int] = frozenset()
) -> list[str]:
    """The addresses of a host that may be called; `ports` may be called beside those of the web. Raises `Refused`, and
    OSError or TimeoutError when the name is not found."""
    if (normal_host(host), port) in allow:
        return _look_up(host, port, seconds)
    why = why_not_host(host) or ("" if port in ports else why_not_port(port))
    found = [] if why else _look_up(host, port, seconds)
    public = [address for address in found if not why_not_address(address)]
    if not public:
        why = why or next((reason for reason in map(why_not_address, found)), "no address")
        raise Refused(f"{host} is not called: {why}. An administrator can allow it with KOOR_ALLOW_HOSTS.")
    return public


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name, in the order of the resolver. Raises OSError, or TimeoutError: the system's
    own resolver knows no deadline, so it works in a thread that may be left behind."""
    found: list[str] = []
    failure: list[OSError] = []

    def work() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            failure.append(error if isinstance(error, OSError) else OSError("not a host name"))

    thread = threading.Thread(target=work, name="koor-look-up", daemon=True)
    thread.start()
    thread.join(seconds)
    if failure:
        raise failure[0]
    if thread.is_alive():
        raise TimeoutError
    return found


door = Door()
