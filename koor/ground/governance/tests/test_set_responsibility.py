"""Who answers for which purpose."""

import pytest

from koor.ground.governance import actions, queries
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry


def test_nobody_yet(marloes: Person) -> None:
    assert queries.responsible_for(Purpose.SERVICE) == []


def test_a_colleague(marloes: Person, anneke: Person) -> None:
    actions.set_responsibility(by=marloes, purpose=Purpose.SERVICE, person=anneke, agreed="Answers within the hour")
    assert queries.responsible_for("service") == [anneke]
    assert AuditEntry.objects.get().detail == {"purpose": "service", "who": "Anneke Boschker"}


def test_a_discipline_is_its_active_people(marloes: Person, henk: Person, bram: Person) -> None:
    actions.set_responsibility(by=marloes, purpose=Purpose.TIPS, discipline=henk.discipline)
    assert queries.responsible_for("tips") == [bram, henk]
    henk.is_active = False
    henk.save()
    assert queries.responsible_for("tips") == [bram]


def test_said_twice_is_told_once(marloes: Person, anneke: Person) -> None:
    for _click in range(2):
        actions.set_responsibility(by=marloes, purpose=Purpose.SERVICE, person=anneke)
    assert AuditEntry.objects.count() == 1


def test_a_colleague_without_the_permission(bram: Person) -> None:
    with pytest.raises(Forbidden):
        actions.set_responsibility(by=bram, purpose=Purpose.SERVICE, person=bram)


def test_what_makes_no_sense(marloes: Person, bram: Person) -> None:
    for wrong in (
        {"purpose": "coffee", "person": bram},
        {"purpose": "service", "person": bram, "discipline": bram.discipline},
        {"purpose": "service", "person": bram, "agreed": "x" * 301},
    ):
        with pytest.raises(Refused):
            actions.set_responsibility(by=marloes, **wrong)


def test_not_somebody_who_left(marloes: Person, bram: Person) -> None:
    bram.is_active = False
    bram.save()
    with pytest.raises(Refused) as refused:
        actions.set_responsibility(by=marloes, purpose=Purpose.SERVICE, person=bram)
    assert refused.value.code == "left"
