"""An issue that is on its way to its readers stops with its account, within one letter, and goes on when a person lets
it go: who has it does not get it again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, Q

from koor.flow.publishing.choices import LetterState, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Letter, Pause, Target
from koor.ground.channels.models import Account
from koor.kernel import clock, jobs

NOT_GONE = (LetterState.WAITING, LetterState.HELD)
HAS_LETTERS = Q(state=State.PUBLISHED, removed_at=None)


def letters_paused(target_id: int) -> Pause | None:
    """Why no letter of this one may go now; None when its account is not quiet, or a person let it go."""
    account = Target.objects.filter(pk=target_id, through=False).values("account")
    return Pause.objects.filter(account__in=account, ended_at=None).first()


def hold_letters(account: Account, note: str, why: str) -> None:
    """All issues of this account that have letters to go. In the caller's transaction."""
    waiting = Letter.objects.filter(target__account=account, target__through=False, state=LetterState.WAITING)
    for number in waiting.values_list("target", flat=True).distinct():
        hold_issue(number, note, why)


def hold_issue(target_id: int, note: str, why: str) -> None:
    """On a person's list. A letter that is on its way at this moment is not waited for. Not when all went, nor when a
    person let it go meanwhile."""
    said = {"because": logic.PAUSED, "note": note, "note_values": {"why": why}}
    waiting = Letter.objects.filter(target=target_id, state=LetterState.WAITING)
    row = Target.objects.filter(HAS_LETTERS, Exists(waiting), pk=target_id, through=False)
    if not row.update(**said):
        return
    waiting.update(state=LetterState.HELD, wake_at=None, changed_at=clock.now())


def let_letters_go(row: Target) -> None:
    """They go on where they were. In the caller's transaction."""
    from koor.flow.publishing.tasks import post_letters

    row.because, row.note, row.note_values, row.through = "", "", {}, True
    row.save(update_fields=["because", "note", "note_values", "through"])
    now = clock.now()
    held = Letter.objects.filter(target=row.pk, state=LetterState.HELD)
    held.update(state=LetterState.WAITING, wake_at=now, changed_at=now)
    jobs.later(post_letters, only_one=f"newsletter {row.pk}", target=row.pk)


@transaction.atomic
def hold_if_quiet(target_id: int, note: str) -> bool:
    """What was not there yet when its account became quiet, or came back to wait since. Whether it is held."""
    pause = letters_paused(target_id)
    if pause is not None:
        hold_issue(target_id, note, pause.why)
    return pause is not None
