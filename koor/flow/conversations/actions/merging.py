"""By hand: two conversations with one person go on as one, or chosen messages as a conversation of their own."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.conversations import access
from koor.flow.conversations.actions import joining, threads
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation, Join, Message, Split
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import NotFound, Refused, require
from koor.kernel.once import once as done_once

SPLIT = "split"  # the kind of the message that tells of it
UNDONE = gettext_noop("This was done, and undone again. Open the page anew to do it once more.")


def merge(*, by: Person, conversation: Conversation, other: Conversation, once: str = "") -> Message:
    """What was said in `other` goes on in this conversation. Gives the message that tells of it, from which it can be
    undone. With two people it is refused: first somebody says that they are one."""

    def make() -> Message:
        with transaction.atomic():
            return _merge(by, conversation, other)

    content = {"conversation": conversation.pk, "other": other.pk}
    pk, _new = done_once(f"conversations.merge:{by.pk}", once, content, make)
    told = Message.objects.select_related("conversation").filter(pk=pk).first()
    if told is None:
        raise Refused(_(UNDONE), code="undone")
    return told


def _merge(by: Person, conversation: Conversation, other: Conversation) -> Message:
    _hold_contact_of(conversation)
    into, gone = threads.both(conversation.pk, other.pk)
    for one in (into, gone):
        require(access.may_handle(by, one), _("This conversation is with a colleague."))
    if into.pk == gone.pk or into.joined_into_id or gone.joined_into_id:
        raise Refused(_("These are one conversation already."), code="one", field="other")
    if (into.purpose == Purpose.PRACTICE) != (gone.purpose == Purpose.PRACTICE):
        raise Refused(_("One of these is an exercise."), code="practice", field="other")
    if into.contact_id and gone.contact_id and into.contact_id != gone.contact_id:
        raise Refused(_("These are with two people. Say first that they are one."), code="two_people", field="other")
    if into.contact_id is None and gone.contact_id is not None:
        into, gone = gone, into
    gone.messages.filter(contact=None).exclude(direction=Direction.NOTE).update(contact=into.contact)
    return joining.join(into, gone, by=by, kind=joining.MERGED)


@transaction.atomic
def unmerge(*, by: Person, message: Message) -> Conversation:
    """Undo it, from the message that tells of it: each goes on where it was. Twice changes nothing."""
    join = Join.objects.filter(upto=message.pk, merge=None).first()
    if join is None:
        raise NotFound
    holder, gone = threads.both(threads.holder(join.into_id), join.gone_id)
    require(access.may_handle(by, holder), _("This conversation is with a colleague."))
    if join.undone_at is None:
        joining.part(join, holder, gone, by=by)
    return holder


def split(*, by: Person, conversation: Conversation, messages: Iterable[int], once: str = "") -> Split:
    """These messages are about something else: from now on they are a conversation of their own, with the same people
    on both sides. Who waited still waits, and nobody else."""
    chosen = sorted(set(messages))

    def make() -> Split:
        with transaction.atomic():
            return _split(by, conversation, chosen)

    content = {"conversation": conversation.pk, "messages": chosen}
    pk, _new = done_once(f"conversations.split:{by.pk}", once, content, make)
    done = Split.objects.select_related("made", "source").get(pk=pk)
    if done.undone_at is not None:
        raise Refused(_(UNDONE), code="undone")
    return done


def _split(by: Person, conversation: Conversation, chosen: list[int]) -> Split:
    _hold_contact_of(conversation)
    source = threads.held(conversation.pk)
    require(access.may_handle(by, source), _("This conversation is with a colleague."))
    moved, stays = _parted(source, chosen)
    waiting = set(threads.unanswered(source).values_list("pk", flat=True))
    settled, newest = source.settled, source.messages.aggregate(last=Max("pk"))["last"]
    made = _own_conversation(source, moved)
    pks = list(moved.values_list("pk", flat=True))
    for one, rows in ((made, pks), (source, list(stays.values_list("pk", flat=True)))):
        one.settled = max(one.settled, min(waiting.intersection(rows), default=newest + 1) - 1)
    moved.update(conversation=made)
    note = Message.objects.create(
        conversation=source, direction=Direction.NOTE, person=by, kind=SPLIT, at=clock.now(), stored_at=clock.now()
    )
    for one in (source, made):
        threads.retell(one)
        threads.recount(one)
    audit.record(by=by, verb="conversations.split", target=source, made=made.pk, messages=pks)
    return Split.objects.create(source=source, made=made, note=note, moved=pks, settled=settled, at=clock.now())


def _parted(source: Conversation, chosen: list[int]) -> tuple[QuerySet[Message], QuerySet[Message]]:
    """What goes and what stays. Something that was said has to be in both."""
    rows = source.messages.exclude(kind__in=[*joining.TELLING, SPLIT])
    moved, stays = rows.filter(pk__in=chosen), rows.exclude(pk__in=chosen)
    if not moved.exclude(direction=Direction.NOTE).exists():
        raise Refused(_("Choose at least one message."), code="none", field="messages")
    if not stays.exclude(direction=Direction.NOTE).exists():
        raise Refused(_("Leave at least one message where it is."), code="all", field="messages")
    return moved, stays


def _own_conversation(source: Conversation, moved: QuerySet[Message]) -> Conversation:
    """With the same colleague, for the same reason."""
    same = ("account", "channel", "purpose", "assignee", "ground", "reasons", "offered", "sentence")
    kept: dict[str, Any] = {name: getattr(source, name) for name in same}
    return threads.begun(
        source.contact,
        **kept,
        ohoh=source.ohoh and moved.filter(mention__label="ohoh").exists(),
        last_at=moved.aggregate(last=Max("at"))["last"],
    )


@transaction.atomic
def unsplit(*, by: Person, split: Split) -> Conversation:
    """Undo it: what was said in both since goes on together."""
    into, gone = threads.both(threads.holder(split.source_id), threads.holder(split.made_id))
    require(access.may_handle(by, into), _("This conversation is with a colleague."))
    require(access.may_handle(by, gone), _("This conversation is with a colleague."))
    split = Split.objects.select_for_update().get(pk=split.pk)
    if split.undone_at is not None:
        return into
    if into.pk != gone.pk:
        _back(split, into, gone, by=by)
    Message.objects.filter(split=split, kind=SPLIT).delete()
    split.undone_at = clock.now()
    split.save(update_fields=["undone_at"])
    return into


def _back(split: Split, into: Conversation, gone: Conversation, *, by: Person) -> None:
    """Straight back when nothing happened since, otherwise as two that are merged."""
    closed = ConversationState.DONE in (into.state, gone.state)
    said = gone.messages.exclude(pk__in=split.moved) | into.messages.filter(pk__gt=split.note_id or 0)
    if closed or said.exists():
        joining.join(into, gone, by=by, kind=joining.MERGED)
        return
    gone.messages.update(conversation=into)
    threads.go_on_in(gone, into)
    gone.state = ConversationState.DONE
    into.settled = split.settled
    for one in (into, gone):
        threads.retell(one)
        threads.recount(one)
    audit.record(by=by, verb="conversations.unsplit", target=into, gone=gone.pk)


def _hold_contact_of(conversation: Conversation) -> None:
    """Before the conversation, as everywhere."""
    if conversation.contact is not None:
        threads.hold_contact(conversation.contact)
