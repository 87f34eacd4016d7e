"""Answers go out on the channel that the question came in by; what has no such channel is handed over by a person."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import routing, threads, told
from koor.flow.conversations.choices import FORM, LINE, Delivery, Direction, Ground
from koor.flow.conversations.events import AnswerFailed, ConversationAnswered
from koor.flow.conversations.models import Conversation, Message, Refusal
from koor.flow.conversations.queries.channels import Way, to_answer, way_out
from koor.flow.conversations.queries.form import carried_by_form
from koor.flow.conversations.queries.one import said_since
from koor.flow.listening import queries as listening
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.actions.checks import Fresh, Picture, pictures
from koor.flow.publishing.actions.release import buddy_of
from koor.flow.publishing.choices import Stage
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel import once as kernel_once
from koor.kernel.access import Refused, require

NEVER_WENT = ("rejected", "missed", "cancelled")


def answer(
    *,
    by: Person,
    conversation: Conversation,
    text: str,
    last_message: int | None = None,
    anyway: bool = False,
    media: Sequence[Picture] | Fresh = (),
    once: str = "",
    to_many: bool = False,
) -> Message:
    """Answer; `media` go along by the ledger where the channel takes them. `last_message` is the newest one on the
    page that it was written on: when a colleague answered since, nothing goes out. `anyway`: also when it asks for
    what they told. The same `once` again gives the first answer. `to_many`: one of many alike, so that no promise
    is kept of each."""
    words = _words(text)

    def make() -> Message:
        shown = media.load() if isinstance(media, Fresh) else media
        return _answer(by, conversation.pk, words, last_message, anyway, shown, to_many)

    content: dict[str, Any] = {"conversation": conversation.pk, "text": words}
    if digests := media.digests if isinstance(media, Fresh) else [(one.pk, alt) for one, alt in pictures(media, None)]:
        content["media"] = digests
    pk, _new = kernel_once.once(f"conversations.answer:{by.pk}", once, content, make)
    return Message.objects.get(pk=pk)


@transaction.atomic
def _answer(
    by: Person, conversation_id: int, text: str, last_message: int | None, anyway: bool, media: Sequence[Picture],
    to_many: bool,
) -> Message:  # fmt: skip
    conversation = threads.held(conversation_id)
    may_answer_here(by=by, conversation=conversation)
    _nothing_new(by, conversation, last_message)
    told.told_first(by=by, conversation=conversation, text=text, anyway=anyway)
    question = to_answer(conversation)
    way = way_out(by, question, conversation.contact_id)
    _fits(way, media)
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.OUT,
        person=by,
        contact=conversation.contact,
        account=way.account,
        text=text,
        at=clock.now(),
        stored_at=clock.now(),
        channel=question.channel if question else LINE if way.on_page else conversation.channel,
        delivery=_by_what(by, way),
        buddy=buddy_of(by) if _by_what(by, way) == Delivery.BUDDY else None,
    )
    if way.account is not None and question is not None:
        _send(message, way.account, question, media, by=by)
    theirs_now(conversation, by=by)
    settle(conversation, message, by=by, promises=not to_many)
    return message


def _fits(way: Way, media: Sequence[Picture]) -> None:
    """Pictures go by the ledger; a colleague who sends an answer by hand puts them with it there."""
    if way.too_late:
        raise Refused(way.too_late + " " + _("Your text is still here."), code="too_late", field="text")
    if not media or way.account is not None:
        return
    words = _("Pictures can't stand on their page yet. Leave it out; your text is still here.")
    if not way.on_page:
        words = _("You send this answer yourself, so put the picture with it there. Your text is still here.")
    raise Refused(words, code="media")


def _by_what(by: Person, way: Way) -> Delivery:
    """What stands on their page is read first when its writer has a buddy; in the ledger publishing sees to that."""
    if way.on_page:
        return Delivery.PAGE if by.autonomy == Autonomy.OWN else Delivery.BUDDY
    return Delivery.LEDGER if way.by_koor else Delivery.BY_HAND


def _send(message: Message, account: Account, question: Message, media: Sequence[Picture], *, by: Person) -> None:
    """By the ledger of publishing. A colleague who has a buddy gets it read first."""
    message.target = publishing.reply(
        by=by,
        account=account,
        text=message.text,
        in_reply_to=question.external_id,
        media=media,
        options=carried(question),
        once=f"conversations.message:{message.pk}",
    )
    if message.target.post.stage == Stage.WITH_BUDDY:
        message.delivery = Delivery.BUDDY
    message.save(update_fields=["target", "delivery"])


def carried(question: Message) -> dict[str, str]:
    """What an answer has to carry where it goes, such as the subject of a letter."""
    return carried_by_form(question) if question.channel == FORM else listening.answering(question.mention)


@transaction.atomic
def mark_released(*, by: Colleague, post_id: int) -> None:
    """The buddy let an answer go: now it is on its way."""
    found = Message.objects.filter(target__post=post_id, delivery=Delivery.BUDDY).first()
    if found is None:
        return
    conversation = threads.held(found.conversation_id)
    found.delivery, found.at = Delivery.LEDGER, clock.now()
    found.save(update_fields=["delivery", "at"])
    settle(conversation, found, by=by)


@transaction.atomic
def mark_handed(*, by: Person, message: Message) -> Message:
    """A person sent this answer themselves, such as from their own phone."""
    conversation = threads.held(message.conversation_id)
    require(access.may_handle(by, conversation), _("This conversation is with a colleague."))
    message.refresh_from_db()
    if message.delivery == Delivery.HANDED:
        return message
    if message.delivery != Delivery.BY_HAND:
        raise Refused(_("Koor sends this answer itself."), code="not_by_hand")
    message.delivery, message.at = Delivery.HANDED, clock.now()
    message.save(update_fields=["delivery", "at"])
    settle(conversation, message, by=by)
    return message


@transaction.atomic
def take_back(*, by: Person, message: Message) -> str:
    """An answer that stands ready but was not sent: its words come back, to be changed. One that never went stays where
    it stands."""
    conversation = threads.held(message.conversation_id)
    require(access.may_handle(by, conversation), _("This conversation is with a colleague."))
    if Message.objects.filter(pk=message.pk, failed=True).exists():
        return message.text
    ready = Q(delivery=Delivery.BY_HAND) | Q(delivery=Delivery.BUDDY, target=None)
    waiting = Message.objects.filter(ready, pk=message.pk).first()
    if waiting is None:
        raise Refused(_("This was sent already."), code="sent")
    audit.record(by=by, verb="conversations.take_back", target=conversation, message=message.pk)
    waiting.delete()
    threads.retell(conversation)
    threads.recount(conversation)
    return waiting.text


@transaction.atomic
def mark_failed(*, by: Colleague, message: Message) -> None:
    """An answer did not go out and never will: the other still waits."""
    conversation = threads.held(message.conversation_id)
    if Message.objects.filter(pk=message.pk, failed=True).exists():
        return  # told in two ways, and known already
    message.failed, message.waited = True, None
    message.save(update_fields=["failed", "waited"])
    told.forget_promised(by=by, message=message)
    if conversation.settled < message.pk:
        threads.wake(conversation)
    threads.recount(conversation)
    audit.record(by=by, verb="conversations.answer_failed", target=conversation, message=message.pk)
    events.tell(AnswerFailed(message.pk))


def _words(text: str) -> str:
    words = logic.clean(text)
    if not words:
        raise Refused(_("Write something first."), code="empty", field="text")
    if len(words) > logic.LONGEST_ANSWER:
        raise Refused(_("This is longer than any channel takes. Make it shorter."), code="too_long", field="text")
    if places := logic.open_places(words):
        raise Refused(_("Fill in %(place)s first.") % {"place": places[0]}, code="place", field="text")
    return words


def may_answer_here(*, by: Person, conversation: Conversation) -> None:
    """Refused for who may not, and where the conversation goes on elsewhere."""
    _may_answer(by, conversation)
    _goes_on_here(conversation)


def _may_answer(by: Person, conversation: Conversation) -> None:
    by.refresh_from_db(fields=["is_active"])  # somebody may have left while they wrote
    if access.practises(by) and not access.may_answer(by, conversation):
        sentence = _("You are practising, so nothing leaves the house yet. Leave it as a note; a colleague sends it.")
        raise Refused(sentence, code="practising", field="text")
    require(access.may_answer(by, conversation), _("This conversation is with a colleague."))


def _goes_on_here(conversation: Conversation) -> None:
    if conversation.joined_into_id is not None:
        sentence = _("This conversation was joined to another just now. Your text is still here: it goes on there.")
        raise Refused(sentence, code="collision", field="text")


def _nothing_new(by: Person, conversation: Conversation, last_message: int | None) -> None:
    """Nobody answers over a colleague's words, nor past what the other wrote meanwhile: what is new is read first."""
    if last_message is None:
        return
    new = list(said_since(by, conversation, last_message))
    ours = next((one for one in new if one.direction == Direction.OUT), None)
    if ours is not None:
        who = ours.person.first_name if ours.person else _("A colleague")
        sentence = _("%(who)s just answered. Your text is still here: read theirs first.") % {"who": who}
        raise Refused(sentence, code="collision", field="text")
    if new:
        who = conversation.contact.first_name if conversation.contact else _("The other")
        sentence = _("%(who)s wrote again meanwhile. Your text is still here: read that first.") % {"who": who}
        raise Refused(sentence, code="collision", field="text")


