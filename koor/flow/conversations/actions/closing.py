"""Later, done, and open again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import routing, threads
from koor.flow.conversations.choices import ConversationState
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.queries.channels import latest_said
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, jobs
from koor.kernel.access import Refused, require

AT_ONCE = 1000  # that come back in one go; the rest a minute later


@transaction.atomic
def snooze(*, by: Person, conversation: Conversation, until: datetime) -> Conversation:
    """Put it away until a moment. The other still waits: a new message brings it back, and so does a promise that is
    about to break, for then the next in line is asked."""
    conversation = threads.held(conversation.pk)
    require(access.may_handle(by, conversation), _("This conversation is with a colleague."))
    if until <= clock.now():
        raise Refused(_("Choose a moment that is still to come."), code="past", field="until")
    if conversation.ask_at is not None and clock.now() < conversation.ask_at < until:
        until = conversation.ask_at
    conversation.state, conversation.snoozed_until = ConversationState.SNOOZED, until
    conversation.save(update_fields=["state", "snoozed_until"])
    audit.record(by=by, verb="conversations.snooze", target=conversation, until=until.isoformat())
    return conversation


@transaction.atomic
def finish(*, by: Person, conversation: Conversation) -> Conversation:
    """Done: nothing in it asks for an answer any more. What they say next opens a new one."""
    conversation = threads.held(conversation.pk)
    require(access.may_handle(by, conversation), _("This conversation is with a colleague."))
    if conversation.state == ConversationState.DONE:
        return conversation
    conversation.state, conversation.snoozed_until = ConversationState.DONE, None
    conversation.settled = conversation.messages.aggregate(last=Max("pk"))["last"] or 0
    threads.recount(conversation)
    audit.record(by=by, verb="conversations.finish", target=conversation)
    return conversation


@transaction.atomic
def reopen(*, by: Person, conversation: Conversation) -> Conversation:
    """It was not done after all, or is not put off any more. When they began another conversation since, it goes on
    there."""
    conversation = threads.held(conversation.pk)
    require(access.may_handle(by, conversation), _("This conversation is with a colleague."))
    if conversation.state != ConversationState.DONE:
        return threads.held(conversation.pk) if _woken(conversation.pk, by=by) else conversation
    if conversation.contact is not None and threads.open_of(conversation.contact) is not None:
        name = conversation.contact.first_name
        raise Refused(_("There is a newer conversation with %(name)s: go on there.") % {"name": name}, code="newer")
    threads.wake(conversation)
    conversation.settled = 0
    threads.recount(conversation)
    if conversation.assignee_id is None:
        routing.route(conversation, latest_said(conversation), by=by)
    audit.record(by=by, verb="conversations.reopen", target=conversation)
    return conversation


@transaction.atomic
def keep_known(*, by: Person, conversation: Conversation, text: str) -> Conversation:
    """What nobody has to ask this person again, in a line."""
    conversation = threads.held(conversation.pk)
    require(access.may_note(by, conversation), _("This conversation is with a colleague."))
    words = " ".join(logic.clean(text).split())
    if len(words) > logic.LONGEST_KNOWN:
        raise Refused(_("Keep it short: at most 500 characters."), code="too_long", field="known")
    conversation.known = words
    conversation.save(update_fields=["known"])
    audit.record(by=by, verb="conversations.keep_known", target=conversation)
    return conversation


def wake_due(*, by: Colleague) -> int:
    """Bring back what was put off until now, and what a promise that was made since would break."""
    now = clock.now()
    rows = Conversation.objects.filter(Q(snoozed_until__lte=now) | Q(ask_at__lte=now), state=ConversationState.SNOOZED)
    return sum(jobs.each_by_itself(rows.values_list("pk", flat=True)[:AT_ONCE], lambda pk: _woken(pk, by=by)))


@transaction.atomic
def _woken(pk: int, *, by: Colleague) -> bool:
    conversation = threads.held(pk)
    if conversation.state != ConversationState.SNOOZED:
        return False
    threads.wake(conversation)
    conversation.save(update_fields=["state", "snoozed_until"])
    audit.record(by=by, verb="conversations.wake", target=conversation)
    return True
