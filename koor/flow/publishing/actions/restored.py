"""A backup does not know what went out after it was made, and a copy not what its original does. What was due by then
is never sent by itself: a person looks whether it is there."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.holding_letters import NOT_GONE
from koor.flow.publishing.choices import LetterState, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Letter, Target
from koor.kernel import clock
from koor.kernel.identity import COPIED, RESTORED

SAID = gettext_noop("The house was restored or copied. This may have gone out before that.")


def was_restored(why: str) -> bool:
    """Whether publishing was held because this house is a copy or came out of a backup."""
    return why.startswith((COPIED, RESTORED))


def ask_what_went() -> int:
    """Put what was due while the house did not know itself on a person's list; how many. In the caller's transaction.

    Also what is too late by now: who let it go once more would not know that it went. What goes no further than this
    house is in its own database, and so came back with it."""
    _letters_are_unknown()
    ready = (State.SCHEDULED, State.WAITING, State.CLAIMED)
    rows = Target.objects.select_for_update(of=("self",)).select_related("post__by", "account__owner")
    asked = 0
    for row in rows.filter(state__in=ready, due_at__lte=clock.now()):
        manifest = ledger.manifest_of(row)
        if manifest is None or not manifest.network or manifest.by_hand:
            continue
        to = logic.Next(State.NEEDS_PERSON, because=logic.UNSURE_FOR_GOOD)
        row.epoch += 1  # whoever had it before the backup has it no more
        ledger.keep(row, logic.moved(ledger.row_of(row), to), note=SAID)
        asked += 1
    return asked


def _letters_are_unknown() -> None:
    """Letters of an issue that was on its way: each may be with its reader. They stand with it as not known, and
    none goes again."""
    open_ones = Letter.objects.filter(state__in=(*NOT_GONE, LetterState.SENDING))
    open_ones.update(state=LetterState.UNKNOWN, wake_at=None, answer="restored or copied", changed_at=clock.now())
