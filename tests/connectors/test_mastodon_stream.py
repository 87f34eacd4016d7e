"""Where the streaming interface of a server is listened to: the server itself tells."""

from __future__ import annotations

import pytest

from koor.connectors.mastodon import stream
from koor.ground.channels.contract import Opening, Session
from tests.connectors.scripted import Scripted, answer


def opening(server: str, named: str) -> Opening:
    said = {"configuration": {"urls": {"streaming": named}}}
    session = Session(Scripted(answer(200, said)), 1, {"server": server}, {"access_token": "geheim"})
    found = stream.opening(session, "", {"kind": "notifications"})
    assert isinstance(found, Opening)
    return found


@pytest.mark.parametrize(
    ("server", "named", "host"),
    [
        ("https://m.example", "wss://streaming.m.example", "wss://streaming.m.example"),
        ("https://m.example", "wss://m.example", "wss://m.example"),
        ("https://m.example", "ws://127.0.0.1:9000", "wss://m.example"),  # never without TLS where the server has it
        ("https://m.example", "file:///etc", "wss://m.example"),
        ("http://localhost:3000", "ws://localhost:4000", "ws://localhost:4000"),
    ],
)
def test_the_server_names_the_host(server: str, named: str, host: str) -> None:
    found = opening(server, named)
    assert found.url.partition("/api")[0] == host
    assert found.named_by == server  # so the line opens to what the server may name, and no further
