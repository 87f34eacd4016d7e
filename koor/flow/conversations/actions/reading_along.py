"""An answer on somebody's own page by a colleague who has a buddy: it is read first, and then stands there."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.actions import threads
from koor.flow.conversations.actions.answering import settle
from koor.flow.conversations.choices import Delivery, Direction
from koor.flow.conversations.events import ColleagueNamed
from koor.flow.conversations.models import Mentioned, Message
from koor.flow.conversations.queries.channels import latest_said, way_out
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require

LONGEST_WORD = 300  # characters of what a buddy says of it


@transaction.atomic
def let_stand(*, by: Person, message: Message) -> Message:
    """The buddy says yes: it stands on the page of the other, in its writer's name. Twice changes nothing."""
    found = _held(by, message)
    if found is None:
        return Message.objects.get(pk=message.pk)
    conversation = threads.held(found.conversation_id)
    on_page = found.person is not None and way_out(found.person, latest_said(conversation)).on_page
    found.delivery, found.at = Delivery.PAGE if on_page else Delivery.BY_HAND, clock.now()
    found.save(update_fields=["delivery", "at"])
    audit.record(by=by, verb="conversations.let_stand", target=conversation, message=found.pk)
    settle(conversation, found, by=found.person or by)
    return found


@transaction.atomic
def give_back(*, by: Person, message: Message, word: str) -> None:
    """Not like this: the words go back to their writer as a note, with what the buddy says of them."""
    said = " ".join(word.split())[:LONGEST_WORD]
    if not said:
        raise Refused(_("Say in a sentence what you would change."), code="empty", field="word")
    found = _held(by, message)
    if found is None:
        raise Refused(_("This stands there already."), code="sent")
    conversation = threads.held(found.conversation_id)
    writer, text, now = found.person, found.text, clock.now()
    found.delete()
    note = Message.objects.create(
        conversation=conversation, direction=Direction.NOTE, person=by, contact=conversation.contact,
        text=f"{said}\n\n“{text}”", at=now, stored_at=now,
    )  # fmt: skip
    threads.retell(conversation)
    threads.recount(conversation)
    audit.record(by=by, verb="conversations.give_back", target=conversation, message=note.pk)
    if writer is not None:
        Mentioned.objects.create(message=note, person=writer, at=now)
        events.tell(ColleagueNamed(note.pk))


def _held(by: Person, message: Message) -> Message | None:
    """The answer, kept from others, while it is still to be read."""
    found = Message.objects.select_for_update(of=("self",)).select_related("person").filter(pk=message.pk).first()
    if found is None:
        raise Refused(_("It was taken back to work on."), code="taken_back")
    require(access.may_read_first(by, found), _("A buddy reads it, not its maker."))
    return found if found.delivery == Delivery.BUDDY and found.target_id is None else None
