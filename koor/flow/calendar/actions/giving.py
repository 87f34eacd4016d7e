"""A place becomes somebody's by another's hand: they hear it once, with what it is."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from koor.flow.calendar.events import PlacesGiven
from koor.flow.calendar.models import Slot, SlotGiven
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events


def note_given(rows: Iterable[tuple[Slot, int | None]], *, by: Colleague) -> None:
    """Part of what gives places: each with who had it before. Who gave it to themselves knows; so does who had it."""
    now = clock.now()
    told = [
        SlotGiven(slot=slot, person_id=slot.person_id, of_id=had, by_id=by.pk, at=now)
        for slot, had in rows
        if slot.person_id not in (None, had, by.pk)
    ]
    SlotGiven.objects.bulk_create(
        told, update_conflicts=True, unique_fields=["slot", "person"], update_fields=["of", "by", "at", "seen_at"]
    )
    first = {row.person_id: row for row in reversed(told)}
    events.tell_all([PlacesGiven(row.slot_id, row.person_id) for row in first.values()])


@transaction.atomic
def see_given(*, by: Person) -> int:
    """They know: these leave their Today. How many."""
    seen = SlotGiven.objects.filter(person=by, seen_at=None).update(seen_at=clock.now())
    if seen:
        audit.record(by=by, verb="calendar.see_given", places=seen)
    return seen
