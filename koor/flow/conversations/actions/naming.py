"""Who it is: of a conversation that began without a name, a colleague says with whom it is."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.actions import joining, routing, threads
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.queries.channels import latest_said
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.kernel import audit
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once


def name_person(
    *, by: Colleague, conversation: Conversation, contact: Contact | None = None, name: str = "", once: str = ""
) -> Conversation:
    """With whom this conversation is: a contact whom we know, or somebody new of this name. What was said is theirs
    from now on. When a conversation with them is open it goes on there, as a new message of theirs would. With whom
    it is among colleagues stays as it was; when nobody has it, it goes to whom it fits now."""

    def make() -> Conversation:
        with transaction.atomic():
            thread = threads.held(conversation.pk)
            require(access.may_handle(by, thread), _("This conversation is with a colleague."))
            if thread.contact is not None:
                known = _("It is known already who this is: %(name)s.") % {"name": thread.contact.name}
                raise Refused(known, code="known")
            return _with(thread, threads.hold_contact(contact or contacts.add_contact(by=by, name=name)), by=by)

    content = {"conversation": conversation.pk, "contact": contact.pk if contact else None, "name": name}
    pk, _new = done_once(f"conversations.name_person:{by.pk}", once, content, make)
    return Conversation.objects.get(pk=pk)


def _with(conversation: Conversation, contact: Contact, *, by: Colleague) -> Conversation:
    goes_on = threads.open_of(contact)
    conversation.known = conversation.known or threads.told_before(contact)
    conversation.contact = contact
    conversation.save(update_fields=["contact", "known"])
    said = conversation.messages.exclude(direction=Direction.NOTE)
    said.filter(contact=None).update(contact=contact)
    if goes_on is not None and conversation.state != ConversationState.DONE:
        joining.join(goes_on, conversation, by=by)
    elif conversation.assignee_id is None and conversation.waiting_since is not None:
        routing.route(conversation, latest_said(conversation), by=by)
    audit.record(by=by, verb="conversations.name_person", target=conversation, contact=contact.pk)
    return goes_on if conversation.joined_into_id and goes_on else conversation
