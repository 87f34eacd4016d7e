"""What is known of somebody: changed by who knows them; e-mail and phone are handles that follow."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Contact, Handle
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.personal import tombstones


@pytest.fixture
def els(marloes: Person) -> Contact:
    return actions.add_contact(by=marloes, name="Els Wiggers", email="Els@Wiggers.example", phone="0545 271234")


def test_changed(marloes: Person, els: Contact) -> None:
    actions.edit_contact(by=marloes, contact=els, place="Borculo", language="nl", organisation="De Esch", note="a\r\nb")
    els.refresh_from_db()
    assert (els.place, els.organisation.name, els.note) == ("Borculo", "De Esch", "a\nb")
    actions.edit_contact(by=marloes, contact=els, place="Borculo")
    assert AuditEntry.objects.filter(verb="contacts.edit_contact").count() == 1
    actions.edit_contact(by=marloes, contact=els, organisation="")
    els.refresh_from_db()
    assert els.organisation is None


def test_handles_follow(marloes: Person, els: Contact) -> None:
    assert queries.contact_by_handle("email", "els@wiggers.example") == els
    actions.edit_contact(by=marloes, contact=els, email="els@nieuw.example", phone="vraag naar Els")
    assert queries.contact_by_handle("email", "els@wiggers.example") is None
    assert queries.contact_by_handle("email", "els@nieuw.example") == els
    assert not Handle.objects.filter(platform="phone").exists()


def test_a_shared_phone_stays_with_who_had_it(marloes: Person, els: Contact) -> None:
    gerard = actions.add_contact(by=marloes, name="Gerard Wiggers", phone="0545-271234")
    assert queries.contact_by_handle("phone", "0545 271234") == els
    assert gerard.handles.count() == 0
    assert queries.likely_doubles(marloes, els) == [gerard]


def test_only_who_knows_them(newcomer: Person, els: Contact, henk: Person) -> None:
    with pytest.raises(Forbidden):
        actions.edit_contact(by=newcomer, contact=els, place="Neede")
    actions.introduce(by=newcomer, person=newcomer, contact=els)
    actions.edit_contact(by=newcomer, contact=els, place="Neede")
    actions.edit_contact(by=henk, contact=els, place="Eibergen")


def test_what_can_not_be(marloes: Person, els: Contact) -> None:
    for wrong in (
        {"name": ""},
        {"name": "x" * 161},
        {"name": "=cmd"},
        {"email": "els@"},
        {"role": "x" * 121},
        {"note": "x" * 4001},
        {"language": "tlh"},
        {"organisation": "=x"},
    ):
        with pytest.raises(Refused):
            actions.edit_contact(by=marloes, contact=els, **wrong)
    with pytest.raises(ValueError, match="shoe"):
        actions.edit_contact(by=marloes, contact=els, shoe="42")


def test_addresses_on_platforms(marloes: Person, newcomer: Person, els: Contact) -> None:
    row = actions.add_handle(by=marloes, contact=els, platform="linkedin", value="https://linkedin.com/in/Els/")
    assert (row.value, row.url, row.platform_name) == ("els", "https://www.linkedin.com/in/els", "LinkedIn")
    assert actions.add_handle(by=marloes, contact=els, platform="linkedin", value="ELS") == row
    for platform, value, url, code in (
        ("linkedin", "", "", "handle"),
        ("!!", "x", "", "platform"),
        ("x", "els", "javascript:x", "url"),
        ("x", "els", "https://x.com/" + "e" * 600, "too_long"),
    ):
        with pytest.raises(Refused) as refused:
            actions.add_handle(by=marloes, contact=els, platform=platform, value=value, url=url)
        assert refused.value.code == code
    with pytest.raises(Forbidden):
        actions.add_handle(by=newcomer, contact=els, platform="x", value="els")
    for number in range(37):
        actions.add_handle(by=marloes, contact=els, platform="x", value=f"els{number}")
    with pytest.raises(Refused):
        actions.add_handle(by=marloes, contact=els, platform="x", value="een_te_veel")
    with pytest.raises(Forbidden):
        actions.remove_handle(by=newcomer, handle=row)
    actions.remove_handle(by=marloes, handle=row)
    assert queries.contact_by_handle("linkedin", "els") is None


def test_ties(marloes: Person, newcomer: Person, els: Contact) -> None:
    gerben = actions.add_contact(by=marloes, name="Gerben")
    tie = actions.tie(by=marloes, contact=gerben, other=els)
    assert actions.tie(by=marloes, contact=els, other=gerben, how="buren") == tie
    assert [(row.how, other) for row, other in queries.ties_of(els)] == [("buren", gerben)]
    with pytest.raises(Refused):
        actions.tie(by=marloes, contact=els, other=els)
    for deed in (
        lambda: actions.tie(by=newcomer, contact=els, other=gerben),
        lambda: actions.untie(by=newcomer, tie=tie),
    ):
        with pytest.raises(Forbidden):
            deed()
    actions.untie(by=marloes, tie=tie)
    assert queries.ties_of(els) == []


def test_doubles(marloes: Person, els: Contact) -> None:
    two = actions.add_contact(by=marloes, name="élS wiggers")
    three = actions.add_contact(by=marloes, name="Iemand", email="")
    Contact.objects.filter(pk=three.pk).update(email="ELS@wiggers.example")
    assert queries.doubles(marloes) == [[els, two], [els, three]]
    assert set(queries.likely_doubles(marloes, els)) == {two, three}
    actions.merge_contacts(by=marloes, kept=els, gone=two)
    assert queries.doubles(marloes) == [[els, three]]


def test_forgetting_what_was_never_told_is_nothing(henk: Person, els: Contact) -> None:
    actions.forget_acquaintance(by=henk, person=henk, contact=els)
    actions.introduce(by=SYSTEM, person=henk, contact=els, how="monteur")
    with pytest.raises(Refused):
        actions.introduce(by=henk, person=henk, contact=els, how="x" * 201)


@pytest.mark.parametrize(("field", "typed"), [("email", "Els@Thuis.example"), ("phone", "06 12345678")])
def test_who_was_erased_is_not_written_down_again(marloes: Person, els: Contact, field: str, typed: str) -> None:
    spelled = {"email": "els@thuis.example", "phone": "+31612345678"}[field]
    stone = tombstones.Stone(uuid.uuid4(), clock.now(), (tombstones.digest(field, spelled),), True)
    tombstones.keep(stone)
    for deed in (
        lambda: actions.add_contact(by=marloes, name="Els", **{field: typed}),
        lambda: actions.edit_contact(by=marloes, contact=els, **{field: typed}),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert (refused.value.code, refused.value.field) == ("erased", field)
    assert actions.add_contact(by=SYSTEM, name="Els", **{field: typed}).pk  # they write to us themselves
    tombstones.let_back((field, spelled))
    assert actions.edit_contact(by=marloes, contact=els, **{field: typed}).pk


def test_the_page(visit: Callable[..., Client], marloes: Person, els: Contact) -> None:
    path = reverse("contacts:edit", args=[els.pk])
    said = {"name": "Els Wiggers-Bos", "language": "nl"}
    assert visit(marloes).post(path, said).status_code == 302
    els.refresh_from_db()
    assert (els.name, els.email) == ("Els Wiggers-Bos", "")
    assert "errorlist" in visit(marloes).post(path, {**said, "name": "=1+1"}).content.decode()
    assert visit(marloes).post(path, {**said, "language": "tlh"}).status_code == 200


def test_an_address_is_taken_away(
    visit: Callable[..., Client], marloes: Person, newcomer: Person, els: Contact
) -> None:
    handle = actions.add_handle(by=marloes, contact=els, platform="x", value="els")
    path = reverse("contacts:remove_handle", args=[handle.pk])
    assert visit(newcomer).post(path).status_code == 403
    assert visit(marloes).post(path).url == reverse("contacts:add_handle", args=[els.pk])
    assert not Handle.objects.filter(pk=handle.pk).exists()
