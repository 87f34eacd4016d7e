"""On a real Bluesky server, where `make peers` brought one: up once, though the sender is killed in between."""

from collections.abc import Callable
from typing import Any

import pytest

from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from tests.peers.bluesky_server import HANDLE, PASSWORD, BlueskyServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.peers("bluesky")]


@pytest.fixture
def on_bluesky(
    bluesky_server: BlueskyServer, account: Callable[..., Account], monkeypatch: pytest.MonkeyPatch
) -> Account:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", ":".join(map(str, bluesky_server.place)))
    settings = {"server": bluesky_server.url, "handle": HANDLE}
    return account("Reurslag on Bluesky", "bluesky", settings=settings, secrets={"app_password": PASSWORD})


@pytest.mark.parametrize("point", ["before_send", "after_send", "during_record", "after_record"])
def test_killed_and_up_once(
    point: str,
    released: Callable[..., Target],
    on_bluesky: Account,
    bluesky_server: BlueskyServer,
    die: Callable[..., None],
    pass_time: Callable[..., list[tuple[int, str]]],
) -> None:
    text = f"Acht lokalen hebben frisse lucht ({point})."
    row = released(text, on_bluesky)
    die(row, f"publishing.{point}")
    pass_time(row)
    up: list[dict[str, Any]] = [one for one in bluesky_server.posts(HANDLE) if one["value"]["text"] == text]
    assert (again(row).state, [one["uri"] for one in up]) == ("published", [again(row).remote_id])
