"""Which sizes a picture gets. Pure arithmetic."""

from __future__ import annotations

WIDTHS = (400, 1080, 2048)  # a list, a phone and most platforms, a large screen; in pixels
LONGEST = 4096  # no rendition is higher or wider
MAX_PIXELS = 100_000_000
MAX_SIDE = 30_000
MAX_FRAMES = 1_000  # of a moving picture; only the first is opened
# What a picture costs to open, in milliseconds on two cores of 2026: for each megapixel, and for each MB of the file.
# Measured: docs/operate/media.md. By the header alone, so that the same picture is taken or not on every machine.
COST = {
    "jpeg": (3, 13),
    "jpeg slow": (7, 45),  # progressive: in passes over the whole
    "png": (3, 13),
    "png slow": (8, 22),  # interlaced
    "webp": (2, 88),
    "webp lossless": (6, 26),
    "gif": (14, 10),
    "heic": (14, 80),
}
START = 250
MOST_COST = 2000
MOST_OF_GIF = 80_000_000  # dots: it is held as a whole
_APART = 0.8  # two widths that differ less are one


def too_heavy(kind: str, dots: int, size: int) -> bool:
    """Whether a picture of so many dots in a file of so many bytes would keep others waiting, or not fit."""
    of_dots, of_bytes = COST[kind]
    cost = START + of_dots * dots / 1_000_000 + of_bytes * size / 1_000_000
    return cost > MOST_COST or (kind == "gif" and dots > MOST_OF_GIF)


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
