"""How a text becomes what the learner reads: its words, and where those lie in a table of fixed size."""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from koor.kernel.normal import normal

BITS = 16
LONGEST = 4_000  # characters that are read of a text
SPELT = 180  # characters whose pieces are read: how words are built shows soon
MOST_WORDS = 400

_URL = re.compile(r"(?:https?://|www\.)\S+")
_NAME = re.compile(r"@\w+")
_NUMBER = re.compile(r"\d+")
_INSIDE = re.compile(r"(?<=\w)['’‘`](?=\w)")
_TOKEN = re.compile(r"\w+(?:-\w+)*|[^\w\s]")
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(1_000_003)
_SHIFT = np.uint64(64 - BITS)

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


def folded(text: str) -> str:
    """Lower case, without accents."""
    lower = text.lower()
    if lower.isascii():
        return lower
    parts = normal(lower, "NFD")
    return "".join(part for part in parts if not unicodedata.combining(part) and part != "\ufe0f")


def words_of(text: str) -> list[str]:
    """The words and signs of a text. Addresses, names and numbers are told as what they are."""
    plain = _INSIDE.sub("", folded(text[:LONGEST]))
    plain = _NUMBER.sub("0", _NAME.sub(" @ ", _URL.sub(" url ", plain)))
    return _TOKEN.findall(plain)[:MOST_WORDS]


@lru_cache(maxsize=65_536)
def _number(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace")) * 2 + 1


def places(words: list[str]) -> tuple[Places, Floats]:
    """Where words, pairs of words and pieces of 3 to 5 characters lie in the table, and how much each weighs."""
    ones = np.array([_number(word) for word in words], dtype=np.uint64)
    found = [(ones * _SPREAD) >> _SHIFT, ((ones[:-1] * _STEP + ones[1:]) * _SPREAD) >> _SHIFT]
    told = len(found[0]) + len(found[1])
    line = f" {' '.join(words)} "[:SPELT]
    signs = np.frombuffer(line.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    rolled = signs[:-1] * _STEP + signs[1:]
    for long in (3, 4, 5):
        if len(signs) < long:
            break
        rolled = rolled[: len(signs) - long + 1] * _STEP + signs[long - 1 :]
        found.append((rolled * _SPREAD) >> _SHIFT)
    at = np.concatenate(found).astype(np.int64)
    weights = np.full(len(at), 0.35 / math.sqrt(max(len(at) - told, 1)), np.float32)
    weights[:told] = 1 / math.sqrt(max(told, 1))
    return at, weights
