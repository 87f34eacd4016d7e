"""What was said while no line was open is fetched to its end before the line says how far we are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from koor.flow.listening import actions
from koor.flow.listening.actions import fetching, hearing
from koor.flow.listening.models import Away, Mention, Source
from koor.flow.listening.tests.test_open_lines import account, lines, source, until
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Batch, Because
from koor.ground.channels.models import Account
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from tests.mastodon_server import MastodonServer

__all__ = ["account", "lines"]
pytestmark = pytest.mark.django_db(transaction=True)
Lines = Callable[[], threading.Event]


@pytest.fixture
def heard(account: Account, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch) -> Source:
    """All public posts, of which two hours are missing."""
    monkeypatch.setattr(hearing, "SIGN_SECONDS", 0.5)
    actions.add_query(by=SYSTEM, name="Pomp", expression="warmtepomp")
    found = source(account, "public")
    mastodon.inject("post", text="eerste")
    actions.fetch(found.pk)
    Source.objects.filter(pk=found.pk).update(last_success_at=clock.now() - timedelta(hours=2))
    return found


def test_a_long_gap_is_filled_beside_the_line(
    heard: Source, mastodon: MastodonServer, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "FILLS", 1)
    monkeypatch.setattr(fetching, "MOST_PAGES", 1)
    go_on = threading.Event()
    real = fetching.visit
    seen = list[int]()

    def one_visit(number: int) -> tuple[actions.Tally, bool]:
        seen.append(number)
        return real(number) if len(seen) == 1 or go_on.is_set() else (actions.Tally(), False)

    monkeypatch.setattr(hearing, "visit", one_visit)
    for number in range(100):
        mastodon.inject("post", text=f"gat {number}" + (" warmtepomp" if number == 70 else ""))
    lines()
    until(lambda: len(seen) > 1)
    before = Source.objects.get(pk=heard.pk)
    mastodon.inject("post", text="nu warmtepomp")
    until(lambda: Mention.objects.filter(text__contains="nu").exists())
    after = Source.objects.get(pk=heard.pk)
    assert (after.cursor, after.next_at, after.last_success_at) == (
        before.cursor,
        before.next_at,
        before.last_success_at,
    )
    assert Away.objects.get().whole is None
    go_on.set()
    until(lambda: Mention.objects.filter(text__contains="gat 70").exists())
    until(lambda: Away.objects.get().whole)
    last = mastodon.inject("post", text="erna warmtepomp")["status_id"]
    until(lambda: last in Source.objects.get(pk=heard.pk).cursor)
    assert Mention.objects.count() == 3


def test_a_visit_that_fails_loses_nothing(
    heard: Source, mastodon: MastodonServer, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = channels.connector("mastodon").listen.fetch, list[int]()

    def fails(_session: object, cursor: str, _settings: object) -> Batch:
        asked.append(1)
        return Batch(cursor=cursor, problem="The server asks to wait a little.", because=Because.RATE)

    monkeypatch.setattr("koor.connectors.mastodon.listen.fetch", fails)
    mastodon.inject("post", text="gat warmtepomp")
    lines()
    until(lambda: asked)
    mastodon.inject("post", text="nu warmtepomp")
    until(lambda: Mention.objects.filter(text__contains="nu").exists())
    assert len(asked) == 1  # the server asked to wait
    monkeypatch.setattr("koor.connectors.mastodon.listen.fetch", real)
    Source.objects.filter(pk=heard.pk).update(next_at=clock.now())
    until(lambda: Mention.objects.filter(text__contains="gat").exists())
    assert until(lambda: Away.objects.get().whole)
