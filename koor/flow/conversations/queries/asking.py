"""What still waits for an answer: in one conversation, or in several that are asked about at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Left

from koor.flow.conversations import logic
from koor.flow.conversations.choices import Delivery, Direction
from koor.flow.conversations.models import Conversation, Message

REALLY_OURS = Q(direction=Direction.OUT, failed=False) & ~Q(delivery__in=[Delivery.BY_HAND, Delivery.BUDDY])

_ASKS = """
SELECT DISTINCT ON (m.conversation_id) m.conversation_id, min(m.waits_from) OVER (PARTITION BY m.conversation_id),
       m.at, left(m.text, %s)
FROM unnest(%s::bigint[], %s::bigint[]) AS told (conversation, upto)
JOIN conversations_message m ON m.conversation_id = told.conversation AND m.id > told.upto
WHERE m.joined_id IS NULL AND m.waits_from IS NOT NULL
ORDER BY m.conversation_id, m.at DESC, m.id DESC"""


@dataclass
class Asking:
    """Since when somebody waits, and what they asked last."""

    since: datetime | None = None
    at: datetime | None = None
    text: str = ""

    def also(self, message: Message) -> None:
        """One more message, the latest that came in."""
        if message.waits_from is None:
            return
        self.since = min(self.since or message.waits_from, message.waits_from)
        if self.at is None or message.at >= self.at:
            self.at, self.text = message.at, message.text[: logic.PREVIEW * 4]


def asking(conversations: Collection[Conversation]) -> dict[int, Asking]:
    """By conversation. Two statements, and two more for each that another was joined to."""
    rows = Message.objects.filter(conversation__in=conversations).order_by()
    parts = rows.values_list("conversation", "joined").annotate(last=Max("pk", filter=REALLY_OURS))
    upto, joined = {one.pk: one.settled for one in conversations}, set[int]()
    for pk, join, last in parts if conversations else ():
        if join is not None:
            joined.add(pk)
        elif last is not None:
            upto[pk] = max(upto[pk], last)
    found = {one.pk: _among(unanswered(one)) for one in conversations if one.pk in joined}
    asked = [pk for pk in upto if pk not in joined]
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(_ASKS, [logic.PREVIEW * 4, asked, [upto[pk] for pk in asked]])
            found |= {pk: Asking(since, at, text) for pk, since, at, text in cursor.fetchall()}
    return found


def _among(rows: QuerySet[Message]) -> Asking:
    at, text = rows.order_by("-at", "-pk").values_list("at", Left("text", logic.PREVIEW * 4)).first() or (None, "")
    return Asking(rows.aggregate(since=Min("waits_from"))["since"], at, text)


def unanswered(conversation: Conversation) -> QuerySet[Message]:
    """Their questions for which somebody still waits."""
    return conversation.messages.filter(_unanswered(conversation), waits_from__isnull=False)


def _unanswered(conversation: Conversation) -> Q:
    """What came after our last answer. Of a conversation that was joined to this one, only its own answers before that
    count, and all that we answered here since."""
    parts = conversation.messages.order_by().values_list("joined", "joined__upto", "joined__settled")
    told = parts.annotate(last=Max("pk", filter=REALLY_OURS))
    last = {(join, upto, settled): answered or 0 for join, upto, settled, answered in told}
    here = max(last.pop((None, None, None), 0), conversation.settled)
    found = Q(joined=None, pk__gt=here)
    for (join, upto, settled), own in last.items():
        found |= Q(joined=join, pk__gt=max(own, settled, here if here >= upto else 0))
    return found
