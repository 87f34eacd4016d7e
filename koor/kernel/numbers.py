"""Numbers as addresses and forms give them: hostile until read here."""

from collections.abc import Iterable
from itertools import islice

DIGITS = 18  # every number of so many digits fits PostgreSQL's bigint


def row(text: str) -> int:
    """The number of a row; 0, which no row has, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0


def rows(texts: Iterable[str], *, most: int = 500) -> list[int]:
    """The numbers of rows among the first `most` texts; what is none is left out."""
    return [number for text in islice(texts, most) if (number := row(text))]


def within(text: str, most: int) -> int:
    """A number from 1 to `most`, such as of a page: 1 for what is none, the nearest for what lies outside."""
    return min(max(row(text), 1), most)
