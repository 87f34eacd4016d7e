"""What somebody outside would like to see or know goes to the colleagues who have it; the answer comes back here."""

from typing import Any

from koor.flow.conversations import access
from koor.flow.conversations.models import Conversation, Message
from koor.flow.conversations.queries.channels import channel_name
from koor.flow.hub import actions as hub
from koor.flow.hub.models import Wish
from koor.flow.listening.models import Mention
from koor.ground.people.models import Person
from koor.kernel.access import NotFound, require

MENTION, MESSAGE = Mention._meta.label_lower, Message._meta.label_lower


def note_wish(
    *, by: Person, conversation: Conversation, sentence: str, into: Wish | None = None, once: str = ""
) -> Wish:
    """One wish more, or one voice more for a wish. With whom we talk stays here; who knows them may be asked."""
    talk = conversation
    said: dict[str, Any] = {"place": talk.channel, "contact": talk.contact, "said_at": talk.last_at}
    return _note(by, talk, [], **said, sentence=sentence, into=into, once=once)


def _note(by: Person, conversation: Conversation, messages: list[int], *, place: str, **wish: Any) -> Wish:
    if not access.may_see(by, conversation):
        raise NotFound
    require(access.may_note(by, conversation))
    return hub.note_wish(
        by=by,
        origin=conversation._meta.label_lower,
        origin_id=conversation.pk,
        heard=[(MENTION, pk) for pk in _mentions(conversation)] + [(MESSAGE, pk) for pk in messages],
        place=channel_name(place),
        **wish,
    )


def note_wish_of_message(*, by: Person, pk: int, sentence: str, into: Wish | None = None, once: str = "") -> Wish:
    """What was asked in one message is wished in its conversation; it is known of that message alone, by the road that
    it came and of who said it."""
    message = Message.objects.select_related("contact", "conversation__contact").filter(pk=pk).first()
    if message is None:
        raise NotFound
    talk = message.conversation
    said: dict[str, Any] = {"place": message.channel, "contact": message.contact or talk.contact, "said_at": message.at}
    return _note(by, talk, [pk], **said, sentence=sentence, into=into, once=once)


def _mentions(conversation: Conversation) -> list[int]:
    """What was said in it that also stands in the stream, where the wish may have been noted before."""
    said = conversation.messages.exclude(mention=None).values_list("mention_id", flat=True)
    return [pk for pk in said if pk is not None]
