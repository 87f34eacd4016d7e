"""Every page of the room, as a stranger, a newcomer and the curator; lists cost the same at any length: counted are the
queries on the room's own tables, for the frame around a page may ask more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Acquaintance, Contact, Organisation, Project, Tie
from koor.ground.people.models import Person
from koor.kernel import panels
from koor.kernel.access import SYSTEM

EVERYONE = ["people", "contacts", "add", "organisations", "add_organisation", "projects", "add_project"]


@pytest.fixture
def els(marloes: Person) -> Contact:
    return actions.add_contact(by=marloes, name="Els Wiggers", organisation="De Esch", place="Borculo")


@pytest.fixture
def school(els: Contact) -> Project:
    return actions.add_project(by=SYSTEM, name="School De Esch", organisation=els.organisation, contact=els)


@pytest.mark.parametrize("name", EVERYONE)
def test_for_everyone(name: str, visit: Callable[..., Any], newcomer: Person, marloes: Person) -> None:
    address = reverse(f"contacts:{name}")
    assert visit(None).get(address).status_code == 302
    for person in (newcomer, marloes):
        answer = visit(person).get(address)
        assert answer.status_code == 200
        assert b"<h1" in answer.content


def test_of_one(visit: Callable[..., Any], newcomer: Person, marloes: Person, els: Contact, school: Project) -> None:
    other = actions.add_contact(by=marloes, name="E. Wiggers")
    pages = {  # page: (arguments, what a newcomer gets)
        "contact": ([els.pk], 200),
        "know": ([els.pk], 200),
        "edit": ([els.pk], 403),
        "add_handle": ([els.pk], 403),
        "introduce": ([els.pk], 403),
        "ties": ([els.pk], 403),
        "choose": ([els.pk], 403),
        "merge": ([els.pk, other.pk], 403),
        "doubles": ([], 404),
        "bring_in": ([], 403),
        "organisation": ([els.organisation_id], 200),
        "edit_organisation": ([els.organisation_id], 403),
        "project": ([school.pk], 200),
        "edit_project": ([school.pk], 403),
    }
    for name, (arguments, status) in pages.items():
        address = reverse(f"contacts:{name}", args=arguments)
        assert visit(None).get(address).status_code == 302, name
        assert visit(newcomer).get(address).status_code == status, name
        assert visit(marloes).get(address).status_code == 200, name
        if arguments:
            missing = reverse(f"contacts:{name}", args=[999_999 for _one in arguments])
            assert visit(marloes).get(missing).status_code == 404, name


def test_what_is_posted_only(visit: Callable[..., Any], newcomer: Person, els: Contact, marloes: Person) -> None:
    other = actions.add_contact(by=marloes, name="Joost")
    handle = actions.add_handle(by=marloes, contact=els, platform="x", value="els")
    tie = actions.tie(by=marloes, contact=els, other=other)
    merge = actions.merge_contacts(by=marloes, kept=els, gone=actions.add_contact(by=marloes, name="E."))
    for name, arguments in {
        "remove_handle": [handle.pk],
        "untie": [tie.pk],
        "undo_merge": [merge.pk],
    }.items():
        address = reverse(f"contacts:{name}", args=arguments)
        assert visit(newcomer).get(address).status_code == 405
        assert visit(newcomer).post(address).status_code in {403, 404}
        assert visit(marloes).post(address).status_code == 302


def test_the_page_of_who_was_merged_leads_to_who_was_kept(
    visit: Callable[..., Any], marloes: Person, els: Contact
) -> None:
    double = actions.add_contact(by=marloes, name="E. Wiggers")
    visit(marloes).post(reverse("contacts:merge", args=[els.pk, double.pk]))
    answer = visit(marloes).get(reverse("contacts:contact", args=[double.pk]))
    assert answer.url == reverse("contacts:contact", args=[els.pk])
    again = visit(marloes).post(reverse("contacts:merge", args=[els.pk, double.pk]))
    assert again.status_code == 302


def test_adding_somebody_whom_i_know(visit: Callable[..., Any], newcomer: Person) -> None:
    said = {
        "name": "Fatma Kaya",
        "organisation": "Kaya bv",
        "how": "buurvrouw",
        "once": "key-1",
        "phone": "06 12345678",
    }
    client = visit(newcomer)
    first, again = (client.post(reverse("contacts:add"), said) for _click in range(2))
    assert first.url == again.url
    fatma = Contact.objects.get()
    assert fatma.organisation.name == "Kaya bv"
    assert Acquaintance.objects.get().how == "buurvrouw"
    assert "Fatma Kaya" in client.get(reverse("contacts:people")).content.decode()
    assert client.get(reverse("contacts:edit", args=[fatma.pk])).status_code == 200  # who knows them may


def test_a_taken_address_is_told_at_the_field(visit: Callable[..., Any], marloes: Person, els: Contact) -> None:
    actions.add_handle(by=marloes, contact=els, platform="mastodon", value="els@mastodon.example")
    joost = actions.add_contact(by=marloes, name="Joost")
    address = reverse("contacts:add_handle", args=[joost.pk])
    answer = visit(marloes).post(address, {"platform": "mastodon", "value": "@Els@mastodon.example"})
    assert "This is Els Wiggers already" in answer.content.decode()
    answer = visit(marloes).post(address, {"platform": "mastodon", "value": "no server"})
    assert "not how addresses look there" in answer.content.decode()


def test_ties_are_found_and_made(visit: Callable[..., Any], marloes: Person, els: Contact) -> None:
    gerben = actions.add_contact(by=marloes, name="Gerben Slotboom")
    address = reverse("contacts:ties", args=[els.pk])
    assert "Gerben" in visit(marloes).get(address, {"q": "gerb"}).content.decode()
    visit(marloes).post(address, {"other": gerben.pk, "how": "buurman"})
    assert Tie.objects.get().how == "buurman"
    assert visit(marloes).post(address, {"other": "x"}).status_code == 404


def test_a_project_is_joined_and_left(
    visit: Callable[..., Any], newcomer: Person, bram: Person, school: Project
) -> None:
    client = visit(newcomer)
    client.post(reverse("contacts:join", args=[school.pk]))
    assert queries.people_of_project(school) == [newcomer]
    assert client.post(reverse("contacts:edit_project", args=[school.pk]), {"name": "De Esch", "state": "done"}).url
    assert client.post(reverse("contacts:join", args=[school.pk]), {"person": bram.pk}).status_code == 403
    client.post(reverse("contacts:leave", args=[school.pk, newcomer.pk]))
    assert queries.people_of_project(school) == []


def test_what_makes_no_sense_is_told_in_words(visit: Callable[..., Any], marloes: Person, school: Project) -> None:
    client = visit(marloes)
    said = {"name": "X", "state": "done", "first_day": "2026-02-01", "last_day": "2026-01-01"}
    page = client.post(reverse("contacts:edit_project", args=[school.pk]), said).content.decode()
    assert "The last day comes before the first" in page
    said = {"name": "De Esch", "kind": "customer", "website": "javascript:alert(1)"}
    page = client.post(reverse("contacts:add_organisation"), said).content.decode()
    assert "not a web address" in page
    page = client.post(reverse("contacts:add"), {"name": "=1+1", "email": "x"}).content.decode()
    assert "errorlist" in page
    assert client.post(reverse("contacts:add"), {"name": "x" * 1_000_000}).status_code == 200


LISTS = {"people": 2, "contacts": 2, "organisations": 1, "projects": 2}


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what higher rooms put on these pages: they count their own queries."""
    monkeypatch.setattr(panels, "_slots", {})
    monkeypatch.setattr(panels, "_counts", {})


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("name", "expected"), LISTS.items())
def test_a_list_costs_the_same_at_any_length(
    name: str, expected: int, visit: Callable[..., Any], marloes: Person
) -> None:
    client = visit(marloes)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(f"contacts:{name}")).status_code == 200
        return sum('"contacts_' in query["sql"] for query in caught)

    _add(marloes, 1)
    first = cost()
    for number in range(2, 31):
        _add(marloes, number)
    assert (first, cost()) == (expected, expected)


