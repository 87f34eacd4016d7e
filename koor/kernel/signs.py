"""What people see as one sign: a flag, a family and an accented letter are one each (Unicode Standard Annex 29). No
Django.

Whether two halves of a flag belong together follows from how many stand before them, which the library counts anew for
each: 20,000 of them hold a process for seconds. So a long row of flags is taken apart between two of them first."""

from __future__ import annotations

import regex

_SIGN = regex.compile(r"\X")
_FLAGS = regex.compile(
    "[\U0001f1e6-\U0001f1ff]{64}(?=[\U0001f1e6-\U0001f1ff])"
)  # whole flags: an even number of halves


def signs(text: str) -> list[str]:
    """The signs of a text, in order."""
    found: list[str] = []
    at = 0
    for match in _FLAGS.finditer(text):
        found += _SIGN.findall(text[at : match.end()])
        at = match.end()
    found += _SIGN.findall(text[at:])
    return found
