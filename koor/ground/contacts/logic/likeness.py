"""How sure it is that two who were written down are one person, and why. Pure.

Only a confirmed address makes it sure enough to join by itself (0.9); names and places only make one ask (0.5)."""

from dataclasses import dataclass, fields

JOINS, ASKS = 0.9, 0.5
WEIGHTS = {
    "verified": 0.95,
    "address": 0.8,
    "phone": 0.65,
    "name": 0.5,
    "nick": 0.4,
    "organisation": 0.25,
    "place": 0.2,
}
UNPROVEN = 0.89  # the most that can be said without a confirmed address
OTHER_NAME = 0.65  # of an address that two people of different names use: a household, an office
OTHER_ADDRESS = 0.7  # of one name, while both have an address of their own


@dataclass(frozen=True)
class Facts:
    """What two have in common."""

    verified: bool = False  # one address, and one of the two was seen to be its owner
    address: bool = False
    phone: bool = False
    name: bool = False  # the whole name
    nick: bool = False  # the same name on two platforms
    organisation: bool = False
    place: bool = False
    other_name: bool = False  # one surname may be a couple, or a shop and its owner
    other_address: bool = False


@dataclass(frozen=True)
class Verdict:
    score: float
    reasons: tuple[str, ...]  # strongest first; of WEIGHTS, "other_name" and "other_address"

    @property
    def joins(self) -> bool:
        return self.score >= JOINS

    @property
    def asks(self) -> bool:
        return self.score >= ASKS

    @property
    def percent(self) -> int:
        return int(self.score * 100)


def verdict(facts: Facts) -> Verdict:
    """How sure, from all that they have in common; each reason leaves a part of the doubt."""
    said = {field.name for field in fields(facts) if getattr(facts, field.name)}
    said -= {"address"} if "verified" in said else set()
    doubt = 1.0
    for reason in said & set(WEIGHTS):
        doubt *= 1 - WEIGHTS[reason]
    score = 1 - doubt
    if "verified" not in said:
        score = min(score, UNPROVEN)
    score *= OTHER_NAME if "other_name" in said else 1
    score *= OTHER_ADDRESS if "other_address" in said and "phone" not in said else 1
    return Verdict(round(score, 3), tuple(sorted(said, key=lambda reason: -WEIGHTS.get(reason, 0))))


def one_name(one: str, other: str) -> bool:
    """Whether two folded names may be written for one person: all words of the one are in the other, in full or by
    their initial. One surname alone says little: "Jan de Vries" and "Els de Vries" share a house and a mailbox."""
    if one == other:
        return True
    words, others = one.replace(".", " ").split(), other.replace(".", " ").split()
    return bool(words and others) and (_within(words, others) or _within(others, words))


def _within(words: list[str], others: list[str]) -> bool:
    return all(any(_one_word(word, each) for each in others) for word in words)


def _one_word(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


def nick(platform: str, value: str) -> str:
    """The name that somebody chose on a platform, without its server."""
    if platform in {"email", "phone"}:
        return ""
    return value.split("@")[0].split(".")[0] if len(value.split("@")[0].split(".")[0]) > 3 else ""
