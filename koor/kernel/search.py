"""Search over everything: each room registers how it is searched. Also the folding that all full text uses."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from koor.kernel import together
from koor.kernel.normal import normal

Asks = Callable[[Any, str], QuerySet[Any, Any] | None]
Faces = Callable[[list[Any]], Mapping[int, Any]]
MOST_WORDS = 12  # of what somebody typed
_SCHEME = re.compile(r"^https?://")
_ADDRESS = re.compile(r"[a-z0-9_-]+[.@/][\w.@/?=&%+~:-]*[\w=]", re.ASCII)
# The rules of `docs/how-to/queries.md`, as far as people type it; `koor_apart` has all of it
_ALONE = (
    *((0x1100, 0x11FF), (0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x3005, 0x3007), (0x3021, 0x3029)),
    *((0x3031, 0x3035), (0x3038, 0x303C), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x318E)),
    *((0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97C), (0xAC00, 0xD7FB)),
    *((0xF900, 0xFAD9), (0xFF66, 0xFFDC), (0x1B000, 0x1B167), (0x1F000, 0x1F0F5), (0x1F10D, 0x1F3FA)),
    *((0x1F400, 0x1FAF6), (0x20000, 0x3134A)),
)
_WHOLE = str.maketrans({"ß": "ss", "ς": "σ", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_WRITING = (0, 7, 8, 9)  # combining classes of marks that are no accents
_OF_WORDS = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Mn", "Mc"))
_VANISH = frozenset(map(chr, (0xAD, 0xFEFF, *range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))))
_VANISH |= frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400), *range(0xE0000, 0xE01F0))))
_searchers: list[tuple[Any, Asks, Callable[[Any, list[Any]], "list[Hit]"]]] = []


@dataclass(frozen=True)
class Hit:
    """One find. `url` is a path in this house."""

    title: str
    url: str
    text: str = ""
    when: datetime | None = None
    face: Any = None
    picture_url: str = ""


def searches(label: Any, asks: Asks, faces: Faces | None = None) -> Callable[..., Any]:
    """Register how a find reads: `(person, row) -> Hit`. `label`: such as "Colleagues".

    `asks` is `(person, words) -> rows` that this person may see, best first; None when the words find nothing here.
    `faces` looks up for all rows together who stands beside a find, by number."""

    def register(function: Callable[[Any, Any], Hit]) -> Callable[[Any, Any], Hit]:
        def hits(person: Any, rows: list[Any]) -> list[Hit]:
            known = faces(rows) if faces else {}
            found = [(row, function(person, row)) for row in rows]
            return [replace(hit, face=known.get(row.pk, hit.face)) for row, hit in found]

        _searchers.append((label, asks, hits))
        return function

    return register


def everywhere(person: Any, words: str, limit: int = 6) -> list[tuple[Any, list[Hit]]]:
    """All rooms' hits, as (label, hits), rooms without hits left out. One statement asks all rooms."""
    asked = [asks(person, words) for _label, asks, _hits in _searchers]
    answers = together.lists(*(None if rows is None else rows[:limit] for rows in asked))
    return [(label, hits(person, rows)) for (label, _asks, hits), rows in zip(_searchers, answers, strict=True) if rows]


def fold(text: str) -> str:
    """Lower case without accents, as the SQL function `koor_fold` does it."""
    lower = text.lower()
    if lower.isascii():
        return lower
    decomposed = normal(lower, "NFD")
    return normal("".join(c for c in decomposed if not 0x300 <= ord(c) <= 0x36F))


def apart(text: str) -> str:
    """The words that somebody typed, folded, with spaces between them, as the SQL function `koor_apart` does it; an
    emoji and a sign of writing without spaces are words by themselves."""
    if text.isascii():
        return "".join(map(_apart, text.lower()))
    decomposed = normal(text.lower(), "NFD")
    return "".join(map(_apart, normal("".join(c for c in decomposed if not _is_accent(c))).translate(_WHOLE)))


