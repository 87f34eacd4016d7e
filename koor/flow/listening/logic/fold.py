"""How text becomes words: case and accents folded, one table for everything that is compared.

The rules are those of `docs/how-to/queries.md`, section "Words". They look at one code point at a time, so that a
text folds to the same words whole or in pieces, and so that `spans` can point back into the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from koor.kernel.normal import normal

# Letters and digits in these ranges are words by themselves (Chinese, Japanese, Korean: no spaces to go by).
_ALONE = (
    (0x1100, 0x11FF),  # Hangul jamo
    (0x3005, 0x30FF),  # ideographic marks, hiragana, katakana
    (0x3100, 0x318F),  # bopomofo, compatibility jamo
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),  # Hangul syllables
    (0xF900, 0xFAFF),
    (0xFF66, 0xFFDC),  # half-width katakana and Hangul
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),
)
# By range and not by category: Python 3.11 knows Unicode 14 and would miss every newer emoji.
_EMOJI = ((0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1FAFF))
# Code points that leave no trace: they colour or direct what stands beside them.
_VANISH = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x200C, 0x200F),  # joiners, direction marks
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x2069),
    (0x3099, 0x309A),  # voicing marks that NFC could not join to a kana
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),
    (0x1F3FB, 0x1F3FF),  # skin tones
    (0xE0000, 0xE01EF),  # tags, variation selectors
)
# Marks of these combining classes are part of writing (vowel signs, nukta, kana voicing, virama), not accents.
_WRITING = frozenset({0, 7, 8, 9})
_KEPT = 65_536  # folded code points remembered; a hostile stream of all Unicode must not fill the memory

_BEYOND_ASCII = re.compile(r"([^\x00-\x7f]+)")
_SHORT = 8  # characters of a stretch that is not worth it

TAG_SIGNS = {"#": "#", "＃": "#", "@": "@", "＠": "@"}


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _is_accent(char: str) -> bool:
    return unicodedata.combining(char) not in _WRITING


def _is_word_char(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LN" or char == "_" or (category in ("Mn", "Mc") and not _is_accent(char))


def _without_accents(char: str) -> str:
    """Case folded and accents dropped: the canonical caseless form of Unicode 3.13 without its accents."""
    spread = normal(normal(char, "NFD").casefold(), "NFD")
    return normal("".join(part for part in spread if not _is_accent(part)))


def fold_code(code: int) -> str:
    """What one code point of NFC text becomes: letters, `" x "` for a word by itself, `" "`, or nothing."""
    char = chr(code)
    if _within(code, _VANISH):
        return ""
    if _is_word_char(char):
        folded = _without_accents(char)
        return f" {folded} " if _within(code, _ALONE) else folded
    if unicodedata.category(char) in ("Mn", "Mc"):
        return ""
    if _within(code, _EMOJI) or _within(code, _ALONE[-1:]):
        return f" {char} "
    return " "


class _Table(dict[int, str]):
    """The folding of every code point met so far, as `str.translate` wants it."""

    def __missing__(self, code: int) -> str:
        folded = fold_code(code)
        if len(self) < _KEPT:
            self[code] = folded
        return folded


_TABLE = _Table()


def words(text: str) -> list[str]:
    """The folded words of a text, in order. `words("Café-app's 👍")` is `["cafe", "app", "s", "👍"]`."""
    return _split(normal(text))


def _split(text: str) -> list[str]:
    """The words of a text in NFC. Python is ten times as quick with a text of ASCII alone, so of others each stretch
    that is goes by itself; unless there are many of them."""
    if not text.isascii():
        pieces = _BEYOND_ASCII.split(text)
        if len(pieces) * _SHORT < len(text):
            return "".join([piece.translate(_TABLE) for piece in pieces]).split()
    return text.translate(_TABLE).split()


@cache
def _tag() -> re.Pattern[str]:
    """A sign at the start of a word, and the letters, digits, `_`, marks and joiners after it."""
    codes = range(0x0300, 0x1F000)  # all assigned marks but the variation selectors lie in it
    marks = "".join(chr(code) for code in codes if unicodedata.category(chr(code)) in ("Mn", "Mc"))
    signs = "".join(TAG_SIGNS)
    return re.compile(rf"(?<![\w&/{signs}])([{signs}])(\w[\w\u200c\u200d{re.escape(marks)}]*)")


def tag_word(sign: str, body: str) -> str:
    """The one word that `#tag` and `@handle` are looked up by: sign and folded body in one piece."""
    return TAG_SIGNS[sign] + "".join(words(body))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text ready to be matched. `tags` holds `#body` and `@body` with the place of the body's first word, `beside`
    what stands beside the text (`:author:els`), at places behind it."""

    words: list[str]
    tags: list[tuple[str, int]] = field(default_factory=list)
    beside: list[tuple[str, int]] = field(default_factory=list)


def fold(text: str) -> Folded:
    """Words and tags of a text. A sign makes a tag only at the start of a word: `els@house.nl` has none."""
    if "#" not in text and "@" not in text and (text.isascii() or ("＃" not in text and "＠" not in text)):
        return Folded(words(text))
    text = normal(text)
    found: list[str] = []
    tags: list[tuple[str, int]] = []
    start = 0
    for match in _tag().finditer(text):
        found += _split(text[start : match.start()])
        tags.append((tag_word(match[1], match[2]), len(found)))
        start = match.start()
    found += _split(text[start:])
    return Folded(found, tags)


@dataclass(frozen=True, slots=True)
class Span:
    """A word and where it stands: `text[start:end]`."""

    word: str
    start: int
    end: int


def spans(text: str) -> list[Span]:
    """The words of a text with their places in it, for marking them on a page. Expects text in NFC."""
    found: list[Span] = []
    word, start = "", 0
    for place, char in enumerate(text + " "):
        piece = _TABLE[ord(char)]
        if piece and not piece.startswith(" "):
            start = start if word else place
            word += piece
        elif piece:
            if word:
                found.append(Span(word, start, place))
                word = ""
            if piece.strip():
                found.append(Span(piece.strip(), place, place + 1))
    return found
