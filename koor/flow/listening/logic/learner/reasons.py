"""Why the learner answers what it does: the words without which it would be less sure, and texts like this one."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from koor.flow.listening.logic.learner.families import EVERYDAY
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.words import words_of

MOST = 5
LOOKED_AT = 60  # words of a long text
SAYS_ENOUGH = 0.004  # how much less likely the answer is without a word that is a reason
LIKE = 3
ENOUGH_ALIKE = 0.12
LAST = 2_000  # of what was corrected, so much is looked at


def reasons(learner: Learner, text: str, label: int, lang: str = "") -> list[str]:
    """At most five words of a text, the strongest first: those without which the label would be less likely."""
    words = words_of(text)
    told = learner.chances(learner.read_words(words, lang))[label]
    found = {}
    for word in list(dict.fromkeys(words))[:LOOKED_AT]:
        if tells(word):
            without = learner.chances(learner.read_words([one for one in words if one != word], lang))[label]
            found[word] = told - without
    return sorted((word for word in found if found[word] > SAYS_ENOUGH), key=lambda word: -found[word])[:MOST]


def tells(word: str) -> bool:
    """Whether a word can be shown as a reason: no single letter, and none of the signs that stand for something."""
    return (len(word) > 1 or not word.isalnum()) and word not in {"@", "url", "0", ".", ","}


class Library:
    """Corrected texts, to find those that are like another one."""

    def __init__(self) -> None:
        self.texts: list[tuple[int, int, int]] = []  # key, label, how many telling words
        self.with_word: dict[str, list[int]] = {}  # the numbers of the texts that hold a word, in order

    def add(self, key: int, label: int, text: str) -> None:
        words = telling(text)
        for word in words:
            self.with_word.setdefault(word, []).append(len(self.texts))
        self.texts.append((key, label, len(words)))

    def like(self, text: str, label: int, but: int) -> list[int]:
        """The keys of at most three texts with this label that share the most of what is rare; not `but` itself."""
        words, first = telling(text), max(len(self.texts) - LAST, 0)
        shared: dict[int, float] = {}
        whole = 1e-9
        for word in words:
            there = self.with_word.get(word, ())
            weight = math.log(1 + (len(self.texts) - first) / (1 + len(there)))
            whole += weight
            for number in there[bisect_left(there, first) :]:
                shared[number] = shared.get(number, 0) + weight
        best = []
        for number, share in shared.items():
            key, said, theirs = self.texts[number]
            near = share / whole * math.sqrt(min(1.0, len(words) / max(theirs, 1)))
            if said == label and key != but and near >= ENOUGH_ALIKE:
                best.append((near, key))
        return [key for _near, key in sorted(best, reverse=True)[:LIKE]]


def telling(text: str) -> frozenset[str]:
    """The words of a text that say something."""
    return frozenset(word for word in _words(words_of(text)) if word not in EVERYDAY)


def _words(words: Sequence[str]) -> Iterable[str]:
    return (word for word in words if len(word) > 2 and word[0].isalpha())
