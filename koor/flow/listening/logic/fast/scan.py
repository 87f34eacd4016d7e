"""Text to folded words, compiled: one walk over the code points of a post, without a branch for what is usual.

The bytes of all words stand in a row in `said`, each word beginning at a multiple of eight, so that they can be read
eight at a time; `ends` says where each ends."""

from __future__ import annotations

import numpy as np

from koor.flow.listening.logic.fast.codes import (
    ALONE,
    AT,
    BEFORE_NONE,
    BEGINS,
    KIND,
    LOOK,
    SIGN,
    SIZE,
    SIZES,
    UNSETTLED,
    VANISHES,
    WITHIN,
    WORD,
)
from koor.flow.listening.logic.fast.jit import inlined

UNREADABLE = -1  # in the place of a number of words
_NONE, _ONE, _SIX, _SEVEN = map(np.uint64, (0, 1, 6, 7))  # unsigned, so that no code that counts from the end is
_EIGHTS = ~_SEVEN  # made for them


@inlined
def scan(codes, at, end, settled, cells, room):
    """How many words stand in `codes[at:end]`, or that they can't be read as they are. `room.signs` gets how many signs
    there are, and of each its place in the codes and how many words stand before it."""
    quick, said, ends = cells.quick, room.said, room.ends
    n = m = inside = _NONE
    room.signs[0] = 0
    for i in range(np.uint64(at), np.uint64(end)):
        byte = quick[codes[i]]
        if byte < LOOK:
            said[m], ends[n] = byte, m
            gap = np.uint64(byte == 0)
            n += inside & gap
            m = (m + _ONE + _SIX * gap) & ~(_SEVEN * gap)
            inside = gap ^ _ONE
        else:
            words, m, inside = _rare(codes, i, settled, cells, room, n, m, inside)
            if words < 0:
                return UNREADABLE
            n = np.uint64(words)
    ends[n] = m
    return np.int64(n + inside)


@inlined
def _rare(codes, i, settled, cells, room, n, m, inside):
    """What is neither one byte nor a plain separator."""
    entry = cells.entries[codes[i]]
    kind = entry & KIND
    if entry == 0 or (entry & UNSETTLED and not settled):
        return UNREADABLE, m, inside
    if kind == VANISHES:
        return np.int64(n), m, inside
    if kind != WORD:
        room.ends[n] = m
        n, m, inside = n + inside, (m + _SEVEN) & _EIGHTS, _NONE
    if kind == SIGN:
        room.signs[0] += 1
        room.signs[2 * room.signs[0] - 1], room.signs[2 * room.signs[0]] = i, n
    if kind in (WORD, ALONE):
        before = m
        m = spell(entry, cells.spelled, room.said, m)
        inside |= np.uint64(m > before)
    if kind == ALONE:
        room.ends[n] = m
        n, m, inside = n + inside, (m + _SEVEN) & _EIGHTS, _NONE
    return np.int64(n), m, inside


@inlined
def spell(entry, spelled, said, m):
    """Puts the bytes of an entry behind what is said."""
    for k in range(entry >> AT, (entry >> AT) + (entry >> SIZE & SIZES)):
        said[m] = spelled[k]
        m += _ONE
    return m


@inlined
def tag(codes, at, end, sign, cells, said, m):
    """The tag or handle whose sign stands there, as one piece from `said[m]` on: where it ends; at `m` when there is
    none."""
    before = cells.traits[codes[sign - 1]] if sign > at else 0
    if before & BEFORE_NONE or sign + 1 == end or not cells.traits[codes[sign + 1]] & BEGINS:
        return m
    m = spell(cells.entries[codes[sign]], cells.spelled, said, m)
    for i in range(sign + 1, end):
        if not cells.traits[codes[i]] & WITHIN:
            break
        m = spell(cells.entries[codes[i]], cells.spelled, said, m)
    return m
