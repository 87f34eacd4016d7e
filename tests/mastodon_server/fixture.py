"""The pytest fixture `mastodon`: a fresh server for each test, on a free port of loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mastodon_server import MastodonServer


@pytest.fixture
def mastodon() -> Iterator[MastodonServer]:
    server = MastodonServer().start()
    yield server
    server.stop()
