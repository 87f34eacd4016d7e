"""Who looks and who writes: told by an open page every few seconds, forgotten as soon as it closes."""

from datetime import timedelta

from koor.flow.conversations import access
from koor.flow.conversations.models import Conversation, Looking
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import require

FORGOTTEN = timedelta(minutes=2)


def look(*, by: Person, conversation: Conversation, writes: bool = False) -> None:
    """This colleague has it open; `writes`: they are writing an answer. No line in the audit trail: it tells nothing
    about anybody once it is over."""
    require(access.may_see(by, conversation))
    now = clock.now()
    Looking.objects.bulk_create(
        [Looking(conversation=conversation, person=by, seen_at=now, typing_at=now if writes else None)],
        update_conflicts=True,
        unique_fields=["conversation", "person"],
        update_fields=["seen_at", "typing_at"],
    )


def look_away(*, by: Person, conversation_id: int) -> None:
    """They closed it, or went on."""
    Looking.objects.filter(conversation=conversation_id, person=by).delete()


def forget_who_looked() -> None:
    """What a page that was cut off left behind."""
    Looking.objects.filter(seen_at__lt=clock.now() - FORGOTTEN).delete()
