"""What conversations tell on a colleague's phone, if they asked for it. Never who it is, nor what they said."""

from collections.abc import Collection

from django.db.models import Min
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import ConversationState, DeedKind, Direction
from koor.flow.conversations.models import Conversation, Deed, Message
from koor.flow.publishing import queries as publishing
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel import notices

PRACTICE = Purpose.PRACTICE
ROUND = (3, 10, 30, 100)  # people who answered: each of these is told once


def tell_who_waits(conversation_ids: Collection[int]) -> None:
    """The colleagues to whom these went, or to whom they are offered, hear that somebody waits; not who took it
    themselves, and nobody of an exercise."""
    rows = Conversation.objects.select_related("assignee").filter(pk__in=conversation_ids).exclude(purpose=PRACTICE)
    waiting = list(rows.filter(state=ConversationState.OPEN, waiting_since__isnull=False).order_by("pk"))
    asked = {one.pk: [one.assignee_id] if one.assignee_id else one.offered for one in waiting}
    asked_for = notices.with_devices({pk for numbers in asked.values() for pk in numbers}) if waiting else set()
    people = {one.pk: one for one in Person.objects.filter(pk__in=asked_for, is_active=True)} if asked_for else {}
    for one in waiting:
        for person in filter(None, map(people.get, asked[one.pk])):
            _tell_that_one_waits(one, person)


def _tell_that_one_waits(one: Conversation, person: Person) -> None:
    latest = one.assignments.first()
    if latest is None or latest.by_id == person.pk:
        return
    given = one.assignee_id is not None
    with translation.override(person.language):
        notices.push(
            to=person.pk,
            title=_("Somebody waits for you") if given else _("Somebody waits, and you may know the answer"),
            text=_("You are the one who can answer best.") if given else _("Whoever takes it first has it."),
            url=reverse("conversations:talk_one", args=[one.pk]) + "#newest",
            kind="waits",
            key=f"waits:{latest.pk}" if given else f"offered:{one.pk}:{one.waiting_since}:{person.pk}",
        )


def tell_what_did_not_work(deed: Deed) -> None:
    """Whoever asked something of a platform hears that it did not happen, or that nobody knows."""
    person = deed.asked_by
    if person is None or not person.is_active:
        return
    with translation.override(person.language):
        notices.push(
            to=person.pk,
            title=_("What you asked of a platform did not work"),
            text=str(DeedKind(deed.kind).label),
            url=reverse("conversations:talk_one", args=[deed.message.conversation_id]) + f"#m{deed.message_id}",
            kind="waits",
            key=f"deed:{deed.pk}:{deed.asked_at.isoformat()}",
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
