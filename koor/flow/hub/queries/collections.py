"""Reads of collections: one's own and those that colleagues share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from koor.flow.hub.models import Collected, Collection, Item
from koor.flow.hub.queries.finding import Finds, shown
from koor.flow.hub.queries.library import Asked, items_visible_to, matching
from koor.flow.hub.queries.words import saying
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

OFFERED = 12  # collections of which something is proposed
FROM_EACH = 60


def collections(person: Person) -> QuerySet[Collection]:
    """By name, with how many things were put in."""
    rows = _seen_by(person).filter(removed_at=None).select_related("by")
    return rows.annotate(number=Count("collected", filter=Q(collected__item__removed_at=None))).order_by("name", "pk")


def collections_to_fill(person: Person) -> QuerySet[Collection]:
    """Those into which this colleague can put something by hand."""
    return collections(person).filter(by=person, search={})


def collection(person: Person, pk: int, *, removed: bool = False) -> Collection:
    """NotFound when it is not there, somebody else's own, or taken away."""
    rows = _seen_by(person).filter(removed_at__isnull=not removed).select_related("by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _seen_by(person: Person) -> QuerySet[Collection]:
    return Collection.objects.filter(Q(by=person) | Q(shared=True))


class InIt:
    """What is in a collection, as far as this colleague may see it and it says `words`: a part of it has all that a
    list shows."""

    def __init__(self, person: Person, collection: Collection, words: str = "") -> None:
        self.person, self.collection, self.words = person, collection, words

    def __getitem__(self, part: slice) -> list[Item]:
        if self.collection.search:
            asked = asked_of(self.collection.search)
            asked["words"] = f"{asked.get('words', '')} {self.words}".strip()
            return Finds(self.person, asked)[part]
        seen = saying(items_visible_to(self.person), self.words)
        rows = Collected.objects.filter(collection=self.collection, item__in=seen)
        return shown(list(rows.values_list("item", flat=True)[part]))


def collections_of(person: Person, item: Item) -> QuerySet[Collection]:
    """The collections that this item was put in."""
    return collections(person).filter(pk__in=Collected.objects.filter(item=item).values("collection"))


def search_of(asked: Asked) -> dict[str, Any]:
    """A search as it is kept: what was asked for, days in figures."""
    kept = {name: value for name, value in asked.items() if value}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


def asked_of(search: Mapping[str, Any]) -> Asked:
    """A kept search as the library is asked for it."""
    asked: Asked = {"words": search.get("words", "")}
    for name, value in search.items():
        asked[name] = date.fromisoformat(value) if name in ("since", "until") else value  # type: ignore[literal-required]
    return asked


def proposed(person: Person) -> QuerySet[Item]:
    """What is in collections that are proposed for holes in the calendar."""
    kept: list[Mapping[str, Any]] = []
    by_hand = []
    rows = Collection.objects.filter(offered=True, removed_at=None).order_by("pk")
    for pk, search in rows.values_list("pk", "search")[:OFFERED]:
        if search:
            kept.append(search)
        else:
            by_hand.append(pk)
    found = Q(pk__in=Collected.objects.filter(collection__in=by_hand).values("item"))
    for search in kept:
        newest = matching(person, **asked_of(search)).order_by("-made_at").values("pk")[:FROM_EACH]
        found |= Q(pk__in=newest)
    return Item.objects.filter(found)
