"""What came over a line and could not be read at once: nothing is lost, nothing is kept that nobody asked for, and who
was erased stays away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from koor.flow.listening import actions, queries, tasks
from koor.flow.listening.actions import hearing, spooling
from koor.flow.listening.choices import EventState, Form
from koor.flow.listening.models import Change, Mention, RawEvent, Source
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.personal import OUTSIDE, spelled, tombstones
from tests.connectors.dag_cbor import commit
from tests.connectors.scripted import Scripted, answer

ELS = {"did": "did:plc:els", "handle": "els.test", "displayName": "Els Wolters"}
LOGIN = {"did": "did:plc:us", "handle": "reurslag.test", "accessJwt": "t"}


@pytest.fixture
def account(hanna: Person, monkeypatch: pytest.MonkeyPatch) -> Account:
    settings, secrets = {"server": "https://bsky.social", "handle": "reurslag.test"}, {"app_password": "geheim"}
    monkeypatch.setattr("koor.connectors.bluesky.client._logins", {})
    return channels.add_account(
        by=SYSTEM, connector="bluesky", name="Blauw", owner=hanna, settings=settings, secrets=secrets
    )


@pytest.fixture
def heard(account: Account, marloes: Person, noon: datetime) -> Source:
    """All of a network, of which one query keeps what it meets."""
    actions.add_query(by=marloes, name="Pomp", expression="warmtepomp")
    settings = {"address": "wss://one.example"}
    return actions.add_source(by=SYSTEM, name="Alles", kind="firehose", settings=settings, account=account)


def away() -> Scripted:
    """The service that knows names answers nothing of use."""
    return Scripted(answer(500))


def there() -> Scripted:
    return Scripted(answer(200, LOGIN | {"profiles": [ELS]}))


def texts() -> list[str]:
    return sorted(Mention.objects.values_list("text", flat=True))


def test_what_waits_for_a_name_is_only_what_is_kept(heard: Source, noon: datetime) -> None:
    number = spooling.spool(heard, [commit("een warmtepomp", seq=1), commit("mijn geheim", seq=2)])
    for _time in range(4):
        spooling.read_spooled(number, away())
    [event] = RawEvent.objects.all()
    assert (event.tries, len(spooling._messages(event.body)), texts()) == (0, 1, [])
    spooling.read_spooled(number, there())
    assert [(one.text, one.handle) for one in Mention.objects.all()] == [("een warmtepomp", "@els.test")]


def test_without_anybody_erased_it_does_not_wait_for_ever(heard: Source, noon: datetime) -> None:
    number = spooling.spool(heard, [commit("een warmtepomp", seq=1)])
    with clock.fixed(noon + timedelta(minutes=11)):
        spooling.read_spooled(number, away())
    assert texts() == ["een warmtepomp"]


def test_who_was_erased_stays_away_while_nobody_has_a_name(heard: Source, noon: datetime) -> None:
    who = spelled(OUTSIDE, queries.known_by(heard), "@els.test")
    digests = (tombstones.digest(queries.known_by(heard), who),)
    tombstones.keep(tombstones.Stone(uuid4(), datetime(2027, 1, 1, tzinfo=UTC), digests))
    number = spooling.spool(heard, [commit("een warmtepomp", seq=1)])
    for later in (timedelta(minutes=11), timedelta(hours=25)):
        with clock.fixed(noon + later):
            spooling.read_spooled(number, away())
    assert not Mention.objects.exists()
    assert not RawEvent.objects.exists()


def test_what_was_taken_back_meanwhile_does_not_come_afterwards(heard: Source, noon: datetime) -> None:
    said = spooling.spool(heard, [commit("een warmtepomp", seq=1)])
    spooling.read_spooled(said, away())
    ops = [{"action": "delete", "path": f"app.bsky.feed.post/{rkey}", "cid": None} for rkey in ("3k0", "3kx")]
    gone = spooling.spool(heard, [commit(seq=2, ops=ops)])
    spooling.read_spooled(gone, there())
    spooling.read_spooled(said, there())
    assert texts() == []
    assert Change.objects.count() == 1  # of what nobody heard nothing is kept


def test_of_a_flood_what_nobody_asked_for_is_not_set_aside(heard: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def store(*_given: object) -> object:
        raise RuntimeError("a database that can't")

    spooling.spool(heard, [commit("mijn geheim", seq=1), commit("een warmtepomp", seq=2)])
    with monkeypatch.context() as broken:
        broken.setattr(spooling, "about_ours", store)
        broken.setattr("koor.connectors.bluesky.stream.named", lambda _session, items: items)
        for _time in range(9):
            for number in RawEvent.objects.filter(form=Form.LIVE).values_list("pk", flat=True):
                try:
                    tasks.read_messages.func(number)
                except RuntimeError:
                    continue
    [aside] = RawEvent.objects.filter(state=EventState.QUARANTINED)
    assert b"een warmtepomp".hex() not in aside.body
    assert not RawEvent.objects.filter(form=Form.LIVE).exists()


def test_what_came_before_a_pause_waits_for_its_end(heard: Source, marloes: Person) -> None:
    number = spooling.spool(heard, [commit("een warmtepomp", seq=1)])
    actions.pause_source(by=marloes, source=heard)
    spooling.read_spooled(number, there())
    assert texts() == []
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        assert queries.unread_messages() == []


def test_what_is_heard_in_no_other_way_gets_a_line_first(
    heard: Source, hanna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, secrets = {"server": "https://m.example"}, {"access_token": "geheim"}
    mastodon = channels.add_account(
        by=SYSTEM, connector="mastodon", name="Reurslag", owner=hanna, settings=settings, secrets=secrets
    )
    actions.add_source(by=SYSTEM, name="#pomp", kind="hashtag", settings={"tag": "pomp"}, account=mastodon)
    elsewhere = {"address": "wss://two.example"}
    later = actions.add_source(by=SYSTEM, name="Ook", kind="firehose", settings=elsewhere, account=heard.account)
    assert len(queries.streamed()) == 3
    monkeypatch.setattr("koor.flow.listening.queries.lines.MOST_LINES", 2)
    assert set(queries.streamed()) == {heard.pk, later.pk}


def test_a_clock_of_long_ago_stops_nothing(heard: Source) -> None:
    reading = spooling.read_spooled(spooling.spool(heard, [commit("a", seq=9, time="0001-01-01T00:00:00Z")]), there())
    hearing._note(heard, reading, True)
    heard.refresh_from_db()
    assert heard.cursor == "9"


def test_a_line_of_an_address_that_was_changed_writes_no_place(heard: Source, marloes: Person) -> None:
    before = Source.objects.get(pk=heard.pk)
    reading = spooling.read_spooled(spooling.spool(heard, [commit("a", seq=9)]), there())
    actions.edit_source(by=marloes, source=heard, name="Alles", settings={"address": "wss://two.example"})
    hearing._note(before, reading, True)
    heard.refresh_from_db()
    assert heard.cursor == ""
