"""Figures of all conversations together. Never of one colleague."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from koor.flow.conversations import access
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation, Message
from koor.ground.people.models import Person
from koor.kernel import clock

ENOUGH = 5  # answers, before a usual time is told
LOOKED_AT = 1000  # latest answers


def usual_wait(person: Person) -> timedelta | None:
    """How long somebody usually waits for an answer: the median of the last four weeks. Nothing while few answered."""
    since = clock.now() - timedelta(weeks=4)
    rows = Message.objects.filter(waited__isnull=False, at__gte=since).order_by("-at")
    waits = [wait for wait in rows.values_list("waited", flat=True)[:LOOKED_AT] if wait is not None]
    return median(waits) if len(waits) >= ENOUGH else None


@dataclass(frozen=True)
class Answered:
    """What answering did in a period."""

    answers: int
    people: int  # contacts who got an answer
    median_wait: timedelta | None
    waiting: int  # who have none yet, now


def answered(since: datetime, until: datetime) -> Answered:
    """Answers of a period, for the page that tells what it did."""
    rows = Message.objects.filter(direction=Direction.OUT, failed=False, at__gte=since, at__lt=until)
    pairs = list(rows.exclude(delivery="by_hand").values_list("contact_id", "waited"))
    waits = [waited for _contact, waited in pairs if waited is not None]
    return Answered(
        answers=len(pairs),
        people=len({contact for contact, _waited in pairs if contact is not None}),
        median_wait=median(waits) if len(waits) >= ENOUGH else None,
        waiting=_waiting().count(),
    )


def _waiting():  # type: ignore[no-untyped-def]
    return Conversation.objects.filter(state=ConversationState.OPEN, waiting_since__isnull=False)


def count_waiting(person: Person) -> int:
    """How many people wait for this colleague."""
    mine = access.for_person(person)
    return _waiting().filter(mine).count()


def count_open(person: Person) -> int:
    """How many people wait for anybody; for those who conduct."""
    return _waiting().count() if access.may_see_all(person) else 0
