"""A post with a film or a document goes when that is ready; one that can't be used is told to a person."""

from __future__ import annotations

from django.db import transaction

from koor.flow.hub import actions as hub
from koor.flow.hub.media.reasons import Reason
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.content import pictures_of
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Target
from koor.ground.channels.contract import message_id as _
from koor.kernel import clock
from koor.kernel.access import SYSTEM

DOCUMENT_WAITS = _("The document is still being made ready. It goes as soon as that is done.")


def waits_for_a_film(row: Target) -> bool:
    """Whether this row can't go yet because of a film; then that is written down."""
    films = [one.medium for one in pictures_of(row) if one.medium.kind != "photo"]
    refused = next((one.refused for one in films if one.refused), "")
    if refused:
        to = logic.moved(ledger.row_of(row), logic.Next(State.NEEDS_PERSON, because=logic.FILM))
        ledger.keep(row, to, note=Reason(refused).sentence)
        return True
    waiting = [one.kind for one in films if one.upload_id]
    if waiting:
        note = DOCUMENT_WAITS if "document" in waiting else ""
        ledger.keep(row, logic.wait(ledger.row_of(row), clock.now(), logic.FILM), note=note)
        return True
    return False


def try_again(row: Target) -> None:
    """What the house gave up is made ready once more, so that the row waits for it."""
    for one in pictures_of(row):
        if one.medium.refused:
            hub.try_medium_again(by=SYSTEM, medium=one.medium)


@transaction.atomic
def go_on_with(medium_id: int) -> None:
    """A film is ready, or can't be used: what waited for it is looked at now."""
    rows = Target.objects.select_for_update(of=("self",)).filter(state=State.WAITING, because=logic.FILM)
    for row in rows.filter(post__media__medium=medium_id):
        row.wake_at = clock.now()
        row.save(update_fields=["wake_at"])
        ledger.wake(row)
