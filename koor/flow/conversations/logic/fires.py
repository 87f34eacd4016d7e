"""What comes next while something burns, the seal of the log, and answers that are each in their own words."""

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from koor.kernel.normal import normal

NAMELESS = "–"  # in the log, for a colleague who was erased: who did it is not told any more
A_DAY = timedelta(days=1)  # before the alarm, from which on conversations are gathered
CHANNELS = 3  # places where a statement has to stand
MOST_ANSWERS = 10  # prepared ones
MOST_TOGETHER = 10  # conversations on one page
ALONE_AFTER = 10  # minutes that a statement waits for another's name before its writer may sign it, with a reason

# While it burns, and afterwards; in this order
STEPS = ("speaker", "posts", "facts", "statement", "sign", "channels", "tell", "answers", "people", "end")
AFTER = ("after", "release", "thanks")


@dataclass(frozen=True)
class Stand:
    """How far a fire is."""

    speaker: bool = False
    posts: bool = False  # somebody looked at what was planned
    facts: int = 0
    written: bool = False
    signed: bool = False
    up: int = 0  # places where the statement stands
    wanted: int = CHANNELS  # places that it goes to
    told: bool = False
    answers: int = 0
    gathered: int = 0
    sought: bool = False  # somebody looked who asked, and there may have been nobody
    waiting: int = 0  # gathered, and somebody waits
    ended: bool = False
    learnt: bool = False
    held: int = 0  # posts that wait to be let go
    thanked: bool = False


@dataclass(frozen=True)
class Step:
    key: str
    done: bool
    now: bool = False


def steps(stand: Stand) -> list[Step]:
    """What is done and what comes next; one of them is now."""
    done = _after(stand) if stand.ended else _burning(stand)
    first = next((key for key, ready in done.items() if not ready), "")
    return [Step(key, ready, key == first) for key, ready in done.items()]


def _burning(stand: Stand) -> dict[str, bool]:
    ready = (
        stand.speaker,
        stand.posts,
        stand.facts > 0,
        stand.written or stand.signed,
        stand.signed,
        stand.signed and stand.up >= min(stand.wanted, CHANNELS) and stand.up > 0,
        stand.told,
        stand.answers > 0,
        (stand.gathered > 0 or stand.sought) and stand.waiting == 0,
        False,
    )
    return dict(zip(STEPS, ready, strict=True))


def _after(stand: Stand) -> dict[str, bool]:
    return dict(zip(AFTER, (stand.learnt, stand.held == 0, stand.thanked), strict=True))


# ── The log ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()


def seal(before: str, fire: int, number: int, at: datetime, who: int | None, name: str, verb: str, words: str) -> str:
    """What a line comes down to, with the line before it: a change anywhere breaks all that follow."""
    whole = json.dumps([before, fire, number, at.isoformat(), who, name, verb, words], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True)
class Sealed:
    """A line as it stands in the database."""

    fire: int
    number: int
    at: datetime
    who: int | None
    name: str
    verb: str
    text: str
    salt: str
    words: str
    before: str
    seal: str

    @property
    def blanked(self) -> bool:
        return not self.salt

    @property
    def nameless(self) -> bool:
        """Its own seal was made with a name that is gone; the line after it still holds that seal, and the database
        lets nothing else of it be altered."""
        return self.name == NAMELESS


def first_broken(lines: Iterable[Sealed]) -> int | None:
    """The number of the first line that is not as it was written; None when the log is whole."""
    before = ""
    for expected, line in enumerate(lines, 1):
        made = seal(before, line.fire, line.number, line.at, line.who, line.name, line.verb, line.words)
        told = line.blanked or digest(line.salt, line.text) == line.words
        sealed = line.nameless or line.seal == made
        if (line.number, line.before) != (expected, before) or not sealed or not told:
            return expected
        before = line.seal
    return None


# ── Answers, each in its own words ───────────────────────────────────────────────────────────────────────────────────

GREETINGS = {
    "nl": ("Dag {name},", "Hallo {name},", "Beste {name},", "Goed dat je schrijft, {name}."),
    "en": ("Hello {name},", "Dear {name},", "Hi {name},", "Good that you write, {name}."),
}
OPENINGS = {
    "nl": (
        "Dank dat je het ons vraagt.",
        "Fijn dat je het bij ons navraagt.",
        "Ik snap dat je dit wilt weten.",
        "Je bericht kwam bij mij terecht en ik zeg je wat we weten.",
        "Je wilt weten hoe het zit, en dat is terecht.",
        "Ik schrijf je zelf even terug.",
    ),
    "en": (
        "Thank you for asking us.",
        "I am glad that you ask.",
        "I understand that you want to know this.",
        "Your message came to me, and this is what we know.",
        "You want to know how it is, and rightly so.",
        "I write back to you myself.",
    ),
}
CLOSINGS = {
    "nl": ("Vraag gerust door.", "Zodra ik meer weet, hoor je het.", "Bel me als dat prettiger is."),
    "en": ("Do ask on.", "As soon as I know more, you hear it.", "Call me if you prefer that."),
}


def proposal(
    number: int, *, name: str, asked: str, answers: Sequence[tuple[str, str]], language: str, usual: str = ""
) -> str:
    """Words to begin an answer with: a greeting by name, an opening that the one before did not get, and the prepared
    answer that fits the question best; where none does, what is said to everybody (`usual`)."""
    spoken = language if language in GREETINGS else "en"
    greetings, openings, closings = GREETINGS[spoken], OPENINGS[spoken], CLOSINGS[spoken]
    greeting = greetings[number % len(greetings)].format(name=name) if name else ""
    opening = openings[number % len(openings)]
    fitting = best(asked, answers) or usual
    closing = closings[(number // len(openings)) % len(closings)] if fitting else ""
    return "\n\n".join(part for part in (greeting, " ".join(filter(None, (opening, fitting, closing)))) if part)


def best(asked: str, answers: Sequence[tuple[str, str]]) -> str:
    """The prepared answer whose question shares most words with what was asked; nothing when none does."""
    wanted = _words(asked)
    scored = [(len(wanted & _words(question)), -place) for place, (question, _answer) in enumerate(answers)]
    if not scored or max(scored)[0] == 0:
        return ""
    return answers[-max(scored)[1]][1]


def _words(text: str) -> set[str]:
    return {word for word in plain(text).split() if len(word) > 3}


def plain(text: str, names: Collection[str] = ()) -> str:
    """A text without signs, capitals, accents and these names: to see whether two say exactly the same."""
    folded = normal(text, "NFKD").casefold()
    bare = (sign for sign in folded if not unicodedata.combining(sign))
    letters = "".join(sign if sign.isalnum() else " " for sign in bare)
    gone = {part for name in names for part in plain(name).split()}
    return " ".join(word for word in letters.split() if word not in gone)
