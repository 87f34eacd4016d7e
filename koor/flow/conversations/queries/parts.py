"""What can be brought together with a conversation, and what can be taken out of it."""

from django.db.models import Q

from koor.flow.conversations import access
from koor.flow.conversations.models import Conversation, Message, Split
from koor.flow.conversations.queries.lists import Row, as_rows, saying
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

OFFERED = 20
TO_CHOOSE = 100  # messages, the latest
TELLING = ("joined", "named", "merged", "split")


def mergeable(person: Person, conversation: Conversation, words: str = "") -> list[Row]:
    """Others with the same person; with words also those with somebody whom we don't know yet, in which they were
    said. Only what this colleague handles."""
    rows = Conversation.objects.filter(access.visible_to(person), joined_into=None).exclude(pk=conversation.pk)
    if not access.may_conduct(person):
        rows = rows.filter(access.for_person(person.pk))
    if conversation.contact_id is not None:
        rows = rows.filter(Q(contact=conversation.contact_id) | (Q(contact=None) if words else Q(pk__in=[])))
    if words:
        said = saying(person, words)
        rows = rows.filter(pk__in=said.order_by().values("conversation")) if said is not None else rows.none()
    elif conversation.contact_id is None:
        rows = rows.none()
    return as_rows(person, rows.select_related("contact", "assignee").order_by("-last_at", "-pk")[:OFFERED])


def parting(person: Person, conversation: Conversation) -> list[Message]:
    """What was said or noted in it, in the order in which that was."""
    if not access.may_see(person, conversation):
        raise NotFound
    rows = conversation.messages.exclude(kind__in=TELLING).select_related("person").defer("search")
    return list(reversed(rows.order_by("-at", "-pk")[:TO_CHOOSE]))


def split(person: Person, note: int) -> Split:
    """How a conversation was taken apart, from the message that tells of it."""
    seen = Conversation.objects.filter(access.visible_to(person))
    found = Split.objects.filter(note=note, source__in=seen).first()
    if found is None:
        raise NotFound
    return found
