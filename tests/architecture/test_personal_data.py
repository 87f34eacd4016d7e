"""Every table says what it holds on people, or why it holds nothing."""

from __future__ import annotations

from django.apps import apps

from koor.ground.people.models import Person
from koor.ground.people.personal import SIGN_IN
from koor.kernel.personal import COLLEAGUE, KINDS, OUTSIDE, declared, finding, keys
from tests.architecture.house import ROOMS, name

HELP = "say in the room's personal.py what this table holds on people, or why it holds nothing"


def tables() -> dict[str, type]:
    labels = ["kernel", *(name(room) for room in ROOMS)]
    return {model._meta.label: model for label in labels for model in apps.get_app_config(label).get_models()}


def test_every_table_is_declared() -> None:
    assert set(tables()) - {one.model for one in declared()} == set(), HELP


def test_no_declaration_is_of_a_table_that_is_gone() -> None:
    assert {one.model for one in declared()} - set(tables()) == set()


def test_a_table_with_a_key_to_a_person_tells_of_them() -> None:
    """Whatever else it says, rows that point at somebody are found by that."""
    silent = [
        f"{one.model} → {kind}"
        for one in declared()
        for kind in KINDS
        if keys(one.table, kind) and not any(one.ways.get(kind, []))
    ]
    assert silent == [], HELP


def test_tables_of_a_package_that_point_at_a_colleague_go_when_they_are_erased() -> None:
    ours = set(tables().values())
    found = {key.related_model for key in Person._meta.related_objects if key.related_model not in ours}
    through = {table for table in found if table._meta.auto_created}
    assert found - through == set(SIGN_IN), "ground/people/personal.py: SIGN_IN"


def test_a_declaration_names_columns_that_are_there() -> None:
    for one in declared():
        for way in (*one.shown, *one.named, *one.files, *one.secret, *filter(None, [one.when, one.index])):
            assert finding.field_at(one.table, way), f"{one.model}.{way}"


def test_who_holds_nothing_says_why() -> None:
    assert all(one.because or str(one.label) for one in declared())
    assert {OUTSIDE, COLLEAGUE} == set(KINDS)
