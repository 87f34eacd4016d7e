"""What keeps somebody from being erased: they work here, or the law asks to keep it for now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from koor.ground.contacts.models import Contact
from koor.ground.governance import actions
from koor.ground.governance.models import Erasing, LegalHold
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.personal import COLLEAGUE, OUTSIDE, Subject, subject, tombstones

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> None:
    """What is erased is written down in a file of the house; each test has a house of its own."""
    key = Path(settings.KOOR_HOME) / "key"
    settings.KOOR_HOME = tmp_path
    if key.exists():
        (tmp_path / "key").write_bytes(key.read_bytes())


@pytest.fixture
def els(house: object) -> Subject:
    made = Contact.objects.create(name="Els Grootenhuis", email="els@mail.example", made_at=clock.now())
    found = subject(OUTSIDE, made.pk)
    assert found is not None
    return found


def test_a_colleague_is_let_go_before_they_are_erased(ada: Person, bram: Person) -> None:
    found = subject(COLLEAGUE, bram.pk)
    assert found is not None
    with pytest.raises(Refused, match="They still work here"):
        actions.erasing.ask_erasure(by=ada, subject=found)
    assert not Erasing.objects.exists()


def test_a_legal_hold_that_came_after_the_asking_keeps_everything(ada: Person, els: Subject) -> None:
    asked = actions.erasing.ask_erasure(by=ada, subject=els)
    actions.erasing.hold(by=ada, subject=els, reason="A claim that runs")
    assert actions.erasing.erase(by=SYSTEM, erasing_id=asked.pk) is None
    assert Contact.objects.get().email == "els@mail.example"
    assert not Erasing.objects.exists()
    assert not tombstones.any_there()
    actions.erasing.release(by=ada, subject=els)
    asked = actions.erasing.ask_erasure(by=ada, subject=els)
    assert actions.erasing.erase(by=SYSTEM, erasing_id=asked.pk)
    assert tombstones.any_there()


@pytest.mark.parametrize("reason", ["", " \0 ", "x" * 301])
def test_a_hold_has_a_reason(ada: Person, els: Subject, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.erasing.hold(by=ada, subject=els, reason=reason)
    assert (refused.value.code, refused.value.field) == ("reason", "reason")
    assert not LegalHold.objects.exists()


def test_said_again_it_is_one_hold_with_the_last_reason(ada: Person, els: Subject) -> None:
    for _double in range(2):
        actions.erasing.hold(by=ada, subject=els, reason="A claim")
    assert AuditEntry.objects.filter(verb="governance.hold_personal").count() == 1
    assert actions.erasing.hold(by=ada, subject=els, reason="Two claims").reason == "Two claims"
    assert LegalHold.objects.get().reason == "Two claims"


def test_a_term_that_stays_the_same_leaves_no_line(ada: Person) -> None:
    for days in (30, 30, 0, 0):
        actions.terms.set_term(by=ada, kind="kernel.Mail", days=days)
    assert AuditEntry.objects.filter(verb="governance.set_term").count() == 2
    assert actions.terms.end_terms(by=SYSTEM) == {}
