"""Direct lines: one's own, whoever answers on one now, and the page behind an address."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from koor.flow.calendar import queries as calendar
from koor.flow.conversations import access, logic
from koor.flow.conversations.choices import LINE, ConversationState, Delivery, Direction
from koor.flow.conversations.models import Conversation, Line, LineLetter, LineLink, Message
from koor.ground.contacts import access as contacts_access
from koor.ground.contacts.models import Contact, Handle, Project
from koor.ground.people import queries as people
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Absence, Person
from koor.kernel import clock, secrets
from koor.kernel.access import NotFound

AT_ONCE = 40  # messages on the page
_WITH = ("person", "contact", "project", "stand_in", "before")


def lines(person: Person) -> QuerySet[Line]:
    """One's own open lines."""
    rows = Line.objects.filter(person=person, closed_at__isnull=True).select_related(*_WITH)
    return rows.order_by("contact__name", "project__name", "pk")


def line(person: Person, id: int) -> Line:
    """A line that this person may change, also one that is closed."""
    found = Line.objects.select_related(*_WITH).filter(pk=id).first()
    if found is None or not access.may_change_line(person, found):
        raise NotFound
    return found


def line_with(contact: Contact) -> Line | None:
    """The open line to somebody."""
    return Line.objects.filter(contact=contact, closed_at__isnull=True).select_related(*_WITH).first()


def open_with(person: Person, line: Line) -> Conversation | None:
    """The conversation that is open with whose line it is, if this person may see it."""
    talk = _open_conversation(line)
    return talk if talk is not None and access.may_see(person, talk) else None


def line_of_project(person: Person, project: Project) -> Line | None:
    """One's own open line for a project."""
    return lines(person).filter(project=project, contact=None).first()


def address_of(line: Line) -> str:
    """The path of the page; empty when it is closed."""
    link = line.links.filter(ended_at__isnull=True).first()
    return reverse("conversations:at_line", args=[token_of(link)]) if link else ""


def token_of(link: LineLink) -> str:
    return secrets.unseal(link.sealed, seal_context(link.line_id)).decode()


def seal_context(line_id: int) -> str:
    return f"conversations.line:{line_id}"


def line_by_link(token: str) -> LineLink:
    """What is behind an address, also when it ended."""
    rows = LineLink.objects.filter(digest=secrets.digest(token)) if len(token) < 200 else LineLink.objects.none()
    found = rows.select_related(*(f"line__{name}" for name in _WITH)).first()
    if found is None:
        raise NotFound
    return found


# --- who answers now ---


def answerer(line: Line, passed: Iterable[int] = ()) -> logic.Answerer:
    """Who answers on this line now."""
    owner = line.person
    if owner is None or not owner.is_active:
        return logic.Answerer(None)
    away = people.away_on(people.today())
    last_day, instead = away.get(owner.pk, (None, None))
    of_line = line.stand_in if line.stand_in and line.stand_in.is_active and line.stand_in_id not in away else None
    return logic.who_answers(
        owner=owner.pk,
        away_until=last_day,
        absence_stand_in=instead.pk if instead else None,
        line_stand_in=of_line.pk if of_line else None,
        waiting=how_many_wait_on_lines(owner, besides=line),
        limit=line.limit,
        passed=frozenset(passed),
    )


def how_many_wait_on_lines(owner: Person, *, besides: Line) -> int:
    """How many other people wait for this colleague now."""
    rows = Conversation.objects.filter(assignee=owner, state=ConversationState.OPEN, waiting_since__isnull=False)
    return rows.exclude(contact=whose(besides.contact)).count() if besides.contact else rows.count()


def with_stand_ins(contact: Contact, owner_id: int) -> int | None:
    """Who stands in on the line to somebody, when the absence itself names nobody; if they are there."""
    found = line_with(contact)
    if found is None or found.person_id != owner_id or found.stand_in is None or not found.stand_in.is_active:
        return None
    return None if people.is_away(found.stand_in, people.today()) else found.stand_in_id


# --- the page behind the address ---


@dataclass(frozen=True)
class Said:
    """One message as the page shows it."""

    text: str
    at: datetime
    ours: bool
    by: Person | None = None


@dataclass(frozen=True)
class Page:
    """All that the page of a direct line shows."""

    line: Line
    owner: Person | None
    answers: Person | None  # who answers now
    stands_in: bool = False
    full: bool = False
    until: date | None = None  # last day away
    coming: tuple[date, date, Person | None] | None = None  # an absence that comes, and who answers then
    introduced_after: str = ""  # whose line it was
    said: list[Said] = field(default_factory=list)
    waits: bool = False
    open_now: bool = True
    reads_on: date | None = None
    holiday: bool = False  # all the house is closed today

    @property
    def stands_in_then(self) -> Person | None:
        """Who would answer if the owner were away; not where that is told already."""
        told = self.owner is None or self.until or self.coming or self.answers != self.owner
        other = self.line.stand_in
        return None if told or other is None or not other.is_active else other

    @property
    def can_write(self) -> bool:
        """Not at the page of a project where nobody is left to read it."""
        there = (self.line.person, self.line.stand_in)
        return self.line.contact is not None or any(one and one.is_active for one in there)


