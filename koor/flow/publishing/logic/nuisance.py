"""No nuisance: how often the same people hear from us in a day, and whether somebody here said the same already.

No Django. Who follows two of our accounts is not known from outside. So all accounts on one platform count as one
audience, and so do accounts that name the same people, or are of the house and for the same purpose: that warns too
early rather than too late."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from koor.flow.publishing.logic import words

MOST_A_DAY = 4  # the fifth is the one that is warned of
RECENT = 30  # days in which a text is held against what colleagues said

PLATFORM, PEOPLE, PURPOSE = "platform", "people", "purpose"
T = TypeVar("T")
Audience = tuple[str, str]  # what kind of audience, and which


@dataclass(frozen=True)
class Said:
    """What a colleague said or will say, on one account."""

    post: int
    by: int
    audiences: frozenset[Audience]
    day: date
    text: str
    place: str = ""


def audiences_of(
    connector: str, settings: Mapping[str, str], *, named: Sequence[str] = (), purpose: str = "", personal: bool = False
) -> frozenset[Audience]:
    """Who hears it: the people of a platform (behind `by_hand` that of the platform it stands for), and those whom the
    account names; when it names nobody and is of the house, whoever it is for."""
    found = {(PLATFORM, settings.get("platform") or connector), *((PEOPLE, name.casefold()) for name in named)}
    if purpose and not named and not personal:
        found.add((PURPOSE, purpose))
    return frozenset(found)


def too_often(day: date, audiences: Iterable[Audience], said: Iterable[Said]) -> dict[Audience, list[Said]]:
    """By audience what it hears that day already, where one more is more than people like. A post counts once."""
    heard: dict[Audience, dict[int, Said]] = defaultdict(dict)
    for one in said:
        if one.day == day:
            for audience in one.audiences:
                heard[audience].setdefault(one.post, one)
    return {which: list(heard[which].values()) for which in set(audiences) if len(heard[which]) >= MOST_A_DAY}


def same_words(texts: Iterable[str], said: Iterable[tuple[str, T]]) -> list[T]:
    """Everything that says the same as one of these texts, or so nearly that people see it twice."""
    written = [words.Held(text) for text in texts if text.strip()]
    return [what for text, what in said if any(one.against(text) for one in written)]
