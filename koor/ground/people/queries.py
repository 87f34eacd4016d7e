"""Reads of the people room. First parameter `person` unless Koor itself or the operator asks.

Never a measure of a colleague: by name only what they declared themselves."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from koor.ground.people import logic
from koor.ground.people.access import may_arrange_sign_in, may_declare_absence, may_manage_people, may_see_colleagues
from koor.ground.people.choices import Role
from koor.ground.people.models import (
    Absence,
    Discipline,
    House,
    ImportDraft,
    Invitation,
    Person,
    Provider,
    Rota,
    RotaTurn,
    Skill,
    Team,
    Token,
)
from koor.kernel import clock, secrets, sql, together, written
from koor.kernel.access import NotFound, Refused
from koor.kernel.memory import remembered
from koor.kernel.models import AuditEntry
from koor.kernel.search import tsquery

# --- the house ---


def has_house() -> bool:
    """Whether somebody lives here already."""
    return House.objects.exists()


@remembered
def house() -> House:
    """Our organisation. Refused when it was not made yet."""
    found = House.objects.first()
    if found is None:
        raise Refused(_("This house is still empty. Start with: koor init"), code="no_house")
    return found


@written.once()
def houses() -> QuerySet[House]:
    """The house, if there is one; to ask it beside something else."""
    return House.objects.order_by("pk")[:1]


def works_here() -> str:
    """The sentence by which a colleague says where they work, in the language of the house; empty when the house leaves
    that to everybody."""
    ours = house()
    if not ours.tells_works_here:
        return ""
    usual = "Ik werk bij %s." if ours.language == "nl" else "I work at %s."
    return ours.works_here.strip() or usual % ours.name


def provider() -> Provider | None:
    """The organisation's own provider where colleagues may sign in with it; for the door, where nobody is known yet."""
    return Provider.objects.filter(is_on=True).first()


def provider_to_arrange(person: Person) -> Provider | None:
    """The provider as the administrator arranges it, also when it is switched off."""
    return Provider.objects.first() if may_arrange_sign_in(person) else None


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
    found = _seen_by(person).filter(pk=id).select_related("discipline", "buddy").first()
    if found is None:
        raise NotFound
    return found


def colleagues(
    person: Person, *, words: str = "", discipline: Discipline | None = None, skill: Skill | None = None
) -> QuerySet[Person]:
    """Active colleagues by name; `words` begin words of name, work, what they know or a declared skill."""
    rows = _seen_by(person).filter(is_active=True).select_related("discipline").order_by("name")
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


def people_by_address(addresses: Iterable[str]) -> dict[str, Person]:
    """Everybody, also who left, by their address in lower case. One query."""
    wanted = {address.lower() for address in addresses}
    rows = Person.objects.annotate(folded=Lower("email")).filter(folded__in=wanted)
    return {row.email.lower(): row for row in rows}


def with_role(role: str) -> QuerySet[Person]:
    """Active colleagues who have this role."""
    return Person.objects.filter(is_active=True, roles__contains=[role]).order_by("name")


def last_step(colleague: Person) -> QuerySet[AuditEntry]:
    """The deed by which this colleague got the present step of autonomy, with its reason; none if it never changed."""
    deeds = AuditEntry.objects.filter(target_kind="people.person", target_id=colleague.pk)
    return deeds.filter(verb="people.change_autonomy").order_by("-at")[:1]


def disciplines(person: Person) -> QuerySet[Discipline]:
    return Discipline.objects.order_by("name")


# --- away ---


def is_away(colleague: Person, day: date) -> bool:
    return Absence.objects.filter(person=colleague, first_day__lte=day, last_day__gte=day).exists()


def stand_in_for(colleague: Person, day: date) -> Person | None:
    """Who is there for a colleague who is away on this day; a stand-in who is away too passes it on.

    Nobody when the colleague is there, or when nobody stands in."""
    rows = Absence.objects.filter(first_day__lte=day, last_day__gte=day)
    away = dict(rows.values_list("person_id", "stand_in_id"))
    found = logic.stand_in(colleague.pk, away)
    return Person.objects.filter(pk=found, is_active=True).first() if found is not None else None


