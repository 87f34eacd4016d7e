"""The promise as a story: a post made in the browser is up once on a Mastodon server and on a real Bluesky one, while
the processes that send it are being killed."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries.invariants import broken
from koor.flow.publishing.tests.conftest import Child
from koor.ground.channels import actions as channels
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from tests.journeys.conftest import Visitor
from tests.mastodon_server import MastodonServer
from tests.peers.bluesky_server import HANDLE, PASSWORD, BlueskyServer

pytestmark = [
    pytest.mark.long, pytest.mark.browser, pytest.mark.peers("bluesky"), pytest.mark.django_db(transaction=True),
]  # fmt: skip
POINTS = ["after_claim", "before_send", "after_send", "during_record"]


@pytest.fixture
def connected(
    marloes: Person, mastodon: MastodonServer, bluesky_server: BlueskyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The house on both."""
    bluesky = ":".join(map(str, bluesky_server.place))
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port},{bluesky}")
    channels.add_account(by=SYSTEM, connector="mastodon", name="Ons Mastodon", owner=marloes,
                         settings={"server": mastodon.url}, secrets={"access_token": mastodon.token})  # fmt: skip
    channels.add_account(by=SYSTEM, connector="bluesky", name="Ons Bluesky", owner=marloes,
                         settings={"server": bluesky_server.url, "handle": HANDLE},
                         secrets={"app_password": PASSWORD})  # fmt: skip


def sent_by_workers_that_die(seed: int) -> int:
    """Each moment of each row is a process of its own; most are killed somewhere. How many were."""
    chance, killed = random.Random(seed), 0
    for step in range(200):
        row = Target.objects.filter(wake_at__isnull=False).order_by("wake_at", "pk").first()
        if row is None or row.wake_at is None:
            return killed
        point = "before_look" if row.state in ("unknown", "reconciling") else chance.choice(POINTS)
        fault = f"publishing.{point}" if step < 2 or (step < 60 and chance.random() < 0.5) else ""
        with clock.fixed(max(row.wake_at, clock.now())):
            killed += Child(lambda pk=row.pk: deliver(pk), fault).wait() < 0  # type: ignore[misc]
    raise AssertionError("not settled")


@pytest.mark.parametrize("seed", [1, 5, 7])
@pytest.mark.usefixtures("connected")
def test_made_in_the_browser_and_up_once_on_both(
    screen: Callable[..., Visitor], marloes: Person, mastodon: MastodonServer, bluesky_server: BlueskyServer, seed: int
) -> None:
    text = f"Acht lokalen in Eibergen hebben frisse lucht, voor de {seed}e keer."
    visitor = screen(marloes)
    visitor.go("/posts/new/")
    visitor.page.get_by_label("In one thought").fill(text)
    for place in ("Ons Mastodon", "Ons Bluesky"):
        visitor.page.get_by_role("checkbox", name=place).check()
    visitor.page.get_by_role("button", name="Post it now").click()
    expect(visitor.page.get_by_role("heading", name="Ons Bluesky")).to_be_visible()
    assert Target.objects.count() == 2
    killed = sent_by_workers_that_die(seed)
    assert bluesky_server.runs(), "the server itself ended; what nobody can look at comes to a person after a day"
    assert killed >= 2
    assert set(Target.objects.values_list("state", flat=True)) == {"published"}
    assert mastodon.copies(text) == 1
    assert sum(one["value"]["text"] == text for one in bluesky_server.posts(HANDLE)) == 1
    assert list(broken()) == []
    visitor.page.reload()
    expect(visitor.page.get_by_text("Is up").first).to_be_visible()
