"""What each code point becomes, as numbers that compiled code can look up. Made from the rules of the reference itself
(`logic.fold`), a page of 256 at a time when one of it is first met.

Folded words are UTF-8. What becomes one byte, or plainly separates, stands in `quick` (`plain` where nobody asks for
tags): the walk looks at nothing else. Of all others it says `LOOK`, and `entries` tell more: 0 while the page is not
known, else kind and flags, and where in `spelled` the bytes stand and how many they are."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from koor.flow.listening.logic.fold import TAG_SIGNS, fold_code
from koor.kernel.normal import normal

LOOK = 128
VANISHES, WORD, ALONE, GAP, SIGN = 1, 2, 3, 4, 5
KIND, UNSETTLED = 7, 8
SIZE, SIZES, AT = 4, 31, 9
# Traits that tell where a tag begins and ends
BEGINS, WITHIN, BEFORE_NONE = 1, 2, 4

_ALL = 0x110000
_PAGE = 256
_PAIRS = range(0xC0, 0x20000)  # what is put together of two lies in it
_MOST_SPELLED = 1 << 20  # bytes; all of Unicode needs half of it
MOST_BYTES = 16  # that a code point becomes


class Cells(NamedTuple):
    """What compiled code looks up."""

    quick: Any  # or `plain`
    entries: Any
    traits: Any
    spelled: Any


class Codes:
    """The table. It only grows, up to all of Unicode: 9 MB."""

    def __init__(self) -> None:
        self.quick, self.plain = np.full(_ALL, LOOK, np.uint8), np.full(_ALL, LOOK, np.uint8)
        self.entries = np.zeros(_ALL, np.int32)
        self.traits = np.zeros(_ALL, np.uint8)
        self.spelled = np.zeros(_MOST_SPELLED, np.uint8)
        self.places: dict[bytes, int] = {}
        self.used = 0
        self.pages: set[int] = set()
        self.growing = threading.Lock()
        self.learn(["a", "ā", "…"])

    def cells(self, tagged: bool) -> Cells:
        return Cells(self.quick if tagged else self.plain, self.entries, self.traits, self.spelled)

    def learn(self, texts: Iterable[str]) -> None:
        """Makes sure that every code point of these texts is known."""
        with self.growing:
            for page in {ord(char) // _PAGE for text in texts for char in set(text)} - self.pages:
                for code in range(page * _PAGE, (page + 1) * _PAGE):
                    self._learn(code)
                self.pages.add(page)

    def _learn(self, code: int) -> None:
        char, folded = chr(code), fold_code(code)
        letters = TAG_SIGNS.get(char, folded.strip()).encode()
        unsettled = _is_unsettled(char)
        self.traits[code] = _traits(char)  # what is looked at first comes last: others may be reading
        kind = VANISHES if not folded else GAP if not letters else WORD if not folded[0].isspace() else ALONE
        kind = SIGN if char in TAG_SIGNS else kind
        self.entries[code] = kind | UNSETTLED * unsettled | len(letters) << SIZE | self._spelled(letters) << AT
        if kind != SIGN and not unsettled and (kind == GAP or (kind == WORD and len(letters) == 1)):
            self.quick[code] = letters[0] if letters else 0
        self.plain[code] = 0 if kind == SIGN else self.quick[code]

    def _spelled(self, letters: bytes) -> int:
        if letters not in self.places:
            assert len(letters) <= MOST_BYTES
            self.spelled[self.used : self.used + len(letters)] = list(letters)
            self.places[letters] = self.used
            self.used += len(letters)
        return self.places[letters]


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


_making = threading.Lock()


def codes() -> Codes:
    """The table of this process."""
    with _making:
        return _made()


@cache
def _made() -> Codes:
    return Codes()
