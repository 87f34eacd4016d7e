"""Reads of the contacts room. First parameter `person`, but for what Koor itself asks to route and to recognise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from koor.ground.contacts.access import may_merge, may_see_contacts, may_undo_merge
from koor.ground.contacts.choices import ProjectState
from koor.ground.contacts.logic import handles
from koor.ground.contacts.models import Acquaintance, Contact, Handle, Merge, Organisation, Project, Tie
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import search, sql, together
from koor.kernel.access import NotFound
from koor.kernel.personal.words import of_old
from koor.kernel.search import tsquery

# --- people outside ---


def contact(person: Person, id: int) -> Contact:
    """One person outside. Who was merged into another is answered by that other."""
    if not may_see_contacts(person):
        raise NotFound
    found = Contact.objects.select_related("organisation").filter(pk=id).first()
    if found is None:
        raise NotFound
    return found if found.merged_into_id is None else survivor(found)


def survivor(contact: Contact) -> Contact:
    """The contact whom this one became, after however many merges; as it stands in the database now."""
    seen: set[int] = set()
    found = Contact.objects.select_related("organisation").get(pk=contact.pk)
    while found.merged_into_id is not None and found.pk not in seen:
        seen.add(found.pk)
        found = Contact.objects.select_related("organisation").get(pk=found.merged_into_id)
    return found


def contact_by_handle(platform: str, value: str, *, country: str = "NL") -> Contact | None:
    """Whom we know by this address on this platform."""
    spelled = spelling(platform, value, country)
    address = (platform.replace("\x00", ""), spelled)
    return contacts_by_address({address}).get(address)


def contacts_by_address(addresses: set[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
    """Whom we know by these (platform, one spelling). One query, and more only for who was merged."""
    asked = {(platform, old): (platform, value) for platform, value in addresses if (old := of_old(value))}
    asked |= {address: address for address in addresses}
    rows = Handle.objects.filter(value__in={value for _platform, value in asked}).select_related("contact")
    there = {(row.platform, row.value): row.contact for row in rows}
    found = {asked[key]: one for key, one in there.items() if key in asked}
    found |= {key: one for key, one in there.items() if key in addresses}  # before one that was folded
    return {key: one if one.merged_into_id is None else survivor(one) for key, one in found.items()}


def at_mailboxes(addresses: set[str]) -> dict[str, list[Contact]]:
    """Who was written down with these e-mail addresses, also where several were."""
    found: dict[str, list[Contact]] = {}
    rows = everybody().exclude(email="").annotate(mailbox=Lower("email")).filter(mailbox__in=addresses)
    for one in rows.order_by("pk") if addresses else ():
        found.setdefault(one.mailbox, []).append(one)
    return found


def contacts_by_name(names: set[str]) -> dict[tuple[str, str], Contact]:
    """Whom we know by exactly these names, by (name, organisation). Without an organisation only who has no address
    either: two people may have one name. Where two have, nobody is meant."""
    addressed = Exists(Handle.objects.filter(contact=OuterRef("pk")))
    rows = Contact.objects.filter(merged_into=None).annotate(said=Lower("name")).select_related("organisation")
    rows = rows.filter(said__in={name.lower() for name in names}).exclude(addressed, organisation=None)
    found: dict[tuple[str, str], Contact | None] = {}
    for row in rows:
        key = (row.name.casefold(), row.organisation.name.casefold() if row.organisation else "")
        found[key] = None if key in found else row
    return {key: row for key, row in found.items() if row is not None}


def spelling(platform: str, value: str, country: str = "NL") -> str:
    """The one spelling of a handle; what can't be read is kept as it came."""
    try:
        return handles.normalised(platform, value, country)
    except handles.NotAHandle:
        return handles.as_it_came(value)


def contacts(person: Person, *, words: str = "", organisation: Organisation | None = None) -> QuerySet[Contact]:
    """People outside by name; `words` begin words of name, role, place, note, organisation or a handle."""
    rows = _seen_by(person).select_related("organisation").order_by("name", "pk")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    return _saying(rows, words) if words.strip() else rows