def theirs_now(conversation: Conversation, *, by: Person) -> None:
    """Whoever answers what nobody had, has it."""
    Refusal.objects.filter(conversation__contact=conversation.contact_id, person=by).delete()
    if conversation.assignee_id is None:
        reasons = ((str(Ground.PERSON), by.pk),)
        routing.give(conversation, by.pk, by=by, ground=Ground.PERSON, reasons=reasons)


def settle(conversation: Conversation, message: Message, *, by: Colleague, promises: bool = True) -> None:
    """The answer stands in the thread; when it is really on its way, nobody waits any more."""
    waiting = conversation.waiting_since
    threads.wake(conversation)
    threads.added(conversation, message)
    audit.record(by=by, verb="conversations.answer", target=conversation, message=message.pk)
    if message.delivery in (Delivery.BY_HAND, Delivery.BUDDY):
        return
    if waiting is not None and conversation.waiting_since != waiting:
        message.waited = max(message.at - waiting, timedelta())
        message.save(update_fields=["waited"])
    if promises:
        told.keep_promised(message=message)
    events.tell(ConversationAnswered(message.pk))


def wait_again(*, by: Colleague, target_id: int) -> None:
    """What publishing told of an answer: it never went. When somebody still has to look, nothing is sure yet."""
    message = Message.objects.filter(target=target_id, failed=False).select_related("target").first()
    if message is not None and message.target is not None and message.target.state in NEVER_WENT:
        mark_failed(by=by, message=message)
