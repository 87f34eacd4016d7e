"""The fast engine: the same answers as the reference (`logic.match`), by compiled code for many posts at once.

The text of a batch is given to compiled code as the code points of one long string. A post whose text may have another
normal form, or holds what the table does not know yet, is seen to here and given once more."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Generic

import numpy as np

from koor.flow.listening.logic.fast.batch import match_batch
from koor.flow.listening.logic.fast.codes import MOST_BYTES, codes
from koor.flow.listening.logic.fast.judge import Room
from koor.flow.listening.logic.fast.program import Builder, Large, Numbers
from koor.flow.listening.logic.match import Name, Rarity
from koor.flow.listening.logic.post import Post, fold_beside
from koor.flow.listening.logic.query import Query
from koor.kernel.normal import normal

BATCH = 512  # posts in one call: their text stays in the processor's cache
MOST = 2_000_000  # characters in one call, so that long posts don't fill the memory
_AHEAD = 10_000  # characters for which room is made before they come
_FORGET = 1 << 30  # posts after which their numbers begin anew
_KEPT = 1 << 20  # answers for which the room is kept
_REMEMBERED = 100_000  # posts whose author, source and so on are remembered,
_SHORT = 500  # letters: longer ones are read anew each time


class FastMatcher(Generic[Name]):
    """Finds the queries that posts meet. Made once for a set of queries, then only asked."""

    def __init__(self, queries: Mapping[Name, Query], rarity: Rarity | None = None) -> None:
        self.names = list(queries)
        self.named = np.fromiter(self.names, object, len(self.names))
        built = Builder(queries.values(), rarity)
        self.program, self.state = built.program(), built.state()
        self.codes = codes()
        self.cells = self.codes.cells(bool(self.program.wants[0]))
        self.fields = {word: atom for word, atom in built.atoms.items() if word[0] == ":"}
        self.starts = sorted({len(word) - 1 for word in self.fields if word.endswith("*")})
        self.remembered: dict[tuple[Any, ...], list[int]] = {}
        self.found = np.empty(1024, np.int32)
        self.asking = threading.Lock()
        self.room, self.longest = _room(0, 0), 0

    def match(self, post: Post | str) -> list[Name]:
        """The names of the queries that this post meets, in the order in which they were given."""
        return self.match_many([post])[0]

    def match_many(self, posts: Iterable[Post | str]) -> list[list[Name]]:
        """The same for each of many posts."""
        met: list[list[Name]] = []
        posts = iter(posts)
        while batch := list(islice(posts, BATCH)):
            met += self._batch(batch)
        return met

    def _batch(self, posts: list[Post | str]) -> list[list[Name]]:
        """The answers for so many posts that their text has room; else for half of them, and the other half."""
        texts, whole = _joined(posts)
        cuts = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=cuts[1:])
        if cuts[-1] > MOST and len(texts) > 1:
            half = len(texts) // 2
            return self._batch(posts[:half]) + self._batch(posts[half:])
        return self._met(texts, whole, cuts, self._given(posts) if self.fields else None)

    def _met(self, texts: Sequence[str], whole: str, cuts: Large, given: list[list[int]] | None) -> list[list[Name]]:
        found, upto = self._run(whole, cuts, given, False)
        picked, ends = self.named[found].tolist(), np.maximum(upto, -1 - upto).tolist()
        answers = [picked[begin:end] if begin < end else [] for begin, end in zip([0, *ends], ends, strict=False)]
        if again := np.flatnonzero(upto < 0).tolist():
            settled = [normal(texts[place]) for place in again]
            self.codes.learn(settled)
            cuts = np.cumsum([0, *map(len, settled)])
            found, upto = self._run("".join(settled), cuts, given and [given[place] for place in again], True)
            for place, begin, end in zip(again, [0, *upto], upto, strict=False):
                answers[place] = self.named[found[begin:end]].tolist()
        return answers

    def _run(self, whole: str, cuts: Large, given: list[list[int]] | None, settled: bool) -> tuple[Numbers, Large]:
        """What compiled code says of these posts: the numbers of queries, and where those of each post end."""
        points = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
        upto = np.empty(len(cuts) - 1, np.int64)
        beside = _beside(given) if given else (_NOWHERE[: len(cuts)], _NOBODY)
        longest = int(np.diff(cuts).max())
        with self.asking:
            self._make_room(longest, max(map(_extent, given)) if given else 0)
            asked = (points, cuts, settled, self.cells, beside, self.program, self.state, self.room)
            found = self.found
            while (last := _compiled(*asked, found, upto)) > len(found):
                found = np.empty(2 * last, np.int32)
            if len(found) <= _KEPT:
                self.found = found
            return found[:last].copy(), upto

    def _make_room(self, longest: int, beside: int) -> None:
        """Scratch for the longest post; what a very long one asked for is not kept."""
        if self.state.post[0] > _FORGET:
            self._forget()
        wanted = longest + beside
        if wanted > self.longest or (self.longest > 100_000 and wanted < 10_000):
            more = min(wanted, _AHEAD)
            self.longest = wanted + more
            self.room = _room(longest + more, beside + more)

    def _forget(self) -> None:
        for seen in self.state:
            seen[:] = 0

    def _given(self, posts: Sequence[Post | str]) -> list[list[int]]:
        """The atoms beside each post with their places behind the text, in a row."""
        return [self._fields(post) if isinstance(post, Post) else [] for post in posts]

    def _fields(self, post: Post) -> list[int]:
        key = (post.author, post.handle, post.language, post.source, post.platform, post.media)
        found = self.remembered.get(key)
        if found is None:
            found = [one for word, at in fold_beside(post, -1) for atom in self._atoms(word) for one in (atom, at)]
            short = len(post.author) + len(post.handle) + len(post.source) < _SHORT
            if short and len(self.remembered) < _REMEMBERED:
                self.remembered[key] = found
        return found

    def _atoms(self, word: str) -> Iterator[int]:
        for form in (word, *(word[:length] + "*" for length in self.starts if length <= len(word))):
            if form in self.fields:
                yield self.fields[form]


_compiled: Any = match_batch
_NOWHERE, _NOBODY = np.zeros(BATCH + 1, np.int64), np.zeros(0, np.int32)


def _joined(posts: list[Any]) -> tuple[Sequence[str], str]:
    """Their texts, and all of them in one; posts that are texts already are told by that they can be joined."""
    try:
        return posts, "".join(posts)
    except TypeError:
        texts = [_text(post) for post in posts]
        return texts, "".join(texts)


def _text(post: Post | str) -> str:
    return post if isinstance(post, str) else post.text


def _extent(beside: list[int]) -> int:
    """The room that atoms beside a post ask for: the places up to the last of them, and themselves."""
    return beside[-1] + 2 + len(beside) if beside else 0


def _beside(given: list[list[int]]) -> tuple[Any, Any]:
    ends = np.cumsum([0, *(len(each) // 2 for each in given)])
    return ends, np.array([one for each in given for one in each], np.int32)


def _room(longest: int, beside: int) -> Room:
    """For posts of this length: words, letters, and events for every letter of a word and of a tag."""
    words, said = longest + 2, np.zeros(2 * MOST_BYTES * (longest + 4), np.uint8)
    events, places = len(said) // 4 + beside, words + beside + 4
    return Room(
        said=said,
        wide=said.view(np.uint64),
        ends=np.empty(words, np.int64),
        signs=np.empty(2 * words, np.int32),
        atoms=np.empty(events, np.int32),
        places=np.empty(events, np.int32),
        later=np.empty(events, np.int32),
        beside=np.empty(events, np.int32),
        heads=np.zeros(places, np.int32),
        furthest=np.empty(places, np.int32),
        touched=np.empty(events, np.int32),
        counts=np.zeros(2, np.int64),
    )
