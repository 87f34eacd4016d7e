"""The reference matcher, in plain Python: which of many queries does a post meet?

Every clause hangs on one anchor: the group that is rarest in ordinary text. A text is folded once; its words are looked
up in one table of anchors, and only the clauses found there are checked, phrases and NEAR last. So the cost follows the
words of the text and not the number of queries. Other engines stand behind the same method and are tested against this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Generic, Protocol, TypeVar

from koor.flow.listening.logic.fold import Folded, fold, words
from koor.flow.listening.logic.normal import Clause, Group
from koor.flow.listening.logic.post import Post, fold_beside, fold_post
from koor.flow.listening.logic.query import Query
from koor.flow.listening.logic.tree import (
    Near,
    Phrase,
    Stretch,
    Term,
    Word,
    any_near,
    beginning_with,
    in_a_row,
    words_of,
)

Name = TypeVar("Name", bound=Hashable)

_REMEMBERED = 200_000  # words whose beginnings are remembered
_COMMON = 1_000.0  # weight of a word of no letters; each further letter makes it rarer
_EVERYWHERE = 1_000_000.0  # weight of what half of all posts have beside their text


class AnyMatcher(Protocol[Name]):
    """What every engine does."""

    names: list[Name]

    def match(self, post: Post | str) -> list[Name]:
        """The names of the queries that this post meets, in the order in which they were given."""

    def match_many(self, posts: Iterable[Post | str]) -> list[list[Name]]:
        """The same for each of many posts."""


class Text:
    """A folded text as the matcher asks after it."""

    def __init__(self, folded: Folded, beginnings: Iterable[Word]) -> None:
        self.folded = folded
        self.holds: set[Word] = {*folded.words, *beginnings}
        for beside in (folded.tags, folded.beside):
            self.holds.update(word for word, _ in beside)
        self.known_places: dict[Word, Set[int]] = {}
        self.known_starts: dict[Phrase, Set[int]] = {}

    @cached_property
    def places(self) -> Mapping[Word, list[int]]:
        """Where each word stands; made only when a phrase has to be checked."""
        found: dict[Word, list[int]] = defaultdict(list)
        for place, word in enumerate(self.folded.words):
            found[word].append(place)
        for word, place in chain(self.folded.tags, self.folded.beside):
            found[word].append(place)
        return found

    @cached_property
    def ordered(self) -> Sequence[Word]:
        return sorted(self.places)

    def starts_with(self, beginning: Word) -> set[int]:
        """Places of all words with this beginning (given without its `*`)."""
        return {place for word in beginning_with(beginning, self.ordered) for place in self.places[word]}

    def places_of(self, word: Word) -> Set[int]:
        found = self.known_places.get(word)
        if found is None:
            found = self.starts_with(word[:-1]) if word.endswith("*") else set(self.places.get(word, ()))
            self.known_places[word] = found
        return found

    def starts_of(self, phrase: Phrase) -> Set[int]:
        """Where these words follow each other."""
        found = self.known_starts.get(phrase)
        if found is None:
            there = self.holds.issuperset(phrase)
            found = self.known_starts[phrase] = in_a_row(map(self.places_of, phrase)) if there else frozenset()
        return found

    def stretches(self, phrases: Iterable[Phrase]) -> list[Stretch]:
        return [(at, at + len(phrase) - 1) for phrase in phrases for at in self.starts_of(phrase)]

    def has_near(self, near: Near) -> bool:
        if not all(any(map(self.starts_of, side)) for side in (near.left, near.right)):
            return False
        return any_near(self.stretches(near.left), self.stretches(near.right), near.most)


@dataclass(frozen=True, slots=True)
class TermGroup:
    """A group taken apart: single words are one set comparison, phrases and what is near are looked at last."""

    words: frozenset[Word]
    phrases: tuple[Phrase, ...]
    nears: tuple[Near, ...]

    @classmethod
    def of(cls, terms: Iterable[Term]) -> TermGroup:
        terms = list(terms)
        phrases = sorted(term for term in terms if isinstance(term, tuple))
        nears = [term for term in terms if isinstance(term, Near)]
        return cls(frozenset(term for term in terms if isinstance(term, str)), tuple(phrases), tuple(nears))

    @property
    def costs(self) -> tuple[int, int, int]:
        return len(self.nears), len(self.phrases), len(self.words)

    def met_by(self, text: Text) -> bool:
        if not self.words.isdisjoint(text.holds):
            return True
        return any(map(text.starts_of, self.phrases)) or any(map(text.has_near, self.nears))


class _Check:
    """A clause made ready: cheap groups first, then those with phrases."""

    __slots__ = ("groups", "query", "without")

    def __init__(self, query: int, clause: Clause) -> None:
        self.query = query
        self.groups = sorted(map(TermGroup.of, clause.groups), key=lambda group: group.costs)
        self.without = TermGroup.of(clause.without)

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
        if word.startswith((":lang:", ":has:", ":source:")):
            return _EVERYWHERE
        return self.counts.get(word, 0) + _COMMON * 0.5 ** min(len(word), 20)

    def anchors_of(self, group: Group) -> dict[Word, float]:
        """For each term of a group the words to hang it on: of a phrase its rarest."""
        return {word: self.weight(word) for term in group for word in self.anchors(term)}

    def anchors(self, term: Term) -> list[Word]:
        if isinstance(term, str):
            return [term]
        if isinstance(term, tuple):
            return [min(term, key=self.weight)]
        sides = [[min(phrase, key=self.weight) for phrase in sorted(side)] for side in (term.left, term.right)]
        return min(sides, key=lambda side: sum(map(self.weight, side)))

    def rarest(self, groups: Iterable[Group]) -> Iterable[Word]:
        """The anchors of the group that is met least often."""
        anchors = [self.anchors_of(group) for group in groups]
        return min(anchors, key=lambda found: (sum(found.values()), sorted(found)))


class Matcher(Generic[Name]):
    """Finds the queries that a post meets. Made once for a set of queries, then only read."""

    def __init__(self, queries: Mapping[Name, Query], rarity: Rarity | None = None) -> None:
        self.names = list(queries)
        self.certain: dict[Word, list[int]] = {}  # a word that is all that these queries ask for
        self.anchored: dict[Word, list[_Check]] = {}  # where more has to be looked at
        self.beginnings: set[Word] = set()
        self.remembered: dict[Word, tuple[Word, ...]] = {}
        self.wants_tags = self.wants_beside = False
        rarity = rarity or Rarity()
        for place, query in enumerate(queries.values()):
            for clause in query.clauses:
                self._hang(place, clause, rarity)
        self.lengths = sorted({len(beginning) - 1 for beginning in self.beginnings})
        self.words_only = not (self.wants_tags or self.wants_beside or self.lengths)

    def _hang(self, query: int, clause: Clause, rarity: Rarity) -> None:
        alone = len(clause.groups) == 1 and not clause.without
        anchors = rarity.rarest(clause.groups)
        if alone and all(isinstance(term, str) for group in clause.groups for term in group):
            for word in anchors:
                self.certain.setdefault(word, []).append(query)
        else:
            check = _Check(query, clause)
            for word in anchors:
                self.anchored.setdefault(word, []).append(check)
        for term in chain(clause.without, *clause.groups):
            for word in words_of(term):
                self._note(word)

    def _note(self, word: Word) -> None:
        """What has to be made of a text beside its words, because a query asks for it."""
        self.wants_tags = self.wants_tags or word[0] in "#@"
        self.wants_beside = self.wants_beside or word[0] == ":"
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

    def text(self, post: Post | str) -> Text:
        """Folds a post once for this matcher."""
        text = post if isinstance(post, str) else post.text
        folded = fold(text) if self.wants_tags else Folded(words(text))
        if self.wants_beside and not isinstance(post, str):
            folded = Folded(folded.words, folded.tags, fold_beside(post, len(folded.words)))
        if not self.lengths:
            return Text(folded, ())
        held = chain(folded.words, (word for word, _ in chain(folded.tags, folded.beside)))
        return Text(folded, chain.from_iterable(map(self._beginnings_of, held)))

    def match(self, post: Post | str) -> list[Name]:
        """The names of the queries that this post meets, in the order in which they were given."""
        text: Text | None = None
        if self.words_only:
            held = words(post if isinstance(post, str) else post.text)
        else:
            text = self.text(post)
            held = list(text.holds)
        certain = [self.certain[word] for word in self.certain.keys() & held]
        met = set(chain.from_iterable(certain))
        tried: set[_Check] = set()  # one hangs on several words
        for word in self.anchored.keys() & held:
            text = text or Text(Folded(held), ())
            for check in self.anchored[word]:
                if check.query not in met and check not in tried:
                    tried.add(check)
                    if check.holds(text):
                        met.add(check.query)
        return [self.names[place] for place in sorted(met)]

    def match_many(self, posts: Iterable[Post | str]) -> list[list[Name]]:
        """The same for each of many posts: other engines are quicker so."""
        return [self.match(post) for post in posts]


def meets(query: Query, post: Post | str) -> bool:
    """Does one post meet one query? By the tree itself, without a table: for previews of a single text."""
    return query.tree.meets(fold(post) if isinstance(post, str) else fold_post(post))
