"""When who did the work is in touch again after a project, and what of all that is up is of use to this customer."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

STAYS = 60  # days that a moment stays open
JUST_SPOKEN = 14  # days: who was in touch lately needs no reason
SHORTEST_WORD = 5  # letters; shorter ones say little about a subject
ALIKE = 2  # words in common make an article one about their work
NEVER = "never"  # the moment that stands for: not again about this project

Key = TypeVar("Key")


@dataclass(frozen=True)
class After:
    """A moment after the last day of a project."""

    key: str
    days: int
    years: int = 0


MOMENTS = (After("weeks", 14), After("season", 182), *(After(f"year-{n}", 365 * n, n) for n in range(1, 6)))


def window(moment: After, today: date) -> tuple[date, date]:
    """For which last days of a project this moment is open: after the first of the two, up to the second."""
    return today - timedelta(days=moment.days + STAYS), today - timedelta(days=moment.days)


def due(last_day: date, today: date) -> After | None:
    """The moment that is open for a project that ended then."""
    for moment in MOMENTS:
        after, until = window(moment, today)
        if after < last_day <= until:
            return moment
    return None


def telling(text: str) -> frozenset[str]:
    """The words that say what a text is about, as they are written in it."""
    found = re.findall(r"[^\W\d_]+", text.casefold())
    return frozenset(word[:9] for word in found if len(word) >= SHORTEST_WORD)


def of_use(work: Collection[str], articles: Iterable[tuple[Key, Collection[str]]]) -> Key | None:
    """Which article has most in common with this piece of work; the first of equals. None when none has enough."""
    best: tuple[int, Key] | None = None
    for key, words in articles:
        common = len(set(work) & set(words))
        if common >= ALIKE and (best is None or common > best[0]):
            best = common, key
    return best[1] if best else None
