"""Direct lines: a colleague opens one, changes it, gives it a new address, closes it; and it goes along with people."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations import access, logic
from koor.flow.conversations.models import Line, LineLetter, LineLink
from koor.flow.conversations.queries.lines import seal_context
from koor.ground.contacts import actions as contacts
from koor.ground.contacts import queries as contacts_queries
from koor.ground.contacts.models import Acquaintance, Contact, Project
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, notices, secrets
from koor.kernel.access import NotFound, Refused, require

JUST_LEFT = timedelta(days=7)
FIELDS = (
    "about", "answers", "days", "opens", "closes", "limit", "shows_phone", "shows_mail", "stand_in", "aside",
)  # fmt: skip


@transaction.atomic
def open_line(
    *, by: Colleague, person: Person, contact: Contact | None = None, project: Project | None = None, **wishes: Any
) -> Line:
    """A colleague is there for somebody, or for a project: on a small page that needs no account. For somebody they
    become the direct line too. Opened again it is the same line."""
    require(access.may_open_line(by), _("A direct line is for later, when you answer on your own."))
    require(by == person or not isinstance(by, Person), _("Everybody opens their own lines."))
    if contact is not None:
        contact = contacts_queries.survivor(contact)
        before = contacts_queries.direct_line_of(contact)
        contacts.introduce(by=by, person=person, contact=contact, direct_line=True)
        if before is not None and before != person and by == person:
            _tell_whose_it_was(before, person, contact)
    return _opened(by, person, contact, project, wishes)


def _tell_whose_it_was(before: Person, now: Person, contact: Contact) -> None:
    """Nobody loses somebody without hearing of it; on the phone without the name of who is outside."""
    page = reverse("contacts:contact", args=[contact.pk])
    names = {"who": now.name, "contact": contact.name}
    with translation.override(before.language):
        title = _("%(who)s took over a direct line of yours") % names
        notices.push(to=before.pk, title=title, url=page, kind="waits", key=f"line:{contact.pk}:{now.pk}")
        told = _("You were the direct line of %(contact)s; now it is %(who)s. Was it not meant so? Take it back here:")
        text = f"{told % names}\n\n{settings.KOOR_URL}{page}\n"
        notices.mail(to=before.email, subject=title, text=text, kind="line")


def _opened(
    by: Colleague, person: Person, contact: Contact | None, project: Project | None, wishes: Mapping[str, Any]
) -> Line:
    rows = Line.objects.select_for_update(of=("self",)).filter(closed_at__isnull=True)
    here = rows.filter(contact=contact) if contact else rows.filter(project=project, contact=None, person=person)
    found = here.first() or (None if contact else _orphan(rows, project))
    if found is None:
        now = clock.now()
        house = people.house()
        found = Line(person=person, contact=contact, project=project, since=now, made_at=now)
        found.opens, found.closes, found.days = house.opens, house.closes, list(logic.WORKDAYS)
        found.about = person.knows[:300]
    elif found.person_id != person.pk:
        now_of(found, person)
    _fill(found, wishes)
    found.save()
    if not found.links.filter(ended_at__isnull=True).exists():
        _new_link(found)
        audit.record(by=by, verb="conversations.open_line", target=contact or project or found, person=person.pk)
    return found


def _orphan(rows: QuerySet[Line], project: Project | None) -> Line | None:
    """The page of a project whose colleague left: whoever opens one there goes on at that address."""
    gone = Q(person=None) | Q(person__is_active=False)
    return rows.filter(gone, project=project, contact=None).order_by("pk").first()


@transaction.atomic
def change_line(*, by: Colleague, line: Line, **wishes: Any) -> Line:
    """Their hours, their limit, what the page tells."""
    line = held(line.pk)
    require(access.may_change_line(by, line), _("Whose line it is changes it."))
    _fill(line, wishes)
    line.save()
    audit.record(by=by, verb="conversations.change_line", target=line.contact or line.project or line)
    return line


@transaction.atomic
def spoke_with(*, by: Person, contact: Contact, at: datetime) -> None:
    """They spoke, by telephone or at the door: whoever got their direct line need not say hello any more."""
    rows = Line.objects.filter(person=by, contact=contact, closed_at__isnull=True, greeted_at=None, since__lte=at)
    rows.update(greeted_at=at)


@transaction.atomic
def did_not_speak(*, by: Person, contact: Contact, at: datetime) -> None:
    """That was noted by mistake."""
    Line.objects.filter(person=by, contact=contact, greeted_at=at).update(greeted_at=None)


@transaction.atomic
def greet(*, by: Person, line: Line) -> Line:
    """The same, said by one tap."""
    line = held(line.pk)
    require(line.person_id == by.pk, _("Whose line it is changes it."))
    if line.greeted_at is None:
        line.greeted_at = clock.now()
        line.save(update_fields=["greeted_at"])
        audit.record(by=by, verb="conversations.greet", target=line.contact or line.project or line)
    return line


@transaction.atomic
def new_link(*, by: Colleague, line: Line) -> LineLink:
    """Another address; the old one only says kindly where to go. Whoever had it may have left where letters go, and
    the new address is not for them: that is forgotten, but never that somebody stopped the letters."""
    line = held(line.pk)
    require(access.may_change_line(by, line), _("Whose line it is changes it."))
    if line.closed_at is not None:
        raise Refused(_("This line is closed."), code="closed")
    audit.record(by=by, verb="conversations.new_line_link", target=line.contact or line.project or line)
    left = LineLetter.objects.filter(line=line)
    left.filter(off_at__isnull=True).delete()
    left.update(address="")
    return _new_link(line)


@transaction.atomic
def close_line(*, by: Colleague, line: Line) -> Line:
    """The page says kindly where to go; what was said stays in the house."""
    line = held(line.pk)
    require(access.may_change_line(by, line), _("Whose line it is closes it."))
    if line.closed_at is None:
        line.closed_at = clock.now()
        line.save(update_fields=["closed_at"])
        line.links.filter(ended_at__isnull=True).update(ended_at=line.closed_at)
        audit.record(by=by, verb="conversations.close_line", target=line.contact or line.project or line)
    return line


@transaction.atomic
def follow_direct_line(*, by: Colleague, contact_id: int, person_id: int | None) -> None:
    """Somebody has another colleague of their own, or none: their page goes along, at the same address."""
    held = Line.objects.select_for_update(of=("self",)).filter(contact=contact_id, closed_at__isnull=True)
    line = held.select_related("person").first()
    if line is None or line.person_id == person_id:
        return
    person = Person.objects.filter(pk=person_id, is_active=True).first() if person_id else None
    if person is None and line.person is not None and line.person.is_active:
        return  # the line is theirs to close
    now_of(line, person)
    line.save()
    audit.record(by=by, verb="conversations.pass_line_on", target=line.contact or line, person=person_id)


@transaction.atomic
def pass_project_lines_on(*, by: Colleague, person_id: int, to_id: int | None) -> None:
    """The pages of projects of a colleague who left, at the same address: to whoever takes over, else to who stands in
    on it or belongs to the project. Where nobody can, the curator is asked."""
    if Person.objects.filter(pk=person_id, is_active=True).exists():
        return  # was let in again before this was heard
    to = Person.objects.filter(pk=to_id).first() if to_id else None
    rows = Line.objects.select_for_update(of=("self",)).filter(person=person_id, contact=None, closed_at__isnull=True)
    for line in rows.select_related("person", "project", "stand_in").order_by("pk"):
        team = line.project.people.order_by("name") if line.project else ()
        there = [one for one in (to, line.stand_in, *team) if one and one.is_active and access.may_open_line(one)]
        has_one = Line.objects.filter(project=line.project, contact=None, closed_at__isnull=True)
        free = (one for one in there if not has_one.filter(person=one).exists())
        now_of(line, person := next(free, None))
        if person is None and there:  # with a page of their own for it they answer here beside it
            line.stand_in = there[0]
        line.save()
        audit.record(
            by=by, verb="conversations.pass_line_on", target=line.project or line, person=person.pk if person else None
        )


@transaction.atomic
def find_new_face(*, by: Colleague, contact_id: int) -> Person | None:
    """Whose own colleague left, and for whom nobody was named, gets whoever stood in on their line, or whoever knows
    them; so that nobody is left without a face. Nobody when there is none: the curator is asked."""
    contact = Contact.objects.filter(pk=contact_id, merged_into=None).first()
    if contact is None or contacts_queries.direct_line_of(contact) or not _lost_somebody(contact):
        return None
    line = Line.objects.filter(contact=contact, closed_at__isnull=True).select_related("stand_in").first()
    known = [row.person for row in contacts_queries.acquaintances_of(contact)]
    candidates = [line.stand_in, *known] if line and line.stand_in else known
    found = next((one for one in candidates if one.is_active and not access.practises(one)), None)
    if found is not None:
        contacts.introduce(by=by, person=found, contact=contact, direct_line=True)
    return found


def _lost_somebody(contact: Contact) -> bool:
    """A colleague who knew them left just now."""
    since = clock.now() - JUST_LEFT
    gone = Acquaintance.objects.filter(contact=contact, person__is_active=False, person__left_at__gte=since)
    return gone.exists()


def now_of(line: Line, person: Person | None) -> None:
    """With another colleague: their own words and ways, not those of whom it was."""
    line.before, line.person, line.since = line.person or line.before, person, clock.now()
    line.greeted_at = None
    line.about, line.answers = (person.knows[:300] if person else ""), ""
    line.shows_phone = line.shows_mail = False
    stands_in = line.stand_in
    if stands_in is not None and (stands_in == person or not stands_in.is_active):
        line.stand_in = None


def _fill(line: Line, wishes: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in wishes:
            setattr(line, name, wishes[name])
    if line.stand_in is not None and (line.stand_in_id == line.person_id or not line.stand_in.is_active):
        raise Refused(_("Choose another colleague who works here."), code="stand_in", field="stand_in")
    if line.closes <= line.opens:
        raise Refused(_("These hours end before they begin."), code="hours", field="closes")
    if not line.days or not set(line.days) <= set(range(1, 8)):
        raise Refused(_("Choose at least one day."), code="days", field="days")


def _new_link(line: Line) -> LineLink:
    line.links.filter(ended_at__isnull=True).update(ended_at=clock.now())
    token = secrets.new_token("line")
    sealed = secrets.seal(token.encode(), seal_context(line.pk))
    return LineLink.objects.create(line=line, digest=secrets.digest(token), sealed=sealed, made_at=clock.now())


def held(pk: int) -> Line:
    rows = Line.objects.select_for_update(of=("self",)).select_related(
        "person", "contact", "project", "stand_in", "before"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
