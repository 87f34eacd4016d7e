"""Many texts at once: what the learner says of each, how sure it is, and by which words. The answers are the same as
one by one; the reasons are those of the row of numbers and of the table, without reading a text again for each word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from koor.flow.listening.logic.learner.families import TIMES
from koor.flow.listening.logic.learner.heard import Heard
from koor.flow.listening.logic.learner.model import Learner, Numbers, Read, softmax
from koor.flow.listening.logic.learner.reasons import MOST, SAYS_ENOUGH, tells
from koor.flow.listening.logic.learner.words import Floats, Places, places, words_of

AT_ONCE = 500  # texts

Numbered = NDArray[np.int64]


@dataclass(frozen=True)
class Text:
    """A text read for any question: its words, where they lie in a table, and its language where that is known."""

    words: list[str]
    at: Places
    weights: Floats
    lang: str = ""


@dataclass(frozen=True)
class Said:
    """The likeliest answer, how sure the learner is of it, and by at most five words, the strongest first."""

    label: int
    sure: float
    reasons: list[str]


def text_of(text: str, lang: str = "") -> Text:
    words = words_of(text)
    return Text(words, *places(words or [""]), lang)


def say_many(learner: Learner, texts: Sequence[Text]) -> list[Said]:
    """What the learner says of these texts, in their order."""
    return [said for at in range(0, len(texts), AT_ONCE) for said in _say(learner, texts[at : at + AT_ONCE])]


def _say(learner: Learner, texts: Sequence[Text]) -> list[Said]:
    hits = [learner.reader.hits(text.words, text.lang) for text in texts]
    raw = np.zeros((len(texts), learner.reader.wide + 1))
    for at, found in enumerate(hits):
        row = raw[at]
        for _word, place, weight in found:
            row[place] += weight
    rows = raw**TIMES
    rows[:, -4:-1] = [learner.reader.signs(text.words) for text in texts]
    rows[:, -5] = learner.reader.quiet(rows)
    rows[:, -1] = 1
    reads = [Read(row, text.at, text.weights) for row, text in zip(rows, texts, strict=True)]
    chances = learner.many_chances(reads)
    labels = chances.argmax(axis=1)
    why = _reasons(learner, texts, hits, raw, chances, labels)
    sure = chances[np.arange(len(texts)), labels]
    return [Said(int(label), float(share), words) for label, share, words in zip(labels, sure, why, strict=True)]


def _reasons(
    learner: Learner,
    texts: Sequence[Text],
    hits: Sequence[Sequence[tuple[int, int, float]]],
    raw: Numbers,
    chances: Numbers,
    labels: Numbered,
) -> list[list[str]]:
    """Of each text the words without which the answer would be less likely, the strongest first."""
    words = _Words(texts)
    lost = words.lost(learner, hits, raw)
    without = softmax(np.log(np.maximum(chances, 1e-12))[words.text] - lost)
    at = np.arange(len(words.text))
    label = labels[words.text]
    drop = chances[words.text, label] - without[at, label]
    found: list[list[str]] = [[] for _ in texts]
    strong = np.flatnonzero(drop > SAYS_ENOUGH)
    for one in strong[np.argsort(-drop[strong], kind="stable")].tolist():
        row, word = found[words.text[one]], words.spelt[one]
        if len(row) < MOST and tells(word):
            row.append(word)
    return found


class _Words:
    """The different words of some texts, each once a text."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.texts, self.spelt = texts, list[str]()
        self.numbers: list[list[int]] = []  # of each text: which of the different words its words are
        text: list[int] = []
        for at, one in enumerate(texts):
            known: dict[str, int] = {}
            for word in one.words:
                if word not in known:
                    known[word] = len(self.spelt)
                    self.spelt.append(word)
                    text.append(at)
            self.numbers.append([known[word] for word in one.words])
        self.text = np.array(text, np.int64)

    def lost(self, learner: Learner, hits: Sequence[Sequence[tuple[int, int, float]]], raw: Numbers) -> Numbers:
        """How much each word adds to each label."""
        trust = learner.trust() * learner.heat
        weights = trust[0] * learner.start + (trust[1] + trust[2]) * learner.moved
        lost = np.zeros((len(self.spelt), len(learner.labels)))
        triples = [(own[at], place, by) for own, row in zip(self.numbers, hits, strict=True) for at, place, by in row]
        if triples:
            self._by_row(lost, np.array(triples), raw, weights)
        if learner.answers and self.spelt:
            self._by_table(lost, learner, float(trust[2]))
        if learner.heard is not None and learner.heard.texts:
            self._by_heard(lost, learner.heard)
        return lost

    def _by_row(self, lost: Numbers, triples: Numbers, raw: Numbers, weights: Numbers) -> None:
        wide = raw.shape[1]
        keys, which = np.unique(
            triples[:, 0].astype(np.int64) * wide + triples[:, 1].astype(np.int64), return_inverse=True
        )
        share = np.bincount(which, triples[:, 2])
        word, place = keys // wide, keys % wide
        there = raw[self.text[word], place]
        gone = there**TIMES - np.maximum(there - share, 0) ** TIMES
        np.add.at(lost, word, gone[:, None] * weights[place])

    def _by_table(self, lost: Numbers, learner: Learner, trust: float) -> None:
        """Single words, and the pairs that they are in: of `places` these come first."""
        word, at, by = list[int](), list[Places](), list[Floats]()
        for one, own in zip(self.texts, self.numbers, strict=True):
            many = len(own)
            if not many:
                continue
            word += [*own, *own[:-1], *own[1:]]
            at += [one.at[:many], one.at[many : 2 * many - 1], one.at[many : 2 * many - 1]]
            by += [one.weights[:many], one.weights[many : 2 * many - 1], one.weights[many : 2 * many - 1]]
        added = np.concatenate(by)[:, None] * learner.table.take(np.concatenate(at), 0) * (trust * learner.told())
        np.add.at(lost, np.array(word), added)

    def _by_heard(self, lost: Numbers, heard: Heard) -> None:
        """What was heard of single words."""
        for one, own in zip(self.texts, self.numbers, strict=True):
            if own:
                np.add.at(lost, np.array(own), heard.parts(one.at[: len(own)]))
