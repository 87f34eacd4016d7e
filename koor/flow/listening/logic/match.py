"""The reference matcher, in plain Python: which of many queries does a text meet?

Every clause hangs on one anchor: the group that is rarest in ordinary text. A text is folded once; its words are looked
up in one table of anchors, and only the clauses found there are checked, phrases last. So the cost follows the words
of the text and not the number of queries. Other engines stand behind the same two methods and are tested against this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Generic, TypeVar

from koor.flow.listening.logic.fold import Folded, fold, words
from koor.flow.listening.logic.normal import Clause, Group
from koor.flow.listening.logic.query import Query
from koor.flow.listening.logic.tree import Term, Word

Name = TypeVar("Name", bound=Hashable)

_REMEMBERED = 200_000  # words whose beginnings are remembered
_COMMON = 1_000.0  # weight of a word of no letters; each further letter makes it rarer


class Text:
    """A folded text as the matcher asks after it."""

    def __init__(self, folded: Folded, beginnings: Iterable[Word]) -> None:
        self.folded = folded
        self.holds: set[Word] = {*folded.words, *(tag for tag, _ in folded.tags), *beginnings}

    @cached_property
    def places(self) -> Mapping[Word, list[int]]:
        """Where each word and tag stands; made only when a phrase has to be checked."""
        found: dict[Word, list[int]] = defaultdict(list)
        for place, word in chain(enumerate(self.folded.words), ((place, tag) for tag, place in self.folded.tags)):
            found[word].append(place)
        return found

    def starts_with(self, beginning: Word) -> set[int]:
        """Places of all words with this beginning (given without its `*`)."""
        return {place for word, places in self.places.items() if word.startswith(beginning) for place in places}

    def places_of(self, word: Word) -> set[int]:
        return self.starts_with(word[:-1]) if word.endswith("*") else set(self.places.get(word, ()))

    def has_phrase(self, phrase: tuple[Word, ...]) -> bool:
        """Do these words follow each other somewhere?"""
        if not self.holds.issuperset(phrase):
            return False
        starts = self.places_of(phrase[0])
        for step, word in enumerate(phrase[1:], 1):
            starts &= {place - step for place in self.places_of(word)}
            if not starts:
                return False
        return True


@dataclass(frozen=True, slots=True)
class _Group:
    """A group taken apart: single words are one set comparison, phrases are looked at last."""

    words: frozenset[Word]
    phrases: tuple[tuple[Word, ...], ...]

    @classmethod
    def of(cls, terms: Iterable[Term]) -> _Group:
        terms = list(terms)
        phrases = sorted(term for term in terms if not isinstance(term, str))
        return cls(frozenset(term for term in terms if isinstance(term, str)), tuple(phrases))

    def met_by(self, text: Text) -> bool:
        return not self.words.isdisjoint(text.holds) or any(map(text.has_phrase, self.phrases))


class _Check(Generic[Name]):
    """A clause made ready: cheap groups first, then those with phrases."""

    __slots__ = ("groups", "name", "without")

    def __init__(self, name: Name, clause: Clause) -> None:
        self.name = name
        self.groups = sorted(map(_Group.of, clause.groups), key=lambda group: (len(group.phrases), len(group.words)))
        self.without = _Group.of(clause.without)

    def holds(self, text: Text) -> bool:
        if not self.without.words.isdisjoint(text.holds):
            return False
        return all(group.met_by(text) for group in self.groups) and not self.without.met_by(text)


class Rarity:
    """How common a word is: from counts where there are some, else long words are taken to be rare."""

    def __init__(self, counts: Mapping[Word, int] | None = None) -> None:
        self.counts = counts or {}

    def weight(self, word: Word) -> float:
        """Larger is commoner. A beginning (`stor*`) counts for the many words that it can become."""
        if word.endswith("*"):
            return 20 * self.weight(word[:-1])
        return self.counts.get(word, 0) + _COMMON * 0.5 ** min(len(word), 20)

    def anchors_of(self, group: Group) -> dict[Word, float]:
        """For each term of a group the word to hang it on: of a phrase its rarest."""
        chosen = (term if isinstance(term, str) else min(term, key=self.weight) for term in group)
        return {word: self.weight(word) for word in chosen}

    def rarest(self, groups: Iterable[Group]) -> Iterable[Word]:
        """The anchors of the group that is met least often."""
        anchors = [self.anchors_of(group) for group in groups]
        return min(anchors, key=lambda found: (sum(found.values()), sorted(found)))


class Matcher(Generic[Name]):
    """Finds the queries that a text meets. Made once for a set of queries, then only read."""

    def __init__(self, queries: Mapping[Name, Query], rarity: Rarity | None = None) -> None:
        self.order = {name: place for place, name in enumerate(queries)}
        self.anchored: dict[Word, list[_Check[Name]]] = defaultdict(list)
        self.beginnings: set[Word] = set()
        self.remembered: dict[Word, tuple[Word, ...]] = {}
        self.wants_tags = False
        rarity = rarity or Rarity()
        for name, query in queries.items():
            for clause in query.clauses:
                self._hang(name, clause, rarity)
        self.lengths = sorted({len(beginning) - 1 for beginning in self.beginnings})

    def _hang(self, name: Name, clause: Clause, rarity: Rarity) -> None:
        check = _Check(name, clause)
        for word in rarity.rarest(clause.groups):
            self.anchored[word].append(check)
        for term in chain(clause.without, *clause.groups):
            for word in (term,) if isinstance(term, str) else term:
                self.wants_tags = self.wants_tags or word[0] in "#@"
                if word.endswith("*"):
                    self.beginnings.add(word)

    def _beginnings_of(self, word: Word) -> tuple[Word, ...]:
        """The beginnings asked for that this word has, such as `stor*` for `storing`."""
        found = self.remembered.get(word)
        if found is None:
            cut = (word[:length] + "*" for length in self.lengths if length <= len(word))
            found = tuple(beginning for beginning in cut if beginning in self.beginnings)
            if len(self.remembered) < _REMEMBERED:
                self.remembered[word] = found
        return found

    def text(self, text: str) -> Text:
        """Folds a text once for this matcher."""
        folded = fold(text) if self.wants_tags else Folded(words(text))
        if not self.lengths:
            return Text(folded, ())
        held = chain(folded.words, (tag for tag, _ in folded.tags))
        return Text(folded, chain.from_iterable(map(self._beginnings_of, held)))

    def match(self, text: str) -> list[Name]:
        """The names of the queries that this text meets, in the order in which they were given."""
        folded = self.text(text)
        met: set[Name] = set()
        for anchor in folded.holds & self.anchored.keys():
            for check in self.anchored[anchor]:
                if check.name not in met and check.holds(folded):
                    met.add(check.name)
        return sorted(met, key=self.order.__getitem__)


def meets(query: Query, text: str) -> bool:
    """Does one text meet one query? By the tree itself, without a table: for previews of a single text."""
    return query.tree.meets(fold(text))
