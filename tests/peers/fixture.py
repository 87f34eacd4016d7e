"""The pytest fixtures of the peers: each starts a server of its own on a free port, and ends it with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.peers.bluesky_server import BlueskyNetwork, BlueskyServer
from tests.peers.mail_server import MailServer
from tests.peers.mailbox_server import MailboxServer
from tests.peers.oidc_server import OidcServer
from tests.peers.wordpress_server import WordpressServer


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that wants STARTTLS and a password, with a certificate of its own making."""
    with MailServer(tmp_path) as server:
        yield server


@pytest.fixture
def oidc_server() -> Iterator[Callable[..., OidcServer]]:
    """Starts an OpenID Connect provider: `oidc_server(redirect="http://…", people={"anna": {"email": …}})`."""
    with ExitStack() as stack:

        def start(**asked: Any) -> OidcServer:
            return stack.enter_context(OidcServer(**asked))

        yield start


@pytest.fixture(scope="module")
def bluesky_server() -> Iterator[BlueskyServer]:
    """One for the tests of a file: it takes some seconds to start."""
    with BlueskyServer() as server:
        yield server


@pytest.fixture(scope="module")
def bluesky_network() -> Iterator[BlueskyNetwork]:
    """With the service that reads the network; one for the tests of a file."""
    with BlueskyNetwork() as server:
        yield server


@pytest.fixture(scope="module")
def wordpress_server() -> Iterator[WordpressServer]:
    """One for the tests of a file."""
    with WordpressServer() as server:
        yield server


@pytest.fixture
def mailbox_server(tmp_path: Path) -> Iterator[MailboxServer]:
    """A mailbox behind TLS, and with STARTTLS at a second port."""
    with MailboxServer(tmp_path) as server:
        yield server