def page_of_line(link: LineLink) -> Page:
    """What the one behind the address sees: their own thread only, and who answers now."""
    line = link.line
    talk = _open_conversation(line)
    now = answerer(line, talk.refusals.values_list("person_id", flat=True) if talk else ())
    has, there = (talk.assignee_id, not _is_away(talk.assignee)) if talk else (None, False)
    stays = talk and logic.stays(assignee=has, ground=talk.ground, owner=line.person_id or 0, is_there=there)
    with_whom = has if stays or (there and now.person is None) else now.person
    shown = {one.pk: one for one in _people(line, with_whom)}
    return Page(
        line=line,
        owner=shown.get(line.person_id or 0),
        answers=shown.get(with_whom or 0),
        stands_in=now.stands_in,
        full=now.full,
        until=now.until,
        coming=_coming(line),
        introduced_after=_introduced_after(line),
        said=_said(line),
        waits=bool(talk and talk.waiting_since),
        **_when_it_is_read(line),
    )


def _when_it_is_read(line: Line) -> dict[str, Any]:
    """On its own days and hours, but for public holidays."""
    local = clock.local(clock.now(), people.house().zone)
    closed = calendar.free_days(people.house(), local.date(), local.date() + logic.LOOKS_AHEAD)
    holiday = local.date() in closed
    return {
        "open_now": not holiday and logic.is_open(local, line.days, line.opens, line.closes),
        "reads_on": logic.next_open(local, line.days, line.opens, closed),
        "holiday": holiday,
    }


def _open_conversation(line: Line) -> Conversation | None:
    if line.contact is None:
        return None
    rows = Conversation.objects.filter(contact=whose(line.contact)).exclude(state=ConversationState.DONE)
    return rows.select_related("assignee").order_by("-last_at").first()


def _is_away(person: Person | None) -> bool:
    return person is None or not person.is_active or people.is_away(person, people.today())


def _people(line: Line, with_whom: int | None) -> list[Person]:
    known = [one for one in (line.person, line.stand_in) if one is not None and one.is_active]
    if with_whom is None or with_whom in {one.pk for one in known}:
        return known
    return [*known, *Person.objects.filter(pk=with_whom, is_active=True)]


def _coming(line: Line) -> tuple[date, date, Person | None] | None:
    """Days away within two weeks, so that nobody is surprised; with who answers from the first of them."""
    today = people.today()
    rows = Absence.objects.filter(person=line.person_id, first_day__gt=today) if line.person_id else None
    first = rows.order_by("first_day").first() if rows is not None else None
    if first is None or (first.first_day - today).days > 14:
        return None
    away = people.away_on(first.first_day)
    of_line = line.stand_in if line.stand_in and line.stand_in.is_active and line.stand_in_id not in away else None
    return first.first_day, first.last_day, away[first.person_id][1] or of_line


def _introduced_after(line: Line) -> str:
    fresh = clock.now() - line.since < logic.INTRODUCED
    return line.before.name if fresh and line.before is not None and line.before_id != line.person_id else ""


def whose(contact: Contact) -> int:
    """Who was made one with somebody goes on as them."""
    return contact.merged_into_id or contact.pk


def on_the_page(contact_id: int) -> QuerySet[Message]:
    """What was said on the page, and nothing else of what we know."""
    ours = Q(direction=Direction.OUT, delivery=Delivery.PAGE, failed=False)
    theirs = Q(direction=Direction.IN, channel=LINE)
    rows = Message.objects.filter(ours | theirs, contact=contact_id).select_related("person").defer("search")
    return rows.order_by("-at", "-pk")


def _said(line: Line) -> list[Said]:
    if line.contact is None:
        return []
    rows = list(on_the_page(whose(line.contact))[:AT_ONCE])
    return [Said(one.text, one.at, one.direction == Direction.OUT, one.person) for one in reversed(rows)]


# --- a letter when an answer stands there ---


def letter_of(line: Line) -> LineLetter | None:
    """Where they hear of an answer: the address that they left, else the one e-mail address by which we know them.
    Who stopped these letters has stopped them on each page that they have or had."""
    row = LineLetter.objects.filter(line=line).first()
    if line.contact is None:
        return row
    if row is None or not row.address:
        known = Handle.objects.filter(contact=whose(line.contact), platform="email").values_list("value", flat=True)
        addresses = list(known[:2])
        row = row or LineLetter(line=line, made_at=clock.now())
        row.address = addresses[0] if len(addresses) == 1 else ""
    if row.off_at is None:
        row.off_at = letters_of(line.contact).filter(off_at__isnull=False).values_list("off_at", flat=True).first()
    return row if row.address or row.off_at else None


