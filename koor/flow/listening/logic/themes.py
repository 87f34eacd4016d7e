"""Words that rise: said by more people lately than before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from koor.flow.listening.logic.asked import STEM, terms

PEOPLE = 5  # who say it lately, at least
TIMES = 3.0  # as often as before
MOST = 6
_ADDRESSES = re.compile(r"\bhttps?\b(?:://\S+)?|@\S+")
# Words of English that say nothing, beside those that leave a question as it is
_SMALL = "about after also been before being gonna have here into like more only such than these those what were"
_SAYS_NOTHING = frozenset(_SMALL.split())
Said = tuple[Any, str, str, bool]  # its key, who said it, the text, and whether that was lately


@dataclass(frozen=True)
class Theme:
    """A word with what says it lately, by key, the newest first."""

    word: str
    people: int
    before: float  # people in as long a time before
    said: tuple[Any, ...]


def rising(said: Iterable[Said], share: float, own: str = "") -> list[Theme]:
    """Words that rise, the clearest first. `share`: which part of the whole time is lately; `own`: our name."""
    ours = set(terms(own))
    now: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    where: dict[str, list[Any]] = defaultdict(list)
    shown: dict[str, str] = {}
    for key, who, text, lately in said:
        for word in set(terms(_ADDRESSES.sub(" ", text))) - ours - _SAYS_NOTHING:
            if len(word) < 4:
                continue
            stem = word[: STEM + 2]
            (now if lately else before)[stem].add(who)
            if lately:
                where[stem].append(key)
                shown[stem] = min(shown.get(stem, word), word, key=len)
    scale = share / (1 - share)
    found = [
        Theme(shown[stem], len(people), round(len(before[stem]) * scale, 1), tuple(where[stem]))
        for stem, people in now.items()
        if len(people) >= PEOPLE and len(people) >= TIMES * len(before[stem]) * scale + sqrt(len(before[stem]) * scale)
    ]
    return _apart(sorted(found, key=lambda one: (-one.people / (one.before + 1), one.word)))[:MOST]


def _apart(themes: Sequence[Theme]) -> list[Theme]:
    """Without words that are said in the same breath as one that is clearer."""
    kept: list[Theme] = []
    for one in themes:
        mine = set(one.said)
        if all(len(mine & set(other.said)) <= len(mine) / 2 for other in kept):
            kept.append(one)
    return kept
