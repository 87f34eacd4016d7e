"""Reads of the relations room: somebody's line, and with whom it has been quiet. Quiet is told to a colleague about
their own people, and to the curator about people outside; never about a colleague to another."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations import queries as conversations
from koor.flow.conversations.models import Recording
from koor.flow.relations import access, logic
from koor.flow.relations.choices import IN_TOUCH, REACTIONS, TouchKind
from koor.flow.relations.models import Rhythm, Touch
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Acquaintance, Contact
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, written
from koor.kernel.access import NotFound

MESSAGE = "conversations.message:"
READ = 120  # touches that a line, or a part of the story, is made of
_OF_A_LINE = (
    "contact", "kind", "at", "sentence", "url", "source", "person__name", "person__face", "person__picture_handle",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One moment on the line, in words for this viewer."""

    touch: Touch
    words: str  # what happened
    quote: str = ""  # what was said, when the viewer may read it
    more: int = 0  # messages beside this one, on the same day
    mine: bool = False  # noted by the viewer, who may take it back
    recordings: tuple[Recording, ...] = ()  # voice notes with it


def line(person: Person, contact: Contact, *, most: int = 12, may_read: bool | None = None) -> list[Told]:
    """The latest moments with somebody, oldest first. `may_read`: known already, such as on a conversation's page."""
    if not access.may_see_line(person):
        return []
    may_read = access.may_read_words(person, contact) if may_read is None else may_read
    rows = _latest_first(contact)
    touches = list(rows[:READ])
    groups = _in_one(touches)
    if len(groups) < most and len(touches) == READ:  # hundreds of likes since somebody last said something
        touches += _before(rows, touches[-1]).exclude(kind__in=REACTIONS)[:READ]
        groups = _in_one(touches)
    return _all_told(groups[-most:], person, may_read)


@dataclass(frozen=True)
class Story:
    """A part of all that there was with somebody, oldest first."""

    told: list[Told]
    earlier: int | None = None  # the touch before which it goes on


def story(person: Person, contact: Contact, before: int | None = None) -> Story:
    """All of it, part by part. `before`: the first touch of the part that was shown."""
    if not access.may_see_line(person):
        return Story([])
    rows = _latest_first(contact)
    if before is not None:
        first = rows.filter(pk=before).first()
        if first is None:
            raise NotFound
        rows = _before(rows, first)
    touches = list(rows[: READ + 1])
    earlier = touches[READ - 1].pk if len(touches) > READ else None
    return Story(_all_told(_in_one(touches[:READ]), person, access.may_read_words(person, contact)), earlier)


def _latest_first(contact: Contact) -> QuerySet[Touch]:
    rows = Touch.objects.filter(contact=contact).select_related("person")
    return rows.only(*_OF_A_LINE).order_by("-at", "-pk")


def _before(rows: QuerySet[Touch], touch: Touch) -> QuerySet[Touch]:
    return rows.filter(Q(at__lt=touch.at) | Q(at=touch.at, pk__lt=touch.pk))


def _in_one(latest_first: list[Touch]) -> list[list[Touch]]:
    """What stands together on the line, oldest first."""
    touches, zone = latest_first[::-1], people.house().zone
    moments = [logic.Moment(touch.kind, _day(touch, zone), _thread(touch), touch.at) for touch in touches]
    return [[touches[position] for position in group] for group in logic.in_one(moments)]


def _all_told(groups: list[list[Touch]], person: Person, may_read: bool) -> list[Told]:
    heard = _recordings(groups) if may_read else {}
    return [_told(group, person, may_read, heard) for group in groups]


def _recordings(groups: list[list[Touch]]) -> dict[str, Recording]:
    """By the source of a moment what was said to a phone about it."""
    noted = [one.source for group in groups for one in group if one.source.startswith(MESSAGE)]
    found = conversations.recordings_of(int(source.removeprefix(MESSAGE)) for source in noted)
    return {f"{MESSAGE}{pk}": one for pk, one in found.items()}


def _thread(touch: Touch) -> str:
    """What stands together: what was said in one conversation; likes that follow each other, on whatever day."""
    if touch.kind in REACTIONS:
        return touch.kind
    return touch.url if touch.source.startswith(("conversations.", "listening.")) else ""


def _day(touch: Touch, zone: str) -> date:
    return date.min if touch.kind in REACTIONS else clock.local(touch.at, zone).date()


def _told(touches: list[Touch], person: Person, may_read: bool, heard: dict[str, Recording]) -> Told:
    """What was said back and forth on a day is told by what they said first."""
    usual = touches[-1] if touches[0].kind in REACTIONS else touches[0]
    first = next((touch for touch in touches if touch.kind == TouchKind.MESSAGE_IN), usual)
    by_hand = first.source.startswith("relations.by_hand:")
    open_to_all = first.kind in {TouchKind.CAPTURE, TouchKind.PROJECT_START, TouchKind.PROJECT_END, *REACTIONS}
    shown = logic.one_line(first.sentence, logic.SHOWN) if may_read or open_to_all else ""
    words, quote = _words(first, shown)
    played = tuple(heard[one.source] for one in touches if one.source in heard)
    return Told(first, words, quote, len(touches) - 1, by_hand and first.person_id == person.pk, played)


