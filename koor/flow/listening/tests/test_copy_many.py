"""Many at once go into their table by COPY, and what stands there is what the one statement would have written."""

from collections.abc import Callable
from typing import Any

import pytest

from koor.flow.listening import actions
from koor.flow.listening.actions import copying, storing
from koor.flow.listening.models import Mention, RawEvent
from koor.flow.listening.tests.conftest import number_of
from koor.kernel.access import SYSTEM

from .conftest import lines

pytestmark = pytest.mark.django_db
BringIn = Callable[..., actions.Tally]
ODD = (
    "een\ttab en\neen regel\r\nen nog een",
    "terug\\streep \\N \\. \\n",
    "“aanhaling” 'en' \"nog\" één",
    "👍🏽 日本語 \u200f",
    ".",
)


def posts(number: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"k{n}",
            "created_at": "2026-11-20T09:00:00Z",
            "text": f"{ODD[n % len(ODD)]} {n}",
            "author": f"Els \\ {n}",
            "lang": "nl",
            "handle": f"e{n}@x\\n.example",
        }
        for n in range(number)
    ]


def stored(source: str) -> list[tuple[Any, ...]]:
    rows = Mention.objects.filter(source__name=source).order_by("pk")
    names = [
        one.name
        for one in Mention._meta.concrete_fields
        if one.name not in ("id", "source", "event", "stored_at", "copy_of")
    ]
    return list(rows.values_list(*names, "event__external_id"))


def test_many_are_stored_as_few_are(bring_in: BringIn, monkeypatch: pytest.MonkeyPatch) -> None:
    many = posts(copying.FEW + 20)
    assert bring_in(*many, source="Copied").stored == len(many)
    monkeypatch.setattr(storing, "FEW", 10_000)
    assert bring_in(*many, source="Told").stored == len(many)
    assert stored("Copied") == stored("Told")
    assert Mention.objects.filter(text__startswith="een\ttab en\neen regel\nen nog").exists()


def test_what_is_there_already_is_left_out(bring_in: BringIn) -> None:
    many = posts(copying.FEW + 20)
    bring_in(*many[:10])
    RawEvent.objects.filter(external_id="k3").delete()  # as after a term: what was said stays
    tally = bring_in(*many)
    assert (tally.stored, tally.duplicates) == (len(many) - 10, 10)
    assert Mention.objects.count() == len(many)


def test_somebody_else_at_the_same_moment(bring_in: BringIn, monkeypatch: pytest.MonkeyPatch) -> None:
    many = posts(copying.FEW + 20)
    bring_in(many[0])
    RawEvent.objects.filter(external_id="k0").delete()
    monkeypatch.setattr(copying, "_NUMBERS", "SELECT e, 1000000 + row_number() OVER () FROM unnest(%(ids)s::text[]) e")
    assert bring_in(*many).stored == len(many) - 1
    assert Mention.objects.count() == len(many)


def test_the_database_counts_them(bring_in: BringIn, house: object) -> None:
    from koor.flow.listening import queries

    bring_in(*posts(copying.FEW + 20))
    assert number_of("all") == copying.FEW + 20
    before = queries.numbers_of("label"), queries.numbers_of("source")
    actions.recount()
    assert before == (queries.numbers_of("label"), queries.numbers_of("source"))


def test_nothing_new_is_nothing(bring_in: BringIn) -> None:
    many = posts(copying.FEW + 20)
    bring_in(*many)
    assert actions.import_file(by=SYSTEM, source_name="Reviews", stream=lines(*many))[1].stored == 0
