"""Unicode normal forms of text from outside, in time that follows its length. No Django.

Python sorts the marks behind a letter with an insertion sort: 100,000 of them in an unkind order hold a process for
many seconds. So of more than 30 marks in a row only the first 30 stay, which no writing system needs: the bound of the
Stream-Safe Text Format (Unicode Standard Annex 15, section 13). Everything in the house that normalizes does it here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

MOST_MARKS = 30  # in a row

_CODES = range(0x0300, 0x1F000)  # everything that moves when text is put in order lies in it

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def normal(text: str, form: Form = "NFC") -> str:
    """The text in a normal form, with at most `MOST_MARKS` marks in a row. Twice is the same as once."""
    if text.isascii():
        return text
    return _cut(unicodedata.normalize(form, _cut(text, form)), form)  # again: taking letters apart makes new marks


@cache
def _marks(compatible: bool) -> frozenset[str]:
    """Code points that become marks alone: of a combining class, or taken apart into such."""
    form: Form = "NFKD" if compatible else "NFD"
    combining = unicodedata.combining
    return frozenset(one for one in map(chr, _CODES) if all(map(combining, unicodedata.normalize(form, one))))


@cache
def _run(compatible: bool) -> re.Pattern[str]:
    marks = re.escape("".join(sorted(_marks(compatible))))
    return re.compile(rf"([{marks}]{{{MOST_MARKS}}})[{marks}]+")


def _cut(text: str, form: Form) -> str:
    """At most `MOST_MARKS` marks in a row. A longer run has one at a place that is looked at, so that most texts are
    passed over with a look at a thirtieth."""
    compatible = "K" in form
    if _marks(compatible).isdisjoint(text[MOST_MARKS :: MOST_MARKS + 1]):
        return text
    return _run(compatible).sub(r"\1", text)
