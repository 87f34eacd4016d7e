"""Slots in which a lower page shows higher things, and the registries of Today.

A room fills a slot in its `panels.py`:

    @panel("hub.item", order=10)
    def make_it_a_post(request, item): return "publishing/panel_item.html", {"item": item}     # or None

and a lower template opens it: `{% panels "hub.item" item=item %}`."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from koor.kernel import together
from koor.kernel.together import Question

Filler = Callable[..., tuple[str, dict[str, Any]] | None]
_slots: dict[str, list[tuple[int, Filler]]] = {}
_todos: list[tuple[tuple[Callable[[Any], Question], ...], Callable[..., Iterable["Todo"]]]] = []
_counts: dict[str, Callable[[Any], Question]] = {}


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
    does: str = ""  # where the button itself does it at once: posted; `url` is then where to look first
    done: str = ""  # where one tap ticks it off: posted with `done=1` and `place=today`


def todos(*asks: Callable[[Any], Question]) -> Callable[[Callable[..., Iterable[Todo]]], Callable[..., Iterable[Todo]]]:
    """Register a function that tells what a person could do now (a few at most).

        @todos(lambda person: queries.refused_captures(person)[:1])
        def refused_photo(person, refused): ...

    It gets the person and the rows of what it asks (None asks nothing); all rooms are asked in one statement."""

    def register(function: Callable[..., Iterable[Todo]]) -> Callable[..., Iterable[Todo]]:
        _todos.append((asks, function))
        return function

    return register


def todos_of(person: Any) -> list[Todo]:
    answers = iter(together.lists(*(ask(person) for asks, _function in _todos for ask in asks)))
    found = [todo for asks, function in _todos for todo in function(person, *(next(answers) for _ask in asks))]
    return sorted(found, key=lambda todo: (todo.rank, todo.waiting_since.timestamp() if todo.waiting_since else 0))


def count(place: str) -> Callable[[Callable[[Any], Question]], Callable[[Any], Question]]:
    """Register the rows whose number stands beside a place in the navigation, named by its url name:
    `@count("conversations:talk")`. None counts nothing."""

    def register(function: Callable[[Any], Question]) -> Callable[[Any], Question]:
        _counts[place] = function
        return function

    return register


def counts_of(places: Collection[str], person: Any) -> dict[str, int]:
    """The numbers beside these places, in one statement."""
    known = [place for place in places if place in _counts]
    return dict(zip(known, together.numbers(*(_counts[place](person) for place in known)), strict=True))
