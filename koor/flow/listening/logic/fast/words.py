"""Folded words to what queries ask of them, compiled: a sieve first (two bits a word, for most words are asked by
nobody), then a table with open addresses.

A word is told by its first sixteen bytes, as two numbers, and its length; of longer ones all bytes are compared. All
bytes make the number by which it is looked up."""

from __future__ import annotations

import numpy as np

from koor.flow.listening.logic.fast.jit import compiled, inlined
from koor.flow.listening.logic.fast.judge import met, note
from koor.flow.listening.logic.fast.program import FIRST, LAST, NOTHING, SECOND, SHORT
from koor.flow.listening.logic.fast.scan import tag

_FIRST, _SECOND, _LAST = np.uint64(FIRST), np.uint64(SECOND), np.uint64(LAST)
_HALF, _BITS, _WITHIN, _ONE = np.uint64(32), np.uint64(6), np.uint64(63), np.uint64(1)
_LOW = np.array([(1 << 8 * min(size, 8)) - 1 for size in range(SHORT + 1)], np.uint64)
_HIGH = np.array([(1 << 8 * max(size - 8, 0)) - 1 for size in range(SHORT + 1)], np.uint64)


@inlined
def note_words(n, program, state, room, found, k):
    """What the words of a post are asked for; how many queries stand in `found` then."""
    start = 0
    for place in range(n):
        end = room.ends[place]
        k = note_one(start, end, place, program, state, room, found, k)
        start = (end + 7) & -8
    return k


@compiled
def note_tags(codes, at, end, n, cells, program, state, room, found, k):
    """The same of tags and handles, each put behind the words for as long as it is looked at."""
    start = (room.ends[n - 1] + 7) & -8 if n else 0
    for one in range(room.signs[0]):
        sign, place = room.signs[2 * one + 1], room.signs[2 * one + 2]
        last = np.int64(tag(codes, at, end, sign, cells, room.said, np.uint64(start)))
        if last > start:
            k = note_one(start, last, place, program, state, room, found, k)
    return k


@inlined
def note_one(start, end, place, program, state, room, found, k):
    """One word, and the beginnings that it has."""
    k = _note(program.words, start, end, place, program, state, room, found, k)
    for length in program.lengths:
        if start + length > end:
            break
        k = _note(program.starts, start, start + length, place, program, state, room, found, k)
    return k


@inlined
def _note(table, start, end, place, program, state, room, found, k):
    size = end - start
    within = min(size, SHORT)
    low, high = room.wide[start >> 3] & _LOW[within], room.wide[(start >> 3) + 1] & _HIGH[within]
    number = low * _FIRST + high * _SECOND + np.uint64(size)
    for done in range(SHORT, size, 8):
        more = room.wide[(start + done) >> 3] & _LOW[min(size - done, 8)]
        number = (number ^ (number >> _HALF)) * _LAST + more * _FIRST
    number = (number ^ (number >> _HALF)) * _LAST
    bit = number >> table.shift[0]
    both = table.sieve[bit >> _BITS]
    if (both >> (bit & _WITHIN)) & (both >> (number & _WITHIN)) & _ONE:
        value = _found(table.rows, number, low, high, start, size, room.said, program.letters)
        if value >= 0:
            note(value, place, state, room)
        elif value != NOTHING:
            return met(-1 - value, state, found, k)
    return k


@inlined
def _found(rows, number, low, high, start, size, said, letters):
    """An atom, or below zero the one query that asks for this word alone."""
    most = len(rows) - 1
    at = np.int64(number >> _HALF) & most
    while rows[at, 2]:
        if rows[at, 0] == low and rows[at, 1] == high and np.int64(rows[at, 2] >> _HALF) == size:
            first = np.int64(rows[at, 2]) & 0xFFFFFFFF
            if size <= SHORT or _same(said, start, letters, first, size):
                return np.int64(rows[at, 3])
        at = (at + 1) & most
    return NOTHING


@inlined
def _same(said, start, letters, first, size):
    for k in range(SHORT, size):  # noqa: SIM110 compiled code makes no closures
        if said[start + k] != letters[first + k]:
            return False
    return True
