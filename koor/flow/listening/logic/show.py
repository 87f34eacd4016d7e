"""How a mention is shown: the words that a query asked for, marked in the text; a long text cut around the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from koor.flow.listening.logic.fold import TAG_SIGNS, spans
from koor.flow.listening.logic.tree import Shown, beginning_with, in_a_row

LOOKED_THROUGH = 20_000  # characters in which words are marked
_SIGNS = frozenset(TAG_SIGNS)
_AROUND = 80  # characters kept before the first marked word of a text that is cut


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, marked or not."""

    text: str
    marked: bool = False


class _Words:
    """The words of a text by how they are written, made once for all terms."""

    def __init__(self, text: str) -> None:
        self.spans = spans(text[:LOOKED_THROUGH])
        self.tagged = {at for at, span in enumerate(self.spans) if text[span.start - 1 : span.start] in _SIGNS}
        self.places: dict[str, set[int]] = {}
        for at, span in enumerate(self.spans):
            self.places.setdefault(span.word, set()).add(at)
        self.ordered = sorted(self.places)

    def found(self, term: Shown) -> Iterator[tuple[int, int]]:
        """Where a term starts and ends. A tag is marked by the words of its body."""
        phrase = (term,) if isinstance(term, str) else term
        for at in in_a_row(map(self._places_of, phrase)):
            yield self.spans[at].start, self.spans[at + len(phrase) - 1].end

    def _places_of(self, asked: str) -> Set[int]:
        if asked[0] in "#@":
            return self.tagged & self._places_of(asked[1:])
        if asked.endswith("*"):
            return set().union(*(self.places[word] for word in beginning_with(asked[:-1], self.ordered)))
        return self.places.get(asked, frozenset())


def _merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, terms: Iterable[Shown], most: int = LOOKED_THROUGH) -> list[Piece]:
    """The text in pieces, with what the terms meet marked; at most about `most` characters, around the first mark."""
    words = _Words(text)
    places = _merged(place for term in terms for place in words.found(term))
    start, end = _window(text, places, most)
    pieces = [Piece("… ")] if start else []
    at = start
    for left, right in places:
        if left >= start and right <= end:
            pieces += [Piece(text[at:left]), Piece(text[left:right], True)]
            at = right
    pieces.append(Piece(text[at:end].rstrip() + " …" if end < len(text) else text[at:end]))
    return [piece for piece in pieces if piece.text]


def _window(text: str, places: Sequence[tuple[int, int]], most: int) -> tuple[int, int]:
    """Which part of a text to show, cut between words."""
    if len(text) <= most:
        return 0, len(text)
    start = 0
    if places and places[0][1] > most:
        start = text.find(" ", max(0, places[0][0] - _AROUND), places[0][0]) + 1 or places[0][0]
    end = start + most
    return start, len(text) if end >= len(text) else (text.rfind(" ", start + most // 2, end) + 1 or end)
