"""How well the learner does on a file of labelled texts: a fixed quarter is never shown, the rest are corrections."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from koor.flow.listening.logic.learner.model import Learner, Read
from koor.flow.listening.logic.learner.promise import threshold

CHECKPOINTS = (0, 10, 50, 200, 1000)
PROMISES = ("0.90", "0.95")
CLOSELY = 200  # corrections up to which every tenth is looked at for the lowest
APART = 20_150_224  # what the fixed quarter is drawn with, whatever the order of the rest

Rows = Sequence[tuple[str, str]]


def quarter(rows: Rows) -> tuple[list[int], list[int]]:
    """The places of the fixed quarter of each label, and of the rest in the order of the file."""
    draw = random.Random(APART)
    apart: set[int] = set()
    for label in sorted({label for _text, label in rows}):
        places = [at for at, row in enumerate(rows) if row[1] == label]
        apart.update(draw.sample(places, round(len(places) / 4)))
    return sorted(apart), [at for at in range(len(rows)) if at not in apart]


class Trial:
    """One run of the learner over a file."""

    def __init__(self, rows: Rows, seeds: Mapping[str, Sequence[str]], lang: str = "") -> None:
        self.rows = rows
        labels = list(seeds) or sorted({label for _text, label in rows})
        self.learner = Learner(labels, seeds, lang)
        self.tested, self.shown = quarter(rows)
        self.reads: list[Read] = [self.learner.read(rows[at][0]) for at in self.tested]
        self.truth = np.array([labels.index(rows[at][1]) for at in self.tested])
        self.seconds = 0.0
        self._hear()

    def _hear(self) -> None:
        """The texts that will be corrected came by before, without their labels, as they do in a house."""
        reads = [self.learner.read(self.rows[at][0]) for at in self.shown]
        begun = time.process_time()
        self.learner.hear(reads)
        self.seconds += time.process_time() - begun

    def run(self, order: str = "random", seed: int = 0) -> dict[str, Any]:
        """`random` draws the order of the corrections with `seed`; `time` keeps that of the rows."""
        if order == "random":
            random.Random(seed).shuffle(self.shown)
        after: dict[str, dict[str, float] | None] = {str(number): None for number in CHECKPOINTS}
        after["0"] = lowest = self.measured()
        begun = time.process_time()  # asked seldom: where the clock is slow it takes as long as half a correction
        for number, at in enumerate(self.shown, 1):
            self._correct(*self.rows[at])
            if number in CHECKPOINTS or (number <= CLOSELY and not number % 10):
                self.seconds += time.process_time() - begun
                now = self.measured()
                if number in CHECKPOINTS:
                    after[str(number)] = now
                if number <= CLOSELY:
                    lowest = {name: min(lowest[name], now[name]) for name in now}
                begun = time.process_time()
        self.seconds += time.process_time() - begun
        return {
            "after": after,
            "lowest": lowest,
            "promises": {promise: self.kept(float(promise)) for promise in PROMISES},
            "texts_per_cpu_second": round(len(self.shown) / self.seconds) if self.seconds else None,
        }

    def _correct(self, text: str, label: str) -> None:
        """One text as it comes in: read, answered, corrected."""
        learner = self.learner
        read = learner.read(text)
        learner.learn(read, learner.labels.index(label))  # answers first: what is learnt begins with how sure it was

    def measured(self) -> dict[str, float]:
        said = self.learner.many_chances(self.reads).argmax(axis=1)
        return {
            "accuracy": round(float((said == self.truth).mean()), 4),
            "macro_f1": round(macro_f1(self.truth, said, len(self.learner.labels)), 4),
        }

    def kept(self, promise: float) -> dict[str, float | None]:
        """How much of the quarter is answered under a promise, and how much of that is right."""
        least = threshold(self.learner.answers, promise)
        chances = self.learner.many_chances(self.reads)
        sure = chances.max(axis=1) >= (2.0 if least is None else least)
        right = (chances.argmax(axis=1) == self.truth)[sure]
        return {
            "coverage": round(float(sure.mean()), 4),
            "accuracy": round(float(right.mean()), 4) if len(right) else None,
        }


def macro_f1(truth: Any, said: Any, labels: int) -> float:
    """The mean over the labels that occur of the harmonic mean of precision and recall."""
    parts = []
    for label in range(labels):
        given, found = truth == label, said == label
        if given.any() or found.any():
            parts.append(2 * float((given & found).sum()) / float(given.sum() + found.sum()))
    return sum(parts) / len(parts) if parts else 0.0
