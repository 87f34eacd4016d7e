"""Search over everything: each room registers how it is searched. Also the folding that all full text uses."""

import re
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


def tsquery(words: str) -> str:
    """What a person typed as a prefix tsquery for configuration `simple`: every word must begin some word.

    Empty when nothing searchable was typed."""
    asked, left = [], MOST_WORDS
    for run in fold(words[:200]).split():
        found = tokens(run)[:left]
        left -= len(found)
        if found:
            each = " & ".join(f"{token}:*" for token in found)
            asked.append(f"({each} | {whole})" if (whole := _whole(run)) else each)
    return " & ".join(asked)


def _whole(run: str) -> str:
    """An address, a handle or a link as PostgreSQL keeps it: as one word. Empty for what is none."""
    plain = _SCHEME.sub("", run.strip("\"'“”‘’<>()[],;:!?.")).lstrip("@").rstrip("/")
    if not _ADDRESS.fullmatch(plain):
        return ""
    return f"'{plain}':*" if "@" in plain or plain.startswith("www.") else f"'{plain}':* | 'www.{plain}':*"


def tokens(words: str) -> list[str]:
    """The words that a person typed, folded; at most twelve."""
    return "".join(c if c.isalnum() or c == "_" else " " for c in fold(words[:200])).split()[:MOST_WORDS]


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
