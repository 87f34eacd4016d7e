"""Repeats: which posts say the same as one before them? First word by word, then nearly (MinHash over words and pairs
of words, in numpy for many posts at once, or compiled by `fast.shaping` where that is ready).

Two texts count as the same when they share at least `SAME` of their words and pairs of neighbours, links and who was
repeated (`RT @els:`) left out. What is shorter than `LEAST` words says the same by chance and is never a repeat."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from koor.flow.listening.logic import fast
from koor.flow.listening.logic.fold import words

if TYPE_CHECKING:
    from koor.flow.listening.logic.fast import shaping

LEAST = 6  # words
MOST = 400  # words that are looked at
SAME = 0.7  # of what the two have together
BANDS, ROWS = 24, 4
PARTS = BANDS * ROWS  # of a sketch
_BLOCK = 512  # posts sketched together: their numbers stay in the processor's cache

_REPEATED = re.compile(r"\s*(?:(?:RT|MT|via)\s+[@＠][\w.@-]+\s*:?\s*)+", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_DRAWN = np.random.default_rng(0x6B6F6F72)  # always the same numbers: sketches are kept
TURNS = _DRAWN.integers(0, 2**31, PARTS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
MIXES = _DRAWN.integers(0, 2**62, (BANDS, ROWS // 2), dtype=np.uint64) * np.uint64(2) + np.uint64(1)

Sketches = NDArray[np.int64]


def said_words(text: str) -> list[str]:
    """The words of a text without its links and without who is repeated in it."""
    if "://" in text:
        text = _LINK.sub(" ", text)
    if (repeated := _REPEATED.match(text)) is not None:
        text = text[repeated.end() :]
    return words(text)[:MOST]


class _Numbers(dict[str, int]):
    """The number of every word met so far, the same in every process."""

    def __missing__(self, word: str) -> int:
        number = zlib.crc32(word.encode("utf-8", "replace"))
        if len(self) < 500_000:
            self[word] = number
        return number


_NUMBERS = _Numbers()


def features(texts: Sequence[Sequence[str]]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Words and pairs of neighbours as numbers, text after text, and where each text begins and the last ends."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths)
    every = chain.from_iterable(texts)
    single = np.fromiter(map(_NUMBERS.__getitem__, every), np.uint32, int(ends[-1]) if len(texts) else 0)
    found = np.empty(2 * len(single), np.uint32)
    found[0::2] = _scattered(single)
    following = np.append(single[1:], np.uint32(0)) if len(single) else single
    found[1::2] = _scattered(single * np.uint32(0x9E3779B1) + following)
    last = ends[lengths > 0] - 1
    found[2 * last + 1] = found[2 * last]  # the last word has no neighbour
    return found, np.concatenate([[0], 2 * ends])


def _scattered(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    mixed = (numbers ^ (numbers >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return mixed ^ (mixed >> np.uint32(16))


def sketches(found: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The smallest number of each text under each of `PARTS` ways to turn its features; none of them is empty."""
    sizes = np.diff(starts)
    made = np.empty((len(sizes), PARTS), np.uint32)
    order = np.argsort(-sizes, kind="stable")
    for at in range(0, len(order), _BLOCK):
        block = order[at : at + _BLOCK]
        least = np.full((len(block), PARTS), 0xFFFFFFFF, np.uint32)
        turned = np.empty_like(least)
        left = np.searchsorted(-sizes[block], -np.arange(int(sizes[block[0]])), side="left").tolist()
        for step, n in enumerate(left):  # the longest come first: of the others nothing is left at this step
            now = found[starts[block[:n]] + step][:, None]
            np.multiply(now, TURNS[None, :], out=turned[:n])
            np.minimum(least[:n], turned[:n], out=least[:n])
        made[block] = least
    return made


