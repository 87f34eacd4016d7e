"""A plain client for the server's own tests."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from koor.kernel.http import Answer, Door
from tests.mastodon_server import MastodonServer


class Caller(Protocol):
    def __call__(self, method: str, path: str, **more: Any) -> Answer: ...


@pytest.fixture
def call(mastodon: MastodonServer) -> Caller:
    """Ask the server something as Reurslag: `call("GET", "/api/v1/notifications")`."""
    door = Door(allow=frozenset({(mastodon.host, mastodon.port)}))

    def ask(method: str, path: str, token: str = mastodon.token, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return door.request(method, mastodon.url + path, headers=headers, **more)

    return ask
