"""Facts reach every receiver once, told one by one or many at a time."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction

from koor.kernel import events
from koor.kernel.models import Heard, ToldFact


@dataclass(frozen=True)
class Rung:
    bell: int


@dataclass(frozen=True)
class Unheard:
    bell: int


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(events, "_receivers", {})
    monkeypatch.setattr(events, "_kinds", {})
    heard: list[int] = []
    events.hears(Rung)(lambda fact: heard.append(fact.bell))
    return heard


@pytest.mark.django_db(transaction=True)
def test_many_facts_are_heard_once_each(rung: list[int], run_jobs: Callable[[], None]) -> None:
    with transaction.atomic():
        events.tell(Rung(1))
        events.tell_all([Rung(2), Unheard(9), Rung(3)])
        events.tell_all([])
    assert ToldFact.objects.count() == 3
    run_jobs()
    run_jobs()
    assert sorted(rung) == [1, 2, 3]
    assert Heard.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_facts_belong_in_the_transaction_of_the_deed(rung: list[int]) -> None:
    for tell in (lambda: events.tell(Rung(1)), lambda: events.tell_all([Rung(1)])):
        with pytest.raises(RuntimeError):
            tell()