def absence_and_stand_in(colleague: Person, day: date) -> tuple[Absence | None, Person | None]:
    """The absence that holds this day, and who is there instead, also when a stand-in is away too. One query."""
    rows = Absence.objects.filter(first_day__lte=day, last_day__gte=day).order_by("-first_day")
    found = {row.person_id: row for row in rows.select_related("stand_in")}
    instead = logic.stand_in(colleague.pk, {person: row.stand_in_id for person, row in found.items()})
    there = next((row.stand_in for row in found.values() if instead is not None and row.stand_in_id == instead), None)
    return found.get(colleague.pk), there if there is not None and there.is_active else None


def away_on(day: date) -> dict[int, tuple[date, Person | None]]:
    """Everyone who is away on this day, by number: the last day of it, and who is there for them. One query."""
    return as_away(away_rows(day))


def away_rows(day: date) -> QuerySet[Absence]:
    """The absences that hold this day, to ask beside something else."""
    rows = Absence.objects.filter(first_day__lte=day, last_day__gte=day).order_by("-first_day")
    return rows.select_related("stand_in")


def as_away(rows: Iterable[Absence]) -> dict[int, tuple[date, Person | None]]:
    """Of these absences of one day: by number of who is away the last day, and who is there for them."""
    found = {row.person_id: row for row in rows}
    stand_ins = {row.stand_in.pk: row.stand_in for row in found.values() if row.stand_in and row.stand_in.is_active}
    away = {person: row.stand_in_id for person, row in found.items()}
    return {person: (row.last_day, stand_ins.get(logic.stand_in(person, away) or 0)) for person, row in found.items()}


# --- tokens and invitations ---


def token_of(plain: str) -> Token | None:
    """The valid token that a program showed, with its colleague; None for anything else."""
    if not plain.startswith(f"{secrets.MARK}_") or len(plain) > 200:
        return None
    rows = Token.objects.filter(digest=secrets.digest(plain), revoked_at__isnull=True, person__is_active=True)
    return rows.select_related("person").first()


def invitation_by_secret(secret: str) -> Invitation | None:
    """The invitation behind a link, whatever its state; for the page that a stranger opens."""
    return Invitation.objects.filter(token_digest=secrets.digest(secret)).select_related("discipline", "person").first()


def token(person: Person, id: int) -> Token:
    """One of somebody's own keys."""
    found = Token.objects.filter(pk=id, person=person).select_related("person").first()
    if found is None:
        raise NotFound
    return found


def tokens(person: Person) -> QuerySet[Token]:
    """One's own keys that still open something."""
    return Token.objects.filter(person=person, revoked_at__isnull=True).order_by("-made_at")


def invitation(person: Person, id: int) -> Invitation:
    found = Invitation.objects.filter(pk=id).select_related("person", "discipline").first()
    if found is None or not may_manage_people(person):
        raise NotFound
    return found


def invitations(person: Person) -> QuerySet[Invitation]:
    """Latest first, with the letter that went with each."""
    if not may_manage_people(person):
        raise NotFound
    rows = Invitation.objects.select_related("person", "discipline", "invited_by", "accepted_by", "mail")
    return rows.order_by("-made_at", "-pk")


# --- for who manages people ---


def managed(person: Person, *, words: str = "", show: str = "") -> QuerySet[Person]:
    """Everyone, for who manages people. `show`: who works here (empty), left, is waiting to come in, or manages."""
    if not may_manage_people(person):
        raise NotFound
    rows = Person.objects.select_related("discipline").order_by("name")
    if show == "left":
        rows = rows.filter(is_active=False)
    elif show == "waiting":
        rows = rows.filter(is_active=True, joined_at__isnull=True)
    elif show == "managers":
        rows = rows.filter(is_active=True, roles__overlap=[Role.ADMINISTRATOR, Role.CURATOR])
    else:
        rows = rows.filter(is_active=True)
    return _saying(rows, words) if words.strip() else rows


def managed_person(person: Person, id: int) -> Person:
    found = Person.objects.select_related("discipline", "buddy").filter(pk=id).first()
    if found is None or not may_manage_people(person):
        raise NotFound
    return found


