"""Which part of a picture is shown in a shape. Pure arithmetic, in pixels and percents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

MOST_ZOOM = 300  # percent
MIDDLE = 50


class Cut(NamedTuple):
    """Around which point, in percent from the left and from the top, and how near (100: as much as fits)."""

    x: int = MIDDLE
    y: int = MIDDLE
    zoom: int = 100


class Box(NamedTuple):
    left: int
    top: int
    width: int
    height: int


def box(width: int, height: int, ratio: float, cut: Cut) -> Box:
    """The largest part of this ratio around that point that stays within the picture."""
    wide = min(width, height * ratio) * 100 / cut.zoom
    across, down = max(1, min(width, round(wide))), max(1, min(height, round(wide / ratio)))
    left = _within(round(width * cut.x / 100 - across / 2), width - across)
    top = _within(round(height * cut.y / 100 - down / 2), height - down)
    return Box(left, top, across, down)


def _within(wanted: int, most: int) -> int:
    return max(0, min(wanted, most))


def kept(width: int, height: int, ratio: float) -> float:
    """Which part of a picture is left in a shape, from 0 to 1."""
    own = width / height
    return min(own, ratio) / max(own, ratio)


def nearest(width: int, height: int, shapes: Sequence[str], ratios: Mapping[str, float]) -> str:
    """The shape that takes the least away; of equals the first."""
    return max(shapes, key=lambda shape: kept(width, height, ratios[shape]))


def fits(width: int, height: int, shapes: Sequence[str], ratios: Mapping[str, float]) -> bool:
    """Whether a picture lies between the widest and the tallest of these shapes, so that it can go whole."""
    own, bounds = width / height, [ratios[shape] for shape in shapes]
    return min(bounds) * 0.99 <= own <= max(bounds) * 1.01 and len(bounds) > 1


def cut_of(kept_as: object, otherwise: Cut) -> Cut:
    """A cut as it is kept, [x, y, zoom]; nonsense is none."""
    if isinstance(kept_as, list) and len(kept_as) == 3 and all(type(one) is int for one in kept_as):
        x, y, zoom = kept_as
        return Cut(min(100, max(0, x)), min(100, max(0, y)), min(MOST_ZOOM, max(100, zoom)))
    return otherwise
