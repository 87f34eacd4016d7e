"""Lists of conversations: the inbox in groups, a colleague's own, those with one contact."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import RowNumber

from koor.flow.conversations import access
from koor.flow.conversations.choices import ConversationState
from koor.flow.conversations.models import Assignment, Conversation, Message
from koor.flow.conversations.queries import figures, reasons, wordless
from koor.flow.conversations.queries.channels import channel_name
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import written
from koor.kernel.search import tsquery

IN_A_GROUP = 30
IN_TALK = 60
_OF_A_ROW = (
    "state", "ohoh", "preview", "asked", "ours_last", "channel", "purpose", "ground", "reasons", "offered",
    "waiting_since", "due_at", "last_at", "contact__name", "contact__face", "assignee__name",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One conversation in a list."""

    conversation: Conversation
    short: str  # the reason in a few words
    channel: str
    wordless: str = ""  # what was sent, where the latest message has no words


@dataclass
class Queue:
    """The inbox: who waits with you, with a colleague, with nobody yet; and what is open while nobody waits."""

    mine: list[Row] = field(default_factory=list)
    theirs: list[Row] = field(default_factory=list)
    unsure: list[Row] = field(default_factory=list)
    calm: list[Row] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    usual_wait: timedelta | None = None
    named: dict[int, Person] = field(default_factory=dict)  # whoever the reasons name

    @property
    def rows(self) -> list[Row]:
        return [*self.mine, *self.theirs, *self.unsure, *self.calm]


def inbox(person: Person, *, also: Conversation | None = None) -> Queue:
    """What is open, in groups; who waits longest first. One query (more where something came without words),
    with how many there are and how long they usually wait. `also`: whose reasons are told on the same page."""
    longest = [F("waiting_since").asc(nulls_last=True), F("last_at").desc(), F("pk").desc()]
    group = Case(
        When(waiting_since=None, then=Value("calm")),
        When(assignee=person, then=Value("mine")),
        When(assignee=None, then=Value("unsure")),
        default=Value("theirs"),
    )
    seen = Conversation.objects.filter(access.visible_to(person), state=ConversationState.OPEN)
    rows = seen.select_related("contact", "assignee").only(*_OF_A_ROW)
    open_ones = rows.annotate(
        group=group,
        rank=Window(RowNumber(), partition_by=[group], order_by=longest),
        in_group=Window(Count("pk"), partition_by=[group]),
        usual_wait=figures.usual_wait_of_house(),
    )
    found = list(open_ones.filter(rank__lte=IN_A_GROUP).order_by(*longest))
    named = reasons.people_in([*found, *([also] if also else [])])
    bare = wordless.told(found)
    queue = Queue(named=named)
    for one in found:
        row: Any = one  # with what was annotated
        getattr(queue, row.group).append(_row(one, person, named, bare))
        queue.counts[row.group], queue.usual_wait = row.in_group, row.usual_wait
    queue.waiting = sum(number for name, number in queue.counts.items() if name != "calm")
    return queue


def listed(person: Person, *, state: str = "", group: str = "", own: bool = False) -> QuerySet[Conversation]:
    """Conversations of one state, or one group of the inbox, that this person may see; `own`: that are with them."""
    rows = _ready(Conversation.objects.filter(access.visible_to(person), joined_into=None))
    rows = rows.filter(assignee=person) if own else rows
    if group:
        waits = Q(waiting_since__isnull=False)
        which = {"mine": waits & Q(assignee=person), "unsure": waits & Q(assignee=None), "calm": ~waits}
        other = waits & Q(assignee__isnull=False) & ~Q(assignee=person)
        return rows.filter(which.get(group, other), state=ConversationState.OPEN)
    if state == ConversationState.OPEN:
        return rows.filter(state=state)
    return rows.filter(state=state).order_by("-last_at", "-pk") if state else rows.order_by("-last_at", "-pk")


def as_rows(person: Person, conversations: Iterable[Conversation]) -> list[Row]:
    return _rows(list(conversations), person)


def talk(person: Person) -> list[Row]:
    """A colleague's own conversations that are open, and those that fit them while nobody has them."""
    rows = _ready(Conversation.objects.filter(access.for_person(person.pk), state=ConversationState.OPEN))
    return _rows(list(rows[:IN_TALK]), person)


def waits_in_talk(person: Person) -> tuple[int, int]:
    """How many wait for them, and how many may be for them: of all, where the list shows the first of them."""
    found = _waiting_for(person.pk).aggregate(mine=Count("pk", Q(assignee__isnull=False)), all=Count("pk"))
    return found["mine"], found["all"] - found["mine"]


