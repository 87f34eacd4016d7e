"""The picture of mentions per day: where each bar stands, and it as SVG. Pages put a table behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    def right(self) -> float:
        return round(self.x + self.width, 1)

    def drawn(self, shown: Callable[[int], str] = str) -> str:
        """As SVG: of our own numbers alone, and so it need not pass a template, which takes twenty times as long."""
        x, width, parts = self.x, self.width, []
        if self.height:
            parts.append(_rect("bar-n", x, self.y, width, self.height))
        if self.height and self.hot:
            parts.append(_rect("hot", x, round(self.y + self.height - self.hot, 1), width, self.hot))
        if self.told:
            middle, above = round(x + width / 2, 1), round(self.y - 6, 1)
            parts.append(
                f'<text class="strong" x="{middle}" y="{above}" text-anchor="middle">{shown(self.total)}</text>'
            )
        return "".join(parts)


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="1.5"/>'


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


def drawn_spark(values: Sequence[int]) -> str:
    """The small line as SVG, with a dot on its last point."""
    points = spark(values)
    x, y = last_point(points)
    return (
        f'<svg class="spark" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" aria-hidden="true">'
        f'<polyline points="{points}"/><circle cx="{x}" cy="{y}" r="2.2"/></svg>'
    )
