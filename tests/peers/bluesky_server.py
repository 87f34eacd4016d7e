"""A real Bluesky server on loopback: npm @atproto/dev-env, which starts the PDS and the directory of names."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg

from tests.peers.node_server import NodeServer
from tools import peers

PASSWORD = "a password of this test alone"
HANDLE = "reurslag.test"


class BlueskyServer(NodeServer):
    """A running server with our account on it."""

    peer = "bluesky"

    def __init__(self) -> None:
        people = {HANDLE: PASSWORD, "els.test": PASSWORD}
        super().__init__({"ports": _free_ports(2), "people": people}, LOG_ENABLED="false")

    @property
    def place(self) -> tuple[str, int]:
        """Its host and port, as the door is told."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    def posts(self, who: str) -> list[dict[str, Any]]:
        """All that an account has up: the server's own list, read with nothing of the connector."""
        query = urllib.parse.urlencode({"repo": who, "collection": "app.bsky.feed.post", "limit": "100"})
        with urllib.request.urlopen(f"{self.url}/xrpc/com.atproto.repo.listRecords?{query}", timeout=20) as answer:
            found: list[dict[str, Any]] = json.load(answer)["records"]
        return found


class BlueskyNetwork(BlueskyServer):
    """The same with the service that reads the network (the AppView), over PostgreSQL and Redis of its own."""

    code = "view.js"

    def __init__(self) -> None:
        super().__init__()
        ports = _free_ports(6)
        self.base, self.store = ports[4:]
        there = f"postgresql://peer@127.0.0.1:{self.base}/postgres"
        self.asked |= {"ports": ports[:4], "redis": f"127.0.0.1:{self.store}", "postgres": there}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="koor-bluesky-")))
            self._start_base(stack)
            quiet = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir", str(self._place)]
            self._start(stack, "redis", "--port", str(self.store), *quiet)
            super().__enter__()
            self._rest = stack.pop_all()
        return self

    def __exit__(self, *of: object) -> None:
        super().__exit__(*of)
        self._rest.close()

    def _start_base(self, stack: ExitStack) -> None:
        """PostgreSQL does not run as root: then as the user of its package."""
        made, data = peers.program(peers.PEERS["postgresql"]), self._place / "data"
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self._place, self._user)
        asked = ["-D", str(data), "-U", "peer", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run([made, *asked], check=True, user=self._user, stdout=subprocess.DEVNULL)
        ways = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "port": str(self.base)}
        habits = [word for name, value in ways.items() for word in ("-c", f"{name}={value}")]
        self._start(stack, str(Path(made).with_name("postgres")), "-D", str(data), *habits)
        for _attempt in range(100):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.asked["postgres"]).close()
                return
            time.sleep(0.1)

    def _start(self, stack: ExitStack, program: str, *arguments: str) -> None:
        named = peers.program(peers.PEERS[program]) if program in peers.PEERS else program
        nowhere = subprocess.DEVNULL
        process = subprocess.Popen([named, *arguments], user=self._user, stdout=nowhere, stderr=nowhere)
        stack.callback(process.wait)
        stack.callback(process.kill)


def _free_ports(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _one in range(number)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
