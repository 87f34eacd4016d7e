"""The normal form of a query: clauses, one of which must hold; what the matcher works with.

A clause asks for one term out of each of its `groups` and for none of `without`. Groups keep the usual query of a
person, (three spellings) AND (twenty complaints) NOT (two jokes), in one clause where plain DNF has sixty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from koor.flow.listening.logic.tree import And, Leaf, Not, Or, Term, Tree

MOST_CLAUSES = 1_000
_MOST_TERMS = 200_000  # in all clauses of a query together
_MOST_PAIRS = 20 * MOST_CLAUSES  # looked at while a query is multiplied out
_MOST_WORK = 1_000_000  # terms and groups in those pairs

Group = frozenset[Term]


@dataclass(frozen=True, slots=True)
class Clause:
    """Holds for a text with at least one term of every group and no term of `without`."""

    groups: frozenset[Group]
    without: frozenset[Term] = frozenset()

    @property
    def size(self) -> int:
        return sum(map(len, self.groups)) + len(self.without)


class TooManyClauses(ValueError):
    """The query, multiplied out, is larger than `MOST_CLAUSES`."""


class OnlyLeavesOut(ValueError):
    """A part of the query asks for nothing: it would meet almost every text. `at` is the place of its NOT."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def _joined(clauses: tuple[Clause, ...]) -> Clause | None:
    """All these clauses at once; `None` when they contradict each other."""
    without = frozenset[Term]().union(*(clause.without for clause in clauses))
    groups = {group - without for clause in clauses for group in clause.groups}
    if not all(groups):
        return None
    return Clause(frozenset(_smallest(groups)), without)


def _smallest(groups: set[Group]) -> Iterable[Group]:
    """Without the groups that another one implies: of `{a}` and `{a, b}` only the first has to be looked at."""
    single = {group for group in groups if len(group) == 1}
    known = frozenset[Term]().union(*single)
    return single | {group for group in groups if len(group) > 1 and known.isdisjoint(group)}


def _checked(found: Iterable[Clause | None]) -> list[Clause]:
    """Each clause once, within the limits. Raises `TooManyClauses` before the memory is filled."""
    kept: dict[Clause, None] = {}
    size = 0
    for clause in found:
        if clause is None or clause in kept:
            continue
        kept[clause] = None
        size += clause.size
        if len(kept) > MOST_CLAUSES or size > _MOST_TERMS:
            raise TooManyClauses
    return list(kept)


def _any_of(parts: Iterable[list[Clause]]) -> list[Clause]:
    """One of several: clauses with a single group and nothing to leave out become one group."""
    simple: set[Term] = set()
    others: list[Clause] = []
    for clause in (clause for part in parts for clause in part):
        if len(clause.groups) == 1 and not clause.without:
            simple |= next(iter(clause.groups))
        else:
            others.append(clause)
    together = [Clause(frozenset({frozenset(simple)}))] if simple else []
    return _checked([*together, *others])


class _Spread:
    """The clauses of every node of a tree, each worked out once; what multiplying out costs is counted over all."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, bool], list[Clause]] = {}
        self.pairs = self.work = 0

    def of(self, tree: Tree, wanted: bool = True) -> list[Clause]:
        """The clauses of a tree, or of its opposite: NOT is moved inwards to the terms (De Morgan)."""
        found = self.known.get((id(tree), wanted))
        if found is None:
            found = self.known[id(tree), wanted] = self._made(tree, wanted)
        return found

    def _made(self, tree: Tree, wanted: bool) -> list[Clause]:
        match tree:
            case Leaf(term=term):
                only = frozenset({term})
                return [Clause(frozenset({only})) if wanted else Clause(frozenset(), only)]
            case Not(part=part):
                return self.of(part, not wanted)
        spread = [self.of(part, wanted) for part in tree.parts]
        return self._all_of(spread) if isinstance(tree, And) == wanted else _any_of(spread)

    def _all_of(self, parts: Iterable[list[Clause]]) -> list[Clause]:
        """Every combination of one clause from each part, multiplied part by part so that limits are met early."""
        found = [Clause(frozenset())]
        for part in sorted({frozenset(part): part for part in parts}.values(), key=len):
            self._count(found, part)
            found = _checked(_joined(pair) for pair in product(found, part))
        return found

    def _count(self, found: list[Clause], part: list[Clause]) -> None:
        """What one step will cost. Raises `TooManyClauses` when the query has had enough."""
        if len(found) > 1:  # the first step only takes over
            self.pairs += len(found) * len(part)
            self.work += len(part) * _size(found) + len(found) * _size(part)
        if self.pairs > _MOST_PAIRS or self.work > _MOST_WORK:
            raise TooManyClauses


def _size(clauses: Iterable[Clause]) -> int:
    return sum(clause.size for clause in clauses)


def _first_not(tree: Tree, spread: _Spread) -> int:
    """Where to point when a tree only leaves words out: its first NOT, or that of the guilty side of an OR.

    Every part of such a tree that this looks at leaves words out too, so it ends at a NOT and never at a term."""
    if isinstance(tree, Not):
        return tree.at
    assert not isinstance(tree, Leaf)
    parts = tree.parts
    if isinstance(tree, Or):
        parts = tuple(part for part in parts if not all(clause.groups for clause in spread.of(part)))
    return min(_first_not(part, spread) for part in parts)


def clauses(tree: Tree) -> tuple[Clause, ...]:
    """The normal form of a tree; empty when it contradicts itself. Raises `TooManyClauses`, `OnlyLeavesOut`."""
    spread = _Spread()
    found = spread.of(tree)
    if any(not clause.groups for clause in found):
        raise OnlyLeavesOut(_first_not(tree, spread))
    return tuple(found)
