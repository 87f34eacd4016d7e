"""What no channel brings in: notes for colleagues, and moments such as a call, a visit, a word at the door."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import mentioning, routing, threads, told
from koor.flow.conversations.actions.recordings import check_recording, keep_recording
from koor.flow.conversations.choices import ByHand, ConversationState, Delivery, Direction, Ground
from koor.flow.conversations.events import ConversationAnswered, MessageArrived, MomentNoted
from koor.flow.conversations.models import Conversation, Message
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel import once as kernel_once
from koor.kernel.access import Refused, require


def note(*, by: Person, conversation: Conversation, text: str, once: str = "") -> Message:
    """A note for colleagues; the other never sees it."""
    words = _words(text)

    def make() -> Message:
        with transaction.atomic():
            thread = threads.held(conversation.pk)
            require(access.may_note(by, thread), _("This conversation is with a colleague."))
            message = _add(thread, by=by, direction=Direction.NOTE, text=words, channel="", at=clock.now())
            audit.record(by=by, verb="conversations.note", target=thread, message=message.pk)
            mentioning.mark_noticed(by=by, conversation=thread)
            mentioning.tell_named(message, by=by)
            return message

    content = {"conversation": conversation.pk, "text": words}
    pk, _new = kernel_once.once(f"conversations.note:{by.pk}", once, content, make)
    return Message.objects.get(pk=pk)


def tell_by_hand(*, by: Person, contact: Contact, **said: Any) -> Conversation:
    """The same as `note_moment`: the conversation in which it stands."""
    return note_moment(by=by, contact=contact, **said).conversation


def note_moment(
    *,
    by: Person,
    contact: Contact,
    channel: str,
    direction: str,
    text: str,
    at: datetime | None = None,
    waits: bool = False,
    voice: bytes = b"",
    once: str = "",
) -> Message:
    """Note a moment with somebody: what they said, what we said, or what happened. It goes on in the conversation that
    is open with them, or begins one, with whoever notes it. `waits`: they expect to hear from us; `voice`: a recording,
    in the place of a line or with it."""
    words = _words(text or (_("Voice note") if voice else ""))
    _check(channel, direction, at)
    if voice:
        check_recording(voice)

    def make() -> Message:
        with transaction.atomic():
            message = _tell(by, contact, channel, direction, words, at or clock.now(), waits)
            if voice:
                keep_recording(message, voice)
            return message

    content = {"contact": contact.pk, "channel": channel, "direction": direction, "text": words, "waits": waits}
    if voice:
        content["voice"] = sha256(voice).hexdigest()
    pk, _new = kernel_once.once(f"conversations.tell_by_hand:{by.pk}", once, content, make)
    return Message.objects.select_related("conversation").get(pk=pk)


def _tell(by: Person, contact: Contact, channel: str, direction: str, text: str, at: datetime, waits: bool) -> Message:
    require(access.may_begin(by))
    contact = threads.hold_contact(contact)
    conversation = threads.open_of(contact)
    if conversation is None:
        conversation = threads.begun(contact, last_at=at)
        reasons = ((str(Ground.PERSON), by.pk),)
        routing.give(conversation, by.pk, by=by, ground=Ground.PERSON, reasons=reasons)
    message = _add(
        conversation, by=by, direction=direction, text=text, channel=channel, at=at, waits=waits, contact=contact
    )
    if waits:
        threads.wake(conversation)
    threads.added(conversation, message)
    if direction != Direction.IN:
        told.keep_promised(message=message)
    audit.record(by=by, verb="conversations.tell_by_hand", target=conversation, message=message.pk, channel=channel)
    events.tell(_fact(message))
    return message


def _fact(message: Message) -> Any:
    kinds = {Direction.IN: MessageArrived, Direction.OUT: ConversationAnswered}
    return kinds.get(Direction(message.direction), MomentNoted)(message.pk)


def _add(conversation: Conversation, *, by: Person, waits: bool = False, **fields: Any) -> Message:
    inward = fields["direction"] == Direction.IN
    message = Message.objects.create(
        conversation=conversation,
        person=by,
        stored_at=clock.now(),
        delivery=Delivery.HANDED if fields["direction"] == Direction.OUT else Delivery.NONE,
        waits_from=fields["at"] if waits and inward else None,
        **fields,
    )
    if conversation.state != ConversationState.DONE:
        conversation.last_at = max(conversation.last_at, message.at)
        conversation.save(update_fields=["last_at"])
    return message


def _words(text: str) -> str:
    words = logic.clean(text)
    if not words:
        raise Refused(_("Write something first."), code="empty", field="text")
    if len(words) > logic.LONGEST_ANSWER:
        raise Refused(_("This is too long to keep as one note."), code="too_long", field="text")
    return words


def _check(channel: str, direction: str, at: datetime | None) -> None:
    if channel not in ByHand.values:
        raise Refused(_("Choose how you met."), code="channel", field="channel")
    if direction not in Direction.values:
        raise Refused(_("Choose who said it."), code="direction", field="direction")
    if at is not None and at > clock.now():
        raise Refused(_("This moment is still to come."), code="future", field="at")