def bare(text: str) -> str:
    """Those words in one piece: a name is the same with another hyphen, apostrophe or space."""
    return "".join(apart(text).split())


def _is_accent(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Mc") and (
        unicodedata.combining(char) not in _WRITING or 0x300 <= ord(char) <= 0x36F
    )


def _apart(char: str) -> str:
    if char.isascii():
        return char if char.isalnum() or char == "_" else " "
    if is_alone(char):
        return f" {char} "
    if char in _VANISH or _is_accent(char):
        return ""
    return char if unicodedata.category(char) in _OF_WORDS else " "


def is_alone(char: str) -> bool:
    """Whether it is a word by itself: an emoji, or a sign of writing without spaces."""
    code = ord(char)
    digit_in_a_ring = 0x2776 <= code <= 0x2793
    return not digit_in_a_ring and any(low <= code <= high for low, high in _ALONE)


def tsquery(words: str) -> str:
    """What a person typed as a prefix tsquery for configuration `simple`: every word must begin some word.

    Empty when nothing searchable was typed."""
    asked, left = [], MOST_WORDS
    for run in fold(words[:200]).split():
        found = tokens(run)[:left]
        left -= len(found)
        if found:
            each = " & ".join(map(_begun, found))
            asked.append(f"({each} | {whole})" if (whole := _whole(run)) else each)
    return " & ".join(asked)


def _begun(token: str) -> str:
    """To PostgreSQL the sign before a number is a piece of it, also in 06-12345."""
    each = [f"'{one}':*" for one in with_signs(token)]
    return f"({' | '.join(each)})" if each[1:] else f"{token}:*"


def with_signs(word: str) -> list[str]:
    """A word as the index has it; a number also with a sign before it, which it keeps there."""
    return [word, f"-{word}", f"+{word}"] if word.isascii() and word.isdecimal() else [word]


def _whole(run: str) -> str:
    """An address, a handle or a link as PostgreSQL keeps it: as one word. Empty for what is none."""
    plain = _SCHEME.sub("", run.strip("\"'“”‘’<>()[],;:!?.")).lstrip("@").rstrip("/")
    if not _ADDRESS.fullmatch(plain):
        return ""
    return f"'{plain}':*" if "@" in plain or plain.startswith("www.") else f"'{plain}':* | 'www.{plain}':*"


def tokens(words: str) -> list[str]:
    """The words that a person typed, folded; at most twelve."""
    return apart(words[:200]).split()[:MOST_WORDS]


ALTERNATES = {"s": "z", "z": "s", "f": "v", "v": "f"}  # Dutch: huis, huizen; brief, brieven


@dataclass(frozen=True)
class Typed:
    """One word that somebody typed. `query`: what it finds in a `sql.stemmed_vector`, as a raw tsquery of `simple`."""

    word: str
    query: str


def typed(words: str, stems: Callable[[list[str]], dict[str, tuple[str, ...] | None]]) -> list[Typed]:
    """Each word begins some word, or shares its Dutch or English stem. Words that say nothing by themselves are left
    out, except for the last, which may only be half typed. `stems`: `sql.stems`."""
    found = tokens(words)
    known = stems(found)
    kept = [word for at, word in enumerate(found) if at == len(found) - 1 or known.get(word)]
    return [Typed(word, _alternatives(word, known.get(word) or ())) for word in dict.fromkeys(kept)]


def _alternatives(word: str, stems: tuple[str, ...]) -> str:
    found = [stem for stem in stems if stem.isalnum()]
    found += [stem[:-1] + ALTERNATES[stem[-1]] for stem in found if len(stem) > 2 and stem[-1] in ALTERNATES]
    others = [stem for stem in dict.fromkeys(found) if not stem.startswith(word)]
    return "(" + " | ".join([f"{word}:*", *others]) + ")"
