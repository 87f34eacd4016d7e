"""The learner: one linear model per question. What it starts with stays; corrections are added as far as they help.

Three ways of answering are kept beside each other: the start alone, the start moved by corrections, and that with what
single words and pieces of words have shown. Each correction is first answered by all three; who answered better before
weighs more. Where they would say together what the start alone does not, and there are many labels or the start errs
little, the start is followed until the corrections so far prove the others better: a few corrections hardly make it
worse than it began. The same corrections in the same order give the same model: where it draws earlier ones to
go over again, it draws by their number.

With few labels it also hears texts that nobody labelled: which words stand beside those it begins with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from koor.flow.listening.logic.learner.families import Reader
from koor.flow.listening.logic.learner.heard import Heard
from koor.flow.listening.logic.learner.words import BITS, Floats, Places, places, words_of

Numbers = NDArray[np.float64]

PULL, PULL_OF_ALL = 4.0, 2.0  # how strongly what is learnt is drawn to where it began; what a label has in any text
RARE = 3.0  # how much more so for a label few have named; it needs so many before single words count for half
BALANCE, BALANCE_MANY, MOST = 0.8, 0.5, 4.0  # how much more a rare label's counts, also with many, and at most
STEPS, FAR = 5, 0.4  # steps of a fit, and how long one may be
RESIDUAL_RATE = 0.12
LONG = 6.0  # numbers of a row, squared and added, from which a text is long
FEW = 50  # corrections up to which each is followed by a fit
CLOSE = 200  # corrections up to which every one is thought over at length
BATCH, REPLAY = 256, 6
AT_ONCE = 1_800  # places of the table that are gone over in one go
HASTE, FAIR = 1.0, 0.3  # how much a better record counts, and how much more so one on rare labels
WARY = np.array((3.0, 0.0, 3.0))  # after so many corrections of each label the three are trusted alike
HEAT, HEAT_SEEN = 0.15, 4.0  # how fast the start learns how sure it may be
HALF = 0.45  # where the start errs so much less than who always says the same, others need proof
FIRST, SURELY = 3.0, 0.5  # so many times right where the start was not; and more by what chance may have given
EASY = 6  # with more labels others than the start need proof in any case


@dataclass(frozen=True)
class Read:
    """A text as the learner sees it."""

    row: Numbers
    at: Places
    weights: Floats

    @cached_property
    def words(self) -> Places:
        """Where its words and pairs of words lie, each once: they come first; each weighs one by the root of all."""
        return np.unique(self.at[: round(float(self.weights[0]) ** -2)])


def softmax(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


class Learner:
    """Learns one question. `labels` are the answers, `seeds` the words that an organisation gives for each."""

    def __init__(self, labels: Sequence[str], seeds: Mapping[str, Sequence[str]], lang: str = "") -> None:
        self.labels = list(labels)
        self.reader = Reader(self.labels, seeds, lang)
        # A house may have given no words yet
        self.start = self.reader.start() if self.labels else np.zeros((self.reader.wide + 1, 0))
        self.moved = self.start.copy()
        self._along = np.full((len(self.start), 1), len(self.start) ** -0.5)
        self._pull = np.full((len(self.start), 1), PULL * max(len(self.labels) / 3, 1) ** 1.5)
        self._pull[-1] *= PULL_OF_ALL / PULL
        self.table = np.zeros((1 << BITS, len(self.labels)), np.float32)
        self._seen = np.full_like(self.table, 0.01)
        self.counts = np.zeros(len(self.labels))
        self.heat, self._heat_seen = (
            np.ones(3),
            np.full(3, HEAT_SEEN),
        )  # how much of its sureness each of the three keeps
        self.record = np.zeros(3)
        self.right = 0  # corrections that the start alone said before
        self.won, self._chance = 0.0, 0.0  # how often what was learnt was right and the start wrong, less the reverse
        self.answers: list[tuple[float, bool]] = []  # of each correction: how sure it was before, and whether rightly
        self.heard = Heard(len(self.labels)) if len(self.labels) <= EASY else None
        self._rows = np.zeros((256, self.reader.wide + 1))
        self._truth = np.zeros(256, np.int64)
        self._said = np.zeros((256, len(self.labels)))  # what was heard of the words of each correction
        self._reads: list[Read] = []

    def read(self, text: str, lang: str = "") -> Read:
        return self.read_words(words_of(text), lang)

    def read_words(self, words: list[str], lang: str = "") -> Read:
        at, weights = places(words or [""])
        return Read(np.append(self.reader.read(words, lang), 1.0), at, weights)

    def hear(self, reads: Sequence[Read]) -> None:
        """Texts that came by and that nobody labelled, before anything is learnt. With many labels the start is too
        often wrong for them to help."""
        if self.heard is not None and reads:
            self.heard.hear(
                [read.words for read in reads], softmax(np.array([read.row for read in reads]) @ self.start)
            )

    def hears(self, read: Read) -> Numbers:
        """What was heard of the words of a text."""
        if self.heard is None or not self.heard.texts:
            return np.zeros(len(self.labels))
        return self.heard.said(read.words)

    # Answering

    def chances(self, read: Read) -> Numbers:
        """How likely each label is."""
        return self._together(self._three(read))

    def _together(self, three: Numbers, trust: Numbers | None = None) -> Numbers:
        """One answer of the three: what they say together, or the start where the others have yet to prove better."""
        trust = self.trust() if trust is None else trust
        said = np.asarray(trust @ three if three.ndim == 2 else np.tensordot(trust, three, 1))
        if self.proven():
            return said
        same = said.argmax(axis=-1) == three[0].argmax(axis=-1)
        return np.where(same[..., None], said, three[0])

    def proven(self) -> bool:
        """Whether what was learnt may say what the start does not: where that has proved right more often. With few
        labels and a start that errs often, unless it has proved wrong more often."""
        wanted = FIRST + SURELY * self._chance**0.5
        others = float(self.counts.sum() - self.counts.max(initial=0))  # wrong if it said what is said most, always
        wary = len(self.labels) > EASY or len(self.answers) - self.right <= HALF * others + 1
        return bool(self.won >= (wanted if wary else -wanted))

    def _three(self, read: Read, heard: Numbers | None = None) -> Numbers:
        heard = self.hears(read) if heard is None else heard
        moved = read.row @ self.moved + heard
        shown = (read.weights @ self.table.take(read.at, 0)) * self.told()
        return softmax(self.heat[:, None] * np.array([read.row @ self.start, moved, moved + shown]))

    def told(self) -> Numbers:
        """How much single words count for each label: they have to be seen with it first."""
        return self.counts / (self.counts + RARE)

    def trust(self) -> Numbers:
        """How much each of the three ways of answering weighs."""
        wary = -WARY * len(self.labels) / (len(self.answers) + 1)
        return softmax(wary - HASTE * (self.record - self.record.min()))

    def many_chances(self, reads: Sequence[Read]) -> Numbers:
        """The same as `chances` for many texts at once."""
        rows = np.array([read.row for read in reads])
        edges = np.cumsum([0, *(len(read.at) for read in reads[:-1])])
        at = np.concatenate([read.at for read in reads])
        weighed = np.concatenate([read.weights for read in reads])[:, None] * self.table.take(at, 0)
        shown = np.add.reduceat(weighed, edges, axis=0) * self.told()
        heard = np.array([self.hears(read) for read in reads])
        moved = rows @ self.moved + heard
        return self._together(softmax(self.heat[:, None, None] * np.array([rows @ self.start, moved, moved + shown])))

    # Learning

    def learn(self, read: Read, label: int) -> None:
        """One correction, in the order in which they were given."""
        heard = self.hears(read)
        three = self._three(read, heard)
        trust = self.trust()
        told = self._together(three, trust)
        self.answers.append((float(told.max()), int(told.argmax()) == label))
        said, began = int((trust @ three).argmax()), int(three[0].argmax())
        self.counts[label] += 1
        self.right += began == label
        self._prove(said, began, label)
        self.record -= np.log(np.maximum(three[:, label], 1e-3)) * self._worth(FAIR)[label]
        self._cool(three, label)
        self._keep(read, label, heard)
        number = len(self._reads)
        if number <= FEW or (number <= CLOSE and not number % 4) or not number % 16:
            self._move()
        if number <= CLOSE or not number % 5:
            self._replay(number)

    def _prove(self, said: int, began: int, label: int) -> None:
        """Where what was learnt says something else than the start: who was right. A rare label counts more."""
        if said != began:
            won = float(self._worth()[label]) * ((said == label) - (began == label))
            self.won += won
            self._chance += won * won

    def _cool(self, three: Numbers, label: int) -> None:
        """Each of the three says the same as ever, but no surer than it is right, or it would lose trust for that."""
        scores = np.log(np.maximum(three, 1e-9)) / self.heat[:, None]
        pull = (three * scores).sum(axis=1) - scores[:, label]
        self._heat_seen += pull * pull
        self.heat = np.minimum(np.maximum(self.heat - HEAT * pull / np.sqrt(self._heat_seen), 0.2), 3.0)

    def _keep(self, read: Read, label: int, heard: Numbers) -> None:
        number = len(self._reads)
        if number == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._truth = np.concatenate([self._truth, np.zeros_like(self._truth)])
            self._said = np.concatenate([self._said, np.zeros_like(self._said)])
        self._rows[number], self._truth[number], self._said[number] = read.row, label, heard
        self._reads.append(read)

    def _worth(self, balance: float | None = None) -> Numbers:
        """What a correction to each label counts: a rare one more, four times at most, one on average."""
        if balance is None:
            balance = BALANCE if len(self.labels) <= EASY else BALANCE_MANY
        seen = np.maximum(self.counts, 1)
        worth = np.minimum((self.counts.sum() / len(seen) / seen) ** balance, MOST)
        return np.asarray(worth * (self.counts.sum() / max(float(self.counts @ worth), 1e-9)))

    def _draw(self, number: int, most: int) -> NDArray[np.int64]:
        """Which earlier corrections are gone over: drawn from the number of this one, so a replay draws the same."""
        if number <= most:
            return np.arange(number)
        return (np.arange(most, dtype=np.int64) * 2_654_435_761 + number * 40_503) % number

    def _move(self) -> None:
        """Some steps of the short rows: towards the corrections, and back towards where they began. Each goes on a
        little where the one before went; the last direction in which most rows lie tells how far a step may go."""
        number = len(self._reads)
        chosen = self._draw(number, BATCH)
        rows, truth = self._rows[chosen], self._truth[chosen]
        worth = self._worth()[truth][:, None] * (number / len(chosen))
        for _ in range(2):
            along = rows.T @ (worth * (rows @ self._along))
            far = float(np.sqrt((along * along).sum()))
            self._along = along / max(far, 1e-9)
        far = max(FAR * far, 1.0)
        long = max(float((rows * rows).sum()) / len(chosen) / LONG, 1.0)  # long texts tell more, and must not tell all
        pull = self._pull * (long * (1 + RARE / (self.counts + 1)) / far)
        at, heavy = self.moved, 1.0
        for _ in range(STEPS):
            gap = softmax(rows @ at)
            gap[np.arange(len(chosen)), truth] -= 1
            new = (at - rows.T @ (gap * worth) / far + pull * self.start) / (1 + pull)
            heavier = (1 + (1 + 4 * heavy * heavy) ** 0.5) / 2
            at, self.moved, heavy = new + (heavy - 1) / heavier * (new - self.moved), new, heavier

    def _as_many(self, chosen: Sequence[int]) -> tuple[list[Read], list[int]]:
        """This correction and as many earlier ones as are gone over in one go: fewer when they are long."""
        kept, places = [chosen[-1]], len(self._reads[chosen[-1]].at)
        for one in chosen[:-1]:
            places += len(self._reads[one].at)
            if places <= AT_ONCE:
                kept.append(int(one))
        return [self._reads[one] for one in kept], kept

    def _replay(self, number: int) -> None:
        """One step of the table: this correction and a few earlier ones together."""
        chosen = [*self._draw(number, REPLAY - 1), number - 1] if number > 1 else [0]
        reads, chosen = self._as_many(chosen)
        at = np.concatenate([read.at for read in reads])
        weights = np.concatenate([read.weights for read in reads])[:, None]
        lengths = [len(read.at) for read in reads]
        edges = np.cumsum([0, *lengths[:-1]])
        told = self.table.take(at, 0)
        shown = np.add.reduceat(weights * told, edges, axis=0)
        gap = softmax(self._rows[chosen] @ self.moved + self._said[chosen] + shown * self.told())
        truth = self._truth[chosen]
        gap[np.arange(len(chosen)), truth] -= 1
        gap *= self._worth()[truth][:, None]
        slope = weights * np.repeat(gap.astype(np.float32), lengths, axis=0)
        seen = self._seen.take(at, 0) + slope * slope
        self._seen[at] = seen
        self.table[at] = told - RESIDUAL_RATE * slope / np.sqrt(seen)
