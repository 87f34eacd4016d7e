"""Conversations while several messages come in together: held once, followed in memory in the order in which they came,
and written in a few statements in the end. As one message after the other would have left them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from koor.flow.conversations import logic
from koor.flow.conversations.actions import routing, threads
from koor.flow.conversations.choices import ConversationState
from koor.flow.conversations.events import ConversationAssigned, MessageArrived
from koor.flow.conversations.models import Assignment, Conversation, Message
from koor.flow.conversations.queries.asking import Asking, asking
from koor.flow.conversations.queries.behind import Behind, behind, waits_for
from koor.flow.listening.models import Mention
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, events, sql, together

CHANGED = (
    "account", "channel", "purpose", "state", "ohoh", "assignee", "offered", "ground", "reasons", "sentence", "preview",
    "ours_last", "asked", "waiting_since", "due_at", "ask_at", "snoozed_until", "last_at",
)  # fmt: skip
Place = tuple[int | None, int, str]  # an account, a contact, and the number of what was said there


@dataclass(eq=False)
class Talk:
    """One conversation, and what waits for an answer in it."""

    conversation: Conversation
    asking: Asking = field(default_factory=Asking)

    @property
    def is_open(self) -> bool:
        return self.conversation.state != ConversationState.DONE


@dataclass
class Talks:
    """Those of some people, held until this transaction ends, and what has to be written."""

    around: Behind
    by: Colleague
    of: dict[int, list[Talk]] = field(default_factory=dict)  # by contact
    said: dict[Place, Talk] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)  # what nobody has to ask again, by contact
    messages: list[tuple[Talk, Message]] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    deeds: list[tuple[str, Conversation, dict[str, Any]]] = field(default_factory=list)

    def for_(self, mention: Mention, contact: Contact | None) -> tuple[Talk, bool]:
        """Where this goes on: in the conversation of the message replied to, else the open one, else a new one."""
        talk = self._replied_to(mention, contact) or (self._open(contact) if contact else None)
        return (talk, False) if talk is not None else (self._begun(mention, contact), True)

    def _replied_to(self, mention: Mention, contact: Contact | None) -> Talk | None:
        if not mention.in_reply_to or contact is None:
            return None
        talk = self.said.get((mention.source.account_id, contact.pk, mention.in_reply_to))
        return talk if talk is None or talk.is_open else self._open(contact) or talk

    def _open(self, contact: Contact) -> Talk | None:
        there = [talk for talk in self.of.get(contact.pk, ()) if talk.is_open]
        return max(there, key=lambda talk: talk.conversation.last_at, default=None)

    def _begun(self, mention: Mention, contact: Contact | None) -> Talk:
        account = mention.source.account
        conversation = Conversation(
            contact=contact,
            known=self.told.get(contact.pk, "") if contact else "",
            made_at=clock.now(),
            last_at=mention.said_at,
            account=account,
            purpose=account.purpose if account else "",
        )
        talk = Talk(conversation)
        if contact is not None:
            self.of.setdefault(contact.pk, []).append(talk)
            self.told[contact.pk] = conversation.known
        return talk

    def hears(self, talk: Talk, message: Message, mention: Mention, *, fresh: bool) -> None:
        """One more message: the conversation follows, and goes to whom it fits now."""
        one = talk.conversation
        before, was_done = waits_for(one), not talk.is_open
        one.ohoh = one.ohoh or mention.label == "ohoh"
        threads.wake(one)
        threads.follow(one, message)
        self._wait(talk, message)
        self.messages.append((talk, message))
        if message.external_id and message.contact_id:
            self.said[message.account_id, message.contact_id, message.external_id] = talk
        self.around.moved(before, now := waits_for(one))
        if fresh or was_done or one.assignee_id is not None or not routing.anybody_there(one.offered):
            self._give(one, message)
            self.around.moved(now, waits_for(one))
        self.deeds.append(("conversations.open_from_mention", one, {"mention": mention.pk}))

    def _wait(self, talk: Talk, message: Message) -> None:
        """As `threads.recount`, without asking again."""
        one = talk.conversation
        waited = one.waiting_since
        talk.asking.also(message)
        one.waiting_since, one.asked = talk.asking.since, logic.preview(talk.asking.text)
        threads.promise_again(one, waited)

    def _give(self, one: Conversation, message: Message) -> None:
        decision = routing.decide(one, message, self.around)
        if decision is None:
            return
        if one.pk in self.around.called_in:
            routing.not_beside(one, decision.person)
        self.assignments.append(routing.given(one, decision))
        told = {"person": decision.person, "ground": decision.ground}
        self.deeds.append(("conversations.assign", one, told))

    def write(self) -> None:
        """All of it, in the order in which it came."""
        touched = {id(talk): talk.conversation for talk, _message in self.messages}.values()
        there = [one for one in touched if one.pk is not None]
        Conversation.objects.bulk_create(one for one in touched if one.pk is None)
        sql.write_rows(there, CHANGED)
        Message.objects.bulk_create(message for _talk, message in self.messages)
        Assignment.objects.bulk_create(self.assignments)
        audit.record_all(by=self.by, deeds=self.deeds)
        given = dict.fromkeys(row.conversation_id for row in self.assignments)
        arrived = [MessageArrived(message.pk) for _talk, message in self.messages]
        events.tell_all([*map(ConversationAssigned, given), *arrived])


def held(heard: Sequence[tuple[Mention, Contact | None]], *, by: Colleague) -> Talks:
    """What goes on with these people, and what they reply to."""
    people = {contact.pk: contact for _mention, contact in heard if contact is not None}
    opened, replied = _going_on(heard)
    opened, replied, known = together.lists(opened, replied, _known(people) if people else None)
    rows = threads.held_all({*opened, *(row[0] for row in replied)})
    asks = asking(rows)
    found = Talks(around=behind(rows, also=people.values()), by=by, told=dict(known))
    talks = {one.pk: Talk(one, asks.get(one.pk) or Asking()) for one in rows}
    for talk in talks.values():
        if talk.conversation.contact_id is not None:
            found.of.setdefault(talk.conversation.contact_id, []).append(talk)
    for conversation, account, contact, *numbers_of_it in replied:
        if conversation in talks:
            found.said |= {(account, contact, number): talks[conversation] for number in numbers_of_it if number}
    return found


def hold(heard: Sequence[tuple[Mention, Contact | None]], before: Iterable[Message]) -> None:
    """All that `held` will hold of these, and where these messages stand: at once, in the order of their numbers."""
    opened, replied = together.lists(*_going_on(heard))
    threads.held_with(before, also={*opened, *(row[0] for row in replied)})


def _going_on(heard: Sequence[tuple[Mention, Contact | None]]) -> tuple[Any, Any]:
    """What is open with these people, and what they reply to."""
    people = {contact.pk for _mention, contact in heard if contact is not None}
    numbers = {mention.in_reply_to for mention, contact in heard if contact is not None and mention.in_reply_to}
    opened = _of(people).exclude(state=ConversationState.DONE).values_list("pk", flat=True) if people else None
    return opened, _replies(people, numbers) if numbers else None


def _of(people: Collection[int]) -> Any:
    return Conversation.objects.filter(contact__in=people)


def _replies(people: Collection[int], numbers: Iterable[str]) -> Any:
    """What was said before with one of these numbers, the latest last."""
    said = Q(external_id__in=numbers) | Q(target__remote_id__in=numbers)
    rows = Message.objects.filter(said, conversation__contact__in=people).order_by("pk")
    return rows.values_list("conversation", "account", "conversation__contact", "external_id", "target__remote_id")


def _known(people: Collection[int]) -> Any:
    latest = _of(people).order_by("contact", "-last_at", "-pk").distinct("contact")
    return latest.values_list("contact", "known")
