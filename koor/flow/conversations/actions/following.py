"""When colleagues go away or leave, nobody outside is left waiting with them."""

from django.db import transaction
from django.db.models import Q

from koor.flow.conversations.actions import handing, routing, threads
from koor.flow.conversations.choices import ConversationState, Ground
from koor.flow.conversations.models import Conversation
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person


def cover_absences(*, by: Colleague) -> int:
    """Whoever waits for a colleague who is away today gets the stand-in; what is offered to nobody but who is away goes
    to another. How many were looked at."""
    away = people.away_on(people.today())
    theirs = Q(assignee__in=away) | Q(assignee=None, offered__overlap=list(away))
    waiting = Conversation.objects.filter(theirs, waiting_since__isnull=False)
    pks = list(waiting.exclude(state=ConversationState.DONE).values_list("pk", flat=True))
    for pk in pks:
        handing.cover(pk, by=by)
    return len(pks)


def hand_over_from(*, by: Colleague, person_id: int, to_id: int | None) -> None:
    """A colleague left: what was with them goes to whoever takes over, or is routed again; so is what was offered to
    nobody else who is there."""
    whose = Q(assignee=person_id) | Q(assignee=None, offered__contains=[person_id])
    theirs = Conversation.objects.filter(whose).exclude(state=ConversationState.DONE)
    successor = Person.objects.filter(pk=to_id, is_active=True).first() if to_id else None
    for pk, assignee in list(theirs.values_list("pk", "assignee")):
        if successor is None or assignee is None:
            handing.cover(pk, by=by)
        else:
            _succeed(pk, person_id, successor, by=by)


@transaction.atomic
def _succeed(pk: int, person_id: int, successor: Person, *, by: Colleague) -> None:
    conversation = threads.held(pk)
    if conversation.assignee_id == person_id:
        reasons = (("left", person_id),)
        routing.give(conversation, successor.pk, by=by, ground=Ground.THREAD, reasons=reasons, koor=True)
