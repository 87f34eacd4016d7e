"""Sources that are heard over a line that stays open, with the Mastodon test server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from koor.flow.listening import actions, queries, tasks
from koor.flow.listening.actions import choosing, fetching, hearing, spooling
from koor.flow.listening.actions.away import note_away
from koor.flow.listening.choices import EventState, Form
from koor.flow.listening.logic import waiting
from koor.flow.listening.models import Away, Mention, RawEvent, Source
from koor.ground.channels import actions as channels
from koor.ground.channels.contract import Incoming, Told
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock, locks
from koor.kernel.access import SYSTEM
from tests.mastodon_server import MastodonServer

LONG = "de nieuwe warmtepomp bromt de hele nacht door"


@pytest.fixture
def account(mastodon: MastodonServer, hanna: Person, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port}")
    secrets, settings = {"access_token": mastodon.token}, {"server": mastodon.url}
    return channels.add_account(
        by=SYSTEM, connector="mastodon", name="Reurslag", owner=hanna, settings=settings, secrets=secrets
    )


def source(account: Account, kind: str, **settings: str) -> Source:
    return actions.add_source(by=SYSTEM, name=f"Bron {kind}", kind=kind, settings=settings, account=account)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], threading.Event]]:
    """Holds the lines beside the test, as the process of the house does."""
    monkeypatch.setattr(hearing, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(waiting, "FIRST", 0.1)
    stop, running = threading.Event(), list[threading.Thread]()

    def run() -> threading.Event:
        def hold() -> None:
            actions.hold_lines(stop)
            connection.close()

        running.append(threading.Thread(target=hold, daemon=True))
        running[-1].start()
        return stop

    yield run
    stop.set()
    for one in running:
        one.join(10)


def until(seen: Callable[[], Any], seconds: float = 15.0) -> Any:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if found := seen():
            return found
        time.sleep(0.03)
    raise AssertionError("it did not come")


def somebody_has_it() -> bool:
    with locks.held(hearing.LOCK) as mine:
        return not mine


@pytest.mark.django_db(transaction=True)
class TestMastodon:
    def test_a_mention_is_heard_at_once_and_once(
        self, account: Account, mastodon: MastodonServer, lines: Callable[[], threading.Event]
    ) -> None:
        mastodon.inject("mention", text="@reurslag van ervoor")
        heard = source(account, "notifications")
        lines()
        until(lambda: mastodon.world.lines)
        until(lambda: Mention.objects.filter(text__contains="van ervoor").exists())
        mastodon.inject("mention", text=f"@reurslag {LONG}")
        mention = until(lambda: Mention.objects.filter(text__contains="bromt").first())
        assert (mention.kind, mention.handle) == ("mention", "@els@social.example")
        assert mention.event is not None
        actions.fetch(heard.pk)  # the visit finds it too
        assert Mention.objects.filter(text__contains="bromt").count() == 1
        heard.refresh_from_db()
        assert queries.is_open(heard)
        assert not RawEvent.objects.filter(form=Form.LIVE).exists()

    def test_after_the_line_was_cut_the_gap_is_filled(
        self, account: Account, mastodon: MastodonServer, lines: Callable[[], threading.Event]
    ) -> None:
        source(account, "hashtag", tag="#koor")
        lines()
        until(lambda: mastodon.world.lines)
        mastodon.rules(streaming=False)
        mastodon.cut_lines()
        until(lambda: Source.objects.filter(line_problem=hearing.NO_STREAM).exists())
        mastodon.inject("post", text="Ertussen #koor")
        mastodon.inject("post", text="Iets anders")
        mastodon.rules(streaming=True)
        stop_and_go(lines)
        until(lambda: Mention.objects.filter(text="Ertussen #koor").exists())
        mastodon.inject("post", text="Erna #koor")
        until(lambda: Mention.objects.filter(text="Erna #koor").exists())
        assert Mention.objects.count() == 2

    def test_of_all_public_posts_only_what_a_query_meets(
        self, account: Account, mastodon: MastodonServer, marloes: Person, lines: Callable[[], threading.Event]
    ) -> None:
        actions.add_query(by=marloes, name="Pomp", expression="warmtepomp")
        heard = source(account, "public")
        lines()
        until(lambda: mastodon.world.lines)
        mastodon.inject("post", text="Vandaag pannenkoeken")
        said = mastodon.inject("post", text="Een warmtepomp erbij")
        mention = until(lambda: Mention.objects.first())
        assert mention.text == "Een warmtepomp erbij"
        mastodon.world.remove(mastodon.world.statuses[said["status_id"]])
        until(lambda: not Mention.objects.exists())
        until(lambda: json.loads(Source.objects.get(pk=heard.pk).cursor)["min"] == said["status_id"])  # after the rest

    def test_what_can_not_be_read_is_set_aside_and_the_rest_goes_on(
        self, account: Account, mastodon: MastodonServer, lines: Callable[[], threading.Event]
    ) -> None:
        source(account, "notifications")
        lines()
        until(lambda: mastodon.world.lines)
        mastodon.world.raw_messages = [
            *("geen json", '{"event": "notification"}', '{"event": "notification", "payload": "{"}', "[" * 100_000),
            *('{"event": "notification", "payload": "{\\"type\\": \\"mention\\", \\"id\\": \\"1\\"}"}', b"\x00\xff"),
            '{"event": "' + "9" * 1000 + '"}',
        ]
        mastodon.inject("mention", text="@reurslag goed")
        until(lambda: Mention.objects.filter(text="@reurslag goed").exists())
        until(lambda: RawEvent.objects.filter(state=EventState.QUARANTINED).count() == 6)
        assert RawEvent.objects.filter(body="geen json").exists()

    def test_a_server_without_a_stream_is_visited(
        self, account: Account, mastodon: MastodonServer, lines: Callable[[], threading.Event]
    ) -> None:
        mastodon.rules(streaming=False)
        heard = source(account, "notifications")
        lines()
        until(lambda: Source.objects.filter(pk=heard.pk, line_problem=hearing.NO_STREAM).exists())
        mastodon.inject("mention", text="@reurslag toch")
        actions.fetch(heard.pk)
        assert Mention.objects.exists()
        heard.refresh_from_db()
        assert not heard.last_problem
        assert not queries.is_open(heard)

    def test_a_paused_source_hangs_up(
        self, account: Account, mastodon: MastodonServer, lines: Callable[[], threading.Event]
    ) -> None:
        heard = source(account, "notifications")
        lines()
        until(lambda: mastodon.world.lines)
        actions.pause_source(by=SYSTEM, source=heard)
        until(lambda: not mastodon.world.lines)

    def test_who_lost_the_lock_lets_the_lines_go(
        self, account: Account, mastodon: MastodonServer, lines: Callable[[], threading.Event]
    ) -> None:
        source(account, "notifications")
        lines()
        [first] = until(lambda: [one for one in threading.enumerate() if one.name.startswith("line ")])
        until(lambda: mastodon.world.lines)
        assert locks.end_holder(hearing.LOCK)
        until(lambda: not first.is_alive())
        until(somebody_has_it)  # whoever gets the lock next opens the lines
        until(lambda: mastodon.world.lines)

    def test_a_line_that_ends_late_says_nothing_of_the_next(
        self, account: Account, lines: Callable[[], threading.Event], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard, gate, real = source(account, "notifications"), threading.Event(), fetching.visit
        visits = list[threading.Thread]()

        def slow(number: int) -> tuple[actions.Tally, bool]:
            visits.append(threading.current_thread())
            if len(visits) == 1:
                gate.wait(15)
                return actions.Tally(), False
            return real(number)

        monkeypatch.setattr(hearing, "visit", slow)
        monkeypatch.setattr(hearing.Held, "let_go", lambda self: self.stop.set())  # as one that outlives ten seconds
        lines()
        until(lambda: visits)
        Source.objects.filter(pk=heard.pk).update(settings={**heard.settings, "x": "y"})
        until(lambda: len(visits) == 2)
        since = until(lambda: Source.objects.get(pk=heard.pk).line_since)
        gate.set()
        until(lambda: not visits[0].is_alive())
        assert Source.objects.get(pk=heard.pk).line_since == since
        assert len([one for one in visits if one is visits[0]]) == 1  # let go, it visits no more


def stop_and_go(lines: Callable[[], threading.Event]) -> None:
    """Another process takes over: who was told that there is no stream would ask in an hour."""
    stop = lines()
    stop.set()
    until(lambda: not any(one.name.startswith("line ") for one in threading.enumerate()))
    stop.clear()
    lines()


@pytest.mark.usefixtures("noon")
class TestSpool:
    def test_one_message_that_spoils_the_others_is_found(
        self, account: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard = source(account, "notifications")
        notes = [{"event": "notification", "payload": json.dumps(note(number))} for number in ("1", "2", "spoilt", "4")]
        real = spooling.store_batch

        def store(one: Source, entries: Any, form: str) -> Any:
            if any("spoilt" in getattr(entry, "text", "") for entry in entries):
                raise RuntimeError("a database that can't")
            return real(one, entries, form)

        monkeypatch.setattr(spooling, "store_batch", store)
        spooling.spool(heard, [json.dumps(one) for one in notes])
        for _time in range(20):
            for number in RawEvent.objects.filter(form=Form.LIVE).values_list("pk", flat=True):
                try:
                    tasks.read_messages.func(number)
                except RuntimeError:
                    continue
        assert sorted(Mention.objects.values_list("text", flat=True)) == ["Bericht 1", "Bericht 2", "Bericht 4"]
        [aside] = RawEvent.objects.filter(state=EventState.QUARANTINED)
        assert "spoilt" in aside.body
        assert not RawEvent.objects.filter(form=Form.LIVE).exists()

    def test_what_a_process_left_is_swept(self, account: Account) -> None:
        heard = source(account, "notifications")
        number = spooling.spool(heard, [json.dumps({"event": "notification", "payload": json.dumps(note("1"))})])
        assert queries.unread_messages() == []
        RawEvent.objects.update(received_at=clock.now() - timedelta(minutes=2))
        assert queries.unread_messages() == [number]
        actions.read_spooled(number)
        actions.read_spooled(number)
        assert Mention.objects.count() == 1

    def test_a_connector_that_fails_loses_nothing(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        def read(*_all: Any) -> Told:
            raise ZeroDivisionError

        monkeypatch.setattr("koor.connectors.mastodon.stream.read", read)
        actions.read_spooled(spooling.spool(source(account, "notifications"), ["een", b"\x00twee"]))
        assert RawEvent.objects.filter(state=EventState.QUARANTINED).count() == 2

    def test_who_floods_is_heard_thirty_times_a_minute(self, account: Account, marloes: Person) -> None:
        actions.add_query(by=marloes, name="Pomp", expression="bericht")
        heard = source(account, "public")
        choosing._counted.clear()
        said = [json.dumps({"event": "update", "payload": json.dumps(status(str(n)))}) for n in range(50)]
        actions.read_spooled(spooling.spool(heard, said))
        assert Mention.objects.count() == choosing.OF_ONE

    def test_a_flood_is_told_by_the_minute_in_which_it_was_said(
        self, account: Account, marloes: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions.add_query(by=marloes, name="Pomp", expression="warmtepomp")
        heard = source(account, "public")
        choosing._counted.clear()
        now = clock.now()
        fetched = [
            Incoming(str(n), "Els", "@els", f"warmtepomp {n}", created_at=now - timedelta(minutes=5 * n))
            for n in range(40)
        ]
        assert choosing.chosen(heard, fetched) == fetched
        at_once = [Incoming(f"b{n}", "Bo", "@bo", f"warmtepomp {n}", created_at=now) for n in range(50)]
        for _time in range(3):
            assert choosing.chosen(heard, at_once) == at_once[: choosing.OF_ONE]
        monkeypatch.setattr(choosing, "MOST_COUNTED", 1)  # of the others the oldest are forgotten, so that this ends
        undated = [Incoming(f"c{n}", "Co", "@co", f"warmtepomp {n}") for n in range(50)]
        assert len(choosing.chosen(heard, undated)) == choosing.OF_ONE

    def test_of_what_can_not_be_read_two_hundred_an_hour_are_kept(self, account: Account) -> None:
        heard = source(account, "notifications")
        actions.read_spooled(spooling.spool(heard, [f"kapot {n}" for n in range(choosing.MOST_BROKEN + 50)]))
        actions.read_spooled(spooling.spool(heard, ["en nog een"]))
        assert RawEvent.objects.filter(state=EventState.QUARANTINED).count() == choosing.MOST_BROKEN


class TestAway:
    def test_a_night_without_visits_is_told_and_filled(self, account: Account, mastodon: MastodonServer) -> None:
        heard = source(account, "notifications")
        actions.fetch(heard.pk)
        then = clock.now() - timedelta(hours=9)
        Source.objects.filter(pk=heard.pk).update(last_success_at=then)
        for number in range(3):
            mastodon.inject("mention", text=f"@reurslag nacht {number}")
        actions.fetch(heard.pk)
        [gap] = queries.gaps([heard.pk])
        assert (gap.since, gap.whole, gap.mentions) == (then, True, 3)
        actions.fetch(heard.pk)
        assert Away.objects.count() == 1

    def test_no_more_than_twenty_are_kept(self, account: Account) -> None:
        heard = source(account, "notifications")
        for hour in range(25):
            note_away(heard, clock.now() - timedelta(hours=hour + 2), clock.now() - timedelta(hours=hour))
        assert Away.objects.count() == 20


def test_lines_come_back_later_each_time_and_not_together() -> None:
    assert [waiting.wait_after(failures, 1.0) for failures in range(5)] == [1, 2, 4, 8, 16]
    assert waiting.wait_after(100, 1.0) == 300
    assert waiting.wait_after(3, 0.0) == 4
    assert waiting.wait_after_answer(404, 0, None, 1.0) == 3600
    assert waiting.wait_after_answer(429, 0, 90, 1.0) == 90
    assert waiting.wait_after_answer(503, 1, None, 1.0) == 2


def status(number: str) -> dict[str, Any]:
    who = {"id": "9", "username": "els", "acct": "els@social.example", "display_name": "Els"}
    return {
        "id": number, "account": who, "content": f"<p>Bericht {number}</p>", "created_at": "2026-11-24T09:00:00Z",
        "visibility": "public",
    }  # fmt: skip


def note(number: str) -> dict[str, Any]:
    said = status(number)
    return {
        "id": number,
        "type": "mention",
        "account": said["account"],
        "status": said,
        "created_at": said["created_at"],
    }
