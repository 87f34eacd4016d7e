"""Reads of good examples: this week's for everybody, and those of before. In no order of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from koor.flow.hub.choices import ItemState
from koor.flow.hub.models import GoodExample, Idea, Rendition
from koor.flow.hub.queries.ideas import latest_step
from koor.flow.hub.queries.library import items_visible_to
from koor.ground.people.models import Person
from koor.ground.people.queries import today
from koor.kernel import files, together
from koor.kernel.access import NotFound

ON_TODAY = 3
LASTS = timedelta(days=13)  # from its Monday: this week and the next, until there are new ones


def examples(person: Person) -> QuerySet[GoodExample]:
    """Good examples, the latest week first, as far as this colleague may see what they are of. Of each the handle and
    size of its smallest picture."""
    rows = GoodExample.objects.filter(declined_at=None, item__in=items_visible_to(person))
    rows = rows.exclude(item__state=ItemState.SHELVED)
    sizes = Rendition.objects.filter(medium__item=OuterRef("item"), format="webp", width__gt=0)
    smallest = sizes.order_by("medium__order", "medium", "width")
    rows = rows.annotate(
        handle=Subquery(smallest.values("file__handle")[:1]),
        drawn=Subquery(smallest.values("file__name")[:1]),
        alt=Subquery(smallest.values("medium__alt")[:1]),
    )
    return rows.select_related("item__by__picture", "by").order_by("-week", "-pk")


def of_this_week(person: Person) -> QuerySet[GoodExample]:
    """Those that are shown now."""
    return examples(person).filter(week__gte=today() - LASTS)[:ON_TODAY]


@dataclass(frozen=True)
class News:
    """What Today tells beside what one could do."""

    step: Idea | None
    examples: list[GoodExample]


def news_for(person: Person) -> News:
    """The latest step of one's own idea and the good examples of the week, in one query."""
    steps, shown = together.lists(latest_step(person), of_this_week(person))
    return News(next(iter(steps), None), [with_picture(one) for one in shown])


def with_picture(example: Any) -> Any:
    """With `picture_url`, of what `examples` found; empty when there is none."""
    name = files.plain_name(example.drawn or "") or "file"
    example.picture_url = reverse("kernel:file", args=[example.handle, name]) if example.handle else ""
    return example


def example(person: Person, pk: int) -> GoodExample:
    found = examples(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def example_of(person: Person, item: Any) -> GoodExample | None:
    """The example that this item is, if it is one."""
    return GoodExample.objects.filter(item=item).first()


def is_of_now(example: GoodExample) -> bool:
    """Whether it is shown on Today."""
    return example.week >= today() - LASTS
