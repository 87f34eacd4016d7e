"""Lists of conversations: the inbox in groups, a colleague's own, those with one contact."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from koor.flow.conversations import access
from koor.flow.conversations.choices import ConversationState
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.queries import reasons
from koor.flow.conversations.queries.channels import channel_name
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person

IN_A_GROUP = 30


@dataclass(frozen=True)
class Row:
    """One conversation in a list."""

    conversation: Conversation
    short: str  # the reason in a few words
    channel: str


@dataclass
class Queue:
    """The inbox: with you, with a colleague, not sure; or one list when it is not of what is open."""

    mine: list[Row] = field(default_factory=list)
    theirs: list[Row] = field(default_factory=list)
    unsure: list[Row] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        return [*self.mine, *self.theirs, *self.unsure]


def inbox(person: Person) -> Queue:
    """What is open, in three groups; who waits longest first."""
    open_ones = Conversation.objects.filter(access.visible_to(person), state=ConversationState.OPEN)
    mine, unsure = Q(assignee=person), Q(assignee=None)
    counts = open_ones.aggregate(
        mine=Count("pk", filter=mine),
        theirs=Count("pk", filter=~mine & ~unsure),
        unsure=Count("pk", filter=unsure),
        waiting=Count("pk", filter=Q(waiting_since__isnull=False)),
    )
    groups = {
        name: list(_ready(open_ones.filter(which))[:IN_A_GROUP]) if counts[name] else []
        for name, which in (("mine", mine), ("theirs", ~mine & ~unsure), ("unsure", unsure))
    }
    rows = iter(_rows([one for group in groups.values() for one in group], person))
    return Queue(counts=counts, **{name: [next(rows) for _one in group] for name, group in groups.items()})


def listed(person: Person, *, state: str = "", group: str = "") -> QuerySet[Conversation]:
    """Conversations of one state, or one group of the inbox, that this person may see."""
    rows = _ready(Conversation.objects.filter(access.visible_to(person)))
    if group:
        which = {"mine": Q(assignee=person), "unsure": Q(assignee=None)}
        other = Q(assignee__isnull=False) & ~Q(assignee=person)
        return rows.filter(which.get(group, other), state=ConversationState.OPEN)
    if state == ConversationState.OPEN:
        return rows.filter(state=state)
    return rows.filter(state=state).order_by("-last_at", "-pk") if state else rows.order_by("-last_at", "-pk")


def as_rows(person: Person, conversations: Iterable[Conversation]) -> list[Row]:
    return _rows(list(conversations), person)


def talk(person: Person) -> list[Row]:
    """A colleague's own conversations that are open, and those that fit them while nobody has them."""
    rows = _ready(Conversation.objects.filter(access.for_person(person), state=ConversationState.OPEN))
    return _rows(list(rows[: 2 * IN_A_GROUP]), person)


def of_contact(person: Person, contact: Contact) -> list[Row]:
    """The latest conversations with somebody, as far as this person may see them."""
    rows = _ready(Conversation.objects.filter(access.visible_to(person), contact=contact))
    return _rows(list(rows.order_by("-last_at", "-pk")[:5]), person)


def _ready(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    people = ("contact", "assignee", "assignee__picture")
    longest = F("waiting_since").asc(nulls_last=True)
    return rows.select_related(*people).prefetch_related("offered_to").order_by(longest, "-last_at", "-pk")


def _rows(conversations: list[Conversation], person: Person | None) -> list[Row]:
    named = reasons.people_in(conversations)
    return [Row(one, reasons.short(one, person, named), channel_name(one.channel)) for one in conversations]


def operator_list(*, state: str = "", most: int = 1000) -> list[dict[str, Any]]:
    """Conversations as the command line tells them; for the operator, who sees all."""
    rows = _ready(Conversation.objects.all()).select_related("account").order_by("-last_at", "-pk")
    found = list((rows.filter(state=state) if state else rows)[:most])
    named = reasons.people_in(found)
    return [_told(one, named) for one in found]


def _told(one: Conversation, named: dict[int, Person]) -> dict[str, Any]:
    return {
        "id": one.pk,
        "state": one.state,
        "contact": {"id": one.contact.pk, "name": one.contact.name} if one.contact else None,
        "assignee": {"id": one.assignee.pk, "name": one.assignee.name} if one.assignee else None,
        "offered_to": [{"id": person.pk, "name": person.name} for person in one.offered_to.all()],
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
