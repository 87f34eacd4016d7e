"""What is marked at once: all that filters meet, and how far that is."""

from __future__ import annotations

from koor.flow.listening import access
from koor.flow.listening.models import Marking
from koor.flow.listening.queries.narrowing import Filters, labelled, narrowed, newest
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

MOST_MARKED = 5_000  # in one go, the newest


def all_to_mark(person: Person, filters: Filters, label: str) -> list[int]:
    """The mentions of others that these filters meet and that have another mark, the newest first."""
    rows = labelled(narrowed(person, filters), filters.label).filter(ours=False).exclude(label=label)
    return list(newest(rows, filters).values_list("pk", flat=True)[:MOST_MARKED])


def marking(person: Person, pk: int) -> Marking:
    """One of one's own."""
    found = Marking.objects.filter(pk=pk, by=person).first() if access.may_listen(person) else None
    if found is None:
        raise NotFound
    return found
