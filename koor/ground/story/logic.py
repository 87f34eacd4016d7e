"""A draft held against the story: advice with its reason and the line that it comes from. No Django, no model."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LIMIT = 12  # pieces of advice at most

# Words that say nothing, as communication people collect them; Dutch and English
CORPORATE = (
    "ontzorgen", "ontzorgt", "synergie", "synergieën", "state-of-the-art", "toonaangevend", "toonaangevende",
    "hoogwaardig", "hoogwaardige", "totaaloplossing", "totaaloplossingen", "innovatieve oplossingen", "klantgericht",
    "klantgerichte", "stakeholders", "proactief", "proactieve", "dynamische", "naadloos", "naadloze", "marktleider",
    "in de breedste zin van het woord", "borgen", "implementeren", "uitrollen", "we zijn trots om", "maatwerk leveren",
    "synergy", "synergies", "world-class", "cutting-edge", "leading provider", "best-in-class", "solutions provider",
    "leverage", "seamless", "seamlessly", "game-changer", "game changer", "customer-centric", "innovative solutions",
    "excited to announce", "thrilled to announce", "proud to announce", "one-stop shop", "paradigm",
)  # fmt: skip

# Promises that nobody can keep
PROMISES = (
    r"(?:de|het) (?:beste|goedkoopste|snelste|nummer één|nummer 1)\b[^.,;!?\n]{0,40}", r"gegarandeerd\w*", r"100 ?%",
    r"nooit meer", r"voor altijd", r"altijd binnen [^.!?\n]{1,20}", r"zonder enig risico",
    r"the (?:best|cheapest|fastest|number one)\b[^.,;!?\n]{0,40}", r"guaranteed", r"never again", r"risk[- ]free",
)  # fmt: skip

_promise = re.compile("|".join(f"(?:{p})" for p in PROMISES), re.IGNORECASE)
_corporate = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(w) for w in sorted(CORPORATE, key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE
)
_quoted = re.compile(r"[\"“”‘’'«»„]([^\"“”‘’'«»„\n]{2,60})[\"“”‘’'«»„]")
_formal = re.compile(r"(?<!\w)(?:u|uw|uzelf)(?!\w)", re.IGNORECASE)
_shouting = re.compile(r"(?<!\w)[A-ZÀ-Ý]{4,}(?: [A-ZÀ-Ý]{2,})+(?!\w)")


@dataclass(frozen=True)
class Told:
    """The lines of the story that a draft is held against."""

    voice: str = ""
    dos: str = ""
    donts: str = ""


@dataclass(frozen=True)
class Advice:
    """`words` stand in the draft from `start` to `end`; `line` is the story's own line, if it has one on this."""

    kind: str  # corporate, promise, dont, formal, shouting, exclamation
    words: str
    line: str
    start: int
    end: int


def check_text(text: str, told: Told) -> list[Advice]:
    """Advice on a draft, in the order in which it stands there; at most twelve pieces, overlapping ones once."""
    found = sorted(_all(text[:20_000], told), key=lambda advice: (advice.start, -advice.end))
    kept: list[Advice] = []
    for advice in found:
        if not kept or advice.start >= kept[-1].end:
            kept.append(advice)
    return kept[:LIMIT]


def _all(text: str, told: Told) -> Iterator[Advice]:
    donts = _lines(told.donts)
    yield from _each("dont", text, _forbidden(donts), told)
    yield from _from(
        "corporate", _corporate.finditer(text), _about(donts, "jargon", "vakjargon", "corporate", "woorden")
    )
    yield from _from("promise", _promise.finditer(text), _about(donts, "belo", "promis"))
    if _says_informal(told.voice):
        yield from _from("formal", _formal.finditer(text), _first(told.voice, " je", "je ", "informal"))
    if no_shouting := _about(donts, "uitroepteken", "exclamation"):
        yield from _from("exclamation", re.finditer(r"!+", text), no_shouting)
    yield from _from("shouting", _shouting.finditer(text), told.voice.split("\n", 1)[0])


def _from(kind: str, matches: Iterable[re.Match[str]], line: str) -> Iterator[Advice]:
    for match in matches:
        yield Advice(kind, match.group().strip(), line, match.start(), match.end())


def _each(kind: str, text: str, forbidden: Iterable[tuple[str, str]], told: Told) -> Iterator[Advice]:
    for words, line in forbidden:
        pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
        yield from _from(kind, pattern.finditer(text), line)


def _forbidden(donts: list[str]) -> list[tuple[str, str]]:
    """The words between quotation marks in the lines of what we don't say."""
    return [(words.strip(), line) for line in donts for words in _quoted.findall(line) if words.strip()]


def _lines(text: str) -> list[str]:
    return [line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")]


def _about(lines: list[str], *words: str) -> str:
    return next((line for line in lines if any(word in line.lower() for word in words)), "")


def _first(text: str, *words: str) -> str:
    return _about(_lines(text), *words) or (_lines(text) or [""])[0]


def _says_informal(voice: str) -> bool:
    return bool(re.search(r"(?<!\w)je(?!\w)|informal|tutoyeren|niet u\b", voice, re.IGNORECASE))
