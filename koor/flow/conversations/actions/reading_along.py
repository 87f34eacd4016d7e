"""An answer on somebody's own page by a colleague who has a buddy: it is read first, and then stands there."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.actions import threads
from koor.flow.conversations.actions.answering import settle
from koor.flow.conversations.choices import Delivery, Direction
from koor.flow.conversations.events import ColleagueNamed
from koor.flow.conversations.models import Conversation, Mentioned, Message
from koor.flow.conversations.queries.channels import latest_said, way_out
from koor.flow.conversations.queries.reading_along import SINCE, said_after
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require

LONGEST_WORD = 300  # characters of what a buddy says of it


@transaction.atomic
def let_stand(*, by: Person, message: Message, last_message: int = 0) -> Message:
    """The buddy says yes: it stands on the page of the other, in its writer's name. Twice changes nothing.
    `last_message` is the newest one that the buddy saw: when more was said since, that is read first."""
    found = _held(by, message)
    if found is None:
        return Message.objects.get(pk=message.pk)
    conversation = threads.held(found.conversation_id)
    _nothing_unseen(found, last_message)
    on_page = (
        found.person is not None and way_out(found.person, latest_said(conversation), conversation.contact_id).on_page
    )
    found.delivery, found.at = Delivery.PAGE if on_page else Delivery.BY_HAND, clock.now()
    found.save(update_fields=["delivery", "at"])
    audit.record(by=by, verb="conversations.let_stand", target=conversation, message=found.pk)
    settle(conversation, found, by=found.person or by)
    if found.delivery == Delivery.BY_HAND and found.person is not None:
        with translation.override(found.person.language):
            words = _("There is no page any more on which this can stand, so send it yourself.")
        _note_for(found.person, conversation, f"{words}\n\n“{found.text}”", by=by)
    return found


def _nothing_unseen(found: Message, last_message: int) -> None:
    new = list(said_after(found, last_message)[:SINCE])
    ours = next((one for one in new if one.direction == Direction.OUT), None)
    if ours is not None:
        who = ours.person.first_name if ours.person else _("A colleague")
        raise Refused(_("%(who)s answered too meanwhile. Read that first.") % {"who": who}, code="collision")
    if new:
        who = found.contact.first_name if found.contact else _("The other")
        raise Refused(_("%(who)s wrote again meanwhile. Read that first.") % {"who": who}, code="collision")


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
    writer, text = found.person, found.text
    found.delete()
    note = _note_for(writer, conversation, f"{said}\n\n“{text}”", by=by)
    audit.record(by=by, verb="conversations.give_back", target=conversation, message=note.pk)


def _note_for(writer: Person | None, conversation: Conversation, text: str, *, by: Person) -> Message:
    """A note in the conversation, that the writer finds on Today."""
    now = clock.now()
    note = Message.objects.create(
        conversation=conversation, direction=Direction.NOTE, person=by, contact=conversation.contact,
        text=text, at=now, stored_at=now,
    )  # fmt: skip
    threads.retell(conversation)
    threads.recount(conversation)
    if writer is not None:
        Mentioned.objects.create(message=note, person=writer, at=now)
        events.tell(ColleagueNamed(note.pk))
    return note


def _held(by: Person, message: Message) -> Message | None:
    """The answer, kept from others, while it is still to be read."""
    found = (
        Message.objects.select_for_update(of=("self",))
        .select_related("person", "contact")
        .filter(pk=message.pk)
        .first()
    )
    if found is None:
        raise Refused(_("It was taken back to work on."), code="taken_back")
    require(access.may_read_first(by, found), _("A buddy reads it, not its maker."))
    return found if found.delivery == Delivery.BUDDY and found.target_id is None else None
