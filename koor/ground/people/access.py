"""Who may, in the people room. Below governance, so by role alone."""

from django.http import HttpRequest

from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, System

Colleague = Person | System  # whoever acts: a colleague, or Koor itself


class SignedIn(HttpRequest):
    """A request of a colleague: what every view gets that is not marked `login_not_required`."""

    user: Person  # type: ignore[assignment]


def is_system(by: Colleague) -> bool:
    return by is SYSTEM


def may_see_colleagues(person: Person) -> bool:
    """Everyone in the house knows who works there."""
    return person.is_active


def may_manage_people(by: Colleague) -> bool:
    """Invite, change roles, import, let go."""
    return isinstance(by, System) or (by.is_active and by.has_role(Role.ADMINISTRATOR, Role.CURATOR))


def may_manage_person(by: Colleague, person: Person) -> bool:
    """A curator manages colleagues, but not those who administer the house."""
    if isinstance(by, System) or by.has_role(Role.ADMINISTRATOR):
        return may_manage_people(by)
    return may_manage_people(by) and not person.has_role(Role.ADMINISTRATOR)


def may_give_roles(by: Colleague, roles: set[str]) -> bool:
    """Only an administrator makes another one, or takes it away."""
    if isinstance(by, System) or by.has_role(Role.ADMINISTRATOR):
        return may_manage_people(by)
    return may_manage_people(by) and Role.ADMINISTRATOR not in roles


def may_change_autonomy(by: Colleague, person: Person) -> bool:
    """Given by another: a curator does not raise their own."""
    if isinstance(by, System):
        return True
    return may_manage_person(by, person) and (by != person or by.has_role(Role.ADMINISTRATOR))


def may_let_in(by: Colleague, person: Person) -> bool:
    """Give a link to sign in with. For who came in before it is a new password: that is the administrator's."""
    if person.joined_at is None or isinstance(by, System):
        return may_manage_person(by, person)
    return may_manage_person(by, person) and by.has_role(Role.ADMINISTRATOR)


def may_change_email(by: Colleague, person: Person) -> bool:
    """Who has the address can ask for a new password by letter, so it is given by who may give a way in."""
    return may_let_in(by, person)


def may_edit_profile(by: Colleague, person: Person) -> bool:
    return isinstance(by, System) or (by.is_active and (by == person or by.has_role(Role.ADMINISTRATOR)))


def may_declare_absence(by: Colleague, person: Person) -> bool:
    """Colleagues for themselves; who manages people for somebody who is ill and can't."""
    return isinstance(by, System) or (by.is_active and by == person) or may_manage_people(by)


def may_make_token(by: Colleague, person: Person) -> bool:
    """A token acts as the colleague, so it is theirs alone to make; the operator may, by command line."""
    return isinstance(by, System) or (by.is_active and by == person)


def may_revoke_token(by: Colleague, person: Person) -> bool:
    return may_make_token(by, person) or may_manage_person(by, person)


def may_hear_alerts(by: Colleague, person: Person) -> bool:
    """On their own devices, at their own hours: nobody else's to arrange."""
    return isinstance(by, Person) and by.is_active and by == person


def may_change_house(by: Colleague) -> bool:
    return isinstance(by, System) or (by.is_active and by.has_role(Role.ADMINISTRATOR))


def may_arrange_sign_in(by: Colleague) -> bool:
    """Who decides which provider is believed, decides who everybody is: the administrator."""
    return may_change_house(by)


def may_arrange_teams(by: Colleague) -> bool:
    """Teams and rotas are made by who manages people; everybody sees them."""
    return may_manage_people(by)
