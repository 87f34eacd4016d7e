"""The shapes that repeats are told by (`logic.repeats`), compiled: the same numbers, in one walk over the words."""

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


def shaped(said: Sequence[Sequence[str]], starts: NDArray[np.int64]) -> tuple[Any, list[int], list[list[int]]]:
    """Features of all texts, and for each its exact number and its bands."""
    letters = np.frombuffer(" ".join(map(" ".join, said)).encode("utf-8", "replace") + b" ", np.uint8)
    found, least = np.empty(int(starts[-1]), np.uint32), np.empty(len(TURNS), np.uint32)
    exact, bands = np.zeros(len(said), np.uint64), np.empty((len(said), len(MIXES)), np.uint64)
    _made(letters, starts, found, least, exact, bands)
    return found, exact.view(np.int64).tolist(), bands.view(np.int64).tolist()


def prepare() -> None:
    """Compiles what is not compiled yet."""
    shaped([["a"]], np.array([0, 2]))


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


def _made(letters: Any, starts: Any, *made: Any) -> None:
    function: Any = shape_batch
    function(letters, starts, TURNS, MIXES, *made)