def _seen_by(person: Person) -> QuerySet[Contact]:
    """Everybody outside but who was invented for an exercise: those are met in it alone."""
    return everybody() if may_see_contacts(person) else Contact.objects.none()


def everybody() -> QuerySet[Contact]:
    """Who is really there outside, each once."""
    return Contact.objects.filter(merged_into__isnull=True, invented=False)


def _saying(rows: QuerySet[Contact], words: str) -> QuerySet[Contact]:
    query = tsquery(words)
    if not query:
        return rows.none()
    said = sql.saying(Contact.objects.all(), query, "name", "role", "place", "note").values("pk")
    at = sql.saying(Organisation.objects.all(), query, "name", "place", "about").values("pk")
    typed = handles.as_it_came(words)
    by_handle = Handle.objects.filter(value__startswith=typed).values("contact_id")
    return rows.filter(Q(pk__in=said) | Q(organisation__in=at) | Q(pk__in=by_handle))


# --- who knows whom ---


def direct_line_of(contact: Contact) -> Person | None:
    """The colleague whom this contact reaches first; nobody when they left. Away or not is for the caller."""
    lines = Acquaintance.objects.filter(contact=contact, direct_line=True, person__is_active=True)
    found = lines.select_related("person").first()
    return found.person if found else None


def acquaintances_of(contact: Contact) -> list[Acquaintance]:
    """Which colleagues know this contact, the direct line first."""
    return list(_known(contact))


def _known(contact: Contact) -> QuerySet[Acquaintance]:
    rows = Acquaintance.objects.filter(contact=contact, person__is_active=True)
    return rows.select_related("person").order_by("-direct_line", "person__name")


def ties_of(contact: Contact) -> list[tuple[Tie, Contact]]:
    """Whom this contact knows outside, as (tie, the other), whichever side it was told from; nobody who became one
    with somebody else."""
    return _pairs(contact, _ties(contact))


@dataclass(frozen=True)
class Around:
    """Who stands around a contact: colleagues who know them, others outside, and which colleagues are away today."""

    known: list[Acquaintance] = field(default_factory=list)
    ties: list[tuple[Tie, Contact]] = field(default_factory=list)
    away: dict[int, tuple[date, Person | None]] = field(default_factory=dict)


def around(contact: Contact) -> Around:
    """Asked at once."""
    known, ties, away = together.lists(_known(contact), _ties(contact), people.away_rows(people.today()))
    return Around(known, _pairs(contact, ties), people.as_away(away))


def _ties(contact: Contact) -> QuerySet[Tie]:
    there = Q(contact=contact, other__merged_into=None) | Q(other=contact, contact__merged_into=None)
    return Tie.objects.filter(there).select_related("contact", "other")


def _pairs(contact: Contact, ties: Iterable[Tie]) -> list[tuple[Tie, Contact]]:
    pairs = [(tie, tie.other if tie.contact_id == contact.pk else tie.contact) for tie in ties]
    return sorted(pairs, key=lambda pair: pair[1].name.casefold())


# --- organisations and projects ---


def organisation(person: Person, id: int) -> Organisation:
    found = Organisation.objects.filter(pk=id).first() if may_see_contacts(person) else None
    if found is None:
        raise NotFound
    return found


def organisations(person: Person, *, words: str = "") -> QuerySet[Organisation]:
    rows = Organisation.objects.order_by("name") if may_see_contacts(person) else Organisation.objects.none()
    return sql.saying(rows, tsquery(words), "name", "place", "about") if tsquery(words) else rows


def project(person: Person, id: int) -> Project:
    found = Project.objects.select_related("organisation", "contact").filter(pk=id).first()
    if found is None or not may_see_contacts(person):
        raise NotFound
    return found


