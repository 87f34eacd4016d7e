"""Links by which colleagues come in. The link is shown once; only its digest is kept."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.ground.people import queries
from koor.ground.people.access import Colleague, may_give_roles, may_let_in, may_manage_people
from koor.ground.people.actions.managing import checked_name, checked_roles, save_new, set_first_password
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Discipline, Invitation, Person
from koor.kernel import audit, clock, notices, secrets
from koor.kernel.access import Refused, require
from koor.kernel.models import Mail

VALID_FOR = timedelta(days=14)
NEW_PASSWORD_FOR = timedelta(days=2)  # for who was in already


@transaction.atomic
def invite(
    *,
    by: Colleague,
    email: str,
    name: str = "",
    roles: Iterable[str] = (),
    discipline: Discipline | None = None,
    person: Person | None = None,
) -> tuple[Invitation, str]:
    """Invite somebody, by a letter and by the link in the answer. `person`: one who is written down already.

    An earlier invitation to the same address stops working, so a double click leaves one that does."""
    require(may_manage_people(by))
    chosen = checked_roles(roles if person is None else person.roles)
    require(may_give_roles(by, set(chosen)), _("Only an administrator makes another administrator."))
    require(person is None or may_let_in(by, person), _("Only an administrator gives somebody a new password."))
    address = _address(email, person)
    now = clock.now()
    Invitation.objects.filter(email__iexact=address, withdrawn_at__isnull=True, accepted_at__isnull=True).update(
        withdrawn_at=now
    )
    secret = secrets.new_token("invitation")
    invitation = Invitation.objects.create(
        email=address,
        name=person.name if person else checked_name(name),
        person=person,
        roles=chosen,
        discipline=person.discipline if person else discipline,
        token_digest=secrets.digest(secret),
        invited_by=by if isinstance(by, Person) else None,
        made_at=now,
        expires_at=now + (NEW_PASSWORD_FOR if person and person.joined_at else VALID_FOR),
    )
    invitation.mail = _letter(by, invitation, secret)
    invitation.save(update_fields=["mail"])
    audit.record(by=by, verb="people.invite", target=invitation, name=invitation.name, roles=chosen)
    return invitation, link(secret)


def link(secret: str) -> str:
    return f"{settings.KOOR_URL}/invitation/{secret}/"


def _address(email: str, person: Person | None) -> str:
    if person is not None:
        if not person.is_active:
            raise Refused(_("This colleague has left. Let them back in first."), code="left")
        return person.email
    try:
        validate_email(email.strip())
    except ValidationError:
        raise Refused(_("This is not an e-mail address."), code="email", field="email") from None
    known = Person.objects.filter(email__iexact=email.strip()).first()
    if known is not None:
        sentence = _("There is a colleague with this address already.")
        if not known.is_active:
            sentence = _("This colleague left earlier. Let them back in from their page.")
        raise Refused(sentence, code="exists", field="email")
    return email.strip().lower()


def _letter(by: Colleague, invitation: Invitation, secret: str) -> Mail:
    house = queries.house()
    again = invitation.person if invitation.person and invitation.person.joined_at else None
    with translation.override(again.language if again else house.language):
        said = {
            "first": invitation.name.split(" ", 1)[0],
            "by": by.name,
            "house": house.name,
            "link": link(secret),
            "day": clock.local(invitation.expires_at, house.zone).strftime("%d-%m-%Y"),
        }
        subject = _("A new password for Koor") if again else _("Your place at %(house)s") % said
        text = (_new_password() if again else _come_in()) % said
    return notices.mail(to=invitation.email, subject=subject, text=text, kind="invitation", way_in=True)


def _come_in() -> str:
    return _(
        "Hello %(first)s,\n\n"
        "%(by)s invites you to Koor, where %(house)s shows its work and talks with people outside.\n\n"
        "Come in here: %(link)s\n\nThe link works until %(day)s and is meant for you alone.\n"
    )


def _new_password() -> str:
    return _(
        "Hello %(first)s,\n\n"
        "%(by)s made you a link with which you choose a new password for Koor: %(link)s\n\n"
        "It works until %(day)s and is meant for you alone. Did you not ask for it? Then leave it, and tell %(by)s.\n"
    )


@transaction.atomic
def withdraw_invitation(*, by: Colleague, invitation: Invitation) -> None:
    require(may_manage_people(by))
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.is_accepted:
        raise Refused(_("It was used already; the colleague is in."), code="used")
    if not invitation.is_withdrawn:
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])
        audit.record(by=by, verb="people.withdraw_invitation", target=invitation, name=invitation.name)


@transaction.atomic
def accept_invitation(*, by: Colleague, secret: str, name: str, password: str) -> Person:
    """Come in with a link: the colleague exists from here on. `by` is SYSTEM, for nobody is signed in yet."""
    rows = Invitation.objects.select_for_update(of=("self",))
    invitation = rows.filter(token_digest=secrets.digest(secret)).first()
    invitation = refuse_unless_open(invitation)
    person = invitation.person or Person(
        email=invitation.email,
        roles=invitation.roles,
        discipline=invitation.discipline,
        autonomy=Autonomy.PRACTISE,
        language=queries.house().language,
        started_on=queries.today(),
    )
    person.name = checked_name(name)
    set_first_password(person, password)
    if person.pk is None:
        save_new(person)
    else:
        person.save(update_fields=["name", "password", "joined_at"])
    invitation.accepted_by, invitation.accepted_at = person, clock.now()
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    audit.record(by=person, verb="people.accept_invitation", target=person)
    return person


def refuse_unless_open(invitation: Invitation | None) -> Invitation:
    """The invitation, when its link works; else in words why not."""
    if invitation is None:
        raise Refused(_("This link is not known here. Was it copied whole?"), code="unknown")
    if invitation.is_accepted:
        raise Refused(_("This invitation was used already. Sign in with your e-mail address."), code="used")
    if invitation.is_withdrawn or (invitation.person and not invitation.person.is_active):
        raise Refused(_("This invitation was withdrawn. Ask for a new one."), code="withdrawn")
    if invitation.expires_at <= clock.now():
        raise Refused(_("This invitation has expired. Ask for a new one."), code="expired")
    return invitation
