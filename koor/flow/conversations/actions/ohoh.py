"""A colleague says that a conversation is an oh-oh: also where no mention is that listening could have marked."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.conversations import access
from koor.flow.conversations.actions import threads
from koor.flow.conversations.actions.arriving import became_ohoh
from koor.flow.conversations.actions.promises import call_in
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.queries.alarms import on_duty
from koor.flow.conversations.queries.channels import latest_said
from koor.flow.listening import access as listening_access
from koor.flow.listening import actions as listening
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import require


@transaction.atomic
def mark_ohoh(*, by: Person, conversation: Conversation, wanted: bool = True) -> Conversation:
    """It goes to PR; where it is with whom they know or whom a colleague chose it stays there, and PR is asked beside.
    What was said is marked too, by who may. Not wanted: it was none after all."""
    require(access.may_handle(by, conversation), _("This conversation is with a colleague."))
    said = latest_said(conversation)
    if wanted and said is not None and said.mention is not None and listening_access.may_listen(by):
        listening.mark(by=by, mention_id=said.mention.pk, label="ohoh")  # first: what comes in holds it first too
    conversation = threads.held(conversation.pk)
    if conversation.ohoh == wanted:
        return conversation
    audit.record(by=by, verb=f"conversations.{'mark' if wanted else 'unmark'}_ohoh", target=conversation)
    if wanted:
        became_ohoh(conversation, said)
        _ask_pr(conversation, by=by)
    else:
        conversation.ohoh = False
        conversation.save(update_fields=["ohoh"])
        conversation.called_in.filter(ground="fire", over_at=None).update(over_at=clock.now())
    return conversation


def _ask_pr(conversation: Conversation, *, by: Person) -> None:
    if conversation.waiting_since is None or conversation.purpose == Purpose.PRACTICE:
        return
    asked: set[int | None] = set(conversation.called_in.filter(over_at=None).values_list("person_id", flat=True))
    asked |= {by.pk, conversation.assignee_id, *conversation.offered}
    for person in on_duty():
        if person.pk not in asked:
            call_in(conversation, person, "fire", gettext_noop("This is an oh-oh"), by=by)
