"""Whether a topic fits a text: the learner says which is likeliest, and this whether that is enough to say so."""

from __future__ import annotations

from collections.abc import Sequence

from koor.flow.listening.logic.learner.words import words_of

SURE = 0.6  # of the learner alone, without a word of the topic
WHOLE = 5  # letters of a word of the topic that longer words may begin with


def fits(words: Sequence[str], given: Sequence[str]) -> bool:
    """Whether one of the words given for a topic stands in these; a long one also at the beginning of a longer word."""
    said = set(words)
    line = f" {' '.join(words)} "
    for one in (" ".join(words_of(entry)) for entry in given):
        if one in said or (" " in one and f" {one} " in line):
            return True
        if len(one) >= WHOLE and " " not in one and any(word.startswith(one) for word in said):
            return True
    return False
