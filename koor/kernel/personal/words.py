"""By which words somebody is met in a text. Whoever chose them was a stranger: a common word, or what a platform is
called, is none. A handle is met as `@handle` or as its page, whole; a name needs two words, one of them telling."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

from koor.kernel import search

BETWEEN = r"[\s._+-]+"  # the words of a name, also in an address or the name of a file
TELLING = 4  # letters
DIGITS = 8  # of a phone; fewer are a number of anything
PARTICLES = {
    "aan",
    "achter",
    "binnen",
    "boven",
    "buiten",
    "deze",
    "door",
    "from",
    "haar",
    "have",
    "heel",
    "here",
    "hier",
    "into",
    "jouw",
    "just",
    "maar",
    "meer",
    "mijn",
    "naar",
    "niet",
    "onder",
    "onze",
    "over",
    "same",
    "some",
    "team",
    "than",
    "that",
    "their",
    "them",
    "then",
    "there",
    "this",
    "tussen",
    "under",
    "very",
    "voor",
    "waar",
    "want",
    "were",
    "what",
    "when",
    "where",
    "which",
    "will",
    "with",
    "worden",
    "your",
    "zijn",
    "zonder",
}


def names_one(name: str) -> bool:
    """Whether a name, met in a text, tells of one person."""
    said = ["".join(filter(str.isalpha, word)).casefold() for word in name.split()]
    return sum(map(bool, said)) > 1 and any(len(word) >= TELLING and word not in PARTICLES for word in said)


def of_address(platform: str, value: str) -> str:
    """How an address is met in a text; empty when it could be anything."""
    if platform == "phone":
        return value if is_phone(value) else ""
    if any(map(str.isspace, value)):
        return ""
    if re.fullmatch(r"[^@]+@[^@]{3,}", value):
        return value
    return f"@{value}" if platform != "email" and len(value) > 1 and "@" not in value else ""


def of_old(value: str) -> str:
    """How this address was written down before 23 November 2026, where that differs: the numbers by which LinkedIn
    names people were folded then. Who is known, or was erased, by the old spelling is by this one too."""
    folded = value.lower() if value.startswith("urn:") else value
    return folded if folded != value else ""


def is_phone(value: str) -> bool:
    return bool(re.fullmatch(r"[\d\s()+./-]+", value)) and sum(map(str.isdigit, value)) > DIGITS


def page(address: str) -> str:
    """The page of a handle as people write it; empty when it is no page of one person."""
    bare = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
    return bare if "/" in bare else ""


def pattern(said: Iterable[str]) -> str:
    """Meets words, whole, as they are written in a text, an address, a page or JSON; for PostgreSQL and for Python."""
    handles = {word for word in said if word.startswith("@") or "/" in word}
    plain = [way for word in said if word not in handles for way in _ways(word)]
    exact = [_plain(word) for word in handles]
    parts = [rf"(?<!\w)(?:{_either(plain)})(?!\w)"] if plain else []
    parts += [rf"(?<![\w/])(?:{_either(_at(exact))})(?![\w-])(?!\.\w)"] if _at(exact) else []
    pages = [one for one in exact if not one.startswith("\\@")]
    parts += [rf"(?<![\w-])(?:{_either(pages)})(?![\w-])(?!\.\w)"] if pages else []
    return "|".join(parts)


def _at(exact: list[str]) -> list[str]:
    return [one for one in exact if one.startswith("\\@")]


def _either(ways: Iterable[str]) -> str:
    return "|".join(sorted(dict.fromkeys(ways), key=lambda way: (-len(way), way)))


def _ways(word: str) -> list[str]:
    spelled = [word, search.fold(word), json.dumps(word)[1:-1], html.escape(word), quote(word), quote(word, safe="")]
    return [BETWEEN.join(_plain(part) for part in re.split(r"\s+", said.strip())) for said in spelled if said.strip()]


def _plain(text: str) -> str:
    return "".join(sign if sign.isalnum() else f"\\{sign}" if ord(sign) < 128 else sign for sign in text)
