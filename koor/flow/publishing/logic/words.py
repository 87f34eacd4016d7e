"""What the words of a post say: a title, an opening, an address; and whether two posts say the same."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from koor.kernel.normal import normal

TITLE = 90  # characters of a title that is taken from the text
WORDS_A_MINUTE = 220
ALIKE = 0.85  # share of two texts that is the same, above which one is a copy
LONG = 800  # signs from which texts are compared word by word

_SENTENCE = re.compile(r"(?<=[.!?…])['\"’”)]*\s+")
_QUOTES = {"‘": "’", "“": "”", '"': '"', "„": "”"}
_LINK = re.compile(r"https?://\S+")


def paragraphs(text: str) -> list[str]:
    """Pieces of text between empty lines; a single line break stays inside."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return [piece.strip() for piece in re.split(r"\n\s*\n", whole) if piece.strip()]


def title_of(text: str) -> str:
    """The first sentence, cut between words when it is long."""
    first = paragraphs(text)[:1]
    line = " ".join(first[0].split("\n")[0].split()) if first else ""
    sentence = _first_sentence(line)
    return cut(sentence.rstrip(".") if not sentence.endswith("..") else sentence, TITLE)


def _first_sentence(line: str) -> str:
    """With its closing quotation mark, and not before that mark when it opens with one."""
    closing = _QUOTES.get(line[:1], "")
    for end in _SENTENCE.finditer(line):
        sentence = line[: end.start()] + end[0].rstrip()
        if not closing or closing in sentence[1:]:
            return sentence
    return line


def body_after(title: str, text: str) -> list[str]:
    """The paragraphs without the title, when the title is their first sentence."""
    pieces = paragraphs(text)
    if not pieces or not title:
        return pieces
    if heart(pieces[0]) == heart(title):
        return pieces[1:]
    if not pieces[0].startswith(title):
        return pieces
    rest = pieces[0][len(title) :].lstrip(" .\n")
    return [rest, *pieces[1:]] if rest else pieces[1:]


def cut(text: str, most: int) -> str:
    """At most this many characters, cut between words with an ellipsis."""
    if len(text) <= most:
        return text
    short = text[: most - 1]
    if not text[most - 1].isspace() and " " in short[most // 2 :]:
        short = short.rsplit(" ", 1)[0]
    return short.rstrip(" ,;:-") + "…"


def slug_of(text: str, most: int = 60) -> str:
    """Words of an address: small letters, digits and hyphens. Empty when nothing is left of it (another script)."""
    plain = normal(text, "NFKD").encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’‘]", "", plain)))
    return (words if len(words) <= most else words[:most].rsplit("-", 1)[0]).strip("-")


def reading_minutes(text: str) -> int:
    return max(1, math.ceil(len(text.split()) / WORDS_A_MINUTE))


def heart(text: str) -> str:
    """What is the same of two texts that differ in case, signs, spaces and links only."""
    plain = normal(_LINK.sub("", text), "NFKC").casefold()
    return " ".join(re.findall(r"\w+", plain))


MANY = 10  # places on which one text may appear without anybody else having read it


def goes_far(texts: Iterable[str]) -> bool:
    """Whether one text goes to so many places that a second pair of eyes looks first."""
    return max(Counter(texts).values(), default=0) > MANY


def is_copy(text: str, other: str) -> bool:
    """Whether one text is the other, or so near to it that people see the same thing twice."""
    return Held(text).against(other)


class Held:
    """A text that many others are held against. What can't be a copy costs little; nothing is left out for that."""

    def __init__(self, text: str) -> None:
        self.heart, self.sieve = _known(text)
        self.unsieved = len(self.heart) - 1 - self.sieve.bit_count()  # pairs that share a bit with another of its own

    def against(self, other: str) -> bool:
        there, sieve = _known(other)
        if not self.heart or not there:
            return False
        if self.heart == there:
            return True
        if max(len(self.heart), len(there)) > LONG:
            return _are_alike(self.heart.split(), there.split())
        return self._may_be(there, sieve) and _are_alike(self.heart, there)

    def _may_be(self, there: str, sieve: int) -> bool:
        """What is the same for more than ALIKE has nearly its length, and most of its pairs of signs: each sign that
        differs ends at most one run of signs, and a run of n signs has n - 1 pairs."""
        both = len(self.heart) + len(there)
        if 2 * min(len(self.heart), len(there)) <= ALIKE * both:
            return False
        same = (self.sieve & sieve).bit_count() + self.unsieved
        return 2 * same > (3 * ALIKE - 2) * both - 2


SIEVE = 4096  # bits


@lru_cache(maxsize=8192)  # the same texts are read again for each one that goes
def _known(text: str) -> tuple[str, int]:
    """The heart of a text, and as a number which pairs of signs it holds: a bit for the first of a pair, another one
    for the second of the same. Some share a bit, so that two texts have at most as many pairs in common as bits."""
    plain, sieve = heart(text), 0
    seen: Counter[str] = Counter()
    for at in range(len(plain) - 1 if len(plain) <= LONG else 0):
        pair = plain[at : at + 2]
        seen[pair] += 1
        sieve |= 1 << ((ord(pair[0]) * 31 + ord(pair[1]) * 1021 + seen[pair] * 509) % SIEVE)
    return plain, sieve


def _are_alike(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whichever of the two is read first: the comparison is not the same both ways."""
    return any(
        matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE
        for matcher in (SequenceMatcher(None, a, b, autojunk=False) for a, b in ((one, two), (two, one)))
    )
