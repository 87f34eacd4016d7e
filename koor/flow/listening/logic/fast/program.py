"""Queries as arrays of numbers, for compiled code to read: what it looks words up in, and what it checks then.

Every word, beginning, tag and field that any query names is an *atom* with a number. Atoms hang together as in the
reference: phrases, NEAR, groups, clauses; and each clause on the atoms of its rarest group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from koor.flow.listening.logic.match import Rarity, TermGroup
from koor.flow.listening.logic.normal import Clause
from koor.flow.listening.logic.query import Query
from koor.flow.listening.logic.tree import Near, Phrase, Term, Word

Numbers = NDArray[np.int32]
Large = NDArray[np.int64]

FIRST, SECOND, LAST = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xC2B2AE3D27D4EB4F
SHORT = 16  # bytes by which a word is told
NOTHING = -1 << 40  # what is asked of a word that nobody asks for
_ALL_BITS = (1 << 64) - 1
_BITS_EACH = 24  # of the sieve, for an atom: few words that nobody asks for come through


class Table(NamedTuple):
    """Where words are looked up."""

    rows: Any  # of words, with gaps: their first bytes, their length and place in `letters`, and what is asked
    sieve: Any
    shift: Any  # of a word's number, to its bit in the sieve


class Program(NamedTuple):
    """What compiled code reads. `x_at` says where the part of each number begins in `x`."""

    words: Table  # and tags
    starts: Table  # beginnings,
    lengths: Large  # and how long they are, the shortest first
    letters: Any  # bytes
    certain_at: Numbers  # queries that ask for this atom alone
    certain: Numbers
    hung_at: Numbers  # clauses that hang on this atom
    hung: Numbers
    clauses: Numbers  # query, first and last group, and the group of what is left out
    terms_at: Numbers  # of groups; an atom, or below zero a phrase or a NEAR
    terms: Numbers
    phrases_at: Numbers
    phrases: Numbers  # atoms
    nears: Numbers  # how near, and where the phrases of its sides begin, change and end
    sides: Numbers  # phrases
    wants: Large  # whether there are tags


class State(NamedTuple):
    """What compiled code remembers of the post that it looks at: of each by the number of the post."""

    atoms: Numbers  # of each: when it was seen, its first and last event, and how many
    queries: Numbers
    clauses: Numbers
    phrases: Numbers  # of each: when it was looked for, and whether it is there
    nears: Numbers
    post: Large  # the number of the post


def hashed(word: bytes) -> int:
    """The number of a word, as compiled code works it out."""
    low, high = int.from_bytes(word[:8], "little"), int.from_bytes(word[8:SHORT], "little")
    number = low * FIRST + high * SECOND + len(word) & _ALL_BITS
    for at in range(SHORT, len(word), 8):
        more = int.from_bytes(word[at : at + 8], "little")
        number = (number ^ number >> 32) * LAST + more * FIRST & _ALL_BITS
    return (number ^ number >> 32) * LAST & _ALL_BITS


class Builder:
    """Puts queries into a program."""

    def __init__(self, queries: Iterable[Query], rarity: Rarity | None) -> None:
        self.rarity = rarity or Rarity()
        self.atoms: dict[Word, int] = {}
        self.phrases: dict[Phrase, int] = {}
        self.nears: dict[Near, int] = {}
        self.near_rows: list[tuple[int, list[int], list[int]]] = []
        self.certain: dict[Word, list[int]] = {}  # queries that ask for this word alone
        self.hung: list[tuple[int, int]] = []  # atom, clause
        self.clauses: list[tuple[int, int, int, int]] = []
        self.groups: list[list[int]] = []
        self.queries = 0
        for query in queries:
            for clause in query.clauses:
                self._hang(clause)
            self.queries += 1

    def atom(self, word: Word) -> int:
        return self.atoms.setdefault(word, len(self.atoms))

    def _hang(self, clause: Clause) -> None:
        anchors = self.rarity.rarest(clause.groups)
        only = next(iter(clause.groups)) if len(clause.groups) == 1 and not clause.without else ()
        if only and all(isinstance(term, str) for term in only):
            for word in anchors:
                self.certain.setdefault(word, []).append(self.queries)
            return
        self.hung += [(self.atom(word), len(self.clauses)) for word in anchors]
        first = len(self.groups)
        for group in sorted(map(TermGroup.of, clause.groups), key=lambda group: group.costs):
            self.groups.append(self._terms(group))
        last = len(self.groups)
        if clause.without:
            self.groups.append(self._terms(TermGroup.of(clause.without)))
        self.clauses.append((self.queries, first, last, last if clause.without else -1))

    def _terms(self, group: TermGroup) -> list[int]:
        terms: list[Term] = [*sorted(group.words), *group.phrases, *group.nears]
        return list(map(self._term, terms))

    def _term(self, term: Term) -> int:
        if isinstance(term, str):
            return self.atom(term)
        if isinstance(term, Near):
            return -2 * self._near(term) - 2
        return -2 * self._phrase(term) - 1

    def _phrase(self, phrase: Phrase) -> int:
        for word in phrase:
            self.atom(word)
        return self.phrases.setdefault(phrase, len(self.phrases))

    def _near(self, near: Near) -> int:
        if near not in self.nears:
            left, right = (list(map(self._phrase, sorted(side))) for side in (near.left, near.right))
            self.near_rows.append((near.most, left, right))
            self.nears[near] = len(self.nears)
        return self.nears[near]

    def program(self) -> Program:
        alone = {word: -1 - asking[0] for word, asking in self.certain.items() if self._is_all_of_one(word)}
        certain = [(self.atom(word), one) for word, all_ in self.certain.items() if word not in alone for one in all_]
        said = {word: asked for word, asked in {**self.atoms, **alone}.items() if word[0] != ":"}
        starts = {word[:-1].encode(): asked for word, asked in said.items() if word.endswith("*")}
        words = {word.encode(): asked for word, asked in said.items() if not word.endswith("*")}
        long = [word for word in (*words, *starts) if len(word) > SHORT]
        letters_at = dict(zip(long, accumulate(map(len, long), initial=0), strict=False))
        sides = [[*left, *right] for _, left, right in self.near_rows]
        at = accumulate(map(len, sides), initial=0)
        rows = zip(self.near_rows, at, strict=False)
        nears = [(most, a, a + len(left), a + len(left) + len(right)) for (most, left, right), a in rows]
        return Program(
            _table(words, letters_at), _table(starts, letters_at),
            np.array(sorted(set(map(len, starts))), np.int64), np.frombuffer(b"".join(long) or b" ", np.uint8),
            *_by_atom(certain, len(self.atoms)), *_by_atom(self.hung, len(self.atoms)),
            _numbers(chain.from_iterable(self.clauses)), *_parts(self.groups),
            *_parts([[self.atoms[word] for word in phrase] for phrase in self.phrases]),
            _numbers(chain.from_iterable(nears)), _numbers(chain.from_iterable(sides)),
            np.array([any(word[0] in "#@" for word in said)], np.int64),
        )  # fmt: skip

    def _is_all_of_one(self, word: Word) -> bool:
        """Whether one query asks for this word alone, and nobody else for it: nothing has to be noted of it then."""
        return len(self.certain[word]) == 1 and word not in self.atoms and word[0] != ":"

    def state(self) -> State:
        return State(
            atoms=np.zeros(4 * len(self.atoms), np.int32),
            queries=np.zeros(self.queries, np.int32),
            clauses=np.zeros(len(self.clauses), np.int32),
            phrases=np.zeros(2 * len(self.phrases), np.int32),
            nears=np.zeros(2 * len(self.nears), np.int32),
            post=np.zeros(1, np.int64),
        )


def _numbers(found: Iterable[int]) -> Numbers:
    return np.array(list(found), np.int32)


def _parts(parts: Sequence[Collection[int]]) -> tuple[Numbers, Numbers]:
    """Where each part begins in all of them, and all of them."""
    return _numbers(accumulate(map(len, parts), initial=0)), _numbers(chain.from_iterable(parts))


def _by_atom(pairs: Iterable[tuple[int, int]], atoms: int) -> tuple[Numbers, Numbers]:
    found: Mapping[int, list[int]] = {}
    for atom, other in pairs:
        found.setdefault(atom, []).append(other)  # type: ignore[attr-defined]
    return _parts([found.get(atom, ()) for atom in range(atoms)])


def _table(words: Mapping[bytes, int], letters_at: Mapping[bytes, int]) -> Table:
    """With open addresses, at least twice as large as it has to be, and a sieve of bits before it."""
    most = (1 << max(3, (2 * len(words)).bit_length())) - 1
    bits = max(6, (_BITS_EACH * len(words)).bit_length())
    taken, rows = dict[int, tuple[int, ...]](), np.zeros((most + 1, 4), np.uint64)
    numbers = [hashed(word) for word in words]
    for number, (word, asked) in zip(numbers, words.items(), strict=True):
        at = number >> 32 & most
        while at in taken:
            at = at + 1 & most
        told = int.from_bytes(word[:8], "little"), int.from_bytes(word[8:SHORT], "little")
        taken[at] = (*told, len(word) << 32 | letters_at.get(word, 0), asked & _ALL_BITS)
    if taken:
        rows[list(taken)] = np.array(list(taken.values()), np.uint64)
    sieve, every = np.zeros(1 << bits - 6, np.uint64), np.array(numbers, np.uint64)
    for bit in (every >> np.uint64(64 - bits), every):
        np.bitwise_or.at(sieve, every >> np.uint64(70 - bits), np.uint64(1) << (bit & np.uint64(63)))
    return Table(rows, sieve, np.array([64 - bits], np.uint64))
