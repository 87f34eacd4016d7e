"""What stands around an item on its page, asked at once however much there is."""

from __future__ import annotations

from dataclasses import dataclass

from koor.flow.hub import access
from koor.flow.hub.models import Collection, Item
from koor.flow.hub.queries.captures import could_be_in
from koor.flow.hub.queries.collections import collections_of, collections_to_fill
from koor.flow.hub.queries.copies import near, nearest
from koor.ground.people.models import Person
from koor.kernel import together

SHOWN = 8  # collections that it is in
OFFERED = 100  # collections that it could be put in


@dataclass(frozen=True)
class Around:
    """Who could be in it, by name; its collections and those that it could be put in; items that look like it."""

    names: list[str]
    collections: list[Collection]
    to_fill: list[Collection]
    lookalikes: list[Item]


def around(person: Person, item: Item) -> Around:
    """One statement. Give the item with its pictures."""
    colleagues, contacts = (rows.values_list("name", flat=True) for rows in could_be_in(person, item.project))
    to_fill = collections_to_fill(person)[:OFFERED] if access.may_collect(person) else None
    inside = collections_of(person, item)[:SHOWN]
    ours, outside, collections, open_ones, *alike = together.lists(
        colleagues, contacts, inside, to_fill, *near(person, item)
    )
    return Around([*ours, *outside], collections, open_ones, nearest(*alike))
