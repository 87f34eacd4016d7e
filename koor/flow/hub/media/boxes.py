"""Where in a picture a face is: a rectangle in parts of its width and height, so that it holds in every size."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

MOST = 40  # places in one picture
SMALLEST = 0.004  # of a side; a box that is smaller hides nothing
ROOM = 0.18  # a detector's box ends at brows and chin: so much of it is added on each side
BLOCKS = 4  # what is hidden keeps so many blocks across its shorter side
LONGEST = 7  # and never more along the other


class Box(NamedTuple):
    """`left` and `top` of the corner, `wide` and `high`; all from 0 to 1."""

    left: float
    top: float
    wide: float
    high: float

    def dots(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, width and height in a picture of this size: whole dots, never fewer than the box says."""
        left, top = math.floor(self.left * width), math.floor(self.top * height)
        right = min(width, math.ceil((self.left + self.wide) * width))
        bottom = min(height, math.ceil((self.top + self.high) * height))
        left, top = min(left, width - 1), min(top, height - 1)
        return left, top, max(1, right - left), max(1, bottom - top)


def box(left: float, top: float, wide: float, high: float) -> Box | None:
    """What of such a box lies within the picture; None when nothing does, or when these are no numbers."""
    given = (left, top, wide, high)
    if not all(math.isfinite(one) and abs(one) < 1000 for one in given) or wide <= 0 or high <= 0:
        return None
    first, upper = max(0.0, left), max(0.0, top)
    last, lower = min(1.0, left + wide), min(1.0, top + high)
    if last - first < SMALLEST or lower - upper < SMALLEST:
        return None
    return Box(*(round(one, 5) for one in (first, upper, last - first, lower - upper)))


def roomy(found: Box) -> Box:
    """A face as it was found, with hair and chin."""
    more = (found.wide * ROOM, found.high * ROOM)
    wider = box(found.left - more[0], found.top - more[1], found.wide + 2 * more[0], found.high + 2 * more[1])
    return wider or found


def blocks(width: int, height: int) -> tuple[int, int]:
    """How many blocks across and down stay of a place of so many dots."""
    short = min(width, height)
    across, down = (min(LONGEST, max(1, round(BLOCKS * side / short))) for side in (width, height))
    return min(across, width), min(down, height)


def overlap(one: Box, other: Box) -> float:
    """How far two boxes are the same place: shared surface over that of both, from 0 to 1."""
    wide = min(one.left + one.wide, other.left + other.wide) - max(one.left, other.left)
    high = min(one.top + one.high, other.top + other.high) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / (one.wide * one.high + other.wide * other.high - shared)


def written(places: Iterable[Sequence[float]]) -> str:
    return json.dumps([[float(part) for part in place] for place in places])


def read(text: str) -> list[Box]:
    """What `written` wrote. Raises ValueError for anything else."""
    said: Any = json.loads(text)
    found = [box(*map(float, place)) for place in said[:MOST]]
    return [one for one in found if one is not None]
