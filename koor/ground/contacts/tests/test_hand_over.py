"""A colleague leaves: nobody outside is left without their own person, when somebody takes over."""

import pytest

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Contact
from koor.ground.people import actions as people
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_takes_over_gets_the_lines(ada: Person, henk: Person, bram: Person, run_jobs) -> None:  # type: ignore[no-untyped-def]
    els, fatma = (actions.add_contact(by=henk, name=name) for name in ("Els", "Fatma"))
    for contact in (els, fatma):
        actions.introduce(by=henk, person=henk, contact=contact, how="monteur", direct_line=True)
    actions.introduce(by=bram, person=bram, contact=fatma, how="neef")
    people.let_go(by=ada, person=henk, hand_over_to=bram)
    run_jobs()
    assert [queries.direct_line_of(contact) for contact in (els, fatma)] == [bram, bram]
    assert [row.how for contact in (els, fatma) for row in queries.acquaintances_of(contact)] == ["monteur", "neef"]


def test_without_anybody_the_lines_end(ada: Person, henk: Person, run_jobs) -> None:  # type: ignore[no-untyped-def]
    els = actions.add_contact(by=henk, name="Els")
    actions.introduce(by=henk, person=henk, contact=els, direct_line=True)
    people.let_go(by=ada, person=henk)
    run_jobs()
    assert queries.direct_line_of(els) is None
    assert not Contact.objects.get().acquaintances.filter(direct_line=True).exists()


def test_who_came_back_before_it_was_heard_keeps_them(henk: Person) -> None:
    els = actions.add_contact(by=henk, name="Els")
    actions.introduce(by=henk, person=henk, contact=els, direct_line=True)
    actions.hand_over(by=SYSTEM, person_id=henk.pk, to_id=None)
    assert queries.direct_line_of(els) == henk
    with pytest.raises(Forbidden):
        actions.hand_over(by=henk, person_id=henk.pk, to_id=None)
