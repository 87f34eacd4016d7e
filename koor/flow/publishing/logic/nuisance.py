"""No nuisance: how often the same people hear from us in a day, and whether somebody here said the same already.

No Django. Who follows two of our accounts on one platform is not known from outside; so all accounts on a platform
count as one audience, which warns too early rather than too late."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from koor.flow.publishing.logic import words

MOST_A_DAY = 4  # the fifth is the one that is warned of
RECENT = 30  # days in which a text is held against what colleagues said
MOST_TEXTS = 400  # that a text is held against, the latest first


@dataclass(frozen=True)
class Said:
    """What a colleague said or will say, on one account."""

    post: int
    by: int
    audience: str
    day: date
    text: str


def audience_of(connector: str, settings: Mapping[str, str]) -> str:
    """Who hears it: the people of a platform; behind `by_hand` that of the platform it stands for."""
    return settings.get("platform") or connector


def too_often(day: date, audiences: Iterable[str], said: Iterable[Said]) -> dict[str, int]:
    """By audience the how-manieth this would be on a day, where that is more than people like. A post counts once."""
    posts = {(one.post, one.audience) for one in said if one.day == day}
    counted = Counter(audience for _post, audience in posts)
    return {audience: counted[audience] + 1 for audience in set(audiences) if counted[audience] >= MOST_A_DAY}


def same_words(texts: Iterable[str], said: Sequence[Said]) -> Said | None:
    """The latest thing that says the same as one of these texts, or so nearly that people see it twice."""
    written = [text for text in texts if text.strip()]
    return next((one for one in said[:MOST_TEXTS] if any(words.is_copy(text, one.text) for text in written)), None)
