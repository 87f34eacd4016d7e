"""What each code point becomes, as numbers that compiled code can look up. Made from the rules of the reference itself
(`logic.fold`), a page of 256 at a time when one of it is first met.

An entry is 0 while its page is not known. Nearly all others are positive: a letter that becomes one code point, or
something that separates. What is rarer is negative, so that the inner loop has one thing to look at."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache

import numpy as np

from koor.flow.listening.logic.fold import TAG_SIGNS, fold_code
from koor.kernel.normal import normal

LETTER, SEPARATOR = 1 << 24, 1 << 25
POINT = (1 << 21) - 1
# Kinds of rare entries, -(kind | flags | value << 5): the value is a code point, or where several are `SPELLED`.
VANISHES, WORD, ALONE, GAP, SIGN = 1, 2, 3, 4, 5
KIND, UNSETTLED, SPELLED, VALUE = 7, 8, 16, 5
# Traits that tell where a tag begins and ends
BEGINS, WITHIN, BEFORE_NONE = 1, 2, 4

_ALL = 0x110000
_SIGNS = list(map(ord, TAG_SIGNS))
_PAGE = 256
_PAIRS = range(0xC0, 0x20000)  # what is put together of two lies in it
_MOST_SPELLED = 16_384  # numbers; all of Unicode needs a fifth of it


class Codes:
    """The table. It only grows, up to all of Unicode: 10 MB."""

    def __init__(self) -> None:
        self.entries = np.zeros(_ALL, np.int32)
        self.plain = np.zeros(_ALL, np.int32)  # the same where nobody asks for tags: their signs only separate
        self.traits = np.zeros(_ALL, np.uint8)
        self.spelled = np.zeros(_MOST_SPELLED, np.int32)
        self.used = 0
        self.pages: set[int] = set()
        self.growing = threading.Lock()
        self.learn(["a", "ā"])

    def learn(self, texts: Iterable[str]) -> None:
        """Makes sure that every code point of these texts is known."""
        with self.growing:
            for page in {ord(char) // _PAGE for text in texts for char in set(text)} - self.pages:
                for code in range(page * _PAGE, (page + 1) * _PAGE):
                    self.traits[code] = _traits(chr(code))
                    self.entries[code] = self.plain[code] = self._entry(code)
                self.plain[_SIGNS] = SEPARATOR
                self.pages.add(page)

    def _entry(self, code: int) -> int:
        char, folded = chr(code), fold_code(code)
        letters = folded.strip()
        unsettled = _is_unsettled(char)
        if char in TAG_SIGNS:
            return -(SIGN | ord(TAG_SIGNS[char]) << VALUE)
        if not unsettled and len(letters) == 1 and folded == letters:
            return LETTER | ord(letters)
        if not unsettled and folded.isspace():
            return SEPARATOR
        kind = VANISHES if not folded else GAP if not letters else WORD if folded == letters else ALONE
        return -(kind | UNSETTLED * unsettled | self._value(letters))

    def _value(self, letters: str) -> int:
        if len(letters) == 1:
            return ord(letters) << VALUE
        at = self.used
        self.spelled[at] = len(letters)
        self.spelled[at + 1 : at + 1 + len(letters)] = list(map(ord, letters))
        self.used += 1 + len(letters)
        return SPELLED | at << VALUE


def _traits(char: str) -> int:
    word = re.match(r"\w", char) is not None
    mark = 0x0300 <= ord(char) < 0x1F000 and unicodedata.category(char) in ("Mn", "Mc")
    within = word or mark or char in "\u200c\u200d"
    return BEGINS * word | WITHIN * within | BEFORE_NONE * (word or char in TAG_SIGNS or char in "&/")


@cache
def _seconds() -> frozenset[str]:
    """What can join the code point before it, although it is no mark: second in a canonical decomposition."""
    spread = (unicodedata.decomposition(chr(code)).split() for code in _PAIRS)
    found = {chr(int(parts[1], 16)) for parts in spread if len(parts) == 2 and parts[0][0] != "<"}
    return frozenset(found | set(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)))))  # Hangul joins by rule


def _is_unsettled(char: str) -> bool:
    """Whether a text that holds it may have another normal form."""
    return bool(unicodedata.combining(char)) or char in _seconds() or normal(char) != char


@cache
def codes() -> Codes:
    """The table of this process."""
    return Codes()
