"""Families of words, and what the words that an organisation gives for its labels say at the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from koor.flow.listening.logic.learner.words import words_of

HERE = Path(__file__).parent
LONGEST_PHRASE = 3
REACH = 3  # words after a negation that it turns
COMMON = 0.22  # what a word counts that stands in nearly every text
OWN, KIN, LEAN = 0.8, 1.3, 0.5  # what a label's own word counts, one of a family of it, a complaint without a label
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
    wat hoe wie kan deze ! ? . ,
    """
)
TURNS = _words(
    """
    not no never isnt wasnt dont didnt doesnt cant cannot couldnt wont wouldnt aint arent werent hasnt havent hadnt
    shouldnt nor without hardly barely less niet geen nooit nauwelijks zonder weinig noch minder nergens nimmer
    """
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

    def holds(self, word: str) -> bool:
        return word in self.whole or (bool(self.stems) and word.startswith(self.stems))


def _family(name: str, given: Mapping[str, str], languages: Iterable[str]) -> Family:
    words = [word for language in languages for word in given[language].split()]
    read = {_phrase(word.rstrip("*").replace("_", " ")) for word in words if not word.endswith("*")}
    stems = {_phrase(word[:-1].replace("_", " ")) for word in words if word.endswith("*")}
    return Family(name, given.get("leans", ""), given.get("near", ""), frozenset(read), tuple(sorted(stems)))


def _phrase(text: str) -> str:
    return " ".join(words_of(text))


@lru_cache(maxsize=4)
def families(lang: str = "") -> tuple[Family, ...]:
    """The families that Koor brings along, in one language or in both."""
    given: dict[str, Any] = yaml.safe_load((HERE / "families.yaml").read_text(encoding="utf-8"))
    languages = (lang,) if lang in {"nl", "en"} else ("en", "nl")
    return tuple(_family(name, family, languages) for name, family in given.items())


@dataclass
class Reader:
    """Reads a text as a short row of numbers: its words of each label, of each family, of families turned around."""

    labels: Sequence[str]
    seeds: Mapping[str, Sequence[str]]
    lang: str = ""
    kin: tuple[Family, ...] = ()
    given: dict[str, list[int]] = field(default_factory=dict)
    known: dict[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    whole: dict[str, list[int]] = field(default_factory=dict)  # the families of a word, and of a stem
    stems: dict[str, list[int]] = field(default_factory=dict)
    begins: dict[str, set[int]] = field(default_factory=dict)  # how long the phrases are that begin with a word

    def __post_init__(self) -> None:
        self.kin = families(self.lang)
        for at, label in enumerate(self.labels):
            for word in {_phrase(str(word)) for word in self.seeds.get(label, ())} - {""}:
                self.given.setdefault(word, []).append(at)
        for at, kin in enumerate(self.kin):
            for word in kin.whole:
                self.whole.setdefault(word, []).append(at)
            for stem in kin.stems:
                self.stems.setdefault(stem, []).append(at)
        for phrase in {*self.given, *(phrase for kin in self.kin for phrase in (*kin.whole, *kin.stems))}:
            if 0 < (more := phrase.count(" ")) < LONGEST_PHRASE:
                self.begins.setdefault(phrase.split(" ")[0], set()).add(more + 1)
        self.wide = len(self.labels) + 2 * len(self.kin) + 3

    def read(self, words: list[str]) -> NDArray[np.float64]:
        row = [0.0] * self.wide
        many, turn, until = len(self.kin), len(self.labels), -1
        for at, word in enumerate(words):
            if word in STOPS:
                until = -1
            turned = many if at <= until else 0
            for place, weight in self._hits(words, at):
                row[place + turned if place >= turn else place] += weight * (0.3 if turned and place < turn else 1)
            if word in TURNS:
                until = at + REACH
        told = np.array(row) ** 0.65
        told[-3:] = words.count("!") > 1, words[-1:] == ["?"], min(len(words) / 40, 2)
        return told

    def _hits(self, words: list[str], at: int) -> Iterable[tuple[int, float]]:
        yield from self._of(words[at])
        for length in self.begins.get(words[at], ()):
            yield from self._of(" ".join(words[at : at + length]))

    def _of(self, phrase: str) -> tuple[tuple[int, float], ...]:
        found = self.known.get(phrase)
        if found is None:
            if len(self.known) > 200_000:
                self.known.clear()
            found = self.known[phrase] = tuple(self._look(phrase))
        return found

    def _look(self, phrase: str) -> Iterable[tuple[int, float]]:
        long = phrase.count(" ")
        labels, near = self.given.get(phrase), 1.0
        if labels is None and not long:
            stem = next((phrase[:n] for n in range(min(len(phrase) - 1, 14), 3, -1) if phrase[:n] in self.given), "")
            labels, near = (self.given[stem], 0.8) if stem and stem not in EVERYDAY else (None, 0)
        for label in labels or ():
            yield label, near * (COMMON if phrase in EVERYDAY else 1.5 if long else 1) / len(labels or ()) ** 0.5
        for at in self._kin_of(phrase):
            yield len(self.labels) + at, COMMON if phrase in EVERYDAY else 1.0

    def _kin_of(self, phrase: str) -> list[int]:
        """The families that hold a word or phrase; a stem of one word holds no phrase."""
        found = set(self.whole.get(phrase, ()))
        for n in range(2, len(phrase) + 1):
            if (stem := phrase[:n]) in self.stems and stem.count(" ") == phrase.count(" "):
                found.update(self.stems[stem])
        return sorted(found)

    def start(self) -> NDArray[np.float64]:
        """What every number of a row says for each label before anybody has corrected anything."""
        labels, many = len(self.labels), len(self.kin)
        shares = self._shares()
        named = {kin.name: at for at, kin in enumerate(self.kin)}
        good, bad = shares[named["praise"]], shares[named["bad"]]
        weights = np.zeros((self.wide + 1, labels))
        weights[:labels] = np.eye(labels) * OWN
        weights[labels : labels + many] = shares * KIN
        for at, kin in enumerate(self.kin):
            here, turned = labels + at, labels + many + at
            if kin.leans == "bad":
                weights[here] += LEAN * bad * (bad.max() > 0.5) * (1 - shares[at].max())
            if kin.leans == "good":
                weights[turned] = 0.9 * bad - 0.5 * good
            elif kin.leans == "bad" or kin.name == "bad":
                weights[turned] = 0.4 * bad
            else:
                weights[turned] = weights[here] * 0.8
        told = np.array([max(len(self.seeds.get(label, ())), 1) for label in self.labels])
        weights[-1] = 0.1 * np.log(told / told.mean())  # who was given many words is the wide one
        return weights

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
