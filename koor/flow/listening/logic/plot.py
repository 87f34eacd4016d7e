"""The picture of mentions per day, as numbers: where each bar stands. Pages draw it as SVG with a table behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TOP, BOTTOM = 22, 20  # pixels for figures above the bars and days below them
LEAST = 2  # pixels of a bar for a day on which something was said
SPARK_WIDTH, SPARK_HEIGHT = 72, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One day. `hot` is the part of the bar, from its foot, that was marked oh-oh."""

    x: float
    y: float
    width: float
    height: float
    hot: float
    total: int
    told: bool = False  # whether its figure is written above it: the highest, and the last

    @property
    def shape(self) -> tuple[bool, bool, bool]:
        """What of it is drawn."""
        return self.height > 0, self.hot > 0, self.told

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def right(self) -> float:
        return round(self.x + self.width, 1)

    @property
    def above(self) -> float:
        """Where its figure stands."""
        return round(self.y - 6, 1)

    @property
    def hot_y(self) -> float:
        return round(self.y + self.height - self.hot, 1)


def plot(days: Sequence[tuple[int, int]], width: int, height: int) -> list[Bar]:
    """Bars for days given as (total, oh-oh), the highest as high as there is room."""
    step = width / max(1, len(days))
    room = height - TOP - BOTTOM
    most = max((total for total, _hot in days), default=0) or 1
    highest = next((place for place, (total, _hot) in enumerate(days) if total == most), -1)
    bars = []
    for place, (total, hot) in enumerate(days):
        tall = max(LEAST, room * total / most) if total else 0.0
        hot_part = tall * min(hot, total) / total if total else 0.0
        bars.append(
            Bar(
                x=round(place * step + step * 0.15, 1),
                y=round(height - BOTTOM - tall, 1),
                width=round(step * 0.7, 1),
                height=round(tall, 1),
                hot=round(hot_part, 1),
                total=total,
                told=total > 0 and place in (highest, len(days) - 1),
            )
        )
    return bars


def spark(values: Sequence[int]) -> str:
    """The points of a small line, as `polyline` wants them; the last one stands at (70, y)."""
    most = max(values, default=0) or 1
    step = (SPARK_WIDTH - 4) / max(1, len(values) - 1)
    points = (
        f"{2 + place * step:.1f},{SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 4) * value / most:.1f}"
        for place, value in enumerate(values)
    )
    return " ".join(points)


def last_point(points: str) -> tuple[str, str]:
    """The last point of a line, on which a dot stands."""
    x, _comma, y = points.rpartition(" ")[2].partition(",")
    return x or "2", y or "18"
