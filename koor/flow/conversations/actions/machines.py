"""What a machine sent: an absence, a letter that came back, a list. Nobody waits for an answer to it, and none is given
by itself (RFC 3834); it stands in the conversation where it belongs, when there is one."""

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from koor.flow.conversations.actions import threads
from koor.flow.conversations.actions.answering import mark_failed
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation, Message
from koor.flow.conversations.queries.channels import MACHINES as MACHINES
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Mention
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock
from koor.kernel.access import SYSTEM, require


@transaction.atomic
def hear_machine(mention: Mention) -> None:
    """Beside what it answers. What answers nothing of ours, such as a newsletter, makes no conversation."""
    answered = _answered(mention)
    if answered is None or Message.objects.filter(mention=mention).exists():
        return
    conversation = threads.held(threads.holder(answered.conversation_id))
    try:
        with transaction.atomic():
            message = _message(mention, conversation.pk, answered)
    except IntegrityError:
        return  # another worker was first
    if conversation.state != ConversationState.DONE:
        threads.added(conversation, message)
    audit.record(by=SYSTEM, verb="conversations.hear_machine", target=conversation, mention=mention.pk)
    if mention.kind == "bounce" and not answered.failed:
        mark_failed(by=SYSTEM, message=answered)


def _answered(mention: Mention) -> Message | None:
    """The answer of ours that this is about."""
    if not mention.in_reply_to or mention.source.account_id is None:
        return None
    ours = Q(direction=Direction.OUT, target__remote_id=mention.in_reply_to)
    return Message.objects.filter(ours, account=mention.source.account_id).order_by("-pk").first()


def _message(mention: Mention, conversation: int, answered: Message) -> Message:
    return Message.objects.create(
        conversation_id=conversation,
        direction=Direction.IN,
        contact=answered.contact,
        account=mention.source.account,
        text=mention.text,
        at=mention.said_at,
        stored_at=clock.now(),
        channel=listening.platform_of(mention.source),
        kind=mention.kind,
        mention=mention,
    )


def touch_for_enclosure(*, by: Colleague, enclosure_id: int) -> None:
    """A picture can be seen now: open pages fetch their conversation again."""
    require(is_system(by))
    theirs = Message.objects.filter(mention__enclosures=enclosure_id).values("conversation")
    Conversation.objects.filter(pk__in=theirs).update(last_at=F("last_at"))
