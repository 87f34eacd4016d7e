"""Figures of all conversations together. Never of one colleague."""

from datetime import timedelta

from django.db.models import DurationField, QuerySet
from django.db.models.expressions import RawSQL

from koor.flow.conversations import access
from koor.flow.conversations.choices import ConversationState
from koor.flow.conversations.models import Conversation
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


def _waiting() -> QuerySet[Conversation]:
    return Conversation.objects.filter(state=ConversationState.OPEN, waiting_since__isnull=False)


_written_waiting = written.once()(_waiting)


def how_many_wait(person: Person) -> written.Asked | None:
    """Everybody who waits, for who conducts: the number beside the navigation of every page."""
    return _written_waiting() if access.may_see_all(person) else None


def unsure(person: Person) -> QuerySet[Conversation]:
    """Who waits for nobody yet; for those who conduct."""
    return _waiting().filter(access.visible_to(person), assignee=None, offered=[])
