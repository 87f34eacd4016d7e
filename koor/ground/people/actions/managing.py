"""Colleagues come, change and go: roles, autonomy, buddy, discipline."""

import re
from collections.abc import Iterable
from datetime import date

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.ground.people import logic, queries
from koor.ground.people.access import (
    Colleague,
    is_system,
    may_change_autonomy,
    may_change_email,
    may_give_roles,
    may_manage_people,
    may_manage_person,
)
from koor.ground.people.actions.alerts import tell_address
from koor.ground.people.actions.house import discipline_named
from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.events import AutonomyChanged, PersonLeft
from koor.ground.people.models import Discipline, House, Invitation, Person, Token
from koor.kernel import audit, clock, events, push
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once


def add_person(
    *,
    by: Colleague,
    email: str,
    name: str,
    roles: Iterable[str] = (),
    discipline: Discipline | str | None = None,
    job: str = "",
    knows: str = "",
    voice: str = "",
    phone: str = "",
    language: str = "",
    autonomy: str = Autonomy.PRACTISE,
    buddy: Person | None = None,
    face: str = "",
    started_on: date | None = None,
    password: str | None = None,
    once: str = "",
) -> Person:
    """Write down a colleague. With a password they are in at once; without one they come in by an invitation."""
    require(may_manage_people(by))
    chosen = checked_roles(roles)
    require(may_give_roles(by, set(chosen)), _("Only an administrator makes another administrator."))

    def make() -> Person:
        person = Person(
            email=checked_email(email),
            name=checked_name(name),
            roles=chosen,
            discipline=discipline_named(discipline)
            if isinstance(discipline, str) and discipline
            else discipline or None,
            job=logic.one_line(job)[:120],
            knows=logic.many_lines(knows)[:1000],
            voice=logic.many_lines(voice)[:1000],
            phone=logic.one_line(phone)[:40],
            language=language if language in dict(settings.LANGUAGES) else queries.house().language,
            autonomy=checked_autonomy(autonomy),
            buddy=buddy,
            face=face[:40],
            started_on=started_on,
        )
        set_first_password(person, password)
        save_new(person)
        audit.record(by=by, verb="people.add_person", target=person, roles=chosen)
        return person

    with transaction.atomic():
        content = {"email": email, "name": name, "roles": sorted(chosen), "autonomy": autonomy, "job": job}
        pk, _new = done_once(f"people.add_person:{by.pk}", once, content, make)
        return Person.objects.get(pk=pk)


def save_new(person: Person) -> None:
    """Save a new colleague; a taken address is refused in words, also when two do it in the same moment."""
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise Refused(_("There is a colleague with this address already."), code="exists", field="email") from None


def set_first_password(person: Person, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="password", field="password") from error
    person.set_password(password)
    person.joined_at = person.joined_at or clock.now()


def checked_email(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("This is not an e-mail address."), code="email", field="email") from None
    if Person.objects.filter(email__iexact=email).exists():
        raise Refused(_("There is a colleague with this address already."), code="exists", field="email")
    return email.lower()


def checked_name(name: str) -> str:
    name = logic.one_line(name)
    if not name:
        raise Refused(_("A colleague has a name."), code="no_name", field="name")
    if len(name) > 120:
        raise Refused(_("A name has at most 120 characters."), code="long_name", field="name")
    if re.match(r"[=+@\-]", name):
        raise Refused(_("This looks like a formula, not like a name."), code="formula", field="name")
    return name


def checked_roles(roles: Iterable[str]) -> list[str]:
    chosen = {str(role) for role in roles}
    if not chosen <= set(Role.values):
        raise Refused(_("That role is not known."), code="role", field="roles")
    return [role for role in Role.values if role in chosen]


def checked_autonomy(autonomy: str) -> str:
    if autonomy not in Autonomy.values:
        raise Refused(_("That step is not known."), code="autonomy", field="autonomy")
    return str(autonomy)


@transaction.atomic
def change_email(*, by: Colleague, person: Person, email: str) -> Person:
    """Another address to sign in with and to get letters at. Open invitations stop working, and who it is at the
    organisation's own provider is found out anew."""
    person = _held(person)
    require(may_change_email(by, person), _("Only an administrator does this."))
    if email.strip().lower() == person.email.lower():
        return person
    new = checked_email(email)
    was, person.email = person.email, new
    save_new(person)
    sent = Invitation.objects.filter(Q(person=person) | Q(email__iexact=was) | Q(email__iexact=new))
    sent.filter(withdrawn_at=None, accepted_at=None).update(withdrawn_at=clock.now())
    SocialAccount.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()  # allauth wrote the old one down, and would let it in
    audit.record(by=by, verb="people.change_email", target=person, was=was, now=new)
    if person.joined_at:
        tell_address(by=by, person=person, was=was)
    return person


