"""A thread: one text cut into parts that each fit, as the platform counts. No Django."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

PLACES = (r"\n\s*\n", r"\n", r"(?<=[.!?\u2026])[\"')\u2019\u201d]*\s+", r"\s+")  # the best first
MARK = r"(?m)^[ \t]*-{3,}[ \t]*$"  # where a person wants a new part
NEAR = 4_000  # characters that are looked at first: a part is shorter, unless there are long links in it


@dataclass(frozen=True)
class Cutter:
    """How a platform counts a text, where it sees links in it, and how much fits."""

    measure: Callable[[str], int]
    links: Callable[[str], Sequence[tuple[int, int]]]
    most: int

    def parts(self, text: str) -> list[str]:
        """Cut where a line is only ---, else between paragraphs, sentences, words, signs; never in a link."""
        return list(_parts(self, text))

    def cut(self, text: str) -> list[str]:
        made: list[str] = []
        while self._is_longer(text):
            at = self._where(text)
            made.append(text[:at].rstrip())
            text = text[at:].lstrip()
        return [*made, *([text] if text else [])]

    def _is_longer(self, text: str) -> bool:
        """Whether it is more than fits. Not counted further than that is known."""
        near = _near(text)
        return (near < len(text) and self.measure(text[:near]) > self.most) or self.measure(text) > self.most

    def _where(self, text: str) -> int:
        """Where the first part ends: the last good place that still fits, and not before half of it is full."""
        fits = self._fitting(text)
        for place in PLACES:
            found = [match.end() for match in re.finditer(place, text[: fits + 1]) if match.start() <= fits]
            if found and (self.measure(text[: found[-1]]) * 2 >= self.most or place == PLACES[-1]):
                return found[-1]
        return fits

    def _fitting(self, text: str) -> int:
        """How many signs of a text fit; a link and what people see as one sign stay whole."""
        ends = self._ends(text[: _near(text)])
        if len(ends) <= self.most:
            ends = self._ends(text)
        low, high = 0, len(ends) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.measure(text[: ends[middle]]) <= self.most else (low, middle - 1)
        return ends[low] if ends else len(text)

    def _ends(self, text: str) -> list[int]:
        """Where a part could end, in order; each counts for one at least, so no more of them than may fit, and one."""
        ends: list[int] = []
        inside = iter(sorted(self.links(text)))
        first, last = next(inside, (len(text), len(text)))
        for match in regex.finditer(r"\X", text):
            while last <= match.end() < len(text):
                first, last = next(inside, (len(text), len(text)))
            if not first < match.end() < last:
                ends.append(match.end())
            if len(ends) > self.most:
                break
        return ends


@lru_cache(maxsize=32)
def _parts(cutter: Cutter, text: str) -> tuple[str, ...]:
    """Kept for a while: a draft is cut to count it, to show it and to send it."""
    chunks = (chunk.strip() for chunk in re.split(MARK, text))
    return tuple(part for chunk in chunks if chunk for part in cutter.cut(chunk))


def _near(text: str) -> int:
    """How far to look first: up to white space, which stands in no link."""
    if len(text) <= NEAR:
        return len(text)
    found = re.search(r"\s\S*$", text[:NEAR])
    return found.start() if found and found.start() else len(text)
