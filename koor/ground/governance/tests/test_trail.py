"""How the deeds of people and of the rules read in the trail."""

from datetime import date, timedelta

import pytest

from koor.ground.governance import actions as governance
from koor.ground.people import actions
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.models import AuditEntry


def last(verb: str) -> str:
    return audit.sentence(AuditEntry.objects.filter(verb=verb).latest("pk"))


def test_absence_by_oneself_and_by_another(noon: object, bram: Person, marloes: Person) -> None:
    first, last_day = date(2026, 12, 1), date(2026, 12, 4)
    actions.declare_absence(by=bram, person=bram, first_day=first, last_day=last_day)
    assert last("people.declare_absence") == "Bram Wolters is away from 1 December 2026 to 4 December 2026"
    later = last_day + timedelta(days=30)
    actions.declare_absence(by=marloes, person=bram, first_day=later, last_day=later)
    assert last("people.declare_absence").startswith("Marloes Nijhuis told that Bram Wolters is away from")


def test_who_left_and_who_takes_over(ada: Person, bram: Person, henk: Person, rob: Person) -> None:
    actions.let_go(by=ada, person=bram, hand_over_to=henk)
    assert last("people.let_go") == "Ada Mulder let Bram Wolters go, Henk Oonk takes over"
    actions.let_go(by=ada, person=rob)
    assert last("people.let_go") == "Ada Mulder let Rob Tankink go"


@pytest.mark.parametrize(("allowed", "words"), [(True, "allowed the role"), (False, "no longer allows the role")])
def test_what_a_role_may(ada: Person, allowed: bool, words: str) -> None:
    key = "governance.set_responsibility"
    governance.set_permission(by=ada, role="helper", permission=key, allowed=not allowed)
    governance.set_permission(by=ada, role="helper", permission=key, allowed=allowed)
    assert f"Ada Mulder {words}" in last("governance.set_permission")


def test_a_day_that_cannot_be_read_stays_as_it_is(bram: Person) -> None:
    entry = AuditEntry(verb="people.declare_absence", actor_name="B", target_name="C", at=clock.now())
    entry.detail = {"first_day": "ooit", "last_day": "2026-12-01"}
    assert "from ooit to 1 December 2026" in audit.sentence(entry)
