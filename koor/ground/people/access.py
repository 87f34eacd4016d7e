"""Who may, in the people room. Below governance, so by role alone."""

from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, System

Colleague = Person | System  # whoever acts: a colleague, or Koor itself


def is_system(by: Colleague) -> bool:
    return by is SYSTEM


def may_manage_people(by: Colleague) -> bool:
    """Invite, change roles, import, let go."""
    return isinstance(by, System) or by.has_role(Role.ADMINISTRATOR, Role.CURATOR)


def may_edit_profile(by: Colleague, person: Person) -> bool:
    return isinstance(by, System) or by == person or by.has_role(Role.ADMINISTRATOR)
