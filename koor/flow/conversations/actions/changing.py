"""Somebody outside changes what they said to us, or takes it back."""

from django.db import transaction
from django.db.models import Q

from koor.flow.conversations.actions import threads
from koor.flow.conversations.choices import Direction
from koor.flow.conversations.events import MessageTakenBack
from koor.flow.conversations.models import Conversation, Join, Message, Told
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Change, Mention
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock, events
from koor.kernel.access import require


@transaction.atomic
def follow_change(*, by: Colleague, change_id: int) -> None:
    """What stands in the conversation follows what its writer made of it. Again changes nothing."""
    require(is_system(by))
    change = listening.change_of(change_id)
    found = _message_of(change) if change is not None else None
    if change is None or found is None:
        return
    conversation = threads.held(found.conversation_id)
    message = Message.objects.filter(pk=found.pk, conversation=conversation).first()
    if message is None:
        return
    if change.deleted:
        events.tell(MessageTakenBack(message.pk))
        _taken_back(message, conversation)
    elif not _say_again(message, change):
        return
    if Conversation.objects.filter(pk=conversation.pk).exists():
        threads.retell(conversation)
        threads.recount(conversation)
        verb = "conversations.they_took_back" if change.deleted else "conversations.they_changed"
        audit.record(by=by, verb=verb, target=conversation, message=message.pk)


def _message_of(change: Change) -> Message | None:
    source = change.source
    rows = Message.objects.filter(direction=Direction.IN, account=source.account, external_id=change.external_id)
    return rows.filter(channel=listening.platform_of(source)).first()


def _say_again(message: Message, change: Change) -> bool:
    mention = Mention.objects.filter(source=change.source_id, external_id=change.external_id).first()
    if mention is None or (message.text, message.edited_at) == (mention.text, mention.edited_at):
        return False
    message.text, message.edited_at = mention.text, mention.edited_at
    message.save(update_fields=["text", "edited_at"])
    return True


def _taken_back(message: Message, conversation: Conversation) -> None:
    """What we answered or noted since would hang in the air: then it is said that something was taken back. Else
    nothing of it is left, also not in the summary."""
    Told.objects.filter(message=message).delete()
    since = conversation.messages.filter(pk__gt=message.pk).exclude(direction=Direction.IN)
    if since.exists():
        message.text, message.waits_from, message.url = "", None, ""
        message.taken_back_at = message.taken_back_at or clock.now()
        message.save(update_fields=["text", "waits_from", "url", "taken_back_at"])
        return
    message.delete()
    joined = Join.objects.filter(Q(into=conversation) | Q(gone=conversation))
    if not conversation.messages.exists() and not joined.exists() and not conversation.fire_ties.exists():
        conversation.delete()