REACTED = {
    TouchKind.LIKED: gettext_lazy("Liked a post of ours"),
    TouchKind.SHARED: gettext_lazy("Shared a post of ours"),
    TouchKind.FOLLOWED: gettext_lazy("Began to follow us"),
}


def _words(touch: Touch, said: str) -> tuple[str, str]:
    """What happened, and what is quoted with it."""
    who = touch.person.first_name if touch.person else _("a colleague")
    name = {"name": who, "said": said}
    plain = {
        TouchKind.MESSAGE_IN: _("Wrote to us"),
        TouchKind.MESSAGE_OUT: _("%(name)s wrote") % name,
        TouchKind.CALL: _("On the telephone with %(name)s") % name,
        TouchKind.VISIT: _("%(name)s came by") % name,
        TouchKind.MAIL: _("E-mail with %(name)s") % name,
        TouchKind.MET: _("Met %(name)s") % name,
        TouchKind.LEAD: _("Became a lead, by %(name)s") % name,
        TouchKind.CAPTURE: _("%(name)s showed the work") % name,
        TouchKind.MENTION: _("Mentioned us"),
        TouchKind.PROJECT_START: _("Work began"),
        TouchKind.PROJECT_END: _("Work was done"),
        TouchKind.NOTE: _("%(name)s noted something") % name,
    }.get(TouchKind(touch.kind), REACTED.get(TouchKind(touch.kind), ""))
    if not said:
        return str(plain), ""
    if touch.kind in {TouchKind.MESSAGE_IN, TouchKind.MENTION}:
        return "", said
    if touch.kind == TouchKind.MESSAGE_OUT:
        return _("%(name)s:") % name, said
    if touch.kind == TouchKind.NOTE:
        return _("%(name)s noted: %(said)s") % name, ""
    return f"{plain}: {said}", ""


def touch(person: Person, id: int) -> Touch:
    """A moment that this person noted by hand."""
    found = Touch.objects.filter(pk=id, person=person, source__startswith="relations.by_hand:").first()
    if found is None:
        raise NotFound
    return found


# --- quiet ---


@dataclass(frozen=True)
class Quiet:
    """A relation with whom it has been quiet."""

    contact: Contact
    last_at: datetime | None
    how: str = ""


def last_at(contact: str) -> Subquery:
    """When somebody last said something to the contact of a row, or they to us."""
    rows = Touch.objects.filter(contact=OuterRef(contact), kind__in=IN_TOUCH).order_by("-at")
    return Subquery(rows.values("at")[:1])


def _quiet_rows(pk: Any, now: Any, today: Any, day: Any) -> QuerySet[Acquaintance]:
    """This colleague's own people whose rhythm has passed without a word; longest ago first."""
    rhythm = Rhythm.objects.filter(person=pk, contact=OuterRef("contact"))
    days = Coalesce(Subquery(rhythm.values("every_days")[:1]), Value(logic.USUAL_RHYTHM))
    rows = Acquaintance.objects.filter(person=pk, contact__merged_into__isnull=True).annotate(
        last_at=last_at("contact"),
        days=days,
        later=Subquery(rhythm.values("later_until")[:1]),
        known_at=Coalesce(F("last_at"), F("contact__made_at")),
        until=ExpressionWrapper(
            F("known_at") + ExpressionWrapper(F("days") * day, output_field=DurationField()),
            output_field=DateTimeField(),
        ),
    )
    due = rows.filter(days__gt=logic.NO_NEED, until__lt=now)
    waiting = due.filter(Q(later__isnull=True) | Q(later__lte=today))
    return waiting.select_related("contact__organisation").order_by("until", "pk")


def quiet(person: Person) -> QuerySet[Acquaintance]:
    """With whom of my own people it has been quiet. Rows carry `last_at`."""
    if not person.is_active:
        return Acquaintance.objects.none()
    return _quiet_rows(person.pk, clock.now(), people.today(), Value(timedelta(days=1)))


def asked_quiet(person: Person, first: bool = False) -> written.Asked | None:
    """The same as a question, the first of them for Today."""
    if not person.is_active:
        return None
    return _written_quiet(person.pk, clock.now(), people.today(), timedelta(days=1), first)


@written.once("pk", "now", "today", "day")
def _written_quiet(pk: Any, now: Any, today: Any, day: Any, first: bool) -> QuerySet[Acquaintance]:
    rows = _quiet_rows(pk, now, today, day)
    return rows[:1] if first else rows


def as_quiet(rows: list[Any]) -> list[Quiet]:
    return [Quiet(row.contact, row.last_at, row.how) for row in rows]


def quiet_in_the_house(person: Person) -> QuerySet[Contact]:
    """People outside with whom nobody has spoken lately; of no colleague in particular."""
    if not access.may_see_quiet(person):
        return Contact.objects.none()
    long_ago = clock.now() - timedelta(days=logic.USUAL_RHYTHM)
    rows = contacts.everybody().annotate(last_at=last_at("pk"))
    silent = rows.annotate(known_at=Coalesce(F("last_at"), F("made_at"))).filter(known_at__lt=long_ago)
    return silent.select_related("organisation").order_by("known_at", "pk")


def rhythm(person: Person, contact: Contact) -> int:
    """How often this colleague wants to be in touch, in days."""
    found = Rhythm.objects.filter(person=person, contact=contact).values_list("every_days", flat=True).first()
    return logic.USUAL_RHYTHM if found is None else found
