"""The streaming interface over WebSocket: docs, methods/streaming. What happens is found by looking at the world every
few hundredths of a second, so that nothing else has to know of it.

Streams: user:notification, hashtag (`tag`), public, public:local. Tokens: the Authorization header, the query's
`access_token`, or `Sec-WebSocket-Protocol`."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Message, Ping

from tests.mastodon_server import shapes, writing
from tests.mastodon_server.world import Status, World

if TYPE_CHECKING:
    from tests.mastodon_server.wire import MastodonServer

PATH = "/api/v1/streaming"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
LOOK_SECONDS = 0.03


def is_asked(path: str, headers: Mapping[str, str]) -> bool:
    return path == PATH and headers.get("upgrade", "").lower() == "websocket"


def refused(world: World, target: str, headers: Mapping[str, str]) -> int:
    """The status with which no line is opened; 0 where one is."""
    if not world.rules.streaming:
        return 404
    return 0 if _viewer(world, target, headers) else 401


def _viewer(world: World, target: str, headers: Mapping[str, str]) -> str:
    query = dict(parse_qsl(urlsplit(target).query))
    given = headers.get("authorization", "").removeprefix("Bearer ")
    token = given or query.get("access_token") or headers.get("sec-websocket-protocol", "")
    account, _scopes = world.tokens.get(token, ("", ""))
    return "" if account and world.accounts[account].disabled else account


def answer(headers: Mapping[str, str]) -> bytes:
    digest = hashlib.sha1(headers["sec-websocket-key"].encode() + _GUID, usedforsecurity=False).digest()
    accept = base64.b64encode(digest).decode()
    lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
    return "\r\n".join((*lines, f"Sec-WebSocket-Accept: {accept}", "", "")).encode()


class Watch:
    """What one line has been told already."""

    def __init__(self, world: World, viewer: str, query: Mapping[str, str]) -> None:
        self.world, self.viewer = world, viewer
        self.stream, self.tag = query.get("stream", ""), query.get("tag", "").lower()
        self.notes = {note.id for note in world.notifications}
        self.statuses = {number: status.edited for number, status in world.statuses.items()}
        self.cut = world.cut

    def news(self) -> Iterator[tuple[str, Any]]:
        if self.stream == "user:notification":
            for note in self.world.notifications:
                if note.id not in self.notes and note.to == self.viewer:
                    self.notes.add(note.id)
                    yield "notification", shapes.notification(self.world, note)
            return
        there = dict(self.world.statuses)
        for number in [number for number in self.statuses if number not in there]:
            del self.statuses[number]
            yield "delete", number
        for number, status in there.items():
            known = number in self.statuses
            if known and self.statuses[number] == status.edited:
                continue
            self.statuses[number] = status.edited
            if self._is_wanted(status):
                yield "status.update" if known else "update", shapes.status(self.world, status, self.viewer)

    def _is_wanted(self, status: Status) -> bool:
        if status.visibility != "public" or status.reblog_of:
            return False
        if self.stream == "hashtag":
            return self.tag in writing.tags(status.text)
        home = not self.world.accounts[status.account].domain
        return self.stream == "public" or (self.stream == "public:local" and home)


def hold(server: MastodonServer, connection: socket.socket, target: str, headers: Mapping[str, str]) -> None:
    """Tell what happens until one of the two goes away, or a test cuts the line."""
    world, talk = server.world, Connection(ConnectionType.SERVER)
    query = dict(parse_qsl(urlsplit(target).query))
    with world.lock:
        watch = Watch(world, _viewer(world, target, headers), query)
        world.lines += 1
    try:
        while not server.stopping.is_set() and server.world is world and world.cut == watch.cut:
            if not _heard(connection, talk):
                return
            with world.lock:
                told = list(watch.news())
                raw, world.raw_messages = world.raw_messages, []
            for event, what in told:
                payload = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False)
                names = [watch.stream, *([watch.tag] if watch.tag else [])]
                whole = json.dumps({"stream": names, "event": event, "payload": payload}, ensure_ascii=False)
                connection.sendall(talk.send(Message(data=whole)))
            for piece in raw:
                connection.sendall(talk.send(BytesMessage(piece) if isinstance(piece, bytes) else Message(data=piece)))
    except OSError:
        return
    finally:
        with world.lock:
            world.lines -= 1


def _heard(connection: socket.socket, talk: Connection) -> bool:
    """What the other side says meanwhile: pings, and that it goes."""
    connection.settimeout(LOOK_SECONDS)
    with contextlib.suppress(TimeoutError):
        came = connection.recv(65_536)
        if not came:
            return False
        talk.receive_data(came)
        for event in talk.events():
            if isinstance(event, Ping):
                connection.sendall(talk.send(event.response()))
            elif isinstance(event, CloseConnection):
                with contextlib.suppress(OSError):
                    connection.sendall(talk.send(event.response()))
                return False
    return True
