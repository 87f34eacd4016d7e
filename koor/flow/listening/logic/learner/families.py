"""Families of words, and what the words that an organisation gives for its labels say at the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from koor.flow.listening.logic.learner.words import words_of

HERE = Path(__file__).parent
LONGEST_PHRASE = 3
LANGUAGES = ("nl", "en")
MOST_KEPT = 100_000  # words that a book remembers
TIMES = 0.65  # the power with which a word counts that is said again
REACH = 3  # words after a negation that it turns
COMMON = 0.22  # what a word counts that stands in nearly every text
OWN, KIN, LEAN = 0.8, 1.3, 0.5  # what a label's own word counts, one of a family of it, a complaint without a label
ASKING, MARK = 0.6, 0.4  # a word that asks is also in complaints; a question mark at the end says more
FEW = 1.15  # a label with so many times fewer words than the others was given telling ones
MOST_TELLING = 2.5  # but never more than so: one word alone says little
QUIET = 1.5  # what it counts for a label of everyday words that a text holds nothing else
SIGNS = 4  # numbers at the end of a row that no single word says
TONES = frozenset({"praise", "bad", "refusing"})  # families that are met in every text: one word of them is no sign


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that stand in nearly every text, and those that turn what follows
EVERYDAY = _words(
    """
    the a an and or to of in on for is are was be been it its this that i you we they he she my your our me us at
    with from have has had do does did so but if as by can could will would just get got up out there their them
    what when how all about any some im de het een en te van voor zijn ben er dit dat die ik je jij u wij ze zij hij
    mijn jouw uw ons met om aan als maar dan nog ook wel al naar bij door over uit heb heeft hebben niet no not geen
    wat hoe wie kan deze who which where please need want tell ! ? . ,
    """
)
TURNS = _words(
    """
    not no never isnt wasnt dont didnt doesnt cant cannot couldnt wont wouldnt aint arent werent hasnt havent hadnt
    shouldnt nor without hardly barely less niet geen nooit nauwelijks zonder weinig noch minder nergens nimmer
    """
)
ENGLISH = _words(
    "the and or to of for are be been it this that you my your with has have your from our they not its im"
)
DUTCH = _words(
    "de het een en van voor zijn dit dat ik je jij wij ze met om aan maar ook bij niet geen er op mijn onze u"
)
STOPS = _words(
    """
    . , ! ? ; : but maar however though
    """
)


@dataclass(frozen=True)
class Family:
    """Words that mean nearly the same."""

    name: str
    leans: str
    near: str
    whole: frozenset[str]
    stems: tuple[str, ...]
    counts: float = 1.0

    def holds(self, word: str) -> bool:
        return word in self.whole or (bool(self.stems) and word.startswith(self.stems))


def _family(name: str, given: Mapping[str, Any], languages: Iterable[str]) -> Family:
    words = [word for language in languages for word in given[language].split()]
    read = {_phrase(word.rstrip("*").replace("_", " ")) for word in words if not word.endswith("*")}
    stems = {_phrase(word[:-1].replace("_", " ")) for word in words if word.endswith("*")}
    whole, counts = frozenset(read), float(given.get("counts", 1))
    return Family(name, given.get("leans", ""), given.get("near", ""), whole, tuple(sorted(stems)), counts)


def _phrase(text: str) -> str:
    return " ".join(words_of(text))


@lru_cache(maxsize=4)
def families(lang: str = "") -> tuple[Family, ...]:
    """The families that Koor brings along, in one language or in both."""
    given: dict[str, Any] = yaml.safe_load((HERE / "families.yaml").read_text(encoding="utf-8"))
    languages = (lang,) if lang in LANGUAGES else ("en", "nl")
    return tuple(_family(name, family, languages) for name, family in given.items())


Hits = tuple[tuple[int, float], ...]  # places in a row, and how much each counts


@dataclass
class Book:
    """Which places of a row a word or phrase speaks for, in one language or in both."""

    labels: int
    given: Mapping[str, Sequence[int]]
    kin: Sequence[Family]
    whole: dict[str, list[int]] = field(default_factory=dict)  # the families of a word, and of a stem
    stems: dict[str, list[int]] = field(default_factory=dict)
    begins: dict[str, set[int]] = field(default_factory=dict)  # how long the phrases are that begin with a word
    known: dict[str, tuple[Hits, tuple[int, ...], bool, bool] | None] = field(default_factory=dict)
    phrases: dict[str, Hits] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)  # of the stems

    def __post_init__(self) -> None:
        for at, kin in enumerate(self.kin):
            for word in kin.whole:
                self.whole.setdefault(word, []).append(at)
            for stem in kin.stems:
                self.stems.setdefault(stem, []).append(at)
        self.lengths = sorted({len(stem) for stem in self.stems})
        for phrase in {*self.given, *self.whole, *self.stems}:
            if 0 < (more := phrase.count(" ")) < LONGEST_PHRASE:
                self.begins.setdefault(phrase.split(" ")[0], set()).add(more + 1)

    def entry(self, word: str) -> tuple[Hits, tuple[int, ...], bool, bool] | None:
        """What a word speaks for, how long the phrases are that it begins, and whether it ends or begins a turn."""
        if word not in self.known:
            if len(self.known) > MOST_KEPT:
                self.known.clear()
            found = (self.look(word), tuple(self.begins.get(word, ())), word in STOPS, word in TURNS)
            self.known[word] = found if any(found) else None
        return self.known[word]

    def phrase(self, phrase: str) -> Hits:
        found = self.phrases.get(phrase)
        if found is None:
            if len(self.phrases) > MOST_KEPT:
                self.phrases.clear()
            found = self.phrases[phrase] = self.look(phrase)
        return found

    def look(self, phrase: str) -> Hits:
        return (*self._labels_of(phrase), *self._kin_of(phrase))

    def _labels_of(self, phrase: str) -> Iterable[tuple[int, float]]:
        long = phrase.count(" ")
        labels, near = self.given.get(phrase), 1.0
        if labels is None and not long:
            stem = next((phrase[:n] for n in range(min(len(phrase) - 1, 14), 3, -1) if phrase[:n] in self.given), "")
            labels, near = (self.given[stem], 0.8) if stem and stem not in EVERYDAY else (None, 0)
        weight = near * (COMMON if phrase in EVERYDAY else 1.5 if long else 1)
        return ((label, weight / len(labels) ** 0.5) for label in labels or ())  # type: ignore[arg-type]

    def _kin_of(self, phrase: str) -> Iterable[tuple[int, float]]:
        """The families that hold a word or phrase; a stem of one word holds no phrase."""
        found = set(self.whole.get(phrase, ()))
        for n in self.lengths:
            if n > len(phrase):
                break
            if (stem := phrase[:n]) in self.stems and stem.count(" ") == phrase.count(" "):
                found.update(self.stems[stem])
        weight = COMMON if phrase in EVERYDAY else 1.0
        return ((self.labels + at, weight) for at in sorted(found))


@dataclass
class Reader:
    """Reads a text as a short row of numbers: its words of each label, of each family, of families turned around."""

    labels: Sequence[str]
    seeds: Mapping[str, Sequence[str]]
    lang: str = ""
    kin: tuple[Family, ...] = ()
    given: dict[str, list[int]] = field(default_factory=dict)
    books: dict[str, Book] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kin = families(self.lang)
        for at, label in enumerate(self.labels):
            for word in {_phrase(str(word)) for word in self.seeds.get(label, ())} - {""}:
                self.given.setdefault(word, []).append(at)
        for lang in ("",) if self.lang in LANGUAGES else ("", *LANGUAGES):
            self.books[lang] = Book(len(self.labels), self.given, families(lang or self.lang))
        self.wide = len(self.labels) + 2 * len(self.kin) + SIGNS

    def read(self, words: list[str], lang: str = "") -> NDArray[np.float64]:
        row = [0.0] * self.wide
        for _word, place, weight in self.hits(words, lang):
            row[place] += weight
        told = np.array(row) ** TIMES
        told[-SIGNS:] = (self.quiet(told), *self.signs(words))
        return told

    def quiet(self, told: NDArray[np.float64]) -> Any:
        """How little the words of a text say for any label: 1 where they say nothing. Of one row or of many."""
        return np.exp(-(told[..., : len(self.strong)] @ self.strong))

    @cached_property
    def strong(self) -> NDArray[np.float64]:
        """How much each word of a label or family says at the start, for whatever label."""
        return np.asarray(np.abs(self.start()[: len(self.labels) + 2 * len(self.kin)]).sum(axis=1))

    def hits(self, words: list[str], lang: str = "") -> list[tuple[int, int, float]]:
        """Which word of a text (by its number) speaks for which place of the row, and how much it counts."""
        found: list[tuple[int, int, float]] = []
        book = self.book(words, lang)
        many, turn, until = len(self.kin), len(self.labels), -1
        for at, word in enumerate(words):
            entry = book.entry(word)
            if entry is None:
                continue
            hits, lengths, stops, turns = entry
            if stops:
                until = -1
            turned = many if at <= until else 0
            for length in lengths:
                hits += book.phrase(" ".join(words[at : at + length]))
            if turned:
                found += [(at, place, 0.3 * by) if place < turn else (at, place + turned, by) for place, by in hits]
            else:
                found += [(at, place, by) for place, by in hits]
            if turns:
                until = at + REACH
        return found

    @staticmethod
    def signs(words: list[str]) -> tuple[bool, bool, float]:
        """What a text shows beside its words: it shouts, it ends as a question, how long it is."""
        return words.count("!") > 1, words[-1:] == ["?"], min(len(words) / 40, 2)

    def book(self, words: list[str], lang: str) -> Book:
        """The book of the language of a text; when nobody says which it is, of its everyday words; else of both."""
        if lang not in self.books:
            lang = ""
        if not lang and len(self.books) > 1:
            dutch, english = (sum(word in few for word in words) for few in (DUTCH, ENGLISH))
            lang = "nl" if dutch > 2 * english else "en" if english > 2 * dutch else ""
        return self.books[lang]

    def start(self) -> NDArray[np.float64]:
        """What every number of a row says for each label before anybody has corrected anything."""
        labels, many = len(self.labels), len(self.kin)
        shares = self._shares()
        named = {kin.name: at for at, kin in enumerate(self.kin)}
        good, bad = shares[named["praise"]], shares[named["bad"]]
        told = np.array([max(len(self.seeds.get(label, ())), 1) for label in self.labels])
        telling = np.clip(told.mean() / told / FEW, 1, MOST_TELLING)
        weights = np.zeros((self.wide + 1, labels))
        weights[:labels] = np.eye(labels) * OWN * telling
        weights[labels : labels + many] = shares * KIN * telling
        weights[labels + named["asking"]] *= ASKING
        weights[-1 - SIGNS] = QUIET * self._everyday() ** 2
        weights[-3] = MARK * shares[named["asking"]]
        weights[labels : labels + many] *= np.array([[kin.counts] for kin in self.kin])
        for at, kin in enumerate(self.kin):
            here, turned = labels + at, labels + many + at
            if kin.leans == "bad":
                weights[here] += LEAN * bad * (bad.max() > 0.5) * (1 - shares[at].max())
            if kin.leans == "good":
                weights[turned] = (0.9 * bad - 0.5 * good) * kin.counts
            elif kin.leans == "bad" or kin.name == "bad":
                weights[turned] = 0.4 * bad
            else:
                weights[turned] = weights[here] * 0.8
        weights[-1] = 0.1 * np.log(told / told.mean())  # who was given many words is the wide one
        return weights

    def _everyday(self) -> NDArray[np.float64]:
        """Which share of a label's words stands in every text: such a label is for texts that say nothing else."""
        told = [[set(words_of(str(word))) <= EVERYDAY for word in self.seeds.get(label, ())] for label in self.labels]
        return np.array([sum(words) / max(len(words), 1) for words in told])

    def _shares(self) -> NDArray[np.float64]:
        """How clearly a family belongs to a label: by the label's own words that stand in it."""
        met = np.zeros((len(self.kin), len(self.labels)))
        for word, labels in self.given.items():
            weight = (COMMON if word in EVERYDAY else 1) / len(labels) ** 0.5
            for at, kin in enumerate(self.kin):
                if kin.holds(word):
                    met[at, labels] += weight
        met /= np.sqrt([max(len(self.seeds.get(label, ())), 1) for label in self.labels])
        named = {kin.name: at for at, kin in enumerate(self.kin)}
        for at, kin in enumerate(self.kin):
            if kin.name in TONES:
                met[at] *= met[at] > 0.5
            if kin.near:
                met[at] = np.maximum(met[at], 0.8 * met[named[kin.near]])
        total = met.sum(axis=1, keepdims=True)
        return np.asarray(met / np.maximum(total, 1e-9) * np.minimum(total, 1))
