"""What a query looks like once it is read: a tree of terms, and the rules for evaluating it plainly.

`Tree.meets` is the meaning of a query in its simplest form; the matcher is tested against it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate

from koor.flow.listening.logic.fold import Folded

# A word `storing`, the start of one `stor*`, a tag `#storing`, a handle `@els`, or what stands beside the text
# `:author:els`; or a phrase: several of these in a row; or two of them near each other.
Word = str
Phrase = tuple[Word, ...]
Stretch = tuple[int, int]  # first and last place of a phrase in a text


@dataclass(frozen=True, slots=True)
class Near:
    """One phrase of each side, in any order, with their nearest words at most `most` places apart."""

    most: int
    left: frozenset[Phrase]
    right: frozenset[Phrase]


Shown = Word | Phrase  # what can be marked in a text
Term = Shown | Near


def word_meets(word: Word, text: Folded, place: int) -> bool:
    """Does this word of a query stand at this place of the text?"""
    if word[0] in "#@:":
        found = [one for one, at in (text.beside if word[0] == ":" else text.tags) if at == place]
    else:
        found = text.words[place : place + 1]
    return any(one.startswith(word[:-1]) if word.endswith("*") else one == word for one in found)


def beginning_with(beginning: str, ordered: Sequence[Word]) -> Iterator[Word]:
    """Those of the words, given in the order of their code points, that begin so (without its `*`)."""
    for at in range(bisect_left(ordered, beginning), len(ordered)):
        if not ordered[at].startswith(beginning):
            return
        yield ordered[at]


def in_a_row(places: Iterable[Set[int]]) -> Set[int]:
    """Where words follow each other, given the places of each. Begins with the one that stands at the fewest."""
    (first, starts), *others = sorted(enumerate(places), key=lambda one: len(one[1]))
    found = {place - first for place in starts}
    for step, where in others:
        found = {start for start in found if start + step in where}
    return found


def stretches(phrase: Phrase, text: Folded) -> list[Stretch]:
    """Where these words follow each other."""
    beyond = max((at for _word, at in text.beside), default=0) if phrase[0][0] == ":" else len(text.words)
    starts = range(beyond + 1)
    found = (at for at in starts if all(word_meets(word, text, at + step) for step, word in enumerate(phrase)))
    return [(at, at + len(phrase) - 1) for at in found]


def any_near(left: Iterable[Stretch], right: Iterable[Stretch], most: int) -> bool:
    """Whether one of each lie at most `most` places apart. Linear but for the sorting, however often words stand."""
    by_start = sorted(right)
    starts = [start for start, _end in by_start]
    furthest = list(accumulate((end for _start, end in by_start), max))
    for start, end in left:
        before = bisect_right(starts, end + most)
        if before and furthest[before - 1] >= start - most:
            return True
    return False


def term_meets(term: Term, text: Folded) -> bool:
    """Does the text hold this term anywhere? A phrase stands at places that follow each other."""
    if isinstance(term, Near):
        left, right = ([at for phrase in side for at in stretches(phrase, text)] for side in (term.left, term.right))
        return any_near(left, right, term.most)
    return bool(stretches((term,) if isinstance(term, str) else term, text))


def words_of(term: Term) -> Iterator[Word]:
    """All words that a term is made of."""
    if isinstance(term, Near):
        yield from (word for phrase in (*term.left, *term.right) for word in phrase)
    elif isinstance(term, str):
        yield term
    else:
        yield from term


@dataclass(frozen=True, slots=True)
class Leaf:
    """One term. `at` is its place in the expression, for messages."""

    term: Term
    at: int = field(default=0, compare=False)

    def meets(self, text: Folded) -> bool:
        return term_meets(self.term, text)


@dataclass(frozen=True, slots=True)
class Not:
    part: Tree
    at: int = field(default=0, compare=False)

    def meets(self, text: Folded) -> bool:
        return not self.part.meets(text)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Tree, ...]

    def meets(self, text: Folded) -> bool:
        return all(part.meets(text) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Tree, ...]

    def meets(self, text: Folded) -> bool:
        return any(part.meets(text) for part in self.parts)


Tree = Leaf | Not | And | Or


def terms(tree: Tree) -> list[Shown]:
    """The words and phrases that a text may be found by, in the order of the expression; what stands behind NOT is
    left out, and what stands beside the text."""
    match tree:
        case Leaf(term=Near() as near):
            return [phrase if len(phrase) > 1 else phrase[0] for phrase in sorted(near.left) + sorted(near.right)]
        case Leaf(term=(str() | tuple()) as term):
            return [] if next(words_of(term))[0] == ":" else [term]
        case And(parts=parts) | Or(parts=parts):
            return [term for part in parts for term in terms(part)]
    return []
