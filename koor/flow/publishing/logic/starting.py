"""A text to begin with, made of somebody's own earlier words: how they usually open, a sentence of theirs about the
same thing, how long their sentences are, their tags. No model and no chance: the same input gives the same text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import median

from koor.flow.publishing.logic import phrases, words
from koor.kernel.search import fold

OPENING_WORDS = 4
USUAL = 2  # times that one opens like that before it is usual
COMMON = 2  # words that an own sentence shares with the work
LONGEST = 26  # words of an own sentence that is used again
MOST_TAGS = 4
_OPENING = re.compile(r"\A([^\n,:!.?…]{2,32}[,:!.?…])\s+\S")
_SENTENCE = re.compile(r"(?<=[.!?…])['\"’”)]*\s+")
_TAG = re.compile(r"(?<![\w/&#])#(\w{2,40})")
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Habits:
    """How somebody writes, read from what they wrote."""

    openings: tuple[str, ...] = ()  # the most usual first
    sentences: tuple[str, ...] = ()
    length: str = phrases.MIDDLE
    tags: tuple[str, ...] = ()
    always: tuple[str, ...] = ()  # tags of half of what they wrote, whatever it is about
    tag_number: int = 0  # that they usually put below a post


@dataclass(frozen=True)
class Shown:
    """The work that is made one's own."""

    text: str
    name: str  # first name of who showed it
    tags: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Start:
    """The text, and from what it was made: "opening", "sentence", "length", "tags", each with the words."""

    text: str
    made_of: tuple[tuple[str, str], ...] = ()


def habits_of(texts: Sequence[str]) -> Habits:
    """How somebody writes. `texts`: theirs, the newest first."""
    sentences = [one for text in texts for one in _sentences(text)]
    lengths = [len(one.split()) for one in sentences]
    middle = median(lengths) if lengths else 11
    found = [[tag.lower() for tag in _TAG.findall(text)] for text in texts]
    times = Counter(tag for some in found for tag in set(some))
    opened = Counter(one for text in texts if (one := _opening(text)))
    return Habits(
        openings=tuple(one for one, number in opened.most_common(3) if number >= USUAL),
        sentences=tuple(dict.fromkeys(sentences)),
        length=phrases.SHORT if middle <= 8 else phrases.LONG if middle >= 16 else phrases.MIDDLE,
        tags=tuple(tag for tag, _number in times.most_common(20)),
        always=tuple(tag for tag, number in times.most_common(4) if number >= USUAL and number * 2 >= len(found)),
        tag_number=min(MOST_TAGS, round(median(len(some) for some in found))) if found else 0,
    )


def _sentences(text: str) -> list[str]:
    plain = _TAG.sub("", _LINK.sub("", text))
    lines = [line.strip() for piece in words.paragraphs(plain) for line in piece.split("\n")]
    parts = [part.strip() for line in lines for part in _SENTENCE.split(line)]
    return [part for part in parts if part[-1:] in {".", "!", "?", "…"} and len(part.split()) > 1]


def _opening(text: str) -> str:
    found = _OPENING.match(text.strip())
    return found[1] if found and len(found[1].split()) <= OPENING_WORDS else ""


def begin(
    habits: Habits, shown: Shown, others: Sequence[str], *, turn: int = 0, language: str = "nl", tail: str = ""
) -> Start:
    """The first version that is a copy of nobody's: not of the work itself, not of what others begin with. `turn`
    makes that colleagues begin their search at another place; `tail` is what will stand below it."""
    for start in _versions(habits, shown, others, turn, language):
        whole = f"{start.text}\n\n{tail}".strip()
        if not any(words.is_copy(whole, other) or words.is_copy(start.text, other) for other in (shown.text, *others)):
            return start
    return Start("")  # nothing that was not said already: a blank sheet is better than a copy


def _versions(habits: Habits, shown: Shown, others: Sequence[str], turn: int, language: str) -> Iterator[Start]:
    language = language if language in phrases.LEADS else "en"
    openings = (*habits.openings, "")
    own = (*_about_the_same(habits, shown), "")
    said = [lead.format(name=shown.name) for lead in _turned(phrases.LEADS[language][habits.length], turn)]
    leads = sorted(said, key=lambda lead: any(lead in other for other in others))  # what nobody said yet first
    ties = _turned(_ties(shown, language), turn // 3)
    tags = _tags(habits, shown)
    quote = phrases.QUOTES[language].format(name=shown.name, title=words.title_of(shown.text).strip("‘’“”'\""))
    for opening, mine, quoted, tie, lead in product(openings, own[:3], ("", quote), ties, leads):
        bare = mine.removeprefix(opening).strip()
        parts = [
            opening,
            bare if opening.endswith((",", ":")) else bare[:1].upper() + bare[1:],
            lead,
            quoted,
            tie if not mine else "",
        ]
        yield _start(parts, opening, mine, tags, habits)


def _start(parts: list[str], opening: str, mine: str, tags: list[str], habits: Habits) -> Start:
    below = " ".join(f"#{tag}" for tag in tags)
    text = "\n\n".join(part for part in (" ".join(part for part in parts if part), below) if part)
    made_of = [("opening", opening)] if opening else []
    made_of += [("sentence", mine)] if mine else []
    made_of += [("length", habits.length)] if habits.sentences else []
    made_of += [("tags", below)] if below else []
    return Start(text, tuple(made_of))


def _about_the_same(habits: Habits, shown: Shown) -> list[str]:
    """Own sentences about the same thing, most in common first."""
    theirs = _stems(" ".join([shown.text, *shown.tags]))
    shared = [(len(_stems(one) & theirs), one) for one in habits.sentences if 4 <= len(one.split()) <= LONGEST]
    return [one for number, one in sorted(shared, key=lambda pair: -pair[0]) if number >= COMMON][:2]


def _stems(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[^\W\d_]+", fold(text)) if len(word) > 4}


def _ties(shown: Shown, language: str) -> list[str]:
    known = phrases.TIES[language]
    found = [
        tie.format(value=value[:1].upper() + value[1:] if tie.startswith("{value}") else value)
        for code, value in shown.reasons
        for tie in known.get(code, ())
    ]
    return list(dict.fromkeys([*found, *known["place"], ""]))


def _tags(habits: Habits, shown: Shown) -> list[str]:
    """Tags that one uses oneself, those of this work first; as many as usual."""
    of_work = {re.sub(r"\W", "", tag).lower() for tag in shown.tags} | {tag.lower() for tag in _TAG.findall(shown.text)}
    first = [tag for tag in habits.tags if tag in of_work]
    return [*first, *(tag for tag in habits.always if tag not in of_work)][: habits.tag_number]


def _turned(found: Iterable[str], turn: int) -> list[str]:
    rows = list(found)
    at = turn % len(rows) if rows else 0
    return [*rows[at:], *rows[:at]]


def says(text: str, sentence: str) -> bool:
    """Whether this sentence stands in the text, signs and case aside."""
    return words.heart(sentence) in words.heart(text)


def with_tail(text: str, tail: str) -> str:
    """The text with a sentence below it, once."""
    return text if not tail or says(text, tail) else f"{text.rstrip()}\n\n{tail}".strip()
