"""A question that is written once answers what its queryset answers, with the values of each time."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from koor.kernel import clock, together, written
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db

written_how_often: list[str] = []


@written.once("since", "name")
def deeds_of(since: Any, name: Any, verb: str = "") -> QuerySet[AuditEntry]:
    written_how_often.append(verb)
    rows = AuditEntry.objects.filter(at__gte=since, actor_name=name).order_by("pk")
    return rows.filter(verb=verb) if verb else rows


@written.once("name")
def details(name: Any, number: int) -> QuerySet[AuditEntry, Any]:
    rows = AuditEntry.objects.filter(actor_name__in=[name, "Ada"], detail__number=number)
    return rows.values_list("at", "detail", "target_name")


@written.once("numbers")
def among(numbers: Any) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(written.among("pk", numbers)).order_by("pk")


@written.once()
def nobody() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(pk__in=[])


@pytest.fixture
def deeds(noon: Any) -> list[AuditEntry]:
    written_how_often.clear()
    rows = [
        AuditEntry(verb=f"room.verb{number % 2}", actor_name=name, target_name=f"“{number}” %s é",
                   at=clock.now() - timedelta(days=number), detail={"number": number})
        for number in range(4) for name in ("Koor", "Ada")
    ]  # fmt: skip
    return AuditEntry.objects.bulk_create(rows)


def test_it_answers_what_its_queryset_answers(deeds: list[AuditEntry], django_assert_num_queries: Any) -> None:
    for days, name, verb in ((9, "Koor", ""), (1, "Koor", ""), (9, "Ada", "room.verb1"), (0, "O'Brien", "")):
        since = clock.now() - timedelta(days=days)
        rows = AuditEntry.objects.filter(at__gte=since, actor_name=name).order_by("pk")
        rows = rows.filter(verb=verb) if verb else rows
        with django_assert_num_queries(1):
            found = deeds_of(since, name, verb).rows()
        assert found == list(rows)
        assert [vars(row).keys() for row in found] == [vars(row).keys() for row in rows]
        assert [(row.at, row.detail, row.target_name) for row in found] == [
            (row.at, row.detail, row.target_name) for row in rows
        ]
    assert max(written_how_often.count(verb) for verb in ("", "room.verb1")) <= 1


def test_values_and_conditions_inside_lists(deeds: list[AuditEntry]) -> None:
    assert [row[2] for row in details("Koor", 2).rows()] == ["“2” %s é"] * 2
    for numbers in ([], [deeds[1].pk], [deeds[0].pk, deeds[3].pk, 0]):
        assert written.rows(among(numbers)) == list(AuditEntry.objects.filter(pk__in=numbers).order_by("pk"))
    assert details("Koor", 3).rows()[0][1] == {"number": 3}


def test_together_with_others(deeds: list[AuditEntry], django_assert_num_queries: Any) -> None:
    since = clock.now() - timedelta(days=1)
    with django_assert_num_queries(1):
        mine, told, none, all_of_them = together.lists(
            deeds_of(since, "Koor"), details("Koor", 1), nobody(), AuditEntry.objects.all()
        )
    assert [row.actor_name for row in mine] == ["Koor"] * 2
    assert mine == deeds_of(since, "Koor").rows()
    assert sorted(told) == sorted(details("Koor", 1).rows())
    assert (none, len(all_of_them)) == ([], 8)
    with django_assert_num_queries(1):
        assert together.numbers(deeds_of(since, "Ada"), nobody(), details("Koor", 0), None) == [2, 0, 2, 0]


def test_no_rows_by_itself_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert nobody().rows() == []


def test_a_moment_must_be_given(deeds: list[AuditEntry]) -> None:
    @written.once()
    def lately() -> QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(at__gte=clock.now())

    with pytest.raises(TypeError, match="give it as a parameter"):
        lately().rows()
    with pytest.raises(TypeError, match="None"):
        deeds_of(None, "Koor")


def test_what_is_given_stays_a_value(deeds: list[AuditEntry]) -> None:
    """Never a piece of the statement, whatever stands in it."""
    assert deeds_of(date(2000, 1, 1), "' or 1=1 --").rows() == []
    assert deeds_of(date(2000, 1, 1), "%s%%").rows() == []


def test_of_one_person_it_is_written_once_and_never_with_the_person(deeds: list[AuditEntry]) -> None:
    class Somebody:
        def __init__(self, pk: str) -> None:
            self.pk = pk

    def latest_of(person: Any) -> QuerySet[AuditEntry]:
        written_how_often.append("latest")
        return AuditEntry.objects.filter(actor_name=person).order_by("-at")[:1]

    latest = written.of_person(latest_of)
    for name in ("Koor", "Ada", "nobody"):
        expected = list(AuditEntry.objects.filter(actor_name=name).order_by("-at")[:1])
        assert together.lists(latest(Somebody(name))) == [expected]
        assert together.numbers(latest(Somebody(name))) == [len(expected)]
    assert written_how_often.count("latest") == 1
    assert "Koor" not in latest(Somebody("Koor")).statement()[0].values
