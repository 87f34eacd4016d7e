"""A real Bluesky server on loopback: npm @atproto/dev-env, which starts the PDS and the directory of names."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import urllib.parse
import urllib.request
from typing import Any, Self
from urllib.parse import urlsplit

from tools import peers

PASSWORD = "a password of this test alone"
HANDLE = "reurslag.test"


class BlueskyServer:
    """A running server with our account on it."""

    def __init__(self) -> None:
        self.url = ""

    def __enter__(self) -> Self:
        if not peers.is_there("bluesky"):
            raise RuntimeError("the peer bluesky is not installed: make peers")
        asked = {"ports": _free_ports(2), "people": {HANDLE: PASSWORD, "els.test": PASSWORD}}
        self._process = subprocess.Popen(
            [str(peers.node()), "server.mjs"],
            cwd=peers.place("bluesky"),
            env={"PATH": os.defpath, "KOOR_PEER": json.dumps(asked), "LOG_ENABLED": "false"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("READY "):
                self.url = line.split()[1]
                return self
        raise RuntimeError("the Bluesky server did not start")

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

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


def _free_ports(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _one in range(number)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