@written.once("pk")
def first_who_wait(pk: Any, most: int) -> QuerySet[Conversation]:
    """The first of these, for Today; with the name of who gave it last."""
    given = Assignment.objects.filter(conversation=OuterRef("pk")).order_by("-pk")
    rows = _ready(_waiting_for(pk)).annotate(given_by=Subquery(given.values("by__name")[:1]))
    return rows.order_by("-ohoh", "waiting_since", "pk")[:most]


def how_many_wait_for(person: Person) -> written.Asked:
    """The same, for the number beside the navigation of every page."""
    return _written_for(person.pk)


def _waiting_for(pk: int | written.Given) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(access.for_person(pk), state=ConversationState.OPEN)
    return rows.filter(waiting_since__isnull=False)


_written_for = written.once("pk")(_waiting_for)


def saying(person: Person, words: str) -> QuerySet[Message] | None:
    """Messages in which all these words begin a word, in conversations that this person may see; newest first."""
    query = tsquery(words)
    if not query:
        return None
    seen = Conversation.objects.filter(access.visible_to(person))
    rows = Message.objects.filter(conversation__in=seen, search=SearchQuery(query, config="simple", search_type="raw"))
    return rows.select_related("conversation__contact").defer("search").order_by("-at", "-pk")


def of_contact(person: Person, contact: Contact) -> list[Row]:
    """The latest conversations with somebody, as far as this person may see them."""
    rows = _ready(Conversation.objects.filter(access.visible_to(person), contact=contact, joined_into=None))
    return _rows(list(rows.order_by("-last_at", "-pk")[:5]), person)


def _ready(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    people = ("contact", "assignee")
    longest = F("waiting_since").asc(nulls_last=True)
    return rows.select_related(*people).order_by(longest, "-last_at", "-pk")


def _rows(conversations: list[Conversation], person: Person | None) -> list[Row]:
    named, bare = reasons.people_in(conversations), wordless.told(conversations)
    return [_row(one, person, named, bare) for one in conversations]


def _row(one: Conversation, person: Person | None, named: dict[int, Person], bare: dict[int, str]) -> Row:
    return Row(one, reasons.short(one, person, named), channel_name(one.channel), bare.get(one.pk, ""))


def operator_list(*, state: str = "", most: int = 1000) -> list[dict[str, Any]]:
    """Conversations as the command line tells them; for the operator, who sees all."""
    rows = _ready(Conversation.objects.filter(joined_into=None)).select_related("account").order_by("-last_at", "-pk")
    found = list((rows.filter(state=state) if state else rows)[:most])
    named = reasons.people_in(found)
    return [_told(one, named) for one in found]


def _told(one: Conversation, named: dict[int, Person]) -> dict[str, Any]:
    return {
        "id": one.pk,
        "state": one.state,
        "contact": {"id": one.contact.pk, "name": one.contact.name} if one.contact else None,
        "assignee": {"id": one.assignee.pk, "name": one.assignee.name} if one.assignee else None,
        "offered_to": [{"id": pk, "name": named[pk].name} for pk in one.offered if pk in named],
        "account": {"id": one.account.pk, "name": one.account.name} if one.account else None,
        "channel": one.channel,
        "purpose": one.purpose,
        "ohoh": one.ohoh,
        "waiting_since": one.waiting_since.isoformat() if one.waiting_since else None,
        "ground": one.ground,
        "reason": str(reasons.why(one, None, named)),
        "last_at": one.last_at.isoformat(),
        "last_message": one.preview,
    }


def lately_met(person: Person, most: int = 6) -> list[Contact]:
    """With whom this colleague had to do last: to choose from with one tap. Then whose direct line they are."""
    there = contacts.everybody()
    own = Conversation.objects.filter(Q(assignee=person) | Q(messages__person=person), contact__in=there)
    rows = own.order_by().values("contact").annotate(last=Max("last_at")).order_by("-last")[:most]
    numbers = [row["contact"] for row in rows if row["contact"]]
    found = Contact.objects.in_bulk(numbers)
    latest = [found[number] for number in numbers if number in found]
    if len(latest) == most:
        return latest
    more = there.filter(acquaintances__person=person).exclude(pk__in=numbers)
    return [*latest, *more.order_by("-acquaintances__direct_line", "name")[: most - len(latest)]]
