"""Who knows whom, and one direct line a contact."""

import pytest

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused


@pytest.fixture
def els(marloes: Person) -> Contact:
    return actions.add_contact(by=marloes, name="Els Wiggers", place="Borculo")


def test_i_know_somebody(henk: Person, els: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els, how="placed her heat pump", direct_line=True)
    known = queries.acquaintances_of(els)
    assert [(row.person, row.how, row.direct_line) for row in known] == [(henk, "placed her heat pump", True)]
    assert queries.direct_line_of(els) == henk


def test_another_direct_line_ends_the_first(henk: Person, bram: Person, marloes: Person, els: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els, direct_line=True)
    actions.introduce(by=marloes, person=bram, contact=els, direct_line=True)
    assert queries.direct_line_of(els) == bram
    assert [row.person for row in queries.acquaintances_of(els)] == [bram, henk]


def test_told_again_keeps_what_was_not_said(henk: Person, els: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els, how="neighbour", direct_line=True)
    again = actions.introduce(by=henk, person=henk, contact=els)
    assert (again.how, again.direct_line) == ("neighbour", True)


def test_a_newcomer_speaks_for_themselves_only(newcomer: Person, henk: Person, els: Contact) -> None:
    actions.introduce(by=newcomer, person=newcomer, contact=els)
    with pytest.raises(Forbidden):
        actions.introduce(by=newcomer, person=henk, contact=els)


def test_the_line_of_another_is_arranged_by_the_curator(rob: Person, henk: Person, els: Contact) -> None:
    with pytest.raises(Forbidden):
        actions.introduce(by=rob, person=henk, contact=els, direct_line=True)


def test_a_colleague_who_left_has_no_line(henk: Person, els: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els, direct_line=True)
    henk.is_active = False
    henk.save()
    assert queries.direct_line_of(els) is None
    with pytest.raises(Refused):
        actions.introduce(by=SYSTEM, person=henk, contact=els)


def test_forgotten_again(henk: Person, els: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els, direct_line=True)
    actions.forget_acquaintance(by=henk, person=henk, contact=els)
    assert queries.acquaintances_of(els) == []
    assert queries.direct_line_of(els) is None
