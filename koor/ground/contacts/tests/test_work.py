"""Organisations and projects."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Organisation, Project
from koor.ground.people import actions as colleagues
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry


def test_an_organisation(marloes: Person, newcomer: Person) -> None:
    school = actions.add_organisation(by=newcomer, name="De Esch", website="deesch.example", about="Acht lokalen")
    assert school.website == "https://deesch.example"
    actions.edit_organisation(by=marloes, organisation=school, kind="partner", place="Neede")
    actions.edit_organisation(by=marloes, organisation=school, place="Neede")
    assert AuditEntry.objects.filter(verb="contacts.edit_organisation").count() == 1
    for wrong in (
        {"kind": "friend"},
        {"website": "ftp://x"},
        {"name": ""},
        {"about": "x" * 2001},
        {"place": "x" * 121},
    ):
        with pytest.raises(Refused):
            actions.edit_organisation(by=marloes, organisation=school, **wrong)
    with pytest.raises(ValueError, match="colour"):
        actions.edit_organisation(by=marloes, organisation=school, colour="red")
    with pytest.raises(Forbidden):
        actions.edit_organisation(by=newcomer, organisation=school, name="X")
    with pytest.raises(Refused):
        actions.add_organisation(by=marloes, name="DE ESCH")
    assert [row.name for row in queries.organisations(marloes, words="esch")] == ["De Esch"]


def test_a_project(marloes: Person, bram: Person, newcomer: Person) -> None:
    said = {"by": marloes, "name": "School De Esch", "people": [bram], "once": "k", "state": "coming"}
    project = actions.add_project(**said)
    assert actions.add_project(**said) == project
    actions.edit_project(by=bram, project=project, state="running", first_day=date(2026, 1, 1))
    actions.edit_project(by=bram, project=project, state="running")
    assert AuditEntry.objects.filter(verb="contacts.edit_project").count() == 1
    for wrong in (
        {"state": "lost"},
        {"name": ""},
        {"street": "x" * 161},
        {"about": "x" * 2001},
        {"last_day": date(2025, 1, 1)},
        {"first_day": date(1, 1, 1)},
    ):
        with pytest.raises(Refused):
            actions.edit_project(by=marloes, project=project, **wrong)
    with pytest.raises(ValueError, match="colour"):
        actions.edit_project(by=marloes, project=project, colour="red")
    with pytest.raises(Forbidden):
        actions.edit_project(by=newcomer, project=project, name="X")


def test_who_works_on_it(marloes: Person, bram: Person, newcomer: Person) -> None:
    project = actions.add_project(by=marloes, name="School")
    for _click in range(2):
        actions.join_project(by=newcomer, project=project, person=newcomer)
    actions.join_project(by=marloes, project=project, person=bram)
    assert queries.people_of_project(project) == [bram, newcomer]
    with pytest.raises(Forbidden):
        actions.leave_project(by=newcomer, project=project, person=bram)
    for _click in range(2):
        actions.leave_project(by=newcomer, project=project, person=newcomer)
    assert queries.people_of_project(project) == [bram]


def test_projects_that_i_could_be_at(marloes: Person, bram: Person) -> None:
    for name, state, people in (
        ("A", "running", []),
        ("B", "coming", [bram]),
        ("C", "done", [bram]),
        ("D", "running", [bram]),
        ("E", "coming", []),
    ):
        actions.add_project(by=marloes, name=name, state=state, people=people)
    assert [(row.name, row.mine) for row in queries.projects_for(bram)] == [
        ("D", True),
        ("B", True),
        ("A", False),
        ("E", False),
    ]
    assert [row.name for row in queries.own_projects(marloes, bram)] == ["D", "B", "C"]


def test_who_left_sees_nothing(marloes: Person, henk: Person) -> None:
    contact = actions.add_contact(by=marloes, name="Els", organisation="De Esch")
    project = actions.add_project(by=marloes, name="School")
    henk.is_active = False
    for read in (
        lambda: queries.contact(henk, contact.pk),
        lambda: queries.organisation(henk, contact.organisation_id),
        lambda: queries.project(henk, project.pk),
        lambda: queries.merge(henk, 1),
        lambda: queries.doubles(henk),
    ):
        with pytest.raises(NotFound):
            read()
    for rows in (queries.contacts, queries.organisations, queries.projects, queries.relations_of):
        assert list(rows(henk)) == []


def test_who_left_does_not_join(visit: Callable[..., Client], ada: Person, marloes: Person, henk: Person) -> None:
    school = actions.add_project(by=marloes, name="School De Esch")
    colleagues.let_go(by=ada, person=henk)
    path = reverse("contacts:join", args=[school.pk])
    assert visit(marloes).post(path, {"person": henk.pk}).status_code == 409
    assert visit(marloes).post(path, {"person": "9" * 18}).status_code == 404
    assert not school.people.exists()


def test_an_organisation_on_its_pages(visit: Callable[..., Client], marloes: Person, newcomer: Person) -> None:
    client, said = visit(marloes), {"name": "Slotboom", "kind": "customer", "website": "slotboom.example"}
    assert client.post(reverse("contacts:add_organisation"), said).status_code == 302
    made = Organisation.objects.get()
    path = reverse("contacts:edit_organisation", args=[made.pk])
    assert visit(newcomer).post(path, said).status_code == 403
    assert client.post(path, {**said, "name": "Slotboom bv"}).status_code == 302
    assert "errorlist" in client.post(path, {**said, "website": "javascript:alert(1)"}).content.decode()
    made.refresh_from_db()
    assert (made.name, made.website) == ("Slotboom bv", "https://slotboom.example")


def test_a_project_on_its_page_once(visit: Callable[..., Client], newcomer: Person, marloes: Person) -> None:
    els = actions.add_contact(by=marloes, name="Els Wiggers", organisation="De Esch", place="Borculo")
    path = reverse("contacts:add_project") + f"?contact={els.pk}"
    assert "Borculo" in visit(newcomer).get(path).content.decode()
    said = {"name": "Warmtepomp", "state": "coming", "contact": els.pk, "once": "k1"}
    first, again = (visit(newcomer).post(path, said) for _tap in range(2))
    assert first.status_code == 302
    assert first.url == again.url
    project = Project.objects.get()
    assert (project.contact, list(project.people.all())) == (els, [newcomer])
    assert visit(newcomer).get(reverse("contacts:add_project") + "?contact=" + "9" * 30).status_code == 200
    assert visit(newcomer).post(path, {**said, "once": "k2", "contact": "9" * 30}).status_code == 200


def test_whom_to_ask_is_also_somebody_at_home_whom_one_knows(visit: Callable[..., Client], marloes: Person) -> None:
    els = actions.add_contact(by=marloes, name="Els Wiggers")
    actions.add_contact(by=SYSTEM, name="Somebody Else")
    actions.introduce(by=marloes, person=marloes, contact=els)
    page = visit(marloes).get(reverse("contacts:add_project")).content.decode()
    assert "Els Wiggers" in page
    assert "Somebody Else" not in page
    said = {"name": "Warmtepomp", "state": "done", "contact": els.pk}
    assert visit(marloes).post(reverse("contacts:add_project"), said).status_code == 302
    project = Project.objects.get()
    assert project.contact == els
    assert "Els Wiggers" in visit(marloes).get(reverse("contacts:edit_project", args=[project.pk])).content.decode()
