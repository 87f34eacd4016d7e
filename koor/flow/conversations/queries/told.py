"""What nobody has to ask again: the summary beside an answer, what the messages propose for it, who has to read it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from koor.flow.conversations import access, logic
from koor.flow.conversations.choices import Delivery, Direction, ToldKind
from koor.flow.conversations.models import Assignment, Conversation, Line, Message, Reading, Repeat, Told
from koor.flow.conversations.queries.products import kept_names, named, product_names
from koor.ground.contacts.models import Contact
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.models import Absence, Person
from koor.kernel import clock, together, written
from koor.kernel.access import NotFound

READ = 40  # latest messages that are looked at
Moments = Sequence[datetime]
MOST_PROMISED = 100  # that are counted on Today, of today and of the days before
REMEMBERED = timedelta(days=14)  # for which a promise whose day passed stands on Today


@dataclass(frozen=True)
class Proposal:
    """Something in a message that may be worth a line."""

    message: Message
    found: logic.Found


@dataclass(frozen=True)
class Summary:
    """Facts, promises and what was tried, as whoever answers reads it."""

    facts: list[Told] = field(default_factory=list)
    promises: list[Told] = field(default_factory=list)
    tried: list[Told] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    must_read: bool = False
    said_again: bool = False  # they said in this conversation that they told it already
    aside: str = ""  # a sentence of the colleague for whom somebody stands in

    @property
    def due(self) -> list[tuple[Told, bool]]:
        """What was promised for today or before and is not done yet; whether its day passed."""
        today = people.today()
        rows = [one for one in self.promises if one.due is not None and one.due <= today and one.done_at is None]
        return [(one, _is_past(one.due)) for one in rows]

    @property
    def lines(self) -> list[str]:
        """All that still holds, in a row."""
        open_ones = (one for one in self.promises if not one.done_at)
        return [one.text for one in (*self.facts, *self.tried, *open_ones)]

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.promises or self.tried)


def summary(
    person: Person, conversation: Conversation, shown: Sequence[Message], absent: Person | None = None
) -> Summary:
    """The summary of all that was said with this person. `shown`: the messages on the page; `absent`: for whom the
    viewer stands in."""
    rows, again, asides, names, *hands = together.lists(
        _of_this_person(conversation),
        Repeat.objects.filter(conversation=conversation, kind="said").values_list("pk", flat=True)[:1],
        _asides(conversation, absent),
        kept_names(),
        *_hands(person, conversation),
    )
    kept = [one for one in rows if one.dropped_at is None]
    by_kind = {kind: [one for one in kept if one.kind == kind] for kind in ToldKind.values}
    return Summary(
        facts=by_kind["fact"],
        promises=by_kind["promise"],
        tried=by_kind["tried"],
        proposals=_proposals(conversation, shown, {one.key for one in rows}, named(names)),
        must_read=_unread(person, conversation, kept, *hands),
        said_again=bool(again),
        aside=" ".join(filter(None, asides)),
    )


def _of_this_person(conversation: Conversation) -> QuerySet[Told]:
    same = Q(conversation=conversation)
    if conversation.contact_id:
        same |= Q(conversation__contact=conversation.contact_id)
    return Told.objects.filter(same).select_related("by").order_by("at", "pk")


def _proposals(
    conversation: Conversation, shown: Sequence[Message], known: set[str], products: tuple[str, ...]
) -> list[Proposal]:
    """Of the messages on the page, the latest first; what stands in the summary or on the page of the other is left."""
    found: dict[str, Proposal] = {}
    contact = conversation.contact
    held = {one.key for one in _facts_of(contact)} if contact else set()
    for message in reversed(shown[-READ:]):
        unsent = message.failed or message.delivery in (Delivery.BY_HAND, Delivery.BUDDY)  # nobody heard it yet
        if message.direction == Direction.NOTE or unsent:
            continue
        for one in _found(message, products):
            if one.key not in known and one.key not in held:
                found.setdefault(one.key, Proposal(message, one))
    return [one for one in found.values() if not _is_past(one.found.due)][:4]


def _is_past(due: date | None) -> bool:
    return due is not None and due < people.today()


def _found(message: Message, products: tuple[str, ...]) -> list[logic.Found]:
    day = clock.local(message.at, people.house().zone).date()
    ours = message.direction == Direction.OUT
    return logic.found_in(message.text, ours=ours, day=day, products=products)


def _facts_of(contact: Contact) -> list[logic.Found]:
    """What is written down on the page of the other."""
    place = f"{contact.street}, {contact.place}" if contact.street and contact.place else contact.street
    told = (("phone", contact.phone), ("mail", contact.email), ("address", place), ("address", contact.street))
    return [logic.Found("fact", subject, text) for subject, text in told if text]


def found_at(message: Message, key: str) -> logic.Found:
    """What a message proposes under this key."""
    for one in _found(message, product_names()):
        if one.key == key:
            return one
    raise NotFound


def told_line(person: Person, id: int) -> Told:
    """A line of the summary of somebody with whom this person may see a conversation, or of one that goes on there."""
    found = Told.objects.select_related("conversation__joined_into").filter(pk=id).first()
    if found is None or not access.may_tell(person, found.conversation):
        raise NotFound
    return found


def promised_with(person: Person, message: Message) -> list[Told]:
    """What this colleague promised for a day with this message, as it is kept."""
    if message.person_id != person.pk:
        return []
    rows = Told.objects.filter(message=message, kind=ToldKind.PROMISE, dropped_at=None, done_at=None)
    return list(rows.exclude(due=None).order_by("pk"))


def promised_today(person: Person) -> written.Asked:
    """What was promised for today and is not done yet, also where the conversation is finished: of who has the
    conversation now, else of who promised it while they see it."""
    today = people.today()
    return _promised(person.pk, today, today, access.may_see_all(person))


def promised_before(person: Person) -> written.Asked:
    """The same of the days before today, the oldest first: however many there are, they hide none of today."""
    today = people.today()
    return _promised(person.pk, today - REMEMBERED, today - timedelta(days=1), access.may_see_all(person))


@written.once("person", "since", "until")
def _promised(person: Any, since: Any, until: Any, sees_all: bool) -> QuerySet[Told]:
    has = Coalesce("conversation__joined_into__assignee", "conversation__assignee", "message__person", "by")
    rows = Told.objects.filter(kind=ToldKind.PROMISE, due__lte=until, due__gte=since, done_at=None, dropped_at=None)
    rows = rows.exclude(conversation__purpose=Purpose.PRACTICE).annotate(has=has).filter(has=person)
    if not sees_all:
        seen = Conversation.objects.filter(access.visible_to_one(person))
        rows = rows.annotate(goes_on=Coalesce("conversation__joined_into", "conversation"))
        rows = rows.filter(goes_on__in=seen.values("pk"))
    return rows.select_related("conversation__contact").order_by("due", "pk")[:MOST_PROMISED]


# --- asked again ---


def held(conversation: Conversation) -> dict[str, str]:
    """What the house holds of this person, by subject, with the words: in the summary, on their page, or in what they
    wrote, kept or not."""
    day = people.today()
    texts = _texts(conversation)
    products = product_names()
    found = [
        one
        for text in (*texts, conversation.known)
        for one in logic.found_in(text, ours=False, day=day, products=products)
    ]
    kept = [logic.Found(one.kind, one.subject, one.text) for one in _of_this_person(conversation) if not one.dropped_at]
    contact = _facts_of(conversation.contact) if conversation.contact else []
    held = {one.subject: one.text for one in reversed([*contact, *kept, *found]) if one.subject}
    if any(logic.told_enough(text) for text in texts):
        held.setdefault("story", next(text for text in texts if logic.told_enough(text))[:160])
    return held


def asked_again(conversation: Conversation, text: str) -> tuple[list[str], dict[str, str]]:
    """Which subjects an answer of ours asks for although they are held, and what is held of them."""
    if "?" not in text and not logic.asked_for(text):
        return [], {}
    known = held(conversation)
    again = logic.asked_again(text, known)
    if not again and (line := logic.given_before(text, _texts(conversation))):
        return ["given"], {"given": line[:160]}
    return again, known


def _texts(conversation: Conversation) -> list[str]:
    """What they wrote, the newest first."""
    rows = Message.objects.filter(_theirs(conversation), direction=Direction.IN).order_by("-at", "-pk")
    return list(rows.values_list("text", flat=True)[:READ])


def before(message: Message) -> list[tuple[str, bool]]:
    """What was said outside in this conversation before a message, with whether it was ours; oldest first."""
    rows = Message.objects.filter(conversation=message.conversation_id, pk__lt=message.pk, failed=False)
    said = rows.exclude(direction=Direction.NOTE).order_by("-pk").values_list("text", "direction")[:READ]
    return [(text, direction == Direction.OUT) for text, direction in reversed(said)]


def _theirs(conversation: Conversation) -> Q:
    same = Q(conversation=conversation)
    return same | Q(contact=conversation.contact_id) if conversation.contact_id else same


# --- who has to read ---


def _hands(person: Person, conversation: Conversation) -> list[QuerySet[Any, Any]]:
    """The last moments at which a colleague other than this one had it, or answered this person outside; and at which
    this one said to have read it, or answered."""
    said = Message.objects.filter(_theirs(conversation), direction=Direction.OUT, person__isnull=False, failed=False)
    asked: list[QuerySet[Any, Any]] = [
        Assignment.objects.filter(conversation=conversation, person__isnull=False).exclude(person=person),
        said.exclude(person=person),
        Reading.objects.filter(conversation=conversation, person=person),
        said.filter(person=person),
    ]
    return [rows.order_by("-at").values_list("at", flat=True)[:1] for rows in asked]


def _unread(
    person: Person, conversation: Conversation, kept: Sequence[Told], given: Moments, others: Moments, read: Moments,
    mine: Moments,
) -> bool:  # fmt: skip
    """Whether it came from another with something to read, and was not read since. What they wrote down themselves
    after it came is known to them; a promise that is done is nothing to read."""
    came = max([*given, *others], default=None)
    if came is None or any(one >= came for one in read) or any(one > came for one in mine):
        return False
    said = conversation.sentence if conversation.assignee_id == person.pk else ""
    told = (one for one in kept if one.done_at is None)
    return bool(said or conversation.known or any(one.by_id != person.pk or one.at <= came for one in told))


def must_read(person: Person, conversation: Conversation) -> bool:
    """Whether this colleague still has to say that they read what was told, before answering."""
    rows = _of_this_person(conversation).filter(dropped_at=None)
    return _unread(person, conversation, *together.lists(rows, *_hands(person, conversation)))


def _asides(conversation: Conversation, absent: Person | None) -> QuerySet[Any, Any] | None:
    """What the colleague who is away says to whoever stands in: of this line, and of these days."""
    if absent is None:
        return None
    today = people.today()
    away = Absence.objects.filter(person=absent, first_day__lte=today, last_day__gte=today)
    line = Line.objects.filter(contact=conversation.contact_id, person=absent, closed_at=None)
    return line.order_by().values_list("aside", flat=True).union(away.order_by().values_list("sentence", flat=True))


# --- counted for the house ---


@dataclass(frozen=True)
class ToldOnce:
    """In how many conversations of a period somebody had to tell something again."""

    conversations: int
    repeated: int


def told_in(since: datetime, until: datetime) -> tuple[QuerySet[Conversation], QuerySet[Conversation]]:
    """The conversations in which something was said in a period, and those in which it had to be said again."""
    said = Message.objects.filter(at__gte=since, at__lt=until, direction=Direction.IN)
    again = Repeat.objects.filter(at__gte=since, at__lt=until)
    rows = Conversation.objects.order_by()
    return rows.filter(pk__in=said.order_by().values("conversation")), rows.filter(
        pk__in=again.order_by().values("conversation")
    )
