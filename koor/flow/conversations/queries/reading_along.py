"""Answers that a buddy reads before they stand on somebody's own page."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from koor.flow.conversations import access
from koor.flow.conversations.choices import Delivery, Direction
from koor.flow.conversations.models import Message
from koor.flow.publishing.access import reads_for_others
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

ASKED = 3  # of their messages that the buddy sees
SINCE = 20  # and of what came after the answer was written


@dataclass(frozen=True)
class ReadFirst:
    """An answer, and what it answers."""

    message: Message
    asked: list[Message]
    since: list[Message]  # what was said after it was written, on both sides

    @property
    def last(self) -> int:
        """The newest that this page shows."""
        return max(one.pk for one in (self.message, *self.since))

    @property
    def waits(self) -> bool:
        return self.message.delivery == Delivery.BUDDY


def to_read_first(person: Person, pk: int) -> ReadFirst:
    """One that this person reads along with, also when it stands there already."""
    rows = Message.objects.filter(pk=pk, direction=Direction.OUT, target=None)
    found = rows.select_related("person__picture", "contact", "conversation").first()
    once = found is not None and (found.delivery == Delivery.BUDDY or found.buddy_id is not None)
    if found is None or not once or not access.may_read_first(person, found):
        raise NotFound
    asked = found.conversation.messages.filter(direction=Direction.IN, pk__lt=found.pk).order_by("-pk")[:ASKED]
    return ReadFirst(found, list(asked)[::-1], list(said_after(found)[:SINCE])[::-1])


def said_after(message: Message, last: int = 0) -> QuerySet[Message]:
    """What was said outside since an answer was written, and since what was seen last; the latest first."""
    rows = Message.objects.filter(conversation=message.conversation_id, pk__gt=max(message.pk, last), failed=False)
    rows = rows.exclude(direction=Direction.NOTE).select_related("person").defer("search")
    return rows.order_by("-pk")


def waiting_to_be_read(person: Person) -> QuerySet[Message]:
    """What this person reads along with now, longest waiting first."""
    mine = Q(buddy=person)
    if reads_for_others(person):
        mine |= Q(buddy=None) | Q(buddy__is_active=False)
    rows = Message.objects.filter(mine, delivery=Delivery.BUDDY, target=None).exclude(person=person)
    return rows.select_related("person__picture").order_by("stored_at")