def _add(by: Person, number: int) -> None:
    one = actions.add_contact(by=by, name=f"Person {number}", organisation=f"Place {number}")
    actions.introduce(by=by, person=by, contact=one)
    actions.add_project(by=by, name=f"Work {number}", organisation=one.organisation, people=[by])


@pytest.mark.usefixtures("alone")
def test_a_contact_costs_the_same_however_much_is_known(
    visit: Callable[..., Any], marloes: Person, els: Contact, person: Callable[..., Person]
) -> None:
    client = visit(marloes)
    address = reverse("contacts:contact", args=[els.pk])

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    def more(number: int) -> None:
        knows = person(f"K{number} Colleague", email=f"k{number}@reurslag.example")
        actions.introduce(by=SYSTEM, person=knows, contact=els, direct_line=True)
        actions.add_handle(by=SYSTEM, contact=els, platform="x", value=f"els{number}")
        actions.tie(by=SYSTEM, contact=els, other=actions.add_contact(by=SYSTEM, name=f"T{number}"))
        actions.add_project(by=SYSTEM, name=f"Work {number}", contact=els)

    more(1)
    first = cost()
    for number in range(2, 31):
        more(number)
    assert cost() == first
    assert first <= 30


def test_organisations_count_who_is_there(marloes: Person, els: Contact, school: Project) -> None:
    actions.merge_contacts(
        by=marloes, kept=els, gone=actions.add_contact(by=marloes, name="E.", organisation="De Esch")
    )
    (row,) = queries.organisations_listed(marloes)
    assert (row.people, row.work) == (1, 1)
    assert Organisation.objects.get() == row
