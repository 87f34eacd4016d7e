"""Text to folded words, compiled: one walk over the code points of a post, without a branch for what is usual.

The letters of all words stand in a row in `said`; `ends` and `hashes` say where each word ends, and its number."""

from __future__ import annotations

import numpy as np

from koor.flow.listening.logic.fast.codes import (
    ALONE,
    BEFORE_NONE,
    BEGINS,
    GAP,
    KIND,
    LETTER,
    POINT,
    SIGN,
    SPELLED,
    UNSETTLED,
    VALUE,
    VANISHES,
    WITHIN,
    WORD,
)
from koor.flow.listening.logic.fast.jit import compiled

UNKNOWN, UNNORMAL = -1, -2  # in the place of a number of words
MIX = -7046029254386353131
_TURN, _REST, _LOW = 7, 57, 127
_NONE, _ONE = np.uint64(0), np.uint64(1)  # places without a sign: no code that counts from the end is made for them


@compiled
def turned(number, point):
    """The number of a word with one more letter."""
    return ((number << _TURN) | ((number >> _REST) & _LOW)) ^ point


@compiled
def scan(codes, at, end, settled, entries, spelled, said, ends, hashes, signs):
    """How many words stand in `codes[at:end]`; they are put into the arrays. `signs` gets how many signs there are, and
    of each its place in the codes and how many words stand before it."""
    n = m = _NONE
    number = inside = 0
    signs[0] = 0
    for i in range(at, end):
        entry = np.int64(entries[codes[i]])
        if entry > 0:
            letter = (entry >> 24) & 1
            said[m] = entry & POINT
            hashes[n] = number
            ends[n] = m
            m += np.uint64(letter)
            n += np.uint64(inside & (1 - letter))
            number = turned(number, entry & POINT) & -letter
            inside = letter
        else:
            words, letters, number, inside = _rare(
                entry, i, settled, spelled, said, ends, hashes, signs, np.int64(n), np.int64(m), number, inside
            )
            if words < 0:
                return words
            n, m = np.uint64(words), np.uint64(letters)
    if inside:
        hashes[n], ends[n] = number, m
        n += _ONE
    return np.int64(n)


@compiled
def _rare(entry, i, settled, spelled, said, ends, hashes, signs, n, m, number, inside):
    """What is neither a letter that becomes one nor a plain separator."""
    kind = -entry & KIND
    if entry == 0:
        return UNKNOWN, m, number, inside
    if -entry & UNSETTLED and not settled:
        return UNNORMAL, m, number, inside
    if kind == VANISHES:
        return n, m, number, inside
    if kind != WORD and inside:
        hashes[n], ends[n] = number, m
        n, number, inside = n + 1, 0, 0
    if kind == SIGN:
        signs[0] += 1
        signs[2 * signs[0] - 1], signs[2 * signs[0]] = i, n
    if kind in (SIGN, GAP):
        return n, m, 0, 0
    before = m
    m, number = spell(entry, spelled, said, m, number)
    if kind == WORD:
        return n, m, number, inside | (m > before)
    hashes[n], ends[n] = number, m
    return n + (m > before), m, 0, 0


@compiled
def spell(entry, spelled, said, m, number):
    """Puts the letters of a rare entry behind what is said."""
    value = -entry >> VALUE
    if not -entry & SPELLED:
        said[m] = value
        return m + 1, turned(number, value)
    for k in range(value + 1, value + 1 + spelled[value]):
        said[m] = spelled[k]
        m += 1
        number = turned(number, np.int64(spelled[k]))
    return m, number


@compiled
def tag(codes, at, end, sign, entries, traits, spelled, said, m):
    """The tag or handle whose sign stands there, as one piece from `said[m]` on: where it ends (at `m` when there is
    none), and its number."""
    before = traits[codes[sign - 1]] if sign > at else 0
    if before & BEFORE_NONE or sign + 1 == end or not traits[codes[sign + 1]] & BEGINS:
        return m, 0
    k, number = spell(np.int64(entries[codes[sign]]), spelled, said, m, 0)
    for i in range(sign + 1, end):
        if not traits[codes[i]] & WITHIN:
            break
        entry = np.int64(entries[codes[i]])
        if entry >= LETTER and entry & LETTER:
            said[k] = entry & POINT
            k, number = k + 1, turned(number, entry & POINT)
        elif entry < 0 and (-entry & KIND == WORD or -entry & KIND == ALONE):
            k, number = spell(entry, spelled, said, k, number)
    return k, number
