"""Figures on people are shown for groups of at least five, so that nobody is measured by name."""

from collections.abc import Mapping

FLOOR = 5


def merged(sizes: Mapping[str, int], floor: int = FLOOR) -> list[tuple[str, ...]]:
    """Partition groups so that each part counts at least `floor` people; small ones go together, and when they are
    still too few, with the smallest large one, so that nothing follows from subtracting. Largest first.

    Empty when all together are too few."""
    names = sorted((name for name, size in sizes.items() if size > 0), key=lambda name: (-sizes[name], name))
    large: list[tuple[str, ...]] = [(name,) for name in names if sizes[name] >= floor]
    small = tuple(name for name in names if sizes[name] < floor)
    if not small:
        return large
    if sum(sizes[name] for name in small) >= floor:
        return [*large, small]
    return [*large[:-1], (*large[-1], *small)] if large else []
