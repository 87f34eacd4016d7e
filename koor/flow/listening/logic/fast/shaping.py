"""The shapes that repeats are told by (`logic.repeats`), compiled: the same numbers, in one walk over the words; and
the tables in which they are looked up, with open addresses: rows of a number and what stands beside it, 0 for none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from koor.flow.listening.logic.fast.jit import compiled, inlined
from koor.flow.listening.logic.repeats import MIXES, TURNS

_BYTE, _ALL, _PAIR, _ODD = np.uint32(0xFF), np.uint32(0xFFFFFFFF), np.uint32(0x9E3779B1), np.uint64(0x9FB21C651E98DF25)
_HALF, _MORE, _LESS, _ONE = np.uint64(32), np.uint64(31), np.uint64(29), np.uint64(1)
_PLACED, _SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


def _checks() -> NDArray[np.uint32]:
    """What each byte does to a CRC-32, the checksum of `zlib`."""
    found = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        found = np.where(found & 1, np.uint32(0xEDB88320), np.uint32(0)) ^ (found >> np.uint32(1))
    return found


_CHECKS = _checks()


def shaped(said: Sequence[Sequence[str]], starts: NDArray[np.int64]) -> tuple[Any, list[int], NDArray[np.int64]]:
    """Features of all texts, and for each its exact number and its bands."""
    letters = np.frombuffer(" ".join(map(" ".join, said)).encode("utf-8", "replace") + b" ", np.uint8)
    found, least = np.empty(int(starts[-1]), np.uint32), np.empty(len(TURNS), np.uint32)
    exact, bands = np.zeros(len(said), np.uint64), np.empty((len(said), len(MIXES)), np.uint64)
    _called(shape_batch, letters, starts, TURNS, MIXES, found, least, exact, bands)
    return found, exact.view(np.int64).tolist(), bands.view(np.int64)


def counted(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> tuple[int, int]:
    """How many numbers stand in both of these, and how many in either."""
    found: tuple[int, int] = _called(count, one, other, _empty(len(one) + len(other)))
    return found


class Bands:
    """Firsts, by number, under their bands; `logic.repeats` has the same as a dict."""

    def __init__(self) -> None:
        self.rows, self.used = _empty(500), 0
        self.found = np.empty(len(MIXES), np.int64)

    def add(self, bands: NDArray[np.int64], number: int) -> None:
        self.used += len(bands)
        if 2 * self.used > len(self.rows):
            grown = _empty(2 * self.used)
            _called(move, self.rows, grown)
            self.rows = grown
        _called(keep, self.rows, bands, number)

    def known(self, bands: NDArray[np.int64]) -> set[int]:
        n = _called(look, self.rows, bands, self.found)
        return set(self.found[:n].tolist()) if n else set()


def _empty(numbers: int) -> NDArray[np.int64]:
    """A table for so many numbers."""
    return np.zeros((1 << (2 * numbers).bit_length(), 2), np.int64)


def prepare() -> None:
    """Compiles what is not compiled yet."""
    found, _, bands = shaped([["a"]], np.array([0, 2]))
    counted(found, found)
    table = Bands()
    table.add(bands[0], 0)
    table.known(bands[0])
    _called(move, table.rows, _empty(500))


@compiled
def shape_batch(letters, starts, turns, mixes, found, least, exact, bands):
    # the sizes are those of the arrays: numbers of another file would stay in what is compiled when they change there
    at = 0
    for text in range(len(exact)):
        first, last = starts[text], starts[text + 1]
        for k in range(first, last, 2):
            at = read_word(letters, at, found, k)
        pair_up(found, first, last)
        least[:] = _ALL
        for k in range(first, last):
            for part in range(len(turns)):
                least[part] = min(least[part], np.uint32(found[k] * turns[part]))
            mixed = (np.uint64(found[k]) + (np.uint64(k - first) << _HALF) + _ONE) * _PLACED
            mixed = (mixed ^ (mixed >> _HALF)) * _SPREAD
            exact[text] += mixed ^ (mixed >> _LESS)
        for band in range(len(mixes)):
            one = np.uint64(least[4 * band]) | np.uint64(least[4 * band + 1]) << _HALF
            other = np.uint64(least[4 * band + 2]) | np.uint64(least[4 * band + 3]) << _HALF
            mixed = one * mixes[band, 0]
            mixed = (mixed ^ (mixed >> _MORE)) + other * mixes[band, 1]
            bands[text, band] = (mixed ^ (mixed >> _LESS)) * _ODD


@compiled
def count(one, other, rows):
    """How many numbers stand in both, and how many in either."""
    both = either = 0
    for number in one:
        at = place(number, rows)
        either += rows[at, 1] == 0
        rows[at, 0], rows[at, 1] = number, 1
    for number in other:
        at = place(number, rows)
        both += rows[at, 1] == 1
        either += rows[at, 1] == 0
        rows[at, 0], rows[at, 1] = number, 2  # and so is not counted again
    return both, either


@compiled
def keep(rows, bands, number):
    """Puts a first, by number, under its bands; who stood there makes place."""
    for band in bands:
        at = place(band, rows)
        rows[at, 0], rows[at, 1] = band, number + 1


@compiled
def move(rows, grown):
    """Puts all of a table into a larger one."""
    for k in range(len(rows)):
        if rows[k, 1]:
            at = place(rows[k, 0], grown)
            grown[at, 0], grown[at, 1] = rows[k, 0], rows[k, 1]


@compiled
def look(rows, bands, found):
    """The numbers that stand under these bands; how many in `found`."""
    n = 0
    for band in bands:
        number = rows[place(band, rows), 1]
        if number:
            found[n] = number - 1
            n += 1
    return n


@inlined
def place(number, rows):
    """Where a number stands, or could."""
    most = len(rows) - 1
    at = np.int64(number) & most
    while rows[at, 1] and rows[at, 0] != number:
        at = (at + 1) & most
    return at


@inlined
def read_word(letters, at, found, k):
    """The number of the word that begins there; where the next one does."""
    number = _ALL
    while letters[at] != 32:
        number = _CHECKS[(number ^ letters[at]) & _BYTE] ^ (number >> np.uint32(8))
        at += 1
    found[k] = ~number
    return at + 1


@inlined
def pair_up(found, first, last):
    """The words as they are known, and each with its neighbour; the last has none."""
    for k in range(first, last, 2):
        number = found[k]
        found[k] = scattered(number)
        found[k + 1] = scattered(np.uint32(number * _PAIR + found[k + 2])) if k + 2 < last else found[k]


@inlined
def scattered(number):
    mixed = np.uint32((number ^ (number >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    mixed = np.uint32((mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(mixed ^ (mixed >> np.uint32(16)))


def _called(function: Any, *given: Any) -> Any:
    return function(*given)
