"""What was said to a colleague alone, on their own account, is shown to no other colleague."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from koor.flow.listening import actions, queries
from koor.flow.listening.actions import spooling
from koor.flow.listening.choices import EventState
from koor.flow.listening.forms import filters_of
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound

MENDED = '{"id": "a", "author": "Els", "text": "Alleen voor jou", "created_at": "2026-11-20"}'


@pytest.fixture
def own(pieter: Person) -> Source:
    """A source on Pieter's own account, who listens and does not connect."""
    account = Account.objects.create(
        connector="mastodon", name="Pieter", owner=pieter, personal=True, made_at=clock.now()
    )
    return actions.add_source(by=SYSTEM, name="Pieter", kind="notifications", settings={}, account=account)


@pytest.fixture
def aside(own: Source) -> RawEvent:
    actions.read_spooled(spooling.spool(own, ['{"event": "notification", "payload": "{\\"geheim\\": 1}"}']))
    return RawEvent.objects.get(state=EventState.QUARANTINED)


def test_another_curator_sees_nothing_of_it(aside: RawEvent, marloes: Person, visit: Callable[..., Client]) -> None:
    client = visit(marloes)
    assert not queries.quarantine(marloes).exists()
    assert queries.source(marloes, aside.source_id).broken == 0
    assert "geheim" not in client.get(reverse("listening:quarantine")).content.decode()
    for name in ("event", "drop_event", "restore_event"):
        assert client.post(reverse(f"listening:{name}", args=[aside.pk]), {"body": MENDED}).status_code == 404, name
    for act in (actions.drop_event, actions.restore_event):
        with pytest.raises((Forbidden, NotFound)):
            act(by=marloes, event=aside)
    with pytest.raises(Forbidden):
        actions.replay_event(by=marloes, event=aside, body=MENDED)


def test_its_owner_reaches_it_and_mends_it(
    aside: RawEvent, pieter: Person, marloes: Person, visit: Callable[..., Client]
) -> None:
    client, source = visit(pieter), reverse("listening:source", args=[aside.source_id])
    waiting = f"{reverse('listening:quarantine')}?source={aside.source_id}"
    assert waiting in client.get(source).content.decode()
    assert reverse("listening:event", args=[aside.pk]) in client.get(waiting).content.decode()
    client.post(reverse("listening:drop_event", args=[aside.pk]))
    client.post(reverse("listening:restore_event", args=[aside.pk]))
    client.post(reverse("listening:event", args=[aside.pk]), {"body": MENDED})
    mention = Mention.objects.get()
    assert (mention.text, mention.kind) == ("Alleen voor jou", "direct")
    with pytest.raises(NotFound):
        queries.mention(marloes, mention.pk)
    assert client.get(reverse("listening:quarantine")).status_code == 200


def test_the_owner_sees_nothing_of_the_house(aside: RawEvent, pieter: Person, bring_in: Callable[..., object]) -> None:
    bring_in({"id": "a", "text": "De pomp", "created_at": "gisteren"})
    house = RawEvent.objects.exclude(pk=aside.pk).get(state=EventState.QUARANTINED)
    assert list(queries.quarantine(pieter)) == [aside]
    with pytest.raises(NotFound):
        queries.event(pieter, house.pk)


def test_a_search_by_who_tells_nothing_of_it(
    own: Source, marloes: Person, pieter: Person, bring_in: Callable[..., object]
) -> None:
    bring_in({"text": "De pomp", "author": "els"})
    now = clock.now()
    Mention.objects.create(
        source=own, external_id="d", kind="direct", author="E", handle="els", text="x", said_at=now, stored_at=now
    )
    assert filters_of(marloes, QueryDict("who=els")).by_name is True
    assert filters_of(pieter, QueryDict("who=els")).by_name is False
