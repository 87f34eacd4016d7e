"""Many at once as one by one: what changes the same thing once more waits for a next part."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Row = TypeVar("Row")


def without_twins(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> Iterator[list[Row]]:
    """In their order, in parts in which no key comes twice."""
    some: list[Row] = []
    seen: set[Hashable] = set()
    for row in rows:
        if key(row) in seen:
            yield some
            some, seen = [], set()
        some.append(row)
        seen.add(key(row))
    if some:
        yield some
