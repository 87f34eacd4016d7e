"""Reads of the people room. First parameter `person` unless Koor itself or the operator asks.

Never a measure of a colleague: by name only what they declared themselves."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koor.ground.people import logic
from koor.ground.people.access import may_see_colleagues
from koor.ground.people.models import Absence, Discipline, House, Invitation, Person, Skill, Token
from koor.kernel import clock, sql
from koor.kernel.access import NotFound, Refused
from koor.kernel.memory import remembered
from koor.kernel.search import tsquery

# --- the house ---


@remembered
def house() -> House:
    """Our organisation. Refused when it was not made yet."""
    found = House.objects.first()
    if found is None:
        raise Refused(_("This house is still empty. Start with: koor init"), code="no_house")
    return found


def today() -> date:
    """The date in the house's own zone."""
    return clock.today(house().zone)


# --- colleagues ---


def everybody() -> QuerySet[Person]:
    """All colleagues, also those who left; for the operator."""
    return Person.objects.order_by("name")


def colleague_by_email(email: str) -> Person:
    """The active colleague with this address; for doors that name a colleague. Refused when there is none."""
    found = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if found is None:
        raise Refused(_("No active colleague has the address %(email)s.") % {"email": email}, code="no_person")
    return found


def colleague(person: Person, id: int) -> Person:
    """One colleague, as everyone in the house may see them. Who left is still seen: their work is signed."""
    found = _seen_by(person).filter(pk=id).select_related("discipline", "buddy", "picture").first()
    if found is None:
        raise NotFound
    return found


def colleagues(
    person: Person, *, words: str = "", discipline: Discipline | None = None, skill: Skill | None = None
) -> QuerySet[Person]:
    """Active colleagues by name; `words` begin words of name, work, what they know or a declared skill."""
    rows = _seen_by(person).filter(is_active=True).select_related("discipline", "picture").order_by("name")
    if discipline is not None:
        rows = rows.filter(discipline=discipline)
    if skill is not None:
        rows = rows.filter(skills=skill)
    return _saying(rows, words) if words.strip() else rows


def _seen_by(person: Person) -> QuerySet[Person]:
    return Person.objects.all() if may_see_colleagues(person) else Person.objects.none()


def _saying(rows: QuerySet[Person], words: str) -> QuerySet[Person]:
    query = tsquery(words)
    if not query:
        return rows.none()
    said = sql.saying(Person.objects.all(), query, "name", "job", "knows").values("pk")
    skilled = Person.objects.filter(skills__in=sql.saying(Skill.objects.all(), query, "name")).values("pk")
    return rows.filter(Q(pk__in=said) | Q(pk__in=skilled))


def with_role(role: str) -> QuerySet[Person]:
    """Active colleagues who have this role."""
    return Person.objects.filter(is_active=True, roles__contains=[role]).order_by("name")


def disciplines(person: Person) -> QuerySet[Discipline]:
    return Discipline.objects.order_by("name")


# --- away ---


def is_away(colleague: Person, day: date) -> bool:
    return Absence.objects.filter(person=colleague, first_day__lte=day, last_day__gte=day).exists()


def absence_on(colleague: Person, day: date) -> Absence | None:
    """The absence that holds this day, with who stands in."""
    rows = Absence.objects.filter(person=colleague, first_day__lte=day, last_day__gte=day)
    return rows.select_related("stand_in").order_by("first_day").first()


def stand_in_for(colleague: Person, day: date) -> Person | None:
    """Who is there for a colleague who is away on this day; a stand-in who is away too passes it on.

    Nobody when the colleague is there, or when nobody stands in."""
    rows = Absence.objects.filter(first_day__lte=day, last_day__gte=day)
    away = dict(rows.values_list("person_id", "stand_in_id"))
    found = logic.stand_in(colleague.pk, away)
    return Person.objects.filter(pk=found, is_active=True).first() if found is not None else None


# --- tokens and invitations ---


def token_of(plain: str) -> Token | None:
    """The valid token that a program showed, with its colleague; None for anything else."""
    if not plain.startswith(logic.TOKEN_MARK) or len(plain) > 200:
        return None
    rows = Token.objects.filter(digest=logic.digest(plain), revoked_at__isnull=True, person__is_active=True)
    return rows.select_related("person").first()


def invitation_by_secret(secret: str) -> Invitation | None:
    """The invitation behind a link, whatever its state; for the page that a stranger opens."""
    return Invitation.objects.filter(token_digest=logic.digest(secret)).select_related("discipline", "person").first()
