"""What comes in: a mention or a reply becomes a message in the conversation of the one who said it."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import routing, threads
from koor.flow.conversations.actions.machines import MACHINES, hear_machine
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.events import MessageArrived
from koor.flow.conversations.models import Conversation, Message
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Mention
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, events
from koor.kernel.access import SYSTEM, NotFound, Refused, require


@transaction.atomic
def open_from_mention(*, by: Colleague, mention: Mention) -> Conversation:
    """Make a conversation of what somebody said, or let it go on in theirs. The same mention twice changes nothing."""
    require(access.may_open(by), _("Ask the curator to make a conversation of this."))
    if mention.ours:
        raise Refused(_("We said this ourselves."), code="ours")
    mention = _kept_still(mention)
    known = _heard_before(mention)
    if known is not None:
        return _seen_again(known, mention, by=by)
    contact = _who_said(mention)
    conversation, fresh = _thread_for(mention, contact)
    try:
        with transaction.atomic():
            message = _message(mention, conversation, contact, waits=_waits(mention, by))
    except IntegrityError:  # another worker was first
        if fresh:
            conversation.delete()
        first = _heard_before(mention)
        if first is None:
            raise
        return first.conversation
    conversation.ohoh = conversation.ohoh or mention.label == "ohoh"
    was_done = conversation.state == ConversationState.DONE
    threads.wake(conversation)
    threads.added(conversation, message)
    if fresh or was_done or conversation.assignee_id is not None or not conversation.offered:
        routing.route(conversation, message, by=by)
    audit.record(by=by, verb="conversations.open_from_mention", target=conversation, mention=mention.pk)
    events.tell(MessageArrived(message.pk))
    return conversation


def hear(mention_id: int) -> None:
    """A mention was stored or labelled: when somebody speaks to us, or it is an aha or an oh-oh, answer it."""
    mention = Mention.objects.select_related("source__account").filter(pk=mention_id).first()
    if mention is None:
        return
    if mention.kind in MACHINES:
        hear_machine(mention)
        return
    addressed = mention.source.account_id is not None
    if logic.wants_conversation(ours=mention.ours, addressed=addressed, kind=mention.kind, label=mention.label):
        open_from_mention(by=SYSTEM, mention=mention)


def _kept_still(mention: Mention) -> Mention:
    """As it stands now; whoever wrote it changes it after us, and then finds what we made of it."""
    rows = Mention.objects.select_for_update(of=("self",), no_key=True).select_related("source__account")
    found = rows.filter(pk=mention.pk).first()
    if found is None:
        raise NotFound
    return found


def channel_of(mention: Mention) -> str:
    """A connector's key; for what was brought in the platform that it came from, or the name of the source."""
    return listening.platform_of(mention.source)


def _same(mention: Mention) -> Q:
    """The message of this very mention, or of the same thing said, heard by another road."""
    twin = Q(account=mention.source.account, channel=channel_of(mention), external_id=mention.external_id)
    return Q(mention=mention) | (twin & Q(direction=Direction.IN) & ~Q(external_id=""))


def _heard_before(mention: Mention) -> Message | None:
    return Message.objects.select_related("conversation").filter(_same(mention)).first()


def _seen_again(message: Message, mention: Mention, *, by: Colleague) -> Conversation:
    """Nothing new was said; but it may have become an oh-oh, and then PR is asked when nobody knows this person."""
    conversation = threads.held(message.conversation_id)
    if mention.label == "ohoh" and not conversation.ohoh:
        conversation.ohoh = True
        conversation.save(update_fields=["ohoh"])
        if conversation.ground in {"purpose", "author", "unsure"} and conversation.waiting_since:
            conversation.assignee = None
            routing.route(conversation, message, by=SYSTEM)
    return conversation


def _who_said(mention: Mention) -> Contact | None:
    handle = mention.handle or mention.author
    if not handle:
        return None
    name, platform = mention.author or mention.handle, listening.known_by(mention.source)[:40]
    try:
        met = contacts.meet_contact(by=SYSTEM, name=name, platform=platform, handle=handle, said_at=mention.said_at)
    except Refused:  # said before somebody was erased, or by a handle that is none: nobody's
        return None
    return threads.hold_contact(met)


def _thread_for(mention: Mention, contact: Contact | None) -> tuple[Conversation, bool]:
    """The conversation in which this goes on: that of the message replied to, else the open one, else a new one."""
    found = _replied_to(mention, contact) or (threads.open_of(contact) if contact else None)
    if found is not None:
        return found, False
    account = mention.source.account
    purpose = account.purpose if account else ""
    return threads.begun(contact, last_at=mention.said_at, account=account, purpose=purpose), True


def _replied_to(mention: Mention, contact: Contact | None) -> Conversation | None:
    if not mention.in_reply_to or contact is None:
        return None
    said = Q(external_id=mention.in_reply_to) | Q(target__remote_id=mention.in_reply_to)
    rows = Message.objects.filter(said, account=mention.source.account, conversation__contact=contact)
    found = rows.order_by("-pk").values_list("conversation_id", flat=True).first()
    if not found:
        return None
    conversation = threads.held(found)
    return (threads.open_of(contact) if conversation.state == ConversationState.DONE else None) or conversation


def _waits(mention: Mention, by: Colleague) -> bool:
    addressed = mention.source.account_id is not None
    return logic.asks_for_an_answer(addressed=addressed, by_a_person=by is not SYSTEM, label=mention.label)


def _message(mention: Mention, conversation: Conversation, contact: Contact | None, *, waits: bool) -> Message:
    return Message.objects.create(
        conversation=conversation,
        direction=Direction.IN,
        contact=contact,
        account=mention.source.account,
        text=mention.text,
        at=mention.said_at,
        stored_at=clock.now(),
        channel=channel_of(mention),
        kind=mention.kind,
        url=mention.url,
        mention=mention,
        external_id=mention.external_id,
        edited_at=mention.edited_at,
        waits_from=logic.waiting_from(mention.said_at, clock.now()) if waits else None,
    )