@transaction.atomic
def change_roles(*, by: Colleague, person: Person, roles: Iterable[str]) -> Person:
    """Give and take roles. The last administrator stays."""
    person = _held(person)
    chosen = checked_roles(roles)
    changed = set(chosen) ^ set(person.roles)
    require(may_manage_person(by, person) and may_give_roles(by, changed), _("Only an administrator does this."))
    if not changed:
        return person
    if Role.ADMINISTRATOR in changed and Role.ADMINISTRATOR not in chosen:
        _keep_an_administrator(person)
    was, person.roles = list(person.roles), chosen
    person.save(update_fields=["roles"])
    audit.record(by=by, verb="people.change_roles", target=person, was=was, now=chosen)
    return person


@transaction.atomic
def change_autonomy(*, by: Colleague, person: Person, autonomy: str, why: str = "", earned: bool = False) -> Person:
    """Practise, with a buddy, or on your own. Told to the colleague with the reason; never silently. `earned`: Koor
    finds that they earned it, and they take it themselves."""
    person = _held(person)
    require(may_manage_person(by, person))
    autonomy = checked_autonomy(autonomy)
    if person.autonomy == autonomy:
        return person
    require(may_change_autonomy(by, person), _("Somebody else gives you this step."))
    require(not earned or is_system(by))
    was, person.autonomy = person.autonomy, autonomy
    person.save(update_fields=["autonomy"])
    reason = logic.one_line(why)[:300]
    said = {"was": was, "now": str(autonomy), "why": reason, **({"earned": True} if earned else {})}
    audit.record(by=person if earned else by, verb="people.change_autonomy", target=person, **said)
    events.tell(AutonomyChanged(person.pk))
    return person


@transaction.atomic
def change_buddy(*, by: Colleague, person: Person, buddy: Person | None) -> Person:
    """Who reads along while a colleague posts with a buddy."""
    person = _held(person)
    require(may_manage_person(by, person))
    if buddy is not None and (buddy == person or not buddy.is_active):
        raise Refused(_("A buddy is another colleague who works here."), code="buddy", field="buddy")
    if person.buddy_id == (buddy.pk if buddy else None):
        return person
    person.buddy = buddy
    person.save(update_fields=["buddy"])
    audit.record(by=by, verb="people.change_buddy", target=person, buddy=buddy.name if buddy else "")
    return person


@transaction.atomic
def move_to_discipline(*, by: Colleague, person: Person, discipline: Discipline | None) -> Person:
    person = _held(person)
    require(may_manage_person(by, person))
    if person.discipline_id == (discipline.pk if discipline else None):
        return person
    person.discipline = discipline
    person.save(update_fields=["discipline"])
    name = discipline.name if discipline else ""
    audit.record(by=by, verb="people.move_to_discipline", target=person, discipline=name)
    return person


@transaction.atomic
def arrange_person(
    *,
    by: Colleague,
    person: Person,
    roles: Iterable[str],
    discipline: Discipline | None,
    autonomy: str,
    why: str = "",
    buddy: Person | None = None,
) -> Person:
    """All that is arranged for a colleague in one go: what did not change is not touched."""
    change_roles(by=by, person=person, roles=roles)
    move_to_discipline(by=by, person=person, discipline=discipline)
    change_autonomy(by=by, person=person, autonomy=autonomy, why=why)
    return change_buddy(by=by, person=person, buddy=buddy)


@transaction.atomic
def let_go(*, by: Colleague, person: Person, hand_over_to: Person | None = None) -> Person:
    """A colleague leaves: no sign-in and no tokens any more, what they did stays signed. Can be taken back."""
    person = _held(person)
    require(may_manage_person(by, person))
    if by == person:
        raise Refused(_("Ask another administrator: you can't show yourself out."), code="self")
    if hand_over_to is not None and (hand_over_to == person or not hand_over_to.is_active):
        raise Refused(_("Choose another colleague who works here."), code="hand_over", field="hand_over_to")
    if not person.is_active:
        return person
    _keep_an_administrator(person)
    person.is_active, person.left_at = False, clock.now()
    person.save(update_fields=["is_active", "left_at"])
    Token.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=clock.now())
    push.forget_devices(person.pk)
    Person.objects.filter(buddy=person).update(buddy=hand_over_to)
    taker = hand_over_to.name if hand_over_to else ""
    audit.record(by=by, verb="people.let_go", target=person, hand_over_to=taker)
    events.tell(PersonLeft(person.pk, hand_over_to.pk if hand_over_to else None))
    return person


@transaction.atomic
def let_back(*, by: Colleague, person: Person) -> Person:
    """A colleague who left comes back, as they were; tokens are made anew."""
    person = _held(person)
    require(may_manage_person(by, person))
    if person.is_active:
        return person
    person.is_active, person.left_at = True, None
    person.save(update_fields=["is_active", "left_at"])
    audit.record(by=by, verb="people.let_back", target=person)
    return person


def _held(person: Person) -> Person:
    """The present row, held until this deed is done."""
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _keep_an_administrator(person: Person) -> None:
    """The house never loses its last key. Two who leave in the same moment wait for each other."""
    if not person.has_role(Role.ADMINISTRATOR) or not person.is_active:
        return
    list(House.objects.select_for_update())  # its one row, so that who also leaves waits here
    others = Person.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR]).exclude(pk=person.pk)
    if not others.exists():
        raise Refused(_("This is the last administrator. Make another one first."), code="last_administrator")
