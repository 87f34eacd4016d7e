"""What people ask again and again: the questions in what they say, and which of them are the same one.

Two questions are alike when they share rare words, or pieces of long words (a Dutch word is often several). Which words
are rare follows from the questions themselves. No model, no lists beside the small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from koor.flow.listening.logic.learner.words import folded

Which = TypeVar("Which", bound=Hashable)
MOST = 3_000  # questions that are held beside each other, the newest
LEAST = 3  # times that something is asked before it is asked again and again
ALIKE = 0.25  # how alike the members of a group are on average, at least
STEM, PIECE = 6, 5  # letters
LONGEST = 300
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+|\n|$)")
_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"https?://\S+|[@#]\S+")
# Small words of both languages, and those that only say that something is asked
_SMALL = """
aan al als alweer and any are at be bij ben but by can could daar dan dat de den der deze did die dit do does
doe doen door een eens eigenlijk elk elke en er for from gaat gebeurt geen get goed had hallo heb hebben heeft
heel hem het hier hij hoe hoeveel hoelang hoi hoor how iemand iets ik in is it ja je jij jou jouw jullie just
kan klopt komen komt krijg kun kunnen kunt lang maar make maken me meer mee met mijn misschien moet moeten mogen
mag most much my na naar need neem nemen niet niets nieuw nieuwe nodig nog nou nu of off often om omdat on one
ons onze ook op or our out over past per please she should so some still stay take that the their them then
there they thing this tijd to too tot twee uit us use van vanaf veel very via vindt voor vraag vraagje waar
waarom wanneer want was wat we weer weg welk welke wel weten when where which who why wie wij wil will with work
worden wordt would you your zelf zich zijn zin zo zou zouden ze
"""
SMALL = frozenset(_SMALL.split())
_ASKS = re.compile(
    r"^(?:weet iemand|weten jullie|wie weet|heeft iemand|kan iemand|ik vraag me af|mijn vraag|"
    r"does any|do you know|i wonder|can any|anyone know)"
)


@dataclass(frozen=True)
class Asked:
    """A question in something that was said; `key` says in which."""

    key: Any
    text: str
    whole: str  # all that was said with it: what comes before often says what it is about


@dataclass(frozen=True)
class Group:
    """Questions that are the same one, the most telling first."""

    members: tuple[Asked, ...]
    words: tuple[str, ...]  # what they share


def questions_in(key: Any, text: str) -> list[Asked]:
    """The questions in a text: what ends so, or begins as people do who ask."""
    plain = " ".join(_LINK.sub(" ", text).split())
    found = []
    for sentence in (one.strip() for one in _SENTENCE.findall(plain)):
        asks = sentence.endswith("?") or _ASKS.match(folded(sentence))
        if asks and 8 <= len(sentence) <= LONGEST and terms(sentence):
            found.append(Asked(key, sentence, plain[:LONGEST]))
    return found[:3]


def terms(text: str) -> list[str]:
    """The words of a text that say something, folded."""
    return [word for word in _WORD.findall(folded(text)) if word not in SMALL and len(word) > 2 and not word.isdigit()]


def _features(text: str) -> Counter[str]:
    """Stems of the words, and pieces of long ones."""
    found: Counter[str] = Counter()
    for word in set(terms(text)):
        found[word[:STEM]] += 1
        if len(word) > STEM:
            pieces = {word[at : at + PIECE] for at in range(len(word) - PIECE + 1)}
            for piece in pieces:
                found[f"·{piece}"] += 1
    return found


def _rows(asked: Sequence[Asked]) -> NDArray[np.float32]:
    """A row a question: its rare words weigh most, what was said around it half."""
    own = [_features(one.text) for one in asked]
    around = [_features(one.whole) for one in asked]
    spread = Counter(name for one in around for name in one)
    shared = {name: at for at, name in enumerate(sorted(name for name, number in spread.items() if number > 1))}
    rows = np.zeros((len(asked), max(len(shared), 1)), np.float32)
    for at, (inner, outer) in enumerate(zip(own, around, strict=True)):
        for name in outer:
            weight = log(1 + len(asked) / spread[name]) * (0.35 if name.startswith("·") else 1.0)
            weight *= 1.0 if name in inner else 0.5
            if name in shared:
                rows[at, shared[name]] = weight
        norm = np.sqrt(_whole_norm(inner, outer, spread, len(asked)))
        rows[at] /= max(norm, 1e-6)
    return rows


def _whole_norm(inner: Counter[str], outer: Counter[str], spread: Counter[str], number: int) -> float:
    """The length of a row, words that nobody else said for a quarter: they say less than they seem to."""
    total = 0.0
    for name in outer:
        weight = log(1 + number / spread[name]) * (0.35 if name.startswith("·") else 1.0)
        weight *= 1.0 if name in inner else 0.5
        total += weight * weight * (1.0 if spread[name] > 1 else 0.25)
    return total


def grouped(asked: Sequence[Asked], alike: float = ALIKE, least: int = LEAST) -> list[Group]:
    """Of questions in an order with the newest first those that were asked by so many or more, most first."""
    asked = list(asked)[:MOST]
    if len(asked) < least:
        return []
    rows = _rows(asked)
    groups = _together(rows @ rows.T, alike)
    found = []
    for members in groups:
        chosen = [asked[at] for at in members]
        if len({one.key for one in chosen}) >= least:
            found.append(_group(chosen, rows[members]))
    return sorted(found, key=lambda one: -len(one.members))


def put_away_in(group: Iterable[Any], away: Mapping[Any, Which]) -> list[Which]:
    """Which of what somebody said is no question a group is, or is like: at least half of those fell into it, and not
    just one that is left of them. `away`: which group was put away, by key."""
    whole = Counter(away.values())
    inside = Counter(away[key] for key in group if key in away)
    return [which for which, number in inside.items() if number > 1 and 2 * number >= whole[which]]


def _together(likeness: NDArray[np.float32], alike: float) -> list[list[int]]:
    """Put the two that are most alike on average together, until none are alike enough."""
    number = len(likeness)
    sums = likeness.astype(np.float64).copy()
    np.fill_diagonal(sums, -np.inf)
    sizes = np.ones(number)
    groups = {at: [at] for at in range(number)}
    mean = sums.copy()
    best = mean.argmax(axis=1)
    value = mean[np.arange(number), best]
    while True:
        one = int(value.argmax())
        if value[one] < alike:
            return list(groups.values())
        other = int(best[one])
        _merge(one, other, sums, sizes, groups)
        mean[one] = sums[one] / (sizes[one] * sizes)
        mean[:, one] = mean[one]
        mean[other], mean[:, other], value[other] = -np.inf, -np.inf, -np.inf
        stale = np.flatnonzero((best == one) | (best == other) | (mean[one] > value))
        for at in {*stale.tolist(), one} - {other}:
            if at in groups:
                best[at] = mean[at].argmax()
                value[at] = mean[at, best[at]]


def _merge(
    one: int, other: int, sums: NDArray[np.float64], sizes: NDArray[np.float64], groups: dict[int, list[int]]
) -> None:
    sums[one] += sums[other]
    sums[:, one] = sums[one]
    sums[one, one] = -np.inf
    sums[other], sums[:, other] = -np.inf, -np.inf
    sizes[one] += sizes[other]
    groups[one] += groups.pop(other)


def _group(members: Sequence[Asked], rows: NDArray[np.float32]) -> Group:
    """The one most like all others first; and the words that at least half of them share."""
    order = np.argsort(-(rows @ rows.mean(axis=0)), kind="stable")
    said = Counter(word[:STEM] for one in members for word in set(terms(one.whole)))
    shared = [stem for stem, number in said.most_common(5) if 2 * number >= len(members)]
    first = [next(w for one in members for w in terms(one.whole) if w[:STEM] == stem) for stem in shared]
    return Group(tuple(members[at] for at in order), tuple(first))
