"""From one colleague to another: not for me, to somebody else, I take it. Each time Koor may learn from it."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import routing, threads
from koor.flow.conversations.choices import ConversationState, Ground
from koor.flow.conversations.models import Conversation, Refusal
from koor.flow.conversations.queries.channels import latest_said
from koor.ground.contacts import actions as contacts
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import SYSTEM, NotFound, Refused, require

LONGEST_SENTENCE = 300  # characters


@transaction.atomic
def assign(
    *, by: Person, conversation: Conversation, person: Person, sentence: str = "", direct_line: bool = False
) -> Conversation:
    """Give it to a colleague, with a sentence. `direct_line`: from now on this person's conversations go there."""
    if direct_line and conversation.contact is not None:
        threads.hold_contact(conversation.contact)  # before the conversation, as everywhere
    conversation = threads.held(conversation.pk)
    require(access.may_handle(by, conversation), _("This conversation is with a colleague."))
    _to(conversation, person, by=by, sentence=sentence)
    if direct_line:
        make_direct_line(by=by, conversation=conversation, person=person)
    return conversation


@transaction.atomic
def take(*, by: Person, conversation: Conversation) -> Conversation:
    """I answer this one. Somebody else may have been first."""
    conversation = threads.held(conversation.pk)
    if conversation.assignee_id == by.pk:
        return conversation
    if conversation.assignee is not None and not access.may_handle(by, conversation):
        sentence = _("%(name)s was first.") % {"name": conversation.assignee.first_name}
        raise Refused(sentence, code="taken")
    require(access.may_handle(by, conversation), _("This conversation is with a colleague."))
    _to(conversation, by, by=by)
    return conversation


@transaction.atomic
def not_for_me(
    *, by: Person, conversation: Conversation, belongs_to: Person | None = None, sentence: str = ""
) -> Conversation:
    """One tap: it goes to whom it should have gone, or else Koor finds another, and remembers."""
    conversation = threads.held(conversation.pk)
    require(access.is_for(by, conversation), _("This conversation is with a colleague."))
    if belongs_to == by:
        raise Refused(_("Choose a colleague, not yourself."), code="yourself", field="belongs_to")
    Refusal.objects.update_or_create(
        conversation=conversation, person=by, defaults={"belongs_to": belongs_to, "at": clock.now()}
    )
    audit.record(
        by=by, verb="conversations.not_for_me", target=conversation, belongs_to=getattr(belongs_to, "pk", None)
    )
    if belongs_to is not None:
        _to(conversation, belongs_to, by=by, sentence=sentence)
        return conversation
    routing.correct(conversation)
    conversation.assignee = None
    routing.route(conversation, latest_said(conversation), by=by)
    return conversation


@transaction.atomic
def tell_where(*, by: Person, conversation: Conversation, person: Person) -> Conversation:
    """After "not for me": where it should have gone. It goes there while nobody has it, and Koor remembers."""
    conversation = threads.held(conversation.pk)
    refusal = Refusal.objects.select_for_update().filter(conversation=conversation, person=by).first()
    if refusal is None:
        raise NotFound
    if person == by:
        raise Refused(_("Choose a colleague, not yourself."), code="yourself", field="person")
    refusal.belongs_to = person
    refusal.save(update_fields=["belongs_to"])
    audit.record(by=by, verb="conversations.tell_where", target=conversation, belongs_to=person.pk)
    if conversation.assignee is None and conversation.state != ConversationState.DONE:
        _to(conversation, person, by=by)
    else:
        routing.teaches(conversation, person, by=by)
    return conversation


@transaction.atomic
def make_direct_line(*, by: Person, conversation: Conversation, person: Person) -> None:
    """Remember the correction: this person outside has a colleague of their own."""
    if conversation.contact is None:
        raise Refused(_("We do not know yet who this is."), code="no_contact")
    contacts.introduce(by=by, person=person, contact=conversation.contact, direct_line=True)


def _to(conversation: Conversation, person: Person, *, by: Person, sentence: str = "") -> None:
    if not person.is_active:
        raise Refused(_("%(name)s does not work here any more.") % {"name": person.name}, code="left", field="person")
    words = logic.clean(sentence)
    if len(words) > LONGEST_SENTENCE:
        raise Refused(_("Keep it to one sentence; write the rest as a note."), code="too_long", field="sentence")
    if conversation.assignee_id == person.pk and not words:
        return
    routing.correct(conversation)
    Refusal.objects.filter(conversation=conversation, person=person).delete()
    if conversation.state == ConversationState.SNOOZED:
        threads.wake(conversation)
        conversation.save(update_fields=["state", "snoozed_until"])
    if person.pk != by.pk:
        routing.teaches(conversation, person, by=by)
    reasons = ((str(Ground.PERSON), by.pk),)
    routing.give(conversation, person.pk, by=by, ground=Ground.PERSON, reasons=reasons, sentence=words)


def cover(conversation_id: int, *, by: Colleague = SYSTEM) -> None:
    """When whom it is with is away or gone, or all to whom it is offered, it goes to another, as soon as they wait."""
    with transaction.atomic():
        conversation = threads.held(conversation_id)
        asked = [conversation.assignee_id] if conversation.assignee_id else conversation.offered
        if conversation.state == ConversationState.DONE or not asked:
            return
        if not routing.anybody_there(asked):
            routing.route(conversation, latest_said(conversation), by=by)
