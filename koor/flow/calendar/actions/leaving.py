"""Somebody leaves: what they promised of the coming weeks is somebody else's, or open for whoever wants it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from koor.flow.calendar import logic
from koor.flow.calendar.actions.giving import note_given
from koor.flow.calendar.models import Slot, SlotAsk
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person, Rota
from koor.ground.people.queries import is_away, today
from koor.kernel import audit, clock


@transaction.atomic
def hand_over(*, by: Colleague, person_id: int, to_id: int | None) -> int:
    """Coming places that nothing stands ready for go to who takes over; a turn in a rota to the next in it. Without
    anybody they are open. What somebody was asked for is asked no more. How many places."""
    left = Person.objects.filter(pk=person_id, is_active=False).first()
    if left is None:
        return 0
    SlotAsk.objects.filter(person=person_id, put_away_at=None).update(put_away_at=clock.now())
    theirs = Slot.objects.filter(person=left, day__gte=today(), filled=False, dropped_at=None)
    rows = list(theirs.select_for_update(of=("self",)).select_related("agreement__rota").order_by("day", "time", "pk"))
    for slot in rows:
        rota = slot.agreement.rota if slot.agreement is not None else None
        slot.person_id = _next_in(rota, left, slot.day) if rota is not None else to_id
        slot.version += 1
    Slot.objects.bulk_update(rows, ["person", "version"], batch_size=2000)
    note_given(((slot, left.pk) for slot in rows), by=by)
    if rows:
        audit.record(by=by, verb="calendar.hand_over", target=left, places=len(rows))
    return len(rows)


def _next_in(rota: Rota, left: Person, day: date) -> int | None:
    turns = list(rota.turns.select_related("person").order_by("place", "pk"))
    order = [turn.person_id for turn in turns]
    gone = {turn.person_id for turn in turns if not turn.person.is_active or is_away(turn.person, day)}
    found = logic.next_there(order, left.pk, gone) if left.pk in order else left.pk
    return None if found == left.pk else found
