"""People say what a mention is, and keep what is worth keeping."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.flow.hub.choices import ItemKind
from koor.flow.hub.models import Item
from koor.flow.listening import actions
from koor.flow.listening.actions import marking
from koor.flow.listening.choices import Label
from koor.flow.listening.events import MentionLabelled
from koor.flow.listening.models import Mention, Source
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock, events, upkeep
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, Once

Said = Callable[..., Mention]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    facts: list[object] = []
    monkeypatch.setattr(events, "tell", facts.append)
    return facts


def test_a_mark_says_who_and_when(noon: datetime, said: Said, pieter: Person, told: list[object]) -> None:
    mention = said()
    marked, before = actions.mark(by=pieter, mention_id=mention.pk, label=Label.OHOH)
    assert (marked.label, marked.labelled_by, marked.labelled_at, before) == (Label.OHOH, pieter, noon, "")
    assert told == [MentionLabelled(mention.pk)]
    assert AuditEntry.objects.get(verb="listening.mark").detail == {"before": "", "after": "ohoh"}


def test_the_same_mark_again_changes_nothing(said: Said, pieter: Person, marloes: Person, told: list[object]) -> None:
    mention = said()
    actions.mark(by=pieter, mention_id=mention.pk, label=Label.AHA)
    marked, before = actions.mark(by=marloes, mention_id=mention.pk, label=Label.AHA)
    assert (marked.labelled_by, before) == (pieter, "aha")
    assert len(told) == 1


def test_a_mark_is_corrected_and_taken_away(said: Said, pieter: Person, marloes: Person) -> None:
    mention = said()
    actions.mark(by=pieter, mention_id=mention.pk, label=Label.NOISE)
    marked, before = actions.mark(by=marloes, mention_id=mention.pk, label=Label.AHA)
    assert (marked.labelled_by, before) == (marloes, "noise")
    marked, before = actions.mark(by=marloes, mention_id=mention.pk, label="")
    assert (marked.label, marked.labelled_by, marked.labelled_at, before) == ("", None, None, "aha")


def test_what_can_not_be(said: Said, pieter: Person, bram: Person) -> None:
    mention = said()
    with pytest.raises(Refused):
        actions.mark(by=pieter, mention_id=mention.pk, label="fire")
    with pytest.raises(NotFound):
        actions.mark(by=pieter, mention_id=10_000, label="aha")
    with pytest.raises(Forbidden):
        actions.mark(by=bram, mention_id=mention.pk, label="aha")
    Mention.objects.update(ours=True)
    with pytest.raises(Refused):
        actions.mark(by=pieter, mention_id=mention.pk, label="aha")


def test_a_find_is_kept_in_the_library_once(said: Said, marloes: Person) -> None:
    mention = said("Mooie foto van jullie pomp " * 20, url="https://x.example/1", handle="@els@x.example")
    item = actions.keep_in_library(by=marloes, mention=mention)
    Once.objects.update(at=clock.now() - timedelta(days=100))
    upkeep.keep_light(0)
    assert actions.keep_in_library(by=marloes, mention=mention) == item
    assert Item.objects.count() == 1
    assert (item.kind, item.url, item.by) == (ItemKind.FIND, "https://x.example/1", marloes)
    assert item.rights == "Els Roelvink @els@x.example"
    assert item.title.startswith("Mooie foto")
    assert len(item.title) <= 120


def test_who_may_keep(said: Said, bram: Person) -> None:
    with pytest.raises(Forbidden):
        actions.keep_in_library(by=bram, mention=said())


@pytest.mark.django_db
def test_more_than_a_hundred_are_not_marked_at_once(marloes: Person) -> None:
    with pytest.raises(Refused) as refused:
        marking.mark_many(by=marloes, labels=dict.fromkeys(range(1, 102), "aha"))
    assert refused.value.code == "too_many"


def test_what_was_said_to_a_colleague_alone_is_theirs_to_mark(
    said: Said, pieter: Person, marloes: Person, visit: Callable[[Person], Client], noon: datetime
) -> None:
    account = Account.objects.create(connector="mastodon", name="P", personal=True, owner=pieter, made_at=noon)
    mention = said()
    Source.objects.filter(pk=mention.source_id).update(account=account)
    Mention.objects.filter(pk=mention.pk).update(kind="direct")
    with pytest.raises(NotFound):
        actions.mark(by=marloes, mention_id=mention.pk, label=Label.NOISE)
    assert actions.mark_many(by=marloes, labels={mention.pk: Label.NOISE}) == {}
    assert visit(marloes).post(f"/listen/mentions/{mention.pk}/mark/", {"label": "noise"}).status_code == 404
    assert actions.mark(by=pieter, mention_id=mention.pk, label=Label.AHA)[0].label == Label.AHA
