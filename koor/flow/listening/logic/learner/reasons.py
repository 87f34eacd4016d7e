"""Why the learner answers what it does: the words without which it would be less sure, and texts like this one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from koor.flow.listening.logic.learner.families import EVERYDAY
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.words import words_of

MOST = 5
LOOKED_AT = 60  # words of a long text
LIKE = 3
ENOUGH_ALIKE = 0.12


def reasons(learner: Learner, text: str, label: int, lang: str = "") -> list[str]:
    """At most five words of a text, the strongest first: those without which the label would be less likely."""
    words = words_of(text)
    told = learner.chances(learner.read_words(words, lang))[label]
    found = {}
    for word in list(dict.fromkeys(words))[:LOOKED_AT]:
        if len(word) > 1 or not word.isalnum():
            without = learner.chances(learner.read_words([one for one in words if one != word], lang))[label]
            found[word] = told - without
    strong = sorted((word for word in found if found[word] > 0.004), key=lambda word: -found[word])
    return [word for word in strong if word not in {"@", "url", "0", ".", ","}][:MOST]


class Library:
    """Corrected texts, to find those that are like another one."""

    def __init__(self) -> None:
        self.texts: list[tuple[int, int, frozenset[str]]] = []
        self.met: Counter[str] = Counter()

    def add(self, key: int, label: int, text: str) -> None:
        words = telling(text)
        self.texts.append((key, label, words))
        self.met.update(words)

    def like(self, text: str, label: int, but: int) -> list[int]:
        """The keys of at most three texts with this label that share the most of what is rare; not `but` itself."""
        words, last = telling(text), self.texts[-2_000:]
        weights = {word: math.log(1 + len(last) / (1 + self.met[word])) for word in words}
        near = ((self._near(words, theirs, weights), key) for key, said, theirs in last if said == label and key != but)
        best = sorted(((share, key) for share, key in near if share >= ENOUGH_ALIKE), reverse=True)
        return [key for _share, key in best[:LIKE]]

    @staticmethod
    def _near(words: frozenset[str], theirs: frozenset[str], weights: dict[str, float]) -> float:
        shared = sum(weights[word] for word in words & theirs)
        size = min(1.0, len(words) / max(len(theirs), 1))
        return shared / (sum(weights.values()) + 1e-9) * math.sqrt(size)


def telling(text: str) -> frozenset[str]:
    """The words of a text that say something."""
    return frozenset(word for word in _words(words_of(text)) if word not in EVERYDAY)


def _words(words: Sequence[str]) -> Iterable[str]:
    return (word for word in words if len(word) > 2 and word[0].isalpha())
