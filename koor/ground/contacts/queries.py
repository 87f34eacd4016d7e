"""Reads of the contacts room. First parameter `person`, but for what Koor itself asks to route and to recognise."""

from collections.abc import Iterable

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from koor.ground.contacts.access import may_see_contacts
from koor.ground.contacts.choices import ProjectState
from koor.ground.contacts.logic import handles
from koor.ground.contacts.models import Acquaintance, Contact, Handle, Organisation, Project, Tie
from koor.ground.people.models import Person
from koor.kernel import sql
from koor.kernel.access import NotFound
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
    found = Handle.objects.filter(platform=platform, value=spelled).select_related("contact").first()
    if found is None:
        return None
    return found.contact if found.contact.merged_into_id is None else survivor(found.contact)


def contacts_by_address(addresses: set[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
    """Whom we know by these (platform, one spelling). One query, and more only for who was merged."""
    values = {value for _platform, value in addresses}
    rows = Handle.objects.filter(value__in=values).select_related("contact")
    found = {(row.platform, row.value): row.contact for row in rows if (row.platform, row.value) in addresses}
    return {key: one if one.merged_into_id is None else survivor(one) for key, one in found.items()}


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
    return Contact.objects.filter(merged_into__isnull=True) if may_see_contacts(person) else Contact.objects.none()


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
    rows = Acquaintance.objects.filter(contact=contact, person__is_active=True)
    return list(rows.select_related("person", "person__picture").order_by("-direct_line", "person__name"))


def ties_of(contact: Contact) -> list[tuple[Tie, Contact]]:
    """Whom this contact knows outside, as (tie, the other), whichever side it was told from."""
    rows = Tie.objects.filter(Q(contact=contact) | Q(other=contact)).select_related("contact", "other")
    pairs = [(tie, tie.other if tie.contact_id == contact.pk else tie.contact) for tie in rows]
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
