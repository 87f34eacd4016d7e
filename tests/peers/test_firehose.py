"""The stream of repositories of a real Bluesky server: heard at once, filled forward, and taken back."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from koor.connectors.bluesky import client
from koor.flow.listening import actions, queries
from koor.flow.listening.actions import hearing, spooling
from koor.flow.listening.logic import waiting
from koor.flow.listening.models import Away, Mention, Source
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from tests.peers.bluesky_server import HANDLE, PASSWORD, BlueskyServer

pytestmark = [pytest.mark.peers("bluesky"), pytest.mark.django_db(transaction=True)]


def said_at() -> str:
    return clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Els:
    """Somebody else on the server, who writes with nothing of the connector."""

    def __init__(self, server: BlueskyServer) -> None:
        self.url = server.url
        login = self.ask("com.atproto.server.createSession", identifier="els.test", password=PASSWORD)
        self.did, self.token = login["did"], login["accessJwt"]

    def ask(self, name: str, **body: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        if hasattr(self, "token"):
            headers["Authorization"] = f"Bearer {self.token}"
        asked = urllib.request.Request(f"{self.url}/xrpc/{name}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return json.load(answer)

    def says(self, text: str) -> str:
        record = {"$type": client.COLLECTION, "text": text, "createdAt": said_at()}
        return str(
            self.ask("com.atproto.repo.createRecord", repo=self.did, collection=client.COLLECTION, record=record)["uri"]
        )

    def takes_back(self, uri: str) -> None:
        self.ask("com.atproto.repo.deleteRecord", repo=self.did, collection=client.COLLECTION, rkey=uri.rsplit("/")[-1])


@pytest.fixture
def els(bluesky_server: BlueskyServer) -> Els:
    return Els(bluesky_server)


@pytest.fixture
def account(bluesky_server: BlueskyServer, hanna: Person, monkeypatch: pytest.MonkeyPatch) -> Account:
    host, port = bluesky_server.place
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{host}:{port}")
    settings = {"server": bluesky_server.url, "handle": HANDLE}
    return channels.add_account(
        by=SYSTEM, connector="bluesky", name="Reurslag", owner=hanna, settings=settings,
        secrets={"app_password": PASSWORD},
    )  # fmt: skip


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Callable[[], None]]]:
    """Holds the lines; what comes back ends that."""
    monkeypatch.setattr(hearing, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(waiting, "FIRST", 0.1)
    monkeypatch.setattr(spooling, "NAMES_WAIT", timedelta(0))  # this server has no reading service that knows names
    ends: list[Callable[[], None]] = []

    def begin() -> Callable[[], None]:
        stop = threading.Event()

        def work() -> None:
            actions.hold_lines(stop)
            connection.close()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()

        def end() -> None:
            stop.set()
            thread.join(10)

        ends.append(end)
        return end

    yield begin
    for end in ends:
        end()


def until(seen: Callable[[], Any], seconds: float = 20.0) -> Any:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if found := seen():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


def is_open(source: Source) -> bool:
    return queries.is_open(Source.objects.get(pk=source.pk))


def test_what_a_query_meets_is_heard_at_once_also_after_a_time_away(
    account: Account, els: Els, pieter: Person, bluesky_server: BlueskyServer, hold: Callable[[], Callable[[], None]]
) -> None:
    actions.add_query(by=pieter, name="Pomp", expression="warmtepomp")
    heard = actions.add_source(
        by=SYSTEM, name="Bluesky", kind="firehose", settings={"address": bluesky_server.url}, account=account
    )
    end = hold()
    until(lambda: is_open(heard))
    els.says("Wij bakken pannenkoeken")
    began = time.monotonic()
    uri = els.says("Onze warmtepomp bromt")
    mention = until(lambda: Mention.objects.first())
    assert time.monotonic() - began < 5
    assert (mention.external_id, mention.text) == (uri, "Onze warmtepomp bromt")
    assert mention.author.startswith("did:plc:")
    els.takes_back(uri)
    until(lambda: not Mention.objects.exists())
    end()
    missed = els.says("Een warmtepomp terwijl niemand luisterde")
    Source.objects.filter(pk=heard.pk).update(line_at=Source.objects.get(pk=heard.pk).line_at - timedelta(minutes=10))
    hold()
    until(lambda: Mention.objects.filter(external_id=missed).exists())
    gap = until(lambda: Away.objects.filter(source=heard, whole=True).first())
    assert gap.mentions == 1
    assert Mention.objects.count() == 1


def test_a_stream_that_was_set_up_anew_begins_anew(
    account: Account, els: Els, pieter: Person, bluesky_server: BlueskyServer, hold: Callable[[], Callable[[], None]]
) -> None:
    """The cursor lies ahead of what the server knows: it says so, and is asked without one."""
    actions.add_query(by=pieter, name="Pomp", expression="warmtepomp")
    heard = actions.add_source(
        by=SYSTEM, name="Bluesky", kind="firehose", settings={"address": bluesky_server.url}, account=account
    )
    Source.objects.filter(pk=heard.pk).update(cursor="999999999")
    hold()
    until(lambda: Source.objects.get(pk=heard.pk).cursor == "0")
    until(lambda: is_open(heard))
    time.sleep(1)
    els.says("De warmtepomp van na de verhuizing")
    until(lambda: Mention.objects.exists())
