"""A line that stays open, against servers that say exactly what a test wants."""

from __future__ import annotations

import base64
import hashlib
import socket
import time
from collections.abc import Callable

import pytest

from koor.kernel import websocket
from koor.kernel.http import Door, NotSent, Refused
from koor.kernel.tests.test_http import raw_server
from koor.kernel.websocket import LineBroken, NotOpened, opened

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, MORE, CLOSE, PING = 0x81, 0x82, 0x80, 0x88, 0x89


def frame(kind: int, body: bytes) -> bytes:
    size = len(body)
    long = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2) if size < 65_536 else b"\x7f" + size.to_bytes(8)
    return bytes([kind]) + long + body


def asked(connection: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += connection.recv(4096)
    return heard


def agree(connection: socket.socket, extra: bytes = b"", accept: bytes = b"") -> bytes:
    heard = asked(connection)
    key = next(line.split(b": ")[1] for line in heard.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
    accept = accept or base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
    connection.sendall(head + accept + b"\r\n" + extra + b"\r\n")
    return heard


def serving(*pieces: bytes, wait: float = 0.0) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        agree(connection)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(wait)
        connection.recv(1000)

    return talk


def received(port: int, number: int = 1, **more: object) -> list[object]:
    door = Door(allow=frozenset({("127.0.0.1", port)}))
    with opened(door, f"ws://127.0.0.1:{port}/", **more) as line:  # type: ignore[arg-type]
        return [line.receive(2) for _one in range(number)]


def test_whole_messages_also_in_parts_and_with_a_ping_between() -> None:
    said = frame(0x01, "één ".encode()) + frame(PING, b"?") + frame(MORE, b"zin") + frame(BINARY, b"\x00\xff" * 40_000)
    with raw_server(serving(said)) as port:
        assert received(port, 2) == ["één zin", b"\x00\xff" * 40_000]


def test_what_comes_before_the_end_counts() -> None:
    with raw_server(serving(frame(TEXT, b"laatste") + frame(CLOSE, b"\x03\xe8dag"))) as port:
        door = Door(allow=frozenset({("127.0.0.1", port)}))
        with opened(door, f"ws://127.0.0.1:{port}/") as line:
            assert line.receive(2) == "laatste"
            with pytest.raises(LineBroken, match=r"1000$"):  # not their words, which can repeat what we sent
                line.receive(2)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (frame(BINARY, b"x" * 3000), "larger than 1000"),
        (frame(0x02, b"x" * 900) + frame(MORE, b"x" * 900), "larger than 1000"),
        (frame(0xC1, b"packed"), "Reserved bit"),  # compression that nobody asked for
        (frame(TEXT, b"\xff\xfe"), "1007"),
        (b"\x81\x85abcdhello", "masked"),
        (frame(0x83, b"?"), "opcode"),
        (b"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", "1002"),
    ],
)
def test_what_may_not_be_said_ends_the_line(said: bytes, why: str) -> None:
    with raw_server(serving(said)) as port, pytest.raises(LineBroken, match=why):
        received(port, most=1000)


def test_who_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that grows by a sign now and then, and pings that nobody answers."""
    monkeypatch.setattr(websocket, "PING_AFTER", 0.05)
    monkeypatch.setattr(websocket, "DEAD_AFTER", 0.3)
    drip = [frame(0x01, b"x"), *[frame(0x00, b"x")] * 20]
    with raw_server(serving(*drip, wait=0.05)) as port, pytest.raises(LineBroken, match="nothing whole"):
        received(port)


def test_who_drips_between_pings_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "DEAD_AFTER", 0.3)
    drip = [frame(0x01, b"x"), *[frame(PING, b"") + frame(0x00, b"")] * 20]
    with raw_server(serving(*drip, wait=0.05)) as port, pytest.raises(LineBroken, match="nothing whole"):
        received(port)


def test_a_message_in_any_number_of_empty_parts_ends_the_line() -> None:
    said = frame(0x01, b"x") + frame(0x00, b"") * 30_000
    with raw_server(serving(said)) as port, pytest.raises(LineBroken, match="more than 10000 parts"):
        received(port, most=1000)


def test_many_small_messages_at_once() -> None:
    with raw_server(serving(frame(TEXT, b"{}") * 20_000)) as port:
        assert received(port, 20_000) == ["{}"] * 20_000


def test_silence_is_no_end() -> None:
    with raw_server(serving()) as port:
        door = Door(allow=frozenset({("127.0.0.1", port)}))
        with opened(door, f"ws://127.0.0.1:{port}/") as line:
            assert line.receive(0.05) is None


def test_the_question_carries_the_key_and_no_compression() -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        heard.append(agree(connection).lower())
        connection.sendall(frame(TEXT, b"dag"))

    with raw_server(talk) as port:
        received(port, headers={"Authorization": "Bearer geheim"})
    assert b"authorization: bearer geheim" in heard[0]
    assert b"sec-websocket-extensions" not in heard[0]
    assert b"connection: upgrade" in heard[0]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nweg", b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"]
)
def test_an_answer_that_opens_no_line(answer: bytes) -> None:
    def talk(connection: socket.socket) -> None:
        asked(connection)
        connection.sendall(answer)

    with raw_server(talk) as port, pytest.raises(NotOpened) as told:
        received(port)
    assert told.value.status == int(answer[9:12])


def test_the_words_of_such_an_answer_are_not_told() -> None:
    """They can repeat our own headers, and what is raised is shown on the page of the source."""

    def talk(connection: socket.socket) -> None:
        heard = asked(connection)
        connection.sendall(b"HTTP/1.1 400 geheim\r\nContent-Length: %d\r\n\r\n" % len(heard) + heard)

    with raw_server(talk) as port, pytest.raises(NotOpened) as told:
        received(port, headers={"Authorization": "Bearer geheim"})
    assert str(told.value) == "400"


@pytest.mark.parametrize(
    ("extra", "accept"), [(b"", b"AAAA"), (b"Sec-WebSocket-Extensions: permessage-deflate\r\n", b"")]
)
def test_an_answer_to_another_question(extra: bytes, accept: bytes) -> None:
    with raw_server(lambda one: agree(one, extra, accept) and None) as port, pytest.raises(NotOpened):
        received(port)


def test_a_page_without_end_is_no_line() -> None:
    def talk(connection: socket.socket) -> None:
        asked(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    with raw_server(talk) as port, pytest.raises(NotSent):
        received(port)


@pytest.mark.parametrize(
    "url",
    ["ws://127.0.0.1:9/", "wss://10.0.0.1/", "ws://example.org/", "http://example.org/", "wss://a:b@x.org/", "wss://["],
)
def test_addresses_that_the_door_refuses(url: str) -> None:
    with pytest.raises(Refused), opened(Door(allow=frozenset(), plain_reads=True), url):
        pass


def test_nobody_outside_names_a_host_that_is_allowed() -> None:
    with raw_server(serving(frame(TEXT, b"dag"))) as port:
        with pytest.raises(Refused):
            received(port, named_by="https://mastodon.example")
        assert received(port, named_by=f"http://127.0.0.1:{port}") == ["dag"]


def test_nobody_there() -> None:
    with pytest.raises(NotSent):
        received(9)
