"""Slots in which a lower page shows higher things, and the registries of Today.

A room fills a slot in its `panels.py`:

    @panel("hub.item", order=10)
    def make_it_a_post(request, item): return "publishing/panel_item.html", {"item": item}     # or None

and a lower template opens it: `{% panels "hub.item" item=item %}`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Filler = Callable[..., tuple[str, dict[str, Any]] | None]
_slots: dict[str, list[tuple[int, Filler]]] = {}
_todos: list[Callable[[Any], Iterable["Todo"]]] = []
_counts: dict[str, Callable[[Any], int]] = {}


def panel(slot: str, *, order: int = 50) -> Callable[[Filler], Filler]:
    """Fill a slot. The function gets the request and the slot's keywords; it answers (template, context) or None."""

    def register(function: Filler) -> Filler:
        fillers = _slots.setdefault(slot, [])
        fillers.append((order, function))
        fillers.sort(key=lambda pair: pair[0])
        return function

    return register


def fillers(slot: str) -> list[Filler]:
    return [function for _order, function in _slots.get(slot, [])]


@dataclass(frozen=True)
class Todo:
    """One thing worth doing now, with one button. Lower `rank` comes first (a waiting person 10, a fire 0,
    needs-a-person 20, a promise 40, a prompt 50, sharing 60, reading 70)."""

    rank: int
    title: str
    text: str
    button: str
    url: str
    face: Any = None  # a person or contact, shown as a face
    picture_url: str = ""
    icon: str = ""  # drawn where there is neither a face nor a picture
    quote: str = ""
    minutes: int = 1  # how long it takes
    waiting_since: datetime | None = None


def todos(function: Callable[[Any], Iterable[Todo]]) -> Callable[[Any], Iterable[Todo]]:
    """Register a function that tells what a person could do now (a few at most)."""
    _todos.append(function)
    return function


def todos_of(person: Any) -> list[Todo]:
    found = [todo for function in _todos for todo in function(person)]
    return sorted(found, key=lambda todo: (todo.rank, todo.waiting_since.timestamp() if todo.waiting_since else 0))


def count(place: str) -> Callable[[Callable[[Any], int]], Callable[[Any], int]]:
    """Register the number beside a place in the navigation, named by its url name: `@count("conversations:talk")`."""

    def register(function: Callable[[Any], int]) -> Callable[[Any], int]:
        _counts[place] = function
        return function

    return register


def count_of(place: str, person: Any) -> int:
    function = _counts.get(place)
    return function(person) if function else 0
