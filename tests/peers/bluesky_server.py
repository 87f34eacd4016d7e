"""A real Bluesky server on loopback: npm @atproto/dev-env, which starts the PDS and the directory of names."""

from __future__ import annotations

import json
import socket
import urllib.parse
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from tests.peers.node_server import NodeServer

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


def _free_ports(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _one in range(number)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
