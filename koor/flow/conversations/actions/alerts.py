"""What conversations tell on a colleague's phone, if they asked for it. Never who it is, nor what they said."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation, Message
from koor.flow.publishing import queries as publishing
from koor.kernel import notices

ROUND = (3, 10, 30, 100)  # people who answered: each of these is told once


def tell_who_waits(conversation_id: int) -> None:
    """The colleague to whom it went hears that somebody waits; not who took it themselves."""
    rows = Conversation.objects.select_related("assignee")
    one = rows.filter(pk=conversation_id, state=ConversationState.OPEN, waiting_since__isnull=False).first()
    latest = one.assignments.first() if one else None
    if one is None or one.assignee is None or latest is None or latest.by_id == one.assignee_id:
        return
    with translation.override(one.assignee.language):
        notices.push(
            to=one.assignee.pk,
            title=_("Somebody waits for you"),
            text=_("You are the one who can answer best."),
            url=reverse("conversations:talk_one", args=[one.pk]) + "#newest",
            kind="waits",
            key=f"waits:{latest.pk}",
        )


def tell_how_many_answered(message_id: int) -> None:
    """Whoever made or showed it hears when three people answered, and ten."""
    message = Message.objects.select_related("mention").filter(pk=message_id, direction=Direction.IN).first()
    replied = message.mention.in_reply_to if message and message.mention else ""
    if message is None or not replied or message.account_id is None:
        return
    answered = Message.objects.filter(
        account=message.account_id, direction=Direction.IN, mention__in_reply_to=replied, contact__isnull=False
    )
    number = answered.values("contact").distinct().count()
    maker = publishing.shown_by(account_id=message.account_id, remote_id=replied) if number in ROUND else None
    if maker is None:
        return
    person, post_id, page = maker
    with translation.override(person.language):
        notices.push(
            to=person.pk,
            title=_("%(number)s people answered what you showed") % {"number": number},
            url=page,
            kind="answered",
            key=f"answered:{post_id}:{number}",
        )
