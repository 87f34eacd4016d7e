"""Organisations outside, and the projects that we do for them."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koor.ground.contacts.access import may_add_contact, may_edit_project, may_edit_work
from koor.ground.contacts.actions import checks
from koor.ground.contacts.choices import OrganisationKind, ProjectState
from koor.ground.contacts.events import ProjectChanged
from koor.ground.contacts.models import Contact, Organisation, Project
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, events
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once


def organisation_named(name: str, *, by: Colleague) -> Organisation | None:
    """The organisation of this name, made when it is new; nothing for an empty name."""
    if not name.strip():
        return None
    name = checks.name(name)
    found = Organisation.objects.filter(name__iexact=name).first()
    return found or add_organisation(by=by, name=name)


@transaction.atomic
def add_organisation(
    *,
    by: Colleague,
    name: str,
    kind: str = OrganisationKind.CUSTOMER,
    place: str = "",
    website: str = "",
    about: str = "",
) -> Organisation:
    require(may_add_contact(by))
    row = Organisation()
    checks.changed(row, _organisation({"name": name, "kind": kind, "place": place, "website": website, "about": about}))
    _save_named(row)
    audit.record(by=by, verb="contacts.add_organisation", target=row)
    return row


@transaction.atomic
def edit_organisation(*, by: Colleague, organisation: Organisation, **changes: Any) -> Organisation:
    require(may_edit_work(by))
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = checks.changed(row, _organisation(changes))
    if changed:
        _save_named(row)
        audit.record(by=by, verb="contacts.edit_organisation", target=row, changed=sorted(changed))
    return row


def _save_named(row: Organisation) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("There is an organisation of that name already."), code="exists", field="name") from None


def _organisation(values: dict[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key == "name":
            checked[key] = checks.name(value)
        elif key == "kind":
            checked[key] = _one_of(value, OrganisationKind.values, key)
        elif key == "website":
            checked[key] = checks.website(value)
        elif key == "place":
            checked[key] = checks.line(value, 120, key)
        elif key == "about":
            checked[key] = checks.text(value, 2000, key)
        else:
            raise ValueError(f"no such field: {key}")
    return checked


def add_project(
    *,
    by: Colleague,
    name: str,
    organisation: Organisation | None = None,
    contact: Contact | None = None,
    people: tuple[Person, ...] | list[Person] = (),
    once: str = "",
    **fields: Any,
) -> Project:
    """A piece of work. `fields`: street, place, about, state, first_day, last_day."""
    require(may_add_contact(by))

    def make() -> Project:
        row = Project()
        values = {"name": name, "organisation": organisation, "contact": contact, **fields}
        checks.changed(row, _project(values))
        _days(row)
        row.save()
        row.people.set(people)
        audit.record(by=by, verb="contacts.add_project", target=row)
        events.tell(ProjectChanged(row.pk))
        return row

    with transaction.atomic():
        content = {"name": name, "organisation": organisation and organisation.pk, **fields}
        pk, _new = done_once(f"contacts.add_project:{by.pk}", once, content, make)
        return Project.objects.get(pk=pk)


@transaction.atomic
def edit_project(*, by: Colleague, project: Project, **changes: Any) -> Project:
    """Change a project; those who work on it may, and who may change organisations."""
    row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    require(may_edit_project(by, row), _("Who works on it changes this."))
    changed = checks.changed(row, _project(changes))
    if changed:
        _days(row)
        row.save()
        audit.record(by=by, verb="contacts.edit_project", target=row, changed=sorted(changed))
        events.tell(ProjectChanged(row.pk))
    return row


@transaction.atomic
def join_project(*, by: Colleague, project: Project, person: Person) -> None:
    """Somebody works on it. For oneself always."""
    require(by == person or may_edit_work(by))
    if not person.is_active:
        raise Refused(_("Choose a colleague who works here."), code="left", field="person")
    if not project.people.filter(pk=person.pk).exists():
        project.people.add(person)
        audit.record(by=by, verb="contacts.join_project", target=project, person=person.name)


@transaction.atomic
def leave_project(*, by: Colleague, project: Project, person: Person) -> None:
    require(by == person or may_edit_work(by))
    if project.people.filter(pk=person.pk).exists():
        project.people.remove(person)
        audit.record(by=by, verb="contacts.leave_project", target=project, person=person.name)


def _project(values: dict[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key == "name":
            checked[key] = checks.name(value)
        elif key in {"street", "place"}:
            checked[key] = checks.line(value, {"street": 160, "place": 120}[key], key)
        elif key == "about":
            checked[key] = checks.text(value, 2000, key)
        elif key == "state":
            checked[key] = _one_of(value, ProjectState.values, key)
        elif key in {"organisation", "contact", "first_day", "last_day"}:
            checked[key] = value
        else:
            raise ValueError(f"no such field: {key}")
    return checked


def _days(row: Project) -> None:
    for day in (row.first_day, row.last_day):
        if isinstance(day, date) and not 1950 <= day.year <= 2200:
            raise Refused(_("Check the days."), code="days", field="first_day")
    if row.first_day and row.last_day and row.last_day < row.first_day:
        raise Refused(_("The last day comes before the first."), code="days", field="last_day")


def _one_of(value: str, allowed: list[str], field: str) -> str:
    if value not in allowed:
        raise Refused(_("Choose one of the list."), code="choice", field=field)
    return str(value)
