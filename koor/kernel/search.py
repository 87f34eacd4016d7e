"""Search over everything: each room registers how it is searched. Also the folding that all full text uses."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_searchers: list[tuple[str, Any, Callable[[Any, str, int], Iterable["Hit"]]]] = []


@dataclass(frozen=True)
class Hit:
    """One find. `url` is a path in this house."""

    title: str
    url: str
    text: str = ""
    when: datetime | None = None
    face: Any = None
    picture_url: str = ""


def searches(room: str, label: Any) -> Callable[..., Any]:
    """Register `(person, words, limit) -> hits` that this person may see. `label`: such as "Colleagues"."""

    def register(function: Callable[[Any, str, int], Iterable[Hit]]) -> Callable[[Any, str, int], Iterable[Hit]]:
        _searchers.append((room, label, function))
        return function

    return register


def everywhere(person: Any, words: str, limit: int = 6) -> list[tuple[Any, list[Hit]]]:
    """All rooms' hits, as (label, hits), rooms without hits left out."""
    found = [(label, list(function(person, words, limit))) for _room, label, function in _searchers]
    return [(label, hits) for label, hits in found if hits]


def fold(text: str) -> str:
    """Lower case without accents, as the SQL function `koor_fold` does it."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not 0x300 <= ord(c) <= 0x36F))


def tsquery(words: str) -> str:
    """What a person typed as a prefix tsquery for configuration `simple`: every word must begin some word.

    Empty when nothing searchable was typed."""
    tokens = "".join(c if c.isalnum() or c == "_" else " " for c in fold(words[:200])).split()
    return " & ".join(f"{token}:*" for token in tokens[:12])
