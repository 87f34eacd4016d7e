"""Which sizes a picture gets. Pure arithmetic."""

from __future__ import annotations

WIDTHS = (400, 1080, 2048)  # a list, a phone and most platforms, a large screen; in pixels
LONGEST = 4096  # no rendition is higher or wider
MAX_BYTES = 40_000_000
MAX_PIXELS = 100_000_000
MAX_SIDE = 30_000
MAX_FRAMES = 1_000  # of a moving picture; only the first is opened
_APART = 0.8  # two widths that differ less are one


def sizes_for(width: int, height: int) -> list[tuple[int, int]]:
    """Three sizes, smallest first, never larger than the picture.

    A small picture gets three too (itself, two thirds, one third), so that who asks for a small file always
    gets one; only a picture of one or two pixels gets fewer."""
    largest = max(1, min(width, WIDTHS[-1], LONGEST, round(width * LONGEST / height)))
    chosen = [largest]
    for candidate in (*reversed(WIDTHS[:-1]), round(largest * 2 / 3), round(largest / 3), largest - 1, largest - 2):
        apart = all(max(candidate, other) * _APART >= min(candidate, other) for other in chosen)
        tiny = largest <= 9 and candidate not in chosen
        if len(chosen) < len(WIDTHS) and 0 < candidate < largest and (apart or tiny):
            chosen.append(candidate)
    return [(one, max(1, min(LONGEST, round(height * one / width)))) for one in sorted(chosen)]
