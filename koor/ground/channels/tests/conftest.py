"""Accounts for the tests of this room."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from koor.ground.channels import actions, queries
from koor.ground.channels.models import Account, Application, Connecting
from koor.ground.channels.queries import sessions
from koor.ground.channels.tests.platform import CLIENT, SECRET, Platform, connector
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


@pytest.fixture
def choir(db: None, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A platform with a sign-in page, where Els has a voice of her own and a choir."""
    made_up = Platform(
        people={
            "els": [
                {"key": "1", "name": "Els Wolters", "handle": "@els", "personal": True, "settings": {"author": "els"}},
                {
                    "key": "7",
                    "name": "Reurslag",
                    "url": "javascript:alert(1)",
                    "secrets": {"page_token": "p4ge"},
                    "settings": {"author": "page"},
                },
            ],
            "rob": [{"key": "9", "name": "Rob", "personal": True}],
        }
    )
    monkeypatch.setitem(queries.connectors(), "choir", connector())
    for place in (queries, sessions):
        monkeypatch.setattr(place, "door_for", lambda _manifest: made_up)
    monkeypatch.setattr("koor.ground.channels.actions.renewing.Door", lambda **_limits: made_up)
    return made_up


@pytest.fixture
def registered(choir: Platform) -> Application:
    return actions.register_application(by=SYSTEM, connector="choir", client_id=CLIENT, client_secret=SECRET)


@pytest.fixture
def agreed(choir: Platform, registered: Application) -> Callable[..., Connecting]:
    """Somebody went there, agreed and is back: `agreed(marloes)`."""

    def go(person: Person, name: str = "els", account: Account | None = None) -> Connecting:
        mark, address = actions.begin_connecting(by=person, connector="choir", account=account)
        back = choir.agree(address, name)
        return actions.arrive(by=person, connector="choir", marks=[mark], answered=back)

    return go


@pytest.fixture
def on_choir(noon: datetime, agreed: Callable[..., Connecting], marloes: Person) -> Account:
    """The choir's account, of the house."""
    return actions.connect_chosen(by=marloes, connecting=agreed(marloes), keys=["7"])[0]
