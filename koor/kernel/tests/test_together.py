"""Several questions in one statement answer what each would have answered alone."""

from datetime import date
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Count, F

from koor.kernel import audit, clock, together
from koor.kernel.access import SYSTEM
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def deeds(noon: Any) -> list[AuditEntry]:
    rows = [
        AuditEntry(verb=f"room.verb{number % 2}", actor_name="Koor", target_name=f"“{number}” é", at=clock.now(),
                   detail={"number": number, "none": None})
        for number in range(5)
    ]  # fmt: skip
    return AuditEntry.objects.bulk_create(rows)


def test_rows_are_as_they_would_be_alone(deeds: list[AuditEntry], django_assert_num_queries: Any) -> None:
    latest = AuditEntry.objects.order_by("-pk")[:3]
    moments = AuditEntry.objects.order_by("pk").values_list("at", "detail", "target_name")
    by_verb = AuditEntry.objects.order_by("verb").values("verb").annotate(number=Count("pk"))
    with django_assert_num_queries(1):
        found, told, counted, nothing, unasked = together.lists(
            latest, moments, by_verb, AuditEntry.objects.none(), None
        )
    assert found == list(latest)
    assert [(row.at, row.detail, row.verb) for row in found] == [(row.at, row.detail, row.verb) for row in latest]
    assert told == list(moments)
    assert counted == list(by_verb) == [{"verb": "room.verb0", "number": 3}, {"verb": "room.verb1", "number": 2}]
    assert nothing == unasked == []


def test_what_was_joined_and_added_comes_along(deeds: list[AuditEntry], django_assert_num_queries: Any) -> None:
    rows = AuditEntry.objects.annotate(named=F("target_name")).defer("detail").filter(pk=deeds[0].pk)
    ((found,),) = together.lists(rows)
    with django_assert_num_queries(0):
        assert found.named == "“0” é"
    assert found.get_deferred_fields() == {"detail"}


def test_numbers(deeds: list[AuditEntry], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        numbers = together.numbers(
            AuditEntry.objects.order_by("-at"), AuditEntry.objects.values("verb").distinct(),
            AuditEntry.objects.all()[:2], AuditEntry.objects.none(), None,
        )  # fmt: skip
    assert numbers == [5, 2, 2, 0, 0]


def test_a_number_among_lists(deeds: list[AuditEntry]) -> None:
    assert together.lists(
        together.counted(AuditEntry.objects.filter(verb="room.verb1")),
        together.counted(AuditEntry.objects.filter(verb="room.other")),
    ) == [[2], [0]]


def test_nothing_to_ask_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert together.numbers() == []
        assert together.lists(None, Session.objects.none()) == [[], []]


def test_every_kind_of_value_is_read(house: Any) -> None:
    audit.record(by=SYSTEM, verb="room.verb", target=house, day=str(date(2026, 11, 24)))
    for model in (type(house), AuditEntry):
        rows = model._base_manager.all()
        (found,) = together.lists(rows)
        assert [vars(row) | {"_state": 0} for row in found] == [vars(row) | {"_state": 0} for row in rows]
