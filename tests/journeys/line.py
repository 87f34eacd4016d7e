"""The line between a phone and the house, that a test cuts wherever it likes: also for the service worker, which a
browser's own "offline" does not reach."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Thread

CHUNK = 16_384


class Line:
    """Listens on a port of its own and passes on. `cut()` hangs up and takes no calls; `mend()` ends that."""

    def __init__(self, host: str, port: int) -> None:
        self.house = (host, port)
        self.lock = Lock()
        self.open: set[socket.socket] = set()
        self.left: int | None = None  # bytes that still get through to the house
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.down = False
        Thread(target=self._listen, daemon=True).start()

    def cut(self, after: int | None = None) -> None:
        """Now, or once so many bytes went up."""
        if after is not None:
            self.left = after
            return
        self.down = True
        with self.lock:
            for one in self.open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.left, self.down = None, False

    def close(self) -> None:
        self.cut()
        self.listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                self._connect(self.listener.accept()[0])

    def _connect(self, phone: socket.socket) -> None:
        try:
            if self.down:
                raise ConnectionError
            house = socket.create_connection(self.house, timeout=10)
            house.settimeout(None)
        except OSError:
            phone.close()
            return
        with self.lock:
            self.open |= {phone, house}
        if self.down:  # cut meanwhile
            self.cut()
        for way, up in (((phone, house), True), ((house, phone), False)):
            Thread(target=self._pass, args=[*way, up], daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if up and self.left is not None:
                    data, self.left = data[: max(0, self.left)], self.left - len(data)
                if data:
                    target.sendall(data)
                if self.left is not None and self.left <= 0:
                    self.cut()
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