def bands_of(made: NDArray[np.uint32]) -> Sketches:
    """A number for every band of `ROWS` parts: texts that are alike share at least one of them."""
    pairs = np.ascontiguousarray(made).view(np.uint64).reshape(len(made), BANDS, ROWS // 2)
    mixed = pairs[:, :, 0] * MIXES[:, 0]
    mixed ^= mixed >> np.uint64(31)
    mixed += pairs[:, :, 1] * MIXES[:, 1]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0x9FB21C651E98DF25)
    found: Sketches = mixed.view(np.int64)
    return found


def exact_of(found: NDArray[np.uint32], starts: NDArray[np.int64]) -> list[int]:
    """For each text a number that is the same for the same words in the same order."""
    places = np.arange(len(found), dtype=np.uint64) - np.repeat(starts[:-1], np.diff(starts)).astype(np.uint64)
    mixed = (found + (places << np.uint64(32)) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    whole: list[int] = np.add.reduceat(mixed ^ (mixed >> np.uint64(29)), starts[:-1]).view(np.int64).tolist()
    return whole


@dataclass(slots=True)
class Shape:
    """A text as repeats are told by it."""

    exact: int
    bands: NDArray[np.int64]
    features: NDArray[np.uint32]


def shaped(said: Sequence[Sequence[str]], *, compiled: bool | None = None) -> list[Shape]:
    """The shapes of texts, given by their words; none is without. `compiled`: by which road, where one may choose."""
    if fast.is_ready() if compiled is None else compiled:
        from koor.flow.listening.logic.fast import shaping

        starts = np.concatenate([[0], 2 * np.cumsum(np.fromiter(map(len, said), np.int64, len(said)))])
        found, whole, bands = shaping.shaped(said, starts)
    else:
        found, starts = features(said)
        whole, bands = exact_of(found, starts), bands_of(sketches(found, starts))
    ends = starts.tolist()
    return [Shape(whole[at], bands[at], found[ends[at] : ends[at + 1]]) for at in range(len(said))]


def shapes(texts: Sequence[str]) -> list[Shape | None]:
    """The shapes of texts; None for what is too short to tell."""
    said = [found if len(found) >= LEAST else None for found in map(said_words, texts)]
    made = iter(shaped([found for found in said if found]) if any(said) else ())
    return [next(made) if found else None for found in said]


class Bands:
    """Firsts, by number, under their bands. Of those that share a band the last stands there: firsts that are alike
    share several."""

    def __init__(self) -> None:
        self.rows: dict[int, int] = {}

    def add(self, bands: NDArray[np.int64], number: int) -> None:
        self.rows.update(zip(bands.tolist(), repeat(number)))

    def known(self, bands: NDArray[np.int64]) -> set[int]:
        return {self.rows[band] for band in self.rows.keys() & bands.tolist()}


def counted(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> tuple[int, int]:
    """How many numbers stand in both of these, and how many in either."""
    mine, theirs = set(one.tolist()), set(other.tolist())
    both = len(mine & theirs)
    return both, len(mine) + len(theirs) - both


class Finder:
    """Firsts, by what they say; `Any` is whatever a first is known by. `compiled` as above."""

    def __init__(self, *, compiled: bool | None = None) -> None:
        self.exact: dict[int, Any] = {}
        self.firsts: list[tuple[Any, Shape]] = []
        self.bands: Bands | shaping.Bands = Bands()
        self.counted = counted
        if fast.is_ready() if compiled is None else compiled:
            from koor.flow.listening.logic.fast import shaping

            self.bands, self.counted = shaping.Bands(), shaping.counted

    def add(self, key: Any, shape: Shape) -> None:
        self.exact.setdefault(shape.exact, key)
        self.bands.add(shape.bands, len(self.firsts))
        self.firsts.append((key, shape))

    def first_like(self, shape: Shape) -> Any | None:
        """The one that said this before; None when nobody did."""
        if (same := self.exact.get(shape.exact)) is not None:
            return same
        likely = sorted((self.firsts[number] for number in self.bands.known(shape.bands)), key=itemgetter(0))
        return next((key for key, first in likely if self._are_same(first, shape)), None)

    def _are_same(self, one: Shape, other: Shape) -> bool:
        both, either = self.counted(one.features, other.features)
        return both >= SAME * either
