"""Two at the same moment: one is made, nobody sees an error of the database."""

from collections.abc import Callable
from typing import Any

import pytest

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Acquaintance, Contact, Handle, Organisation
from koor.ground.people.models import House, Person
from koor.kernel.access import SYSTEM, Refused

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6
Together = Callable[..., list[Any]]


def test_met_at_once_is_one_contact(at_once: Together, house: House) -> None:
    met = at_once(lambda n: actions.meet_contact(by=SYSTEM, name=f"Els {n}", platform="x", handle="els"))
    assert len({contact.pk for contact in met}) == 1
    assert (Contact.objects.count(), Handle.objects.count()) == (1, 1)


def test_an_organisation_added_at_once_is_refused_in_words(at_once: Together, marloes: Person) -> None:
    made = at_once(lambda n: actions.add_organisation(by=marloes, name="De Esch"))
    assert sum(isinstance(one, Organisation) for one in made) == 1
    assert {one.code for one in made if isinstance(one, Refused)} == {"exists"}


def test_one_direct_line_whoever_is_first(at_once: Together, marloes: Person, person: Callable[..., Person]) -> None:
    els = actions.add_contact(by=marloes, name="Els")
    colleagues = [person(f"C{n} X", email=f"c{n}@reurslag.example") for n in range(TIMES)]
    at_once(lambda n: actions.introduce(by=SYSTEM, person=colleagues[n], contact=els, direct_line=True))
    assert len(queries.acquaintances_of(els)) == TIMES
    assert Acquaintance.objects.filter(direct_line=True).count() == 1


def test_merged_both_ways_at_once(at_once: Together, marloes: Person) -> None:
    one, other = (actions.add_contact(by=marloes, name=name) for name in ("Els", "E."))
    pairs = [(one, other), (other, one)] * 3
    merged = at_once(lambda n: actions.merge_contacts(by=marloes, kept=pairs[n][0], gone=pairs[n][1]))
    assert len({merge.pk for merge in merged if not isinstance(merge, Refused)}) == 1
    assert queries.contacts(marloes).count() == 1


def test_a_list_taken_in_at_once(at_once: Together, marloes: Person) -> None:
    draft = actions.read_contacts(by=marloes, name="x", data=b"naam;mail\nEls;els@example.org\n")
    at_once(lambda n: actions.take_in_contacts(by=marloes, draft=draft))
    assert Contact.objects.count() == 1


def test_many_met_while_another_meets_one_of_them_are_all_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not known a moment ago may be by now."""
    first, known = actions.meet_contact(by=SYSTEM, name="Els", platform="x", handle="els"), queries.contacts_by_address
    monkeypatch.setattr(queries, "contacts_by_address", lambda several: {})
    met = actions.meet_contacts(by=SYSTEM, several=[actions.Met("Els", "x", "els"), actions.Met("Piet", "x", "piet")])
    assert [one and one.pk for one in met] == [first.pk, known({("x", "piet")})[("x", "piet")].pk]
    assert (Contact.objects.count(), Handle.objects.count()) == (2, 2)
