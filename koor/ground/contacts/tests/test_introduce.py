"""Who knows whom, and one direct line a contact."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Contact, Tie
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry


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


def test_told_again_with_other_words_the_line_stays(henk: Person, els: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els, how="neighbour", direct_line=True)
    actions.introduce(by=henk, person=henk, contact=els, how="plays chess with her")
    assert queries.direct_line_of(els) == henk
    assert AuditEntry.objects.filter(verb="contacts.change_direct_line").count() == 1


def test_forgotten_twice_is_forgotten_once(henk: Person, els: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els)
    for _tap in range(2):
        actions.forget_acquaintance(by=henk, person=henk, contact=els)
    assert AuditEntry.objects.filter(verb="contacts.forget_acquaintance").count() == 1
    assert not AuditEntry.objects.filter(verb="contacts.change_direct_line").exists()


def test_a_tie_is_told_once_whichever_way(marloes: Person, els: Contact) -> None:
    gerben = actions.add_contact(by=marloes, name="Gerben Slotboom")
    for one, other, how in ((els, gerben, "neighbour"), (gerben, els, ""), (gerben, els, "brother")):
        actions.tie(by=marloes, contact=one, other=other, how=how)
    assert [(tie.how, other) for tie, other in queries.ties_of(els)] == [("brother", gerben)]
    assert AuditEntry.objects.filter(verb="contacts.tie").count() == 1
    with pytest.raises(Refused) as refused:
        actions.tie(by=marloes, contact=els, other=els)
    assert refused.value.code == "same"


def test_the_pages(visit: Callable[..., Client], henk: Person, bram: Person, marloes: Person, els: Contact) -> None:
    """I know them, a colleague does, and not after all."""
    know, them = (reverse(f"contacts:{name}", args=[els.pk]) for name in ("know", "introduce"))
    assert visit(henk).post(know, {"how": "neighbour", "direct_line": "on"}).status_code == 302
    assert 'value="neighbour"' in visit(henk).get(know).content.decode()
    assert visit(henk).post(know, {"since": "9999999-01-01"}).status_code == 200
    assert visit(marloes).post(them, {"person": bram.pk, "how": ""}).status_code == 302
    for nobody in ("x", "9" * 30, "", "-1"):
        assert visit(marloes).post(them, {"person": nobody}).status_code == 200
    assert queries.direct_line_of(els) == henk
    forget = reverse("contacts:forget", args=[els.pk, henk.pk])
    assert visit(bram).post(forget).status_code in {302, 403}
    assert visit(henk).post(reverse("contacts:forget", args=[els.pk, 999_999])).status_code == 404
    actions.introduce(by=henk, person=henk, contact=els)
    assert visit(henk).post(forget).status_code == 302
    assert [row.person for row in queries.acquaintances_of(els)] == [bram]


def test_what_is_typed_by_hostile_hands(visit: Callable[..., Client], marloes: Person, els: Contact) -> None:
    gerben = actions.add_contact(by=marloes, name="Gerben Slotboom")
    client = visit(marloes)
    ties, handle = (reverse(f"contacts:{name}", args=[els.pk]) for name in ("ties", "add_handle"))
    assert client.post(ties, {"other": gerben.pk, "how": "neigh\0bour"}).status_code == 302
    assert client.post(ties, {"other": gerben.pk, "how": "x" * 201}).status_code == 409
    assert client.post(ties, {"other": "9" * 30}).status_code == 404
    for platform, value in (("x\0", "els"), ("x", "e\0ls"), ("x" * 5000, "els"), ("mastodon", "@" * 600)):
        assert client.post(handle, {"platform": platform, "value": value}).status_code == 200
    (tie,) = Tie.objects.all()
    assert tie.how == "neighbour"
    untie = reverse("contacts:untie", args=[tie.pk])
    assert client.post(untie, {"from": "9" * 30}).url == reverse("contacts:ties", args=[tie.contact_id])
