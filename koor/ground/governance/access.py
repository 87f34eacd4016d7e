"""Who may, in the governance room."""

from django.utils.translation import gettext_lazy as _

from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel.access import System
from koor.kernel.personal import COLLEAGUE, Subject

SEE_AUDIT = declare("governance.see_audit", _("See what happened and who did it"), Role.ADMINISTRATOR, Role.CURATOR)
SET_RESPONSIBILITY = declare(
    "governance.set_responsibility", _("Agree who is responsible for what"), Role.CURATOR, Role.CAPTAIN
)

SEE_PERSONAL = declare(
    "governance.see_personal",
    _("See all that is kept on a person, and take it along for them"),
    Role.ADMINISTRATOR,
    Role.PRIVACY,
)
ERASE_PERSONAL = declare(
    "governance.erase_personal",
    _("Erase what is kept on a person, and say how long things are kept"),
    Role.ADMINISTRATOR,
    Role.PRIVACY,
)


def may_see_personal(by: Colleague, subject: Subject) -> bool:
    """One's own, always; of others who looks after personal data."""
    if isinstance(by, System) or allows(by, SEE_PERSONAL):
        return True
    return by.is_active and subject.kind == COLLEAGUE and subject.pk == by.pk


def may_see_others_data(by: Colleague) -> bool:
    return allows(by, SEE_PERSONAL)


def may_erase_personal(by: Colleague) -> bool:
    return allows(by, ERASE_PERSONAL)


def may_see_access(person: Person) -> bool:
    """Who may do what is no secret for those who manage people."""
    return person.is_active and person.has_role(Role.ADMINISTRATOR, Role.CURATOR)


def may_change_access(by: Colleague) -> bool:
    """By role and not by permission, so that nobody can lock the last administrator out."""
    return isinstance(by, System) or (by.is_active and by.has_role(Role.ADMINISTRATOR))


def may_see_audit(person: Person) -> bool:
    return allows(person, SEE_AUDIT)


def may_see_responsibility(person: Person) -> bool:
    """Everyone may know whom to ask."""
    return person.is_active


def may_set_responsibility(by: Colleague) -> bool:
    return allows(by, SET_RESPONSIBILITY)
