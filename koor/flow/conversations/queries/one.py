"""One conversation: what was said, by which roads, how our answers fared, and what this person may do with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Window
from django.utils.translation import gettext_lazy as _

from koor.flow.conversations import access
from koor.flow.conversations.choices import FORM, ConversationState, Delivery, Direction
from koor.flow.conversations.models import CalledIn, Conversation, Mentioned, Message
from koor.flow.conversations.queries import deeds, reasons, sent
from koor.flow.conversations.queries.about_ours import with_ours
from koor.flow.conversations.queries.channels import MACHINES, Way, channel_name, to_answer, way_out
from koor.flow.conversations.queries.deeds import DoneWith
from koor.flow.conversations.queries.form import attached_of, given_in_form
from koor.flow.conversations.queries.letters import goes_to, whole_of, with_letters
from koor.flow.conversations.queries.live import version
from koor.flow.hub import queries as hub
from koor.flow.listening import queries as listening
from koor.flow.publishing.models import PostMedium
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Draft
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Acquaintance, Contact, Tie
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, written
from koor.kernel.access import NotFound

AT_ONCE = 30  # messages
FURTHER_BACK = 200  # messages a step
MOST_STEPS = 10


@dataclass(frozen=True)
class Line:
    """One message as it is shown."""

    message: Message
    css: str = ""  # of the words about its delivery
    delivery: object = ""
    acts: list[tuple[str, object, bool]] = field(default_factory=list)  # what can be done with it
    deeds: list[DoneWith] = field(default_factory=list)  # what was
    removable: bool = False
    changeable: bool = False  # it waits to be read, and its words can come back
    failed: sent.Failed | None = None  # it never went
    returns: bool = False  # nothing else was answered since, and its words can come back

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
    viewer: int
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
    may_handle: bool
    may_answer: bool
    practises: bool
    called_in: list[tuple[CalledIn, str]]

    @property
    def was_asked(self) -> bool:
        """Koor asked the viewer beside whom it is with."""
        return any(one.person_id == self.viewer for one, _why in self.called_in)

    @property
    def contact(self) -> Contact | None:
        return self.conversation.contact

    @property
    def messages(self) -> list[Message]:
        return [line.message for moment in self.moments for line in moment.lines]

    @property
    def direct(self) -> Known | None:
        return next((known for known in self.known if known.acquaintance.direct_line), None)

    @property
    def others(self) -> list[Known]:
        return [known for known in self.known if not known.acquaintance.direct_line]

    @property
    def yours(self) -> Acquaintance | None:
        """How the viewer knows the other."""
        return next((known.acquaintance for known in self.known if known.acquaintance.person_id == self.viewer), None)

    @property
    def to_send(self) -> list[Message]:
        """Answers that stand ready for a colleague's own hand."""
        lines = [line for moment in self.moments for line in moment.lines if line.to_hand]
        return [line.message for line in lines if line.message.conversation_id == self.conversation.pk]

    @property
    def takes_pictures(self) -> bool:
        """Whether a picture can go along with an answer."""
        return self.way.account is not None and channels.limits_of(self.way.account).media > 0

    @property
    def beforehand(self) -> str:
        """What one should know before an answer goes there, such as what the platform asks for it."""
        if self.way.account is None or self.question is None:
            return ""
        known = channels.connectors().get(self.way.account.connector)
        draft = Draft("", in_reply_to=self.question.external_id)
        return known.beforehand(draft, channels.limits_of(self.way.account)) if known else ""

    @property
    def goes_to(self) -> str:
        """The address, of an answer that is a letter."""
        return goes_to(self.way, self.question)

    @property
    def reached_at(self) -> str:
        """The address or number that they gave, where a colleague answers by hand."""
        return given_in_form(self.question) if self.way.why_by_hand else ""

    @property
    def reached_link(self) -> str:
        """What a tap on it begins: a letter, or a call where it reads as one number."""
        if "@" in (address := self.reached_at):
            return f"mailto:{address}"
        number = contacts.spelling("phone", address, people.house().country)
        return f"tel:{number}" if re.fullmatch(r"\+\d+", number) else ""

    @property
    def is_done(self) -> bool:
        return self.conversation.state == ConversationState.DONE

    @property
    def can_take(self) -> bool:
        return self.may_handle and (self.conversation.assignee_id is None or self.was_asked)


def conversation(person: Person, id: int) -> Conversation:
    """One conversation that this person may see. What was joined to another goes on there."""
    seen = Conversation.objects.filter(access.visible_to(person))
    rows = seen.select_related("contact__organisation", "account__owner", "assignee").annotate(version=version())
    found = rows.filter(pk=id).first()
    if found is None:
        raise NotFound
    while found.joined_into_id is not None and (onward := rows.filter(pk=found.joined_into_id).first()) is not None:
        found = onward
    return found


