"""The library as one searches in it: the newest finds are looked up once, for the page and for the figures beside it.

A word that is in many items is found soon by looking at the newest one by one; a rare one by the index of all words.
So a few of the newest tell which of the two it is, and the index is asked when looking gives too few."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import DateTimeField, F, Func, Prefetch, QuerySet, prefetch_related_objects
from django.db.models.lookups import IsNull

from koor.flow.hub.models import Item, Medium, Portrayed, Rendition
from koor.flow.hub.queries.library import NEWEST, Asked, items, narrowed, within
from koor.flow.hub.queries.words import Heard, hear
from koor.ground.people.models import Person
from koor.kernel import together

COUNTED = 500  # the newest finds are counted, so that a large library answers as fast as a small one
FEWER = 250  # are counted where so many are too far apart: of two words that are each in many
LOOKED_AT = 15_000  # of the newest items, one by one
TASTED = 1_500  # of these, to guess whether looking finds enough
SURE = 1.15  # times as many as are counted, by that guess
UNSORTED = Func(F("made_at"), template="(%(expressions)s + interval '0')", output_field=DateTimeField())

SHOWN = (
    "kind", "title", "text", "url", "state", "evergreen", "used_at", "made_at", "rights_kind", "rights_until",
    "by__name", "project__name", "capture__withdrawn_at", "capture__who_told",
)  # fmt: skip
FILE = ("file__handle", "file__name")


class Find(NamedTuple):
    """An item in as far as it is counted."""

    pk: int
    kind: str
    project: int | None
    maker: int | None
    tags: list[str]
    evergreen: bool
    unused: bool


class Finds:
    """What somebody asked for, newest first. A part of it (`finds[0:25]`) has all that a list shows."""

    def __init__(self, person: Person, asked: Asked) -> None:
        self.person, self.asked = person, asked

    @property
    def newest(self) -> Sequence[Find]:
        """At most one more than are counted, so that one knows whether there are more."""
        return self._found[0]

    @property
    def counted(self) -> int:
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[Sequence[Find], int]:
        rows, heard = narrowed(self.person, **self.asked), hear(self.asked.get("words", ""), self._edge())
        if heard is None or heard.tags:
            return _first(rows if heard is None else heard.among(rows)), COUNTED
        if heard.edge is None:
            return _first(heard.among(rows, one_by_one=True)), COUNTED
        if enough := self._enough(rows, heard):
            found = _first(heard.among(rows.filter(made_at__gte=heard.edge), one_by_one=True), enough)
            if len(found) > enough:
                return found, enough
        return _first(heard.among(rows).order_by(UNSORTED.desc(), "-pk")), COUNTED

    def _enough(self, rows: QuerySet[Item], heard: Heard) -> int:
        """How many can be counted that looking at the newest one by one seems to give; 0: too few."""
        newest = within(Item.objects.all(), None, self.asked.get("until")).order_by(*NEWEST)[:TASTED]
        found = heard.among(rows.filter(pk__in=newest.values("pk")), one_by_one=True).count()
        return next((one for one in (COUNTED, FEWER) if found * LOOKED_AT / TASTED > one * SURE), 0)

    def _edge(self) -> QuerySet[Item, Any]:
        """When the last of the newest came in; nothing when there are no more than these."""
        rows = within(Item.objects.all(), None, self.asked.get("until"))
        return rows.order_by(*NEWEST).values_list("made_at", flat=True)[LOOKED_AT : LOOKED_AT + 1]

    def __getitem__(self, part: slice) -> list[Item]:
        if len(self.newest) > self.counted and part.stop > self.counted:
            return list(items(self.person, **self.asked)[part])
        return shown([one.pk for one in self.newest[part]])


def _first(rows: QuerySet[Item], most: int | None = None) -> list[Find]:
    rows = rows if rows.query.order_by else rows.order_by(*NEWEST)
    unused = IsNull(F("used_at"), True)
    columns = ("pk", "kind", "project", "by", "tags", "evergreen", unused)
    return [Find(*row) for row in rows.values_list(*columns)[: (most or COUNTED) + 1]]


def shown(numbers: Sequence[int]) -> list[Item]:
    """These items in this order, with what a list shows of them."""
    rows = Item.objects.filter(pk__in=numbers).select_related("by", "project", "capture").only(*SHOWN)
    found = {one.pk: one for one in rows}
    ordered = [found[pk] for pk in numbers if pk in found]
    together.attach(ordered, media=Medium.objects.order_by("order", "pk"), portrayed=Portrayed.objects.order_by("pk"))
    first = [medium for one in ordered for medium in one.media.all()[:1]]
    sizes = Rendition.objects.select_related("file").only("format", "width", "height", "medium", *FILE)
    prefetch_related_objects(first, Prefetch("renditions", sizes.order_by("width")))
    return ordered
