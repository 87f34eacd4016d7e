"""What every write of this room does: hold a conversation while it changes, add a message, count who waits."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.db.models.functions import Left

from koor.flow.conversations import logic
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import CalledIn, Conversation, Message
from koor.flow.conversations.queries.asking import REALLY_OURS as REALLY_OURS
from koor.flow.conversations.queries.asking import unanswered as unanswered
from koor.flow.conversations.queries.promises import moments
from koor.ground.contacts.models import Contact
from koor.kernel import clock
from koor.kernel.access import NotFound


def held(pk: int) -> Conversation:
    """A conversation, kept from other writers until this transaction ends."""
    found = (
        Conversation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("contact", "account", "assignee")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def held_all(numbers: Collection[int]) -> list[Conversation]:
    """Several of them, in the order of their numbers; without those that are gone."""
    rows = Conversation.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=numbers)
    return list(rows.select_related("contact", "account", "assignee").order_by("pk")) if numbers else []


def held_with(messages: Iterable[Message], also: Iterable[int] = ()) -> list[Conversation]:
    """Those in which these messages stand, and others. When a message moved before all were held, they are let go and
    held once more, for whoever adds one later may hold a lower number after a higher one."""
    places, others = {one.pk: one.conversation_id for one in messages}, set(also)
    while True:
        before = transaction.savepoint()
        found = held_all(others.union(places.values()))
        places = dict(Message.objects.filter(pk__in=list(places)).values_list("pk", "conversation"))
        if {one.pk for one in found}.issuperset(places.values()):
            transaction.savepoint_commit(before)
            return found
        transaction.savepoint_rollback(before)


def both(first: int, second: int) -> tuple[Conversation, Conversation]:
    """Two of them; always held in the order of their numbers, so that nobody waits for whoever waits for them."""
    found = {pk: held(pk) for pk in sorted({first, second})}
    return found[first], found[second]


def holder(pk: int) -> int:
    """Where a conversation goes on that was joined to another."""
    while (onward := Conversation.objects.values_list("joined_into", flat=True).get(pk=pk)) is not None:
        pk = onward
    return pk


def go_on_in(gone: Conversation, into: Conversation) -> list[int]:
    """From now on `gone` goes on there, and so does what had gone on in it: nobody has to follow one after the other.
    The numbers of those."""
    along = list(Conversation.objects.filter(joined_into=gone).order_by("pk").values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=along).update(joined_into=into)
    gone.joined_into = into
    return along


def hold_contact(contact: Contact) -> Contact:
    """Two messages of one person at the same moment come one after the other; a merged person is whom they became."""
    held_row = (
        Contact.objects.select_for_update(of=("self",), no_key=True).select_related("merged_into").get(pk=contact.pk)
    )
    return held_row.merged_into or held_row


def hold_contacts(numbers: Collection[int]) -> dict[int, Contact]:
    """As `hold_contact` for many, in the order of their numbers: by number, whom each is now."""
    rows = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("merged_into")
    there = rows.filter(pk__in=numbers).order_by("pk") if numbers else ()
    return {one.pk: one.merged_into or one for one in there}


def open_of(contact: Contact) -> Conversation | None:
    """What is going on with this person now."""
    rows = Conversation.objects.filter(contact=contact).exclude(state=ConversationState.DONE)
    found = rows.order_by("-last_at").values_list("pk", flat=True).first()
    return held(found) if found else None


def begun(contact: Contact | None, **fields: Any) -> Conversation:
    """A new conversation. What they told before need not be asked again."""
    known = told_before(contact) if contact else ""
    return Conversation.objects.create(contact=contact, known=known, made_at=clock.now(), **fields)


def told_before(contact: Contact) -> str:
    """What nobody has to ask this person again, as it stands in their latest conversation."""
    rows = Conversation.objects.filter(contact=contact).order_by("-last_at", "-pk")
    return rows.values_list("known", flat=True).first() or ""


def added(conversation: Conversation, message: Message) -> None:
    """Let a conversation follow from a message that was just stored."""
    follow(conversation, message)
    recount(conversation)


def follow(conversation: Conversation, message: Message) -> None:
    """What a list shows of it, after one more message; for the caller to save."""
    if message.at >= conversation.last_at or not conversation.preview:
        conversation.last_at = max(message.at, conversation.last_at)
        if message.direction != Direction.NOTE:
            conversation.preview = logic.preview(message.text)
            conversation.ours_last = message.direction == Direction.OUT
            conversation.channel = message.channel
        if message.direction == Direction.IN and message.account:
            conversation.account, conversation.purpose = message.account, message.account.purpose


def recount(conversation: Conversation) -> None:
    """Since when the other waits: their earliest question after our last answer; and for what. Saves it."""
    waited = conversation.waiting_since
    questions = unanswered(conversation)
    latest = questions.order_by("-at", "-pk").values_list(Left("text", logic.PREVIEW * 4), flat=True).first()
    conversation.waiting_since = questions.aggregate(since=Min("waits_from"))["since"] if latest is not None else None
    conversation.asked = logic.preview(latest or "")
    promise_again(conversation, waited)
    conversation.save()


def promise_again(conversation: Conversation, waited: datetime | None) -> None:
    """Who begins to wait is promised an answer; who has one is promised nothing, and whom Koor asked beside is free."""
    if promised_again(conversation, waited):
        let_beside_go([conversation.pk])


def promised_again(conversation: Conversation, waited: datetime | None) -> bool:
    """The same, but for whom Koor asked beside: whether they are free now."""
    if conversation.waiting_since == waited and conversation.due_at is not None:
        return False
    conversation.due_at, conversation.ask_at = moments(conversation)
    return conversation.waiting_since is None and waited is not None


def let_beside_go(numbers: Collection[int]) -> None:
    """Nobody waits any more in these conversations."""
    if numbers:
        CalledIn.objects.filter(conversation__in=numbers, over_at=None).update(over_at=clock.now())


def retell(conversation: Conversation) -> None:
    """The list shows what was said last; after messages came or went."""
    said = conversation.messages.exclude(direction=Direction.NOTE)
    latest = said.select_related("account").order_by("-at", "-pk").first()
    heard = said.filter(direction=Direction.IN, account__isnull=False).select_related("account").order_by("-at", "-pk")
    show_last(conversation, latest, heard.first() if latest is not None else None)


def show_last(conversation: Conversation, latest: Message | None, question: Message | None) -> None:
    """What a list shows: the last that was said, on the account where they asked last."""
    if latest is None:  # nothing is left but what hangs on it, so nothing is shown of what was said
        conversation.preview, conversation.ours_last = "", False
        return
    conversation.last_at, conversation.channel = latest.at, latest.channel
    conversation.preview, conversation.ours_last = logic.preview(latest.text), latest.direction == Direction.OUT
    if question is not None and question.account is not None:
        conversation.account, conversation.purpose = question.account, question.account.purpose


def wake(conversation: Conversation) -> None:
    """Something happened: it is open again."""
    conversation.state, conversation.snoozed_until = ConversationState.OPEN, None
