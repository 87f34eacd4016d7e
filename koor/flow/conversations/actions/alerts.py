"""What conversations tell on a colleague's phone, if they asked for it. Never who it is, nor what they said."""

from collections.abc import Collection

from django.db.models import Min
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation, Message
from koor.flow.publishing import queries as publishing
from koor.kernel import notices

ROUND = (3, 10, 30, 100)  # people who answered: each of these is told once


def tell_who_waits(conversation_ids: Collection[int]) -> None:
    """The colleagues to whom these went hear that somebody waits; not who took it themselves."""
    rows = Conversation.objects.select_related("assignee").filter(pk__in=conversation_ids, assignee__isnull=False)
    waiting = list(rows.filter(state=ConversationState.OPEN, waiting_since__isnull=False).order_by("pk"))
    asked_for = notices.with_devices({one.assignee_id for one in waiting if one.assignee_id}) if waiting else set()
    for one in waiting:
        if one.assignee_id in asked_for:
            _tell_that_one_waits(one)


def _tell_that_one_waits(one: Conversation) -> None:
    latest = one.assignments.first()
    if one.assignee is None or latest is None or latest.by_id == one.assignee_id:
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


def tell_how_many_answered(message_ids: Collection[int]) -> None:
    """Whoever made or showed it hears when three people answered, and ten."""
    rows = Message.objects.filter(pk__in=message_ids, direction=Direction.IN, account__isnull=False)
    replies = rows.exclude(mention=None).exclude(mention__in_reply_to="")
    for account, replied in dict.fromkeys(replies.order_by("pk").values_list("account", "mention__in_reply_to")):
        said = Message.objects.filter(
            account=account, direction=Direction.IN, mention__in_reply_to=replied, contact__isnull=False
        )
        firsts = said.order_by().values("contact").annotate(first=Min("pk")).order_by("first")
        first_of = list(firsts.values_list("first", flat=True)[: ROUND[-1]])
        for number in ROUND:
            if number <= len(first_of) and first_of[number - 1] in message_ids:
                _tell_that_so_many_answered(account, replied, number)


def _tell_that_so_many_answered(account: int, replied: str, number: int) -> None:
    maker = publishing.shown_by(account_id=account, remote_id=replied)
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
