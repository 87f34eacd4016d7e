"""All pairs of items that look alike and of which nobody said yet what they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from koor.flow.hub import access
from koor.flow.hub.choices import ItemState
from koor.flow.hub.models import Item, Likeness, Resemblance
from koor.flow.hub.queries.library import attach_pictures, undecided
from koor.ground.people.models import Person
from koor.kernel import together


@dataclass(frozen=True)
class Pair:
    """Two items beside each other, the older one first."""

    one: Item
    other: Item

    @property
    def both(self) -> tuple[Item, Item]:
        return self.one, self.other


def open_pairs(person: Person) -> QuerySet[Resemblance]:
    """What the curator has to decide, the latest first; nothing for who does not curate."""
    if not access.may_curate(person):
        return Resemblance.objects.none()
    said = Likeness.objects.filter(one=OuterRef("one"), other=OuterRef("other"))
    rows = Resemblance.objects.filter(~Exists(said)).order_by("-other", "-one")
    for side in ("one", "other"):
        rows = rows.exclude(**{f"{side}__state": ItemState.SHELVED})
        rows = rows.exclude(**{f"{side}__capture__withdrawn_at__isnull": False})
        rows = rows.filter(**{f"{side}__removed_at": None})
    return rows


def waiting_for_curator(person: Person) -> list[int]:
    """How many items are new, and how many pairs look alike."""
    return together.numbers(undecided(person), open_pairs(person) if access.may_curate(person) else None)


class Pairs:
    """The same for a page: a part of it (`pairs[0:12]`) has what the page shows."""

    def __init__(self, person: Person) -> None:
        self.rows = open_pairs(person).select_related("one__by", "other__by").defer("one__words", "other__words")

    def __getitem__(self, part: slice) -> list[Pair]:
        found = [Pair(row.one, row.other) for row in self.rows[part]]
        attach_pictures([item for pair in found for item in pair.both])
        return found
