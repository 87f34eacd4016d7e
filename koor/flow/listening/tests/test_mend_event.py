"""What could not be read is mended and played again, or put aside."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.listening import actions, queries, tasks
from koor.flow.listening.actions.mending import StillBroken
from koor.flow.listening.choices import EventState
from koor.flow.listening.models import Match, Mention, RawEvent
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.personal import OUTSIDE, spelled, tombstones

BringIn = Callable[..., actions.Tally]
MENDED = json.dumps({"id": "a", "author": "Els", "text": "De pomp", "created_at": "2026-11-20"})


@pytest.fixture
def broken(bring_in: BringIn) -> RawEvent:
    bring_in({"id": "a", "text": "De pomp", "created_at": "gisteren"})
    return RawEvent.objects.get()


def test_a_mended_line_comes_in_and_is_matched(broken: RawEvent, marloes: Person) -> None:
    actions.add_query(by=SYSTEM, name="pomp", expression="pomp")
    event = actions.replay_event(by=marloes, event=broken, body=MENDED)
    assert (event.state, event.reason) == (EventState.READ, "")
    mention = Mention.objects.get()
    assert (mention.external_id, mention.event) == ("a", event)
    assert Match.objects.count() == 1


def test_what_is_still_broken_is_kept_as_typed(broken: RawEvent, marloes: Person, client: Client) -> None:
    with pytest.raises(StillBroken, match="not JSON"):
        actions.replay_event(by=marloes, event=broken, body='{"id": "a"')
    broken.refresh_from_db()
    assert (broken.body, broken.reason, broken.state) == ('{"id": "a"', "This is not JSON.", EventState.QUARANTINED)
    client.force_login(marloes)
    page = client.post(f"/listen/quarantine/{broken.pk}/", {"body": MENDED.replace("De pomp", "")}).content.decode()
    assert page.count("The text is empty.") == 2  # above, and at the field
    assert "This is not JSON." not in page
    assert "Not saved yet" not in page  # it is


def test_mended_meanwhile_at_the_other_end(broken: RawEvent, marloes: Person, bring_in: BringIn) -> None:
    bring_in({"id": "a", "text": "De pomp"})
    actions.replay_event(by=marloes, event=broken, body=MENDED)
    assert Mention.objects.count() == 1
    assert bring_in({"id": "a", "text": "De pomp"}).stored == 0


def test_two_people_at_once(broken: RawEvent, marloes: Person) -> None:
    actions.replay_event(by=marloes, event=broken, body=MENDED)
    for again in (
        lambda: actions.replay_event(by=marloes, event=broken, body=MENDED),
        lambda: actions.drop_event(by=marloes, event=broken),
        lambda: actions.restore_event(by=marloes, event=broken),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "dealt_with"


def test_put_aside_and_taken_back(broken: RawEvent, marloes: Person) -> None:
    actions.drop_event(by=marloes, event=broken)
    assert not queries.quarantine(marloes).exists()
    assert queries.event(marloes, broken.pk).state == EventState.DROPPED
    actions.restore_event(by=marloes, event=broken)
    assert list(queries.quarantine(marloes)) == [broken]


def test_who_may(broken: RawEvent, pieter: Person, marloes: Person) -> None:
    for refused in (
        lambda: actions.replay_event(by=pieter, event=broken, body=MENDED),
        lambda: actions.drop_event(by=pieter, event=broken),
        lambda: actions.restore_event(by=pieter, event=broken),
    ):
        with pytest.raises(Forbidden):
            refused()
    for missing in (lambda: queries.event(pieter, broken.pk), lambda: queries.quarantine(pieter)):
        with pytest.raises(NotFound):
            missing()
    RawEvent.objects.all().delete()
    with pytest.raises(NotFound):
        actions.drop_event(by=marloes, event=broken)


@pytest.fixture
def els_was_erased(house: object) -> None:
    gone = tombstones.digest("Reviews", spelled(OUTSIDE, "Reviews", "Els"))
    tombstones.keep(tombstones.Stone(uuid4(), clock.now(), (gone,)))


def test_of_who_was_erased_nothing_comes_in(els_was_erased: None, bring_in: BringIn) -> None:
    said = {"author": "Els", "text": "De pomp"}
    bring_in({"id": "a", **said}, {"id": "b", "text": "Van een ander"}, "{", {"id": "c", **said})
    assert [one.external_id for one in Mention.objects.all()] == ["b"]
    assert RawEvent.objects.filter(state=EventState.QUARANTINED).count() == 1


def test_a_mended_line_of_who_was_erased_goes_and_says_so(
    broken: RawEvent, els_was_erased: None, marloes: Person, client: Client
) -> None:
    client.force_login(marloes)
    page = client.post(f"/listen/quarantine/{broken.pk}/", {"body": MENDED}, follow=True).content.decode()
    assert "was erased here" in page
    assert "It stands in the stream now" not in page
    assert not Mention.objects.exists()
    assert not RawEvent.objects.exists()
    line = AuditEntry.objects.get(verb="listening.replay_event")
    assert (line.detail, line.target_id) == ({"stored": False}, None)


def test_all_of_a_source_are_read_again_as_they_are(
    broken: RawEvent, bring_in: BringIn, marloes: Person, pieter: Person, visit: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    bring_in("nope", "nope too")
    address, browser = f"/listen/sources/{broken.source_id}/again/", visit(marloes)
    assert "None of them can be read yet." in browser.post(address, follow=True).content.decode()
    lines = (json.dumps({"id": f"x{n}", "author": "Els", "text": "Pomp", "created_at": "2026-11-20"}) for n in range(2))
    for event in RawEvent.objects.exclude(pk=broken.pk):  # as if Koor could not read these before
        RawEvent.objects.filter(pk=event.pk).update(body=next(lines))
    monkeypatch.setattr("koor.flow.listening.actions.mending.A_GO", 1)
    page = browser.post(address, follow=True).content.decode()
    assert "One could be read. The others follow in a moment." in page
    tasks.replay_events(broken.source_id)
    assert Mention.objects.count() == 2
    assert list(queries.quarantine(marloes)) == [broken]
    with pytest.raises(Forbidden):
        actions.replay_events(by=pieter, source=broken.source)


def test_a_long_quarantine_is_read_again_a_piece_at_a_time(
    broken: RawEvent, bring_in: BringIn, marloes: Person, visit: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    bring_in("nope", "nope too", "nor this")
    last = RawEvent.objects.latest("pk")
    RawEvent.objects.filter(pk=last.pk).update(body=MENDED)
    monkeypatch.setattr("koor.flow.listening.actions.mending.A_LOOK", 2)
    page = visit(marloes).post(f"/listen/sources/{broken.source_id}/again/", follow=True).content.decode()
    assert "None of the first could be read. The others follow in a moment." in page
    (job,) = ProcrastinateJob.objects.filter(task_name="koor:listening.replay_events")
    assert job.args["after"] == RawEvent.objects.order_by("pk")[1].pk
    tasks.replay_events(**job.args)
    assert Mention.objects.get().event == last
