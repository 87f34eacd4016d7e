"""Who may, in the contacts room. Everyone in the house may know whom we know; changing is for who knows them."""

from django.utils.translation import gettext_lazy as _

from koor.ground.contacts.models import Contact, Merge, Project
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel.access import System

EDIT = declare(
    "contacts.edit",
    _("Change people and organisations outside, also those whom they don't know"),
    Role.FACE,
    Role.HELPER,
    Role.CAPTAIN,
    Role.CURATOR,
    Role.PR,
)
MERGE = declare("contacts.merge", _("Make two people outside one, and undo it"), Role.CURATOR)
IMPORT = declare("contacts.import", _("Bring in a list of people outside"), Role.CURATOR, Role.ADMINISTRATOR)
DIRECT_LINES = declare("contacts.direct_lines", _("Choose the direct line of a person outside"), Role.CURATOR)


def may_see_contacts(person: Person) -> bool:
    return person.is_active


def may_add_contact(by: Colleague) -> bool:
    return isinstance(by, System) or by.is_active


def may_edit_contact(by: Colleague, contact: Contact) -> bool:
    return allows(by, EDIT) or (isinstance(by, Person) and by.is_active and _knows(by, contact))


def may_edit_work(by: Colleague) -> bool:
    """Organisations and projects."""
    return allows(by, EDIT)


def may_edit_project(by: Colleague, project: Project) -> bool:
    """Who works on it, and who may change organisations."""
    return allows(by, EDIT) or (isinstance(by, Person) and by.is_active and project.people.filter(pk=by.pk).exists())


def may_introduce(by: Colleague, person: Person) -> bool:
    """To say that one knows somebody is up to oneself; for another it is an edit."""
    return isinstance(by, System) or (by.is_active and by == person) or allows(by, EDIT)


def may_set_direct_line(by: Colleague, person: Person) -> bool:
    """One's own line to somebody, or who arranges the lines."""
    return isinstance(by, System) or (by.is_active and by == person) or allows(by, DIRECT_LINES)


def may_arrange_lines(by: Colleague) -> bool:
    return allows(by, DIRECT_LINES)


def may_merge(by: Colleague) -> bool:
    return allows(by, MERGE)


def may_join(by: Colleague, kept: Contact, gone: Contact) -> bool:
    """Who makes people one; and on somebody's word who knows them, when nobody knows the other."""
    if may_merge(by):
        return True
    knows = isinstance(by, Person) and by.is_active and _knows(by, kept)
    return knows and not gone.acquaintances.exists()


def may_undo_merge(by: Colleague, merge: Merge) -> bool:
    """Who makes people one, who did it, and of what Koor joined by itself who knows them."""
    if may_merge(by):
        return True
    if not isinstance(by, Person) or not by.is_active:
        return False
    return merge.by_id == by.pk or (merge.by_id is None and _knows(by, merge.kept))


def may_import(by: Colleague) -> bool:
    return allows(by, IMPORT)


def _knows(person: Person, contact: Contact) -> bool:
    return contact.acquaintances.filter(person=person).exists()