def message(person: Person, id: int) -> Message:
    """A message in a conversation that this person may see."""
    seen = Conversation.objects.filter(access.visible_to(person))
    found = Message.objects.filter(pk=id, conversation__in=seen).select_related("conversation", "target").first()
    if found is None:
        raise NotFound
    return found


def letter(person: Person, id: int) -> tuple[Message, str]:
    """A letter in a conversation that this person may see, and all that was written in it."""
    found = message(person, id)
    whole = whole_of(listening.came_with(found.mention))
    if not whole:
        raise NotFound
    return found, whole


@dataclass(frozen=True)
class Became:
    """The conversation that a mention became. Without a number for who may not see it."""

    pk: int | None
    state: str = ""
    assignee: str = ""  # the first name of whom it is with


def conversations_of_mentions(person: Person, mention_ids: Iterable[int]) -> Mapping[int, Became]:
    """The conversation of each mention that has one. One query for who sees all, two for others, however many."""
    said = _became(list(mention_ids)).rows()
    found = {mention: Became(pk, state, (name or "").split(" ")[0]) for mention, pk, state, name in said if mention}
    if access.may_see_all(person) or not found:
        return found
    seen = Conversation.objects.filter(access.visible_to(person), pk__in=[way.pk for way in found.values()])
    mine = set(seen.values_list("pk", flat=True))
    return {mention: way if way.pk in mine else Became(None) for mention, way in found.items()}


@written.once("mentions")
def _became(mentions: Any) -> QuerySet[Message, Any]:
    rows = Message.objects.filter(written.among("mention", mentions)).order_by()
    return rows.values_list("mention_id", "conversation_id", "conversation__state", "conversation__assignee__name")


def who_knows(conversation: Conversation) -> list[Acquaintance]:
    """Which colleagues know the other."""
    return contacts.acquaintances_of(conversation.contact) if conversation.contact else []


def thread(
    person: Person,
    conversation: Conversation,
    *,
    further_back: int = 0,
    named: dict[int, Person] | None = None,
    whole: bool = True,
    called: Iterable[tuple[CalledIn, str]] = (),
) -> Thread:
    """The conversation with what was said in earlier ones with the same person, so that nobody tells twice.
    `further_back`: how many steps of older messages are shown too; `named`: colleagues of the reasons, when they were
    looked up already; `whole`: also whom the other knows outside."""
    shown, earlier, since, newest = _shown(conversation, person, further_back)
    named = reasons.people_in([conversation]) if named is None else named
    question = _question(conversation, shown)
    handles, mine = access.may_handle(person, conversation), conversation.assignee_id == person.pk
    answers = handles and access.may_answer(person, conversation)
    around = contacts.around(conversation.contact) if conversation.contact else contacts.Around()
    return Thread(
        conversation=conversation,
        viewer=person.pk,
        why=reasons.why(conversation, person, named),
        moments=_moments(shown, conversation.pk if answers else None),
        earlier=earlier,
        since=since,
        last_message=newest,
        known=_known(around),
        ties=around.ties if whole else [],
        way=way_out(person, question, conversation.contact_id),
        on_behalf_of=_absent(conversation, named) if mine else None,
        question=question,
        may_handle=handles,
        may_answer=answers,
        practises=access.practises(person),
        called_in=list(called),
    )


def _known(around: contacts.Around) -> list[Known]:
    return [Known(row, *around.away.get(row.person_id, (None, None))) for row in around.known]


def _absent(conversation: Conversation, named: dict[int, Person]) -> Person | None:
    """For whom somebody stands in."""
    return next((named.get(value) for key, value in conversation.reasons if key == "stand_in"), None)


def said_since(person: Person, conversation: Conversation, last_message: int, most: int = 20) -> list[Message]:
    """What was said outside since a page was made, but for what this colleague said themselves; the latest first."""
    rows = conversation.messages.filter(pk__gt=last_message, failed=False).exclude(direction=Direction.NOTE)
    return list(rows.exclude(person=person).select_related("person").defer("search").order_by("-pk")[:most])


def _named() -> ArraySubquery:
    """Colleagues who are named in a note."""
    return ArraySubquery(Mentioned.objects.filter(message=OuterRef("pk")).order_by("pk").values("person__name"))


def _pictures() -> ArraySubquery:
    """What goes along with an answer."""
    return ArraySubquery(PostMedium.objects.filter(post=OuterRef("target__post")).order_by("order").values("medium"))


