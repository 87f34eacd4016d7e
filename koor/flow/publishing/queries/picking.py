"""Choosing from the library while one writes a post: from all of it or from a collection, searched in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from koor.flow.hub import queries as hub
from koor.flow.hub.choices import ItemKind
from koor.flow.hub.models import Collection, Item
from koor.flow.publishing.queries.compose import Written
from koor.ground.people.models import Person
from koor.kernel import numbers

PER_PAGE = 12
MOST = 20  # at once
MOST_PAGES = 80


@dataclass(frozen=True)
class Picked:
    """What is offered to choose from. `rows`: each item, and why it can't be taken; empty when it can."""

    words: str
    within: Collection | None
    collections: Sequence[Collection]
    rows: Sequence[tuple[Item, str]]
    page: int
    more: bool


def is_open(given: Mapping[str, str]) -> bool:
    """Whether somebody is choosing: the button was pressed, or a link named a collection."""
    return given.get("do", "").startswith("pick") or "pick_in" in given


def picking(person: Person, given: Mapping[str, str]) -> Picked:
    """What is asked for: `pick_words`, `pick_in` (a collection), and by its button the page."""
    words = given.get("pick_words", "").strip()[:200]
    collections = list(hub.collections(person)[:100])
    within = next((one for one in collections if str(one.pk) == given.get("pick_in")), None)
    page = _page(given)
    rows: Any = hub.InIt(person, within, words) if within else hub.Finds(person, {"words": words})
    found = rows[(page - 1) * PER_PAGE : page * PER_PAGE + 1]
    shown = [(one, _hindrance(person, one)) for one in found[:PER_PAGE]]
    return Picked(words, within, collections, shown, page, len(found) > PER_PAGE and page < MOST_PAGES)


def _page(given: Mapping[str, str]) -> int:
    _pick, _colon, asked = given.get("do", "").partition(":")
    return numbers.within(asked, MOST_PAGES)


def _hindrance(person: Person, item: Item) -> str:
    if item.kind == ItemKind.POST:
        return ""
    return " ".join(hub.publishable(person, item)[1])


def taken(person: Person, ticked: Sequence[str]) -> list[Item]:
    """What is ticked, without what may not be published and finished posts."""
    asked = numbers.rows(ticked, most=MOST)
    return [one for one in hub.chosen_items(person, asked) if hub.publishable(person, one)[0]]


def put_with(written: Written, items: Sequence[Item], *, fresh: bool) -> None:
    """Put these with what stands on the page: pictures, else words and a link. A new post (`fresh`) is of the first."""
    there = {medium.pk for medium, _alt in written.pictures}
    for one in items:
        media = [(medium, medium.alt) for medium in one.shows if medium.pk not in there]
        written.pictures += media
        if not one.media.all():
            words = one.text or one.title
            if words and words not in written.text:
                written.text = "\n\n".join(filter(None, [written.text, words]))
            written.link = written.link or one.url
        if fresh and written.item is None:
            written.item = one
