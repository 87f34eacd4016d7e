"""Figures of all conversations together. Never of one colleague."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import DurationField, QuerySet
from django.db.models.expressions import RawSQL

from koor.flow.conversations import access
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation, Message
from koor.ground.people.models import Person
from koor.kernel import clock, written

ENOUGH = 5  # answers, before a usual time is told
LATEST = 2000  # answers that a usual time is told of


_USUAL = """(
  select percentile_cont(0.5) within group (order by waited)
  from (
    select waited from conversations_message where waited is not null and at >= %s order by at desc limit %s
  ) latest
  having count(*) >= %s
)"""


def usual_wait_of_house() -> RawSQL:
    """How long somebody usually waits for an answer: the median of the last four weeks, of the latest answers where
    there are very many; nothing while few answered. As an expression, so that a list can tell it in its own query."""
    return RawSQL(_USUAL, [clock.now() - timedelta(weeks=4), LATEST, ENOUGH], output_field=DurationField())  # noqa: S611 nothing of anybody stands in it


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
    pairs = list(rows.exclude(delivery__in=["by_hand", "buddy"]).values_list("contact_id", "waited"))
    waits = [waited for _contact, waited in pairs if waited is not None]
    return Answered(
        answers=len(pairs),
        people=len({contact for contact, _waited in pairs if contact is not None}),
        median_wait=timedelta(seconds=median(w.total_seconds() for w in waits)) if len(waits) >= ENOUGH else None,
        waiting=_waiting().count(),
    )


def _waiting() -> QuerySet[Conversation]:
    return Conversation.objects.filter(state=ConversationState.OPEN, waiting_since__isnull=False)


_written_waiting = written.once()(_waiting)


def waiting_for_anybody(person: Person) -> QuerySet[Conversation] | None:
    """Everybody who waits; for those who conduct."""
    return _waiting() if access.may_see_all(person) else None


def how_many_wait(person: Person) -> written.Asked | None:
    """The same, for the number beside the navigation of every page."""
    return _written_waiting() if access.may_see_all(person) else None


def unsure(person: Person) -> QuerySet[Conversation]:
    """Who waits for nobody yet; for those who conduct."""
    return _waiting().filter(access.visible_to(person), assignee=None, offered=[])