def projects(person: Person, *, words: str = "", states: Iterable[str] = ()) -> QuerySet[Project]:
    rows = Project.objects.select_related("organisation", "contact").order_by("name")
    if not may_see_contacts(person):
        return rows.none()
    if states:
        rows = rows.filter(state__in=list(states))
    return sql.saying(rows, tsquery(words), "name", "place", "about") if tsquery(words) else rows


def projects_for(person: Person) -> QuerySet[Project]:
    """Projects that somebody could be at now: their own first, then what runs, then what comes. `mine` tells which."""
    mine = Project.people.through.objects.filter(project=OuterRef("pk"), person=person)
    order = Case(When(state=ProjectState.RUNNING, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = projects(person, states=(ProjectState.RUNNING, ProjectState.COMING))
    return rows.annotate(mine=Exists(mine)).order_by("-mine", order, "name")


# --- for pages ---


def relations_of(person: Person, *, words: str = "") -> QuerySet[Contact]:
    """Whom this colleague knows, with how: `mine` on each row; the direct lines first."""
    if not may_see_contacts(person):
        return Contact.objects.none()
    own = Acquaintance.objects.filter(person=person)
    rows = contacts(person, words=words).filter(acquaintances__person=person)
    rows = rows.annotate(line=Exists(own.filter(contact=OuterRef("pk"), direct_line=True)))
    return with_acquaintances(rows).order_by("-line", "name", "pk")  # type: ignore[misc]


def with_acquaintances(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Each with `known`: the acquaintances of colleagues who work here, the direct line first. One query more."""
    known = Acquaintance.objects.filter(person__is_active=True).select_related("person")
    known = known.order_by("-direct_line", "person__name")
    return rows.prefetch_related(Prefetch("acquaintances", queryset=known, to_attr="known"))


def own_acquaintance(person: Person, contact: Contact) -> Acquaintance | None:
    return Acquaintance.objects.filter(person=person, contact=contact).first()


def acquaintance(person: Person, contact: Contact, colleague_id: int) -> Acquaintance:
    """How one colleague knows this contact."""
    rows = Acquaintance.objects.select_related("person").filter(contact=contact, person=colleague_id)
    found = rows.first() if may_see_contacts(person) else None
    if found is None:
        raise NotFound
    return found


def handle(person: Person, id: int) -> Handle:
    found = Handle.objects.select_related("contact").filter(pk=id).first() if may_see_contacts(person) else None
    if found is None:
        raise NotFound
    return found


def handles_of(contact: Contact) -> list[Handle]:
    """The addresses of a contact on platforms; e-mail and phone that the page shows already are left out."""
    return _unshown(contact, contact.handles.all())


def _unshown(contact: Contact, handles: Iterable[Handle]) -> list[Handle]:
    shown = {contact.email, spelling("phone", contact.phone, people.house().country) if contact.phone else ""}
    return [row for row in handles if row.value not in shown]


@dataclass(frozen=True)
class About:
    """What stands on the page of a contact."""

    known: list[Acquaintance]
    handles: list[Handle]
    ties: list[tuple[Tie, Contact]]
    projects: list[Project]
    merges: list[Merge]


def about(person: Person, contact: Contact) -> About:
    """Who knows them, their addresses, whom they know, the work, and who was made one with them. One query."""
    known, found, ties, work, merges = together.lists(
        _known(contact), contact.handles.all(), _ties(contact), projects_of(person, contact), merges_of(person, contact)
    )
    return About(known, _unshown(contact, found), _pairs(contact, ties), work, merges)


def tie(person: Person, id: int) -> Tie:
    found = Tie.objects.select_related("contact", "other").filter(pk=id).first() if may_see_contacts(person) else None
    if found is None:
        raise NotFound
    return found


def projects_of(person: Person, contact: Contact) -> QuerySet[Project]:
    """Work for this contact, or for their organisation."""
    for_them = Q(contact=contact)
    if contact.organisation_id:
        for_them |= Q(organisation=contact.organisation_id)
    return projects(person).filter(for_them).distinct()[:40]


def own_projects(person: Person, colleague: Person) -> QuerySet[Project]:
    """What a colleague works on, or did."""
    return projects_listed(person).filter(people=colleague)


def direct_lines_of(colleague: Person) -> QuerySet[Contact]:
    """Whose own person this colleague is."""
    lines = Acquaintance.objects.filter(person=colleague, direct_line=True)
    return Contact.objects.filter(pk__in=lines.values("contact_id")).order_by("name")


def people_of_project(project: Project) -> list[Person]:
    return list(project.people.filter(is_active=True).order_by("name"))


def organisations_listed(person: Person, *, words: str = "", kind: str = "") -> QuerySet[Organisation]:
    """With how many people and projects."""
    rows = organisations(person, words=words)
    if kind:
        rows = rows.filter(kind=kind)
    here = everybody().filter(organisation=OuterRef("pk"))
    work = Project.objects.filter(organisation=OuterRef("pk"))
    return rows.annotate(people=_count(here, "organisation"), work=_count(work, "organisation"))


def _count(rows: QuerySet[Any], by: str) -> Subquery:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)  # type: ignore[return-value]


def projects_listed(person: Person, *, words: str = "", state: str = "") -> QuerySet[Project]:
    """With who works on each: `who` on each row."""
    who = Person.objects.filter(is_active=True).order_by("name")
    rows = projects(person, words=words, states=[state] if state else ())
    order = Case(
        *(When(state=value, then=Value(at)) for at, value in enumerate(("running", "coming", "done"))),
        output_field=IntegerField(),
    )
    return rows.order_by(order, "name").prefetch_related(Prefetch("people", queryset=who, to_attr="who"))


# --- perhaps one person ---


def merges_of(person: Person, contact: Contact) -> QuerySet[Merge]:
    """Who was made one with this contact, and can be taken apart again."""
    rows = Merge.objects.filter(kept=contact, undone_at__isnull=True)
    return rows.select_related("gone", "by").order_by("-at")


def merge(person: Person, id: int) -> Merge:
    found = Merge.objects.select_related("kept", "gone").filter(pk=id).first()
    if found is None or not may_undo_merge(person, found):
        raise NotFound
    return found


def likely_doubles(person: Person, contact: Contact) -> list[Contact]:
    """Who may be the same person: the same name, e-mail address or phone, or the same last word of the name."""
    folded = sql.fold(F("name"))
    same = Q(folded=search.fold(contact.name))
    if contact.email:
        same |= Q(email__iexact=contact.email)
    if contact.phone:
        same |= Q(phone=contact.phone)
    rows = _seen_by(person).exclude(pk=contact.pk).select_related("organisation").annotate(folded=folded)
    found: list[Contact] = list(rows.filter(same).order_by("name")[:12])
    last = contact.name.split()[-1] if contact.name.split() else ""
    if len(last) > 2:
        alike = contacts(person, words=last).exclude(pk__in=[contact.pk, *(one.pk for one in found)])
        found += [one for one in alike[:12] if search.fold(one.name).endswith(search.fold(last))]
    return found


def doubles(person: Person, most: int = 50) -> list[list[Contact]]:
    """Groups of contacts with one name or one e-mail address. A few queries, whatever there is."""
    if not may_merge(person):
        raise NotFound
    rows = everybody().order_by()
    groups: dict[tuple[int, ...], list[Contact]] = {}
    for key, having in ((sql.fold(F("name")), Q()), (Lower("email"), ~Q(email=""))):
        keyed = rows.filter(having).annotate(key=key)
        doubled = keyed.values("key").annotate(n=Count("pk")).filter(n__gt=1).values("key")[:most]
        together: dict[str, list[Contact]] = {}
        for one in keyed.filter(key__in=doubled).select_related("organisation").order_by("pk")[: most * 6]:
            together.setdefault(one.key, []).append(one)
        groups |= {tuple(one.pk for one in group): group for group in together.values()}
    return sorted(groups.values(), key=lambda group: search.fold(group[0].name))[:most]
