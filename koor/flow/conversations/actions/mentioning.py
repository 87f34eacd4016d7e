"""A colleague who is named in a note hears of it, may read along, and says when it was seen."""

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations import logic
from koor.flow.conversations.events import ColleagueNamed
from koor.flow.conversations.models import Conversation, Mentioned, Message
from koor.flow.conversations.queries.mentioned import may_be_told
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events, notices
from koor.kernel.access import Refused


def tell_named(message: Message, *, by: Person) -> None:
    """Those who are named in this note. A name that two colleagues have is refused: nobody is told by mistake."""
    if "@" not in message.text:
        return
    named = logic.named_in(message.text, may_be_told(by).values_list("pk", "name"))
    if named.unclear:
        words = _("Several colleagues are called %(name)s. Write the whole name behind the @.")
        raise Refused(words % {"name": named.unclear[0].capitalize()}, code="which", field="text")
    now = clock.now()
    Mentioned.objects.bulk_create([Mentioned(message=message, person_id=pk, at=now) for pk in named.people])
    if named.people:
        audit.record(by=by, verb="conversations.name_colleagues", target=message.conversation, people=named.people)
        events.tell(ColleagueNamed(message.pk))


def tell_who_was_named(message_id: int) -> None:
    """On their phone, if they asked for it. Never who it is about, nor what was said."""
    rows = Mentioned.objects.filter(message=message_id, seen_at=None).select_related("person", "message__person")
    for one in rows:
        with translation.override(one.person.language):
            who = one.message.person.first_name if one.message.person else _("A colleague")
            notices.push(
                to=one.person_id,
                title=_("%(name)s asks you something in a note") % {"name": who},
                url=reverse("conversations:talk_one", args=[one.message.conversation_id]) + f"#m{one.message_id}",
                kind="named",
                key=f"named:{one.pk}",
            )


@transaction.atomic
def mark_noticed(*, by: Person, conversation: Conversation) -> None:
    """This colleague has seen the notes in which they are named. Twice changes nothing."""
    mine = Mentioned.objects.filter(message__conversation=conversation, person=by, seen_at=None)
    if mine.update(seen_at=clock.now()):
        audit.record(by=by, verb="conversations.mark_noticed", target=conversation)
