"""Colleagues who are named in a note with an @, as people write it: “@Bram, bel jij haar?”"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from koor.kernel.normal import normal

_AT = re.compile(r"(?<![\w@.])@(?=\w)")


@dataclass(frozen=True)
class Named:
    """Who was meant, by number; and the names that fit several."""

    people: list[int] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def named_in(text: str, colleagues: Iterable[tuple[int, str]]) -> Named:
    """The longest name that stands behind an @ is meant; a first name only when one colleague has it."""
    whole, first = _by_words(colleagues)
    found = Named()
    for place in _AT.finditer(text):
        words = _words(text[place.end() : place.end() + 130])
        if not words:
            continue  # a sign that is a mark without its letter
        meant = next((whole[key] for size in range(len(words), 0, -1) if (key := tuple(words[:size])) in whole), None)
        meant = meant if meant is not None else first.get(words[0], set())
        if len(meant) == 1 and not meant.issubset(found.people):
            found.people.extend(meant)
        elif len(meant) > 1 and words[0] not in found.unclear:
            found.unclear.append(words[0])
    return found


def _by_words(colleagues: Iterable[tuple[int, str]]) -> tuple[dict[tuple[str, ...], set[int]], dict[str, set[int]]]:
    whole: dict[tuple[str, ...], set[int]] = {}
    first: dict[str, set[int]] = {}
    for pk, name in colleagues:
        if words := _words(name):
            whole.setdefault(tuple(words), set()).add(pk)
            first.setdefault(words[0], set()).add(pk)
    return whole, first


def _words(text: str) -> list[str]:
    plain = normal(text, "NFKD")
    return re.findall(r"[\w'’-]*\w", "".join(one for one in plain if not unicodedata.combining(one)).casefold())[:8]
