"""One conversation: what was said, by which roads, how our answers fared, and what this person may do with it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from koor.flow.conversations import access
from koor.flow.conversations.choices import ConversationState, Delivery, Direction
from koor.flow.conversations.models import Conversation, Message
from koor.flow.conversations.queries import reasons
from koor.flow.conversations.queries.channels import Way, channel_name, latest_said, way_out
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Acquaintance, Contact, Tie
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import NotFound

AT_ONCE = 30  # messages
FURTHER_BACK = 200  # messages a step
MOST_STEPS = 10
_WORDS = {
    "published": ("", _("It is there")),
    "scheduled": ("", _("on its way")),
    "claimed": ("", _("on its way")),
    "sending": ("", _("on its way")),
    "waiting": ("wait", _("did not go yet; Koor tries again")),
    "unknown": ("wait", _("unknown whether it arrived; Koor looks")),
    "reconciling": ("wait", _("unknown whether it arrived; Koor looks")),
    "needs_person": ("wait", _("somebody has to look whether it arrived")),
    "missed": ("ohoh", _("did not go in time")),
    "rejected": ("ohoh", _("refused by the platform; it did not go")),
    "cancelled": ("ohoh", _("cancelled; it did not go")),
}


@dataclass(frozen=True)
class Line:
    """One message as it is shown."""

    message: Message
    css: str = ""  # of the words about its delivery
    delivery: object = ""

    @property
    def note(self) -> str:
        return self.message.target.note if self.message.target else ""

    @property
    def to_hand(self) -> bool:
        return self.message.delivery == Delivery.BY_HAND


@dataclass(frozen=True)
class Moment:
    """Messages of one day over one channel."""

    at: datetime
    channel: str
    lines: list[Line]


@dataclass(frozen=True)
class Known:
    """A colleague who knows the other, and whether they are there."""

    acquaintance: Acquaintance
    away_until: date | None = None
    stand_in: Person | None = None


@dataclass(frozen=True)
class Thread:
    """All that the page of a conversation shows."""

    conversation: Conversation
    why: reasons.Why
    moments: list[Moment]
    earlier: int  # messages not shown
    since: datetime | None  # when the first of them was said
    last_message: int
    known: list[Known]
    ties: list[tuple[Tie, Contact]]
    way: Way
    on_behalf_of: Person | None
    question: Message | None
    is_yours: bool
    may_handle: bool
    may_answer: bool
    practises: bool

    @property
    def contact(self) -> Contact | None:
        return self.conversation.contact

    @property
    def direct(self) -> Known | None:
        return next((known for known in self.known if known.acquaintance.direct_line), None)

    @property
    def others(self) -> list[Known]:
        return [known for known in self.known if not known.acquaintance.direct_line]

    @property
    def is_done(self) -> bool:
        return self.conversation.state == ConversationState.DONE

    @property
    def can_take(self) -> bool:
        return self.may_handle and self.conversation.assignee_id is None


def conversation(person: Person, id: int) -> Conversation:
    """One conversation that this person may see."""
    rows = Conversation.objects.filter(access.visible_to(person), pk=id)
    found = rows.select_related("contact__organisation", "account", "assignee__picture").first()
    if found is None:
        raise NotFound
    return found


def message(person: Person, id: int) -> Message:
    """A message in a conversation that this person may see."""
    seen = Conversation.objects.filter(access.visible_to(person))
    found = Message.objects.filter(pk=id, conversation__in=seen).select_related("conversation", "target").first()
    if found is None:
        raise NotFound
    return found


def conversation_of_mention(person: Person, mention_id: int) -> tuple[bool, Conversation | None]:
    """Whether a mention has a conversation, and that conversation when this person may see it."""
    found = Message.objects.filter(mention=mention_id).values_list("conversation_id", flat=True).first()
    if found is None:
        return False, None
    return True, Conversation.objects.filter(access.visible_to(person), pk=found).first()


def thread(person: Person, conversation: Conversation, *, further_back: int = 0) -> Thread:
    """The conversation with what was said in earlier ones with the same person, so that nobody tells twice.
    `further_back`: how many steps of older messages are shown too."""
    rows = _of_this_person(conversation)
    most = AT_ONCE + FURTHER_BACK * min(max(further_back, 0), MOST_STEPS)
    found = list(rows.select_related("person", "person__picture", "target").order_by("-at", "-pk")[: most + 1])
    shown = list(reversed(found[:most]))
    counted = {"all": len(shown), "first": None}
    if len(found) > most:
        counted = rows.aggregate(all=Count("pk"), first=Min("at"))
    handles = access.may_handle(person, conversation)
    named = reasons.people_in([conversation])
    known = _who_knows(conversation.contact) if conversation.contact else []
    question = latest_said(conversation)
    absent = next((value for key, value in conversation.reasons if key == "stand_in"), None)
    mine = conversation.assignee_id == person.pk
    return Thread(
        conversation=conversation,
        why=reasons.why(conversation, person, named, sentence=_sentence(conversation)),
        moments=_moments(shown),
        earlier=max(counted["all"] - len(shown), 0),
        since=counted["first"],
        last_message=max((one.pk for one in shown), default=0),
        known=known,
        ties=contacts.ties_of(conversation.contact) if conversation.contact else [],
        way=way_out(person, question),
        on_behalf_of=named.get(absent) if mine and isinstance(absent, int) else None,
        question=question,
        is_yours=mine,
        may_handle=handles,
        may_answer=access.may_answer(person, conversation) if handles else False,
        practises=access.practises(person),
    )


def _of_this_person(conversation: Conversation) -> QuerySet[Message]:
    if conversation.contact_id is None:
        return Message.objects.filter(conversation=conversation)
    same = Conversation.objects.filter(contact=conversation.contact_id)
    return Message.objects.filter(Q(conversation=conversation) | Q(conversation__in=same.values("pk")))


def _sentence(conversation: Conversation) -> str:
    if conversation.ground != "person":
        return ""
    latest = conversation.assignments.first()
    return latest.sentence if latest else ""


def _moments(messages: list[Message]) -> list[Moment]:
    """Messages under the day and the channel that they came by."""
    zone = people.house().zone
    moments: list[Moment] = []
    latest = None
    for one in messages:
        key = (clock.local(one.at, zone).date(), one.channel or (latest[1] if latest else ""))
        if key != latest:
            moments.append(Moment(one.at, channel_name(one.channel), []))
            latest = key
        moments[-1].lines.append(_line(one))
    return moments


def _line(message: Message) -> Line:
    if message.direction != Direction.OUT:
        return Line(message)
    if message.delivery == Delivery.BY_HAND:
        return Line(message, "wait", _("not sent yet: you do that yourself"))
    if message.target is not None:
        return Line(message, *_WORDS.get(message.target.state, ("", "")))
    return Line(message)


def _who_knows(contact: Contact) -> list[Known]:
    rows = contacts.acquaintances_of(contact)
    away = people.away_on(people.today()) if rows else {}
    stand_ins = {pair[1] for row in rows if (pair := away.get(row.person_id)) and pair[1]}
    there = Person.objects.select_related("picture").in_bulk(stand_ins) if stand_ins else {}
    return [
        Known(row, *(pair[0], there.get(pair[1] or 0))) if (pair := away.get(row.person_id)) else Known(row)
        for row in rows
    ]
