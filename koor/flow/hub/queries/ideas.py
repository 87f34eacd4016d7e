"""Reads of the board of ideas: everybody sees all of it, but for what the library keeps from them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from koor.flow.hub.choices import IdeaState
from koor.flow.hub.models import Idea, IdeaToo
from koor.flow.hub.queries.library import NEWS, items_visible_to
from koor.ground.people.models import Person
from koor.kernel import clock, together
from koor.kernel.access import NotFound

IN_COLUMN = 30


def ideas(person: Person, *, state: str = "") -> QuerySet[Idea]:
    """Ideas, the latest step first; `liked` tells how many would like it too, `mine_too` whether they do."""
    rows = Idea.objects.filter(item__in=items_visible_to(person))
    if state:
        rows = rows.filter(state=state)
    own = IdeaToo.objects.filter(idea=OuterRef("pk"), person=person)
    rows = rows.annotate(liked=Count("too"), mine_too=Exists(own)).select_related("item__by__picture", "moved_by")
    return rows.order_by("-moved_at", "-pk")


@dataclass(frozen=True)
class Column:
    """One place on the board."""

    state: IdeaState
    rows: list[Idea]
    more: bool


def board(person: Person) -> list[Column]:
    """The whole board, in one query: of each column the latest."""
    found = together.lists(*(ideas(person, state=state)[: IN_COLUMN + 1] for state in IdeaState))
    pairs = zip(IdeaState, found, strict=True)
    return [Column(state, rows[:IN_COLUMN], len(rows) > IN_COLUMN) for state, rows in pairs]


def idea(person: Person, pk: int) -> Idea:
    """One idea; NotFound when it is not there or not for this colleague."""
    found = ideas(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def latest_step(person: Person) -> QuerySet[Idea]:
    """The latest step of one's own idea, while it is news."""
    since = clock.now() - NEWS
    rows = Idea.objects.filter(
        item__by=person, item__removed_at=None, moved_at__gte=since, moved_by__isnull=False
    ).exclude(moved_by=person)
    return rows.select_related("item", "moved_by").order_by("-moved_at", "-pk")[:1]
