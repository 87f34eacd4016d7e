"""Rows that did their work go after a while; what still has something to do stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from koor.kernel import clock, events, upkeep
from koor.kernel.models import Heard, Once, ToldFact


@dataclass(frozen=True)
class Rung:
    bell: int


def deaf(fact: Rung) -> None:
    if fact.bell == 2:
        raise ValueError("did not hear it")


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_receivers", {})
    monkeypatch.setattr(events, "_kinds", {})
    monkeypatch.setattr(upkeep, "TOGETHER", 2)
    events.hears(Rung)(deaf)
    events.hears(Rung)(lambda fact: None)


def facts(noon: datetime) -> None:
    for bell, days in ((1, 15), (2, 15), (3, 13), (4, 20), (5, 20), (6, 20)):
        with clock.fixed(noon - timedelta(days=days)):
            events.tell(Rung(bell))
    for row in ToldFact.objects.all():
        try:
            events.pass_on_all(facts=str(row.pk))
        except ValueError:
            assert row.data["bell"] == 2
    ToldFact.objects.create(kind="koor.gone.Fact", data={}, told_at=noon - timedelta(days=15))


@pytest.mark.django_db
def test_what_did_its_work_goes_and_the_rest_stays(noon: datetime, rung: Callable[[], None]) -> None:
    facts(noon)
    for days in (89, 91):
        Once.objects.create(kind="x", key=str(days), content="", at=noon - timedelta(days=days))
    for number in range(-1, 4):
        Session.objects.create(session_key=str(number), session_data="", expire_date=noon - timedelta(hours=number))
    upkeep.keep_light(0)
    assert sorted(row.data["bell"] for row in ToldFact.objects.all()) == [2, 3]
    assert Heard.objects.count() == 3
    assert [row.key for row in Once.objects.all()] == ["89"]
    assert sorted(Session.objects.values_list("session_key", flat=True)) == ["-1", "0"]
