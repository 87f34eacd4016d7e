"""Accounts for the tests of this room."""

from collections.abc import Callable
from typing import Any

import pytest

from koor.ground.channels import actions
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from tests.mastodon_server import MastodonServer


@pytest.fixture
def account(marloes: Person) -> Callable[..., Account]:
    """Make an account: `account("Newsroom", "newsroom")`."""

    def make(name: str = "Stage", connector: str = "paper", **fields: Any) -> Account:
        owner = fields.pop("owner", marloes)
        return actions.add_account(by=SYSTEM, connector=connector, name=name, owner=owner, **fields)

    return make


@pytest.fixture
def on_mastodon(mastodon: MastodonServer, account: Callable[..., Account], monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account on the Mastodon test server, which the house may call."""
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port}")
    return account(
        "Reurslag",
        "mastodon",
        settings={"server": mastodon.url},
        secrets={"access_token": mastodon.token},
    )