def how_many(person: Person) -> dict[str, int]:
    """How many work here, how many of them did not come in yet, and how many others have a link in their hands."""
    open_ones = Invitation.objects.filter(person=None, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())
    here = Person.objects.filter(is_active=True)
    active, waiting, invited = together.numbers(here, here.filter(joined_at=None), open_ones)
    return {"active": active, "waiting": waiting, "invited": invited}


def disciplines_with_size(person: Person) -> QuerySet[Discipline]:
    size = Count("people", filter=Q(people__is_active=True))
    return Discipline.objects.annotate(size=size, ever=Count("people")).order_by("name")


def discipline(person: Person, id: int) -> Discipline:
    found = Discipline.objects.filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def draft(person: Person, id: int, kind: str) -> ImportDraft:
    """A list that this colleague brought in."""
    found = ImportDraft.objects.filter(pk=id, by=person, kind=kind).first()
    if found is None:
        raise NotFound
    return found


# --- what colleagues declare ---


def skills_of(person: Person, colleague: Person) -> QuerySet[Skill]:
    return Skill.objects.filter(people=colleague).order_by("kind", "name")


def own_skill(person: Person, id: int) -> Skill:
    found = Skill.objects.filter(pk=id, people=person).first()
    if found is None:
        raise NotFound
    return found


def skill(person: Person, id: int) -> Skill:
    found = Skill.objects.filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def who_can_what(person: Person, *, kind: str = "", words: str = "") -> QuerySet[Skill]:
    """Every declared skill with the colleagues who declared it, by name."""
    who = Person.objects.filter(is_active=True).order_by("name")
    rows = Skill.objects.filter(people__is_active=True).distinct().order_by(Lower("name"), "kind", "pk")
    if kind:
        rows = rows.filter(kind=kind)
    if query := tsquery(words):
        rows = sql.saying(rows, query, "name")
    return rows.prefetch_related(Prefetch("people", queryset=who))


# --- absence ---


def own_absences(person: Person, colleague: Person) -> QuerySet[Absence]:
    """Present and coming absences of a colleague."""
    rows = Absence.objects.filter(person=colleague, last_day__gte=today())
    return rows.select_related("stand_in").order_by("first_day")


def absence(person: Person, id: int) -> Absence:
    """One that this colleague may change."""
    found = Absence.objects.select_related("person", "stand_in").filter(pk=id).first()
    if found is None or not may_declare_absence(person, found.person):
        raise NotFound
    return found


def absences(person: Person, first: date, last: date) -> QuerySet[Absence]:
    """Who is away in these days, with who stands in."""
    rows = Absence.objects.filter(person__is_active=True, first_day__lte=last, last_day__gte=first)
    return rows.select_related("person", "stand_in").order_by("first_day", "person__name")


def stand_ins_to_come(person: Person) -> QuerySet[Absence]:
    """For whom this colleague stands in, now and later."""
    rows = Absence.objects.filter(stand_in=person, last_day__gte=today(), person__is_active=True)
    return rows.select_related("person").order_by("first_day")


# --- teams and rotas ---


def teams(person: Person) -> QuerySet[Team]:
    """All teams by name, each with those in it who work here."""
    return Team.objects.order_by("name").prefetch_related(Prefetch("people", queryset=_at_work()))


def _at_work() -> QuerySet[Person]:
    return Person.objects.filter(is_active=True).order_by("name")


def team(person: Person, id: int) -> Team:
    found = teams(person).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def rotas(person: Person) -> QuerySet[Rota]:
    """All rotas by name, each with the turns of those who work here, in order."""
    turns = RotaTurn.objects.filter(person__is_active=True).select_related("person")
    return Rota.objects.order_by("name").prefetch_related(Prefetch("turns", queryset=turns))


def rota(person: Person, id: int) -> Rota:
    found = rotas(person).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def turn_on(rota: Rota, day: date) -> Person | None:
    """Whose week it is, of a rota as `rotas` gives it. No query."""
    people = {turn.person_id: turn.person for turn in rota.turns.all()}
    found = logic.on_turn(list(people), rota.first_week, day)
    return people[found] if found is not None else None
