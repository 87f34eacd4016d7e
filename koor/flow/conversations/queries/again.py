"""What people say to us where the stream does not hear it: in the contact form, on a direct line, in a call that was
noted. Listening holds it beside the mentions, for *What they ask*."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from koor.flow.conversations import access
from koor.flow.conversations.choices import FORM, LINE, ByHand, Direction
from koor.flow.conversations.models import Conversation, Message
from koor.flow.conversations.queries.channels import MACHINES, channel_name
from koor.flow.listening.queries.elsewhere import Row, Said, by_contact
from koor.ground.governance.choices import Purpose
from koor.ground.governance.permissions import of_all
from koor.ground.people.models import Person
from koor.kernel import together

KIND = Message._meta.label_lower
TALK = Conversation._meta.label_lower
# Asked for by what it is: of what was heard the mention may have gone with its source. A platform numbers what it
# brings, also on WhatsApp, which is a way by hand as well.
_SAID_HERE = Q(channel=FORM) | Q(channel__in=[LINE, *ByHand.values], external_id="")


def said_lately(since: datetime, most: int) -> list[Row]:
    """The newest that came in since then."""
    rows = _outside_the_stream().filter(stored_at__gt=since, at__gt=since)
    return _rows(rows.order_by("-stored_at", "-pk")[:most])


def said_there(ids: Collection[int]) -> list[Row]:
    return _rows(_outside_the_stream().filter(pk__in=ids))


def _outside_the_stream() -> QuerySet[Message]:
    """What stands in the stream is read there. What somebody said to a colleague alone, on an account of their own, is
    sorted and counted nowhere, nor is an exercise or what a machine wrote."""
    rows = Message.objects.filter(_SAID_HERE, direction=Direction.IN, mention=None).exclude(text="")
    rows = rows.exclude(kind__in=MACHINES)
    rows = rows.exclude(kind="direct", account__personal=True)
    return rows.exclude(conversation__purpose=Purpose.PRACTICE)


def _rows(rows: QuerySet[Message]) -> list[Row]:
    found = rows.values_list("pk", "contact", "conversation", "text", "at")
    return [(pk, _whom(contact, talk), text, at) for pk, contact, talk, text, at in found]


def _whom(contact: int | None, conversation: int) -> str:
    return f"contacts.contact:{contact}" if contact else f"{TALK}:{conversation}"


def said_to(person: Person, ids: Collection[int]) -> list[Said]:
    """These messages, as far as this colleague may see the conversation."""
    seen = Conversation.objects.filter(access.visible_to(person))
    rows = _outside_the_stream().filter(pk__in=ids, conversation__in=seen).select_related("contact").defer("search")
    place = "inbox_one" if access.may_see_all(person) else "talk_one"
    return [
        Said(
            key=(KIND, one.pk),
            whom=by_contact(one.contact) if one.contact else _whom(None, one.conversation_id),
            name=one.contact.name if one.contact else "",
            text=one.text,
            at=one.at,
            address=reverse(f"conversations:{place}", args=[one.conversation_id]),
            face=one.contact,
            place=channel_name(one.channel),
        )
        for one in rows
    ]


def read_by(people: Sequence[Person], ids: Collection[int]) -> dict[int, Collection[int]]:
    """By colleague, which of these they may read. Who sees all is not asked for, the others in one statement."""
    some = [one for one in of_all(people) if not access.may_see_all(one)]
    rows = _outside_the_stream().filter(pk__in=ids).order_by().values_list("pk", flat=True)
    seen = (Conversation.objects.filter(access.visible_to(one)) for one in some)
    found = together.lists(*(rows.filter(conversation__in=there) for there in seen)) if some else []
    read: dict[int, Collection[int]] = {one.pk: ids for one in people}
    return read | {one.pk: pks for one, pks in zip(some, found, strict=True)}
