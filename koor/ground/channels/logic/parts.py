"""A thread: one text cut into parts that each fit, as the platform counts. No Django."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

PLACES = (r"\n\s*\n", r"\n", r"(?<=[.!?\u2026])[\"')\u2019\u201d]*\s+", r"\s+")  # the best first
MARK = r"(?m)^[ \t]*-{3,}[ \t]*$"  # where a person wants a new part


@dataclass(frozen=True)
class Cutter:
    """How a platform counts a text, where it sees links in it, and how much fits."""

    measure: Callable[[str], int]
    links: Callable[[str], Sequence[tuple[int, int]]]
    most: int

    def parts(self, text: str) -> list[str]:
        """Cut where a line is only ---, else between paragraphs, sentences, words, signs; never in a link."""
        chunks = (chunk.strip() for chunk in re.split(MARK, text))
        return [part for chunk in chunks if chunk for part in self._cut(chunk)]

    def _cut(self, text: str) -> list[str]:
        made: list[str] = []
        while self.measure(text) > self.most:
            at = self._where(text)
            made.append(text[:at].rstrip())
            text = text[at:].lstrip()
        return [*made, *([text] if text else [])]

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
        ends, inside = [], self.links(text)
        for match in regex.finditer(r"\X", text):
            if not any(first < match.end() < last for first, last in inside):
                ends.append(match.end())
        low, high = 0, len(ends) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.measure(text[: ends[middle]]) <= self.most else (low, middle - 1)
        return ends[low] if ends else len(text)
