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

MIX, TURN = 0x9E3779B97F4A7C15, 7
_ALL_BITS = (1 << 64) - 1
_BITS_EACH = 24  # of the sieve, for an atom: few words that nobody asks for come through


class Program(NamedTuple):
    """What compiled code reads. `x_at` says where the part of each number begins in `x`."""

    words: Large  # hash and atom of words and tags, with gaps
    words_sieve: Numbers
    starts: Large  # the same of beginnings
    starts_sieve: Numbers
    letters_at: Numbers  # of atoms
    letters: Numbers
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
    wants: Large  # shortest and longest beginning, whether tags, whether anything to check


class State(NamedTuple):
    """What compiled code remembers of the post that it looks at: of each by the number of the post."""

    atoms: Numbers  # of each: when it was seen, its first and last event, and how many
    queries: Numbers
    clauses: Numbers
    phrases: Numbers  # of each: when it was looked for, and whether it is there
    nears: Numbers
    post: Large  # the number of the post


def hashed(word: str) -> int:
    """The number of a word, as compiled code works it out letter by letter."""
    number = 0
    for char in word:
        number = ((number << TURN | number >> 64 - TURN) & _ALL_BITS) ^ ord(char)
    return number


def mixed(number: int) -> int:
    number = number * MIX & _ALL_BITS
    return number ^ ((number >> 32) if number < 1 << 63 else (number >> 32) | 0xFFFFFFFF << 32)


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


class Builder:
    """Puts queries into a program."""

    def __init__(self, queries: Iterable[Query], rarity: Rarity | None) -> None:
        self.rarity = rarity or Rarity()
        self.atoms: dict[Word, int] = {}
        self.phrases: dict[Phrase, int] = {}
        self.nears: dict[Near, int] = {}
        self.near_rows: list[tuple[int, list[int], list[int]]] = []
        self.certain: list[tuple[int, int]] = []  # atom, query
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
            self.certain += [(self.atom(word), self.queries) for word in anchors]
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
        spelled = {word: number for word, number in self.atoms.items() if word[0] != ":"}
        starts = {word: number for word, number in spelled.items() if word.endswith("*")}
        lengths = [len(word) - 1 for word in starts] or [1, 0]
        wants = [min(lengths), max(lengths), any(word[0] in "#@" for word in spelled), bool(self.clauses)]
        words, words_sieve = _looked_up((word, at) for word, at in spelled.items() if word not in starts)
        starting, starting_sieve = _looked_up((word[:-1], at) for word, at in starts.items())
        sides = [[*left, *right] for _, left, right in self.near_rows]
        at = accumulate(map(len, sides), initial=0)
        rows = zip(self.near_rows, at, strict=False)
        nears = [(most, a, a + len(left), a + len(left) + len(right)) for (most, left, right), a in rows]
        return Program(
            words, words_sieve, starting, starting_sieve,
            *_parts([list(map(ord, word.removesuffix("*"))) for word in self.atoms]),
            *_by_atom(self.certain, len(self.atoms)), *_by_atom(self.hung, len(self.atoms)),
            _numbers(chain.from_iterable(self.clauses)), *_parts(self.groups),
            *_parts([[self.atoms[word] for word in phrase] for phrase in self.phrases]),
            _numbers(chain.from_iterable(nears)), _numbers(chain.from_iterable(sides)),
            np.array(wants, np.int64),
        )  # fmt: skip

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


def _looked_up(words: Iterable[tuple[str, int]]) -> tuple[Large, Numbers]:
    """A table with open addresses from hash to atom, twice as large as it has to be, and a sieve of bits before it."""
    rows = [(hashed(word), atom) for word, atom in words]
    size = 1 << max(3, (2 * len(rows)).bit_length())
    table: list[int] = [0, -1] * size
    sieve: Any = np.zeros(1 << max(3, (_BITS_EACH * len(rows)).bit_length() - 5), np.uint32)
    for number, atom in rows:
        spread = mixed(number)
        bit = spread >> 8 & 32 * len(sieve) - 1
        sieve[bit >> 5] |= np.uint32(1 << (bit & 31))
        at = spread & size - 1
        while table[2 * at + 1] >= 0:
            at = at + 1 & size - 1
        table[2 * at : 2 * at + 2] = [_signed(number), atom]
    return np.array(table, np.int64), sieve.view(np.int32)