def letters_of(contact: Contact) -> QuerySet[LineLetter]:
    """Of all pages of somebody, also those that closed and those of whom was made one with them."""
    one = whose(contact)
    return LineLetter.objects.filter(Q(line__contact=one) | Q(line__contact__merged_into=one))


# --- holiday cover ---


def uncovered(person: Person) -> QuerySet[Absence]:
    """One's own days away in the coming weeks, during all or some of which nobody stands in on some of one's lines."""
    today = people.today()
    rows = Absence.objects.filter(person=person, last_day__gte=today, first_day__lte=today + logic.AHEAD)
    once, twice = ((OuterRef("first_day"), OuterRef("last_day")), _twice("first_day", "last_day"))
    return rows.filter(_bare(once, twice)).order_by("first_day")


def bare_absences(person: Person) -> QuerySet[Absence] | None:
    """Colleagues who are away now while nobody stands in on some of their lines; for who arranges the lines."""
    if not contacts_access.may_arrange_lines(person):
        return None
    today = people.today()
    rows = Absence.objects.filter(first_day__lte=today, last_day__gte=today).exclude(person=person)
    return rows.filter(_bare((today, today), (today, today))).select_related("person").order_by("last_day", "pk")


def _twice(*names: str) -> tuple[OuterRef, ...]:
    return tuple(OuterRef(OuterRef(name)) for name in names)


def _bare(once: tuple[Any, ...], twice: tuple[Any, ...]) -> Q:
    """As a condition on Absence: nobody who is there on these days stands in for it, nor on one of the lines. Whoever
    stands in and is away too passes it on to their own stand-in, once."""
    theirs = _away("stand_in", *once)
    passed_on = theirs.filter(stand_in__is_active=True).exclude(stand_in=OuterRef("person"))
    onward = passed_on.filter(~Exists(_away("stand_in", *twice)))
    nobody = Q(stand_in=None) | Q(stand_in__is_active=False) | Q(Exists(theirs)) & ~Q(Exists(onward))
    lines = Line.objects.filter(person=OuterRef("person"), closed_at__isnull=True)
    alone = Q(stand_in=None) | Q(stand_in__is_active=False) | Q(Exists(_away("stand_in", *twice)))
    return nobody & Q(Exists(lines.filter(alone)))


def _away(whose: str, first: Any, last: Any) -> QuerySet[Absence]:
    """That this colleague is away on some of these days."""
    return Absence.objects.filter(person=OuterRef(whose), first_day__lte=last, last_day__gte=first)


def without_a_face(person: Person) -> QuerySet[Line] | None:
    """Lines whose colleague left and whom nobody took over; for who arranges the lines. At the page of a project
    whoever stands in answers."""
    if not contacts_access.may_arrange_lines(person):
        return None
    rows = Line.objects.filter(Q(person=None) | Q(person__is_active=False), closed_at__isnull=True)
    rows = rows.exclude(contact=None, stand_in__is_active=True)
    return rows.select_related("contact", "project", "before").order_by(F("contact").asc(nulls_last=True), "pk")


def to_take_up() -> QuerySet[Line]:
    """Lines that nobody has since whose they were left, where that colleague works here again, on their own; of a
    project only when they have no other page for it."""
    rows = Line.objects.filter(person=None, closed_at__isnull=True, before__is_active=True)
    rows = rows.filter(before__autonomy=Autonomy.OWN)
    own = Line.objects.filter(person=OuterRef("before"), project=OuterRef("project"), contact=None)
    taken = Q(Exists(own.filter(closed_at__isnull=True)), contact=None)
    rows = rows.exclude(taken).select_related("contact", "project", "before")
    return rows.order_by(F("contact").asc(nulls_last=True), "pk")


def offered_back(person: Person) -> QuerySet[Line]:
    """Of those, one's own of before."""
    return to_take_up().filter(before=person)


def line_that_was(person: Person, id: int) -> Line:
    """A line that this person may take up again, or give back to whose it was."""
    found = Line.objects.select_related(*_WITH).filter(pk=id, closed_at__isnull=True).first()
    if found is None or not access.may_take_up_line(person, found):
        raise NotFound
    return found


def to_introduce(person: Person) -> QuerySet[Line]:
    """People outside whose own colleague one became lately, and to whom one said nothing yet; and pages of projects
    that one was given lately, until one said there how soon one answers."""
    since = clock.now() - timedelta(days=14)
    rows = Line.objects.filter(person=person, closed_at__isnull=True, before__isnull=False, since__gte=since)
    said = Message.objects.filter(contact=OuterRef("contact"), person=person, at__gte=OuterRef("since"))
    mine = rows.filter(~Exists(said), Q(greeted_at=None), Q(contact__isnull=False) | Q(answers="")).exclude(
        before=person
    )
    return mine.select_related("contact", "project", "before").order_by(F("contact").asc(nulls_last=True), "since")