def _unseen(viewer: Person) -> QuerySet[Mentioned]:
    return Mentioned.objects.filter(message=OuterRef("pk"), person=viewer, seen_at=None)


def _shown(
    conversation: Conversation, viewer: Person, further_back: int
) -> tuple[list[Message], int, datetime | None, int]:
    """The latest messages in the order in which they were said, how many came before, when the very first was, and the
    number of the one that came in last, which may have been said long ago."""
    most = AT_ONCE + FURTHER_BACK * min(max(further_back, 0), MOST_STEPS)
    rows = _of_this_person(conversation).select_related("person", "target", "recording__file").defer("search")
    rows = rows.annotate(
        deed_rows=deeds.of_message(),
        connector=F("account__connector"),
        removal=F("target__removal__state"),
        goes_on=F("conversation__state"),
        is_with=F("conversation__assignee"),
        replied=F("mention__in_reply_to"),
        media=_pictures(),
        told=_named(),
        asks_viewer=Exists(_unseen(viewer)),
    )
    counted = rows.annotate(all_of_them=Window(Count("pk")), first_at=Window(Min("at")), newest=Window(Max("pk")))
    found: list[Any] = list(reversed(counted.order_by("-at", "-pk")[:most]))
    _with_files(found)
    with_letters(found)
    with_ours(found)
    if not found:
        return [], 0, None, 0
    _with_pictures(found)
    for one in found:
        one.apart = one.conversation_id != conversation.pk and one.goes_on != ConversationState.DONE
    return found, found[0].all_of_them - len(found), found[0].first_at, found[0].newest


def _with_pictures(messages: list[Any]) -> None:
    """Asked only where there are any."""
    wanted = {pk for one in messages for pk in one.media}
    shown = hub.media_by_number(wanted) if wanted else {}
    for one in messages:
        one.pictures = [shown[pk] for pk in one.media if pk in shown]


def _with_files(messages: list[Any]) -> None:
    """What came with each, in one query when anything came in by a road that carries files."""
    heard = [one for one in messages if one.mention_id is not None and one.kind == "direct"]
    files = listening.enclosures_of(one.mention_id for one in heard)
    for one in heard:
        one.came_with = files.get(one.mention_id, [])
    written = [one for one in messages if one.channel == FORM]
    attached = attached_of(one.pk for one in written)
    for one in written:
        one.came_with = attached.get(one.pk, [])


def _question(conversation: Conversation, shown: list[Message]) -> Message | None:
    """What is answered; mostly it is on the page already."""
    here = [one for one in shown if one.direction == Direction.IN and one.conversation_id == conversation.pk]
    written = [one for one in here if one.kind not in MACHINES and one.person_id is None]
    if not written:
        return to_answer(conversation)
    latest = written[-1]
    if latest.account_id == conversation.account_id:
        latest.account = conversation.account
    return latest


def _of_this_person(conversation: Conversation) -> QuerySet[Message]:
    if conversation.contact_id is None:
        return Message.objects.filter(conversation=conversation)
    same = Conversation.objects.filter(contact=conversation.contact_id)
    return Message.objects.filter(conversation__in=same.values("pk"))


def _moments(messages: list[Message], acts_in: int | None) -> list[Moment]:
    """Messages under the day and the channel that they came by. `acts_in`: the conversation in which the viewer may do
    something with them."""
    zone = people.house().zone
    moments: list[Moment] = []
    latest = None
    answered = max((one.pk for one in messages if one.conversation_id == acts_in and sent.went(one)), default=0)
    for one in messages:
        key = (clock.local(one.at, zone).date(), one.channel or (latest[1] if latest else ""))
        if key != latest:
            moments.append(Moment(one.at, channel_name(one.channel), []))
            latest = key
        may = one.conversation_id == acts_in
        moments[-1].lines.append(_line(one, may, returns=may and one.pk > answered))
    return moments


def _line(message: Message, may: bool, returns: bool) -> Line:
    if message.direction == Direction.IN:
        return Line(message, acts=deeds.offered(message) if may else [], deeds=deeds.told(message, may))
    if message.delivery == Delivery.BUDDY:
        read = _("your buddy reads it first") if message.target_id else _("a buddy reads it first")
        return Line(message, "wait", read, changeable=may and message.target_id is None)
    css, words = sent.state(message)
    if message.target is None or message.delivery in (Delivery.BY_HAND, Delivery.PAGE):
        return Line(message, css, words)
    removable = may and sent.can_take_away(message)
    return Line(message, css, words, removable=removable, failed=sent.failed(message), returns=returns)
