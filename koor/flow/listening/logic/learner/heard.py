"""What texts say that came by and that nobody labelled: which words stand beside those that the learner begins with."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from koor.flow.listening.logic.learner.words import BITS, Floats, Places

Numbers = NDArray[np.float64]

COUNTS = 0.5  # how much of what such words say is added
RARELY = 5.0  # texts of no label in particular, as which each word begins
SEEN = 3  # texts that a word has to stand in
TINY = 1e-6


class Heard:
    """Single words and pairs of them, each counted for the labels that the start gave to the texts that hold it.

    A text is no correction: it counts as far as the start is sure of it, and nothing that was learnt changes that."""

    def __init__(self, labels: int) -> None:
        self.count = np.zeros((1 << BITS, labels))
        self.met = np.zeros(1 << BITS)
        self.whole, self.texts = np.zeros(labels), 0
        self.says = np.zeros((1 << BITS, labels), np.float32)

    def hear(self, texts: Sequence[Places], chances: Numbers) -> None:
        """`texts` as the places of their words, `chances` as the start gives them."""
        for at, share in zip(texts, chances, strict=True):
            self.count[at] += share
            self.met[at] += 1
        self.whole += chances.sum(axis=0)
        self.texts += len(texts)
        usual = (self.met / max(self.texts, 1))[:, None]
        share = (self.count + RARELY * usual) / (self.whole + RARELY)
        self.says = (np.log(share + TINY) - np.log(usual + TINY)).astype(np.float32)
        self.says[self.met < SEEN] = 0

    def said(self, at: Places) -> Numbers:
        """What the words of one text add to each label."""
        return np.asarray(self.parts(at).sum(axis=0), np.float64)

    def parts(self, at: Places) -> Floats:
        """The same, of each word apart: more words say more together, but not as many times more."""
        known = float(np.count_nonzero(self.met.take(at) >= SEEN))
        return np.asarray(self.says.take(at, 0) * (COUNTS / math.sqrt(max(known, 1.0))), np.float32)
