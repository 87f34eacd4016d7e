"""By which words somebody is met in a text. Whoever chose them was a stranger: a common word, or what a platform is
called, is none. A handle is met as `@handle` or as its page, whole; a name needs two words, one of them telling, or
three signs where words are written without spaces. Such signs in one piece may be a common word all the same: they are
found, and never taken out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

from koor.kernel import search

BETWEEN = r"[\s._+-]+"  # the words of a name, also in an address or the name of a file
HYPHENS = "".join(map(chr, range(0x2010, 0x2016))) + "-"
HYPHEN = re.compile(f"[{HYPHENS}]")
APART = f"[\\s\u00a0._+'’‘ʼ`´{HYPHENS}]+"  # and whatever parts words for a reader
LOOSE = "[\\s\u3000·・]*"  # between signs that are written without spaces
TELLING = 4  # letters
SIGNS = 3  # of Chinese, Japanese or Korean
HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufad9\U00020000-\U0003134a"
KANA, HANGUL = "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f", "\u1100-\u11ff\uac00-\ud7a3"
CALLED = "様|氏|殿|先生|さん|ちゃん|くん|君|씨|님"  # may stand right behind a name
KOREAN = 4  # signs of a name at most
DIGITS = 8  # of a phone; fewer are a number of anything
PARTICLES = {
    "aan",
    "achter",
    "binnen",
    "boven",
    "buiten",
    "deze",
    "door",
    "from",
    "haar",
    "have",
    "heel",
    "here",
    "hier",
    "into",
    "jouw",
    "just",
    "maar",
    "meer",
    "mijn",
    "naar",
    "niet",
    "onder",
    "onze",
    "over",
    "same",
    "some",
    "team",
    "than",
    "that",
    "their",
    "them",
    "then",
    "there",
    "this",
    "tussen",
    "under",
    "very",
    "voor",
    "waar",
    "want",
    "were",
    "what",
    "when",
    "where",
    "which",
    "will",
    "with",
    "worden",
    "your",
    "zijn",
    "zonder",
}


def names_one(name: str) -> bool:
    """Whether a name, met in a text, tells of one person."""
    if _is_signs(name):
        return _may_be_name("".join(name.split()))
    said = ["".join(filter(str.isalpha, word)).casefold() for word in name.split()]
    return sum(map(bool, said)) > 1 and any(len(word) >= TELLING and word not in PARTICLES for word in said)


def _may_be_name(bare: str) -> bool:
    """Nobody is called in the small signs of Japanese alone, or by a sentence in Korean."""
    if re.fullmatch(f"[{KANA}]+", bare):
        return False
    return len(bare) >= SIGNS and (len(bare) <= KOREAN or not re.fullmatch(f"[{HANGUL}]+", bare))


def goes_out(name: str) -> bool:
    """Whether it may go out of texts without somebody looking. In signs only a family name and a name of one's own
    with a space between them: お客様 and 大阪府 are as long as a name, and what is gone does not come back."""
    return not _is_signs(name) or bool(re.fullmatch(rf"[{HAN}]+\s+[{HAN}]+", name.strip()))


def is_name(word: str) -> bool:
    """Whether it is more than one word, none of them an address: those are one name however they are parted."""
    return len(word.split()) > 1 and not re.search(r"[\d@/]", word)


def stands_in(word: str, name: str) -> bool:
    """Both in small letters."""
    return word in name or (is_name(word) and search.bare(word) in search.bare(name))


def of_address(platform: str, value: str) -> str:
    """How an address is met in a text; empty when it could be anything."""
    if platform == "phone":
        return value if is_phone(value) else ""
    if any(map(str.isspace, value)):
        return ""
    if re.fullmatch(r"[^@]+@[^@]{3,}", value):
        return value
    return f"@{value}" if platform != "email" and len(value) > 1 and "@" not in value else ""


def of_old(value: str) -> str:
    """How this address was written down before 23 November 2026, where that differs: the numbers by which LinkedIn
    names people were folded then. Who is known, or was erased, by the old spelling is by this one too."""
    folded = value.lower() if value.startswith("urn:") else value
    return folded if folded != value else ""


def is_phone(value: str) -> bool:
    return bool(re.fullmatch(r"[\d\s()+./-]+", value)) and sum(map(str.isdigit, value)) > DIGITS


def page(address: str) -> str:
    """The page of a handle as people write it; empty when it is no page of one person."""
    bare = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
    return bare if "/" in bare else ""


def pattern(said: Iterable[str]) -> str:
    """Meets words, whole, as they are written in a text, an address, a page or JSON; for PostgreSQL and for Python."""
    handles = {word for word in said if word.startswith("@") or "/" in word}
    signs = [word for word in said if _is_signs(word)]
    plain = [way for word in said if word not in handles and word not in signs for way in _ways(word)]
    exact = [_plain(word) for word in handles]
    parts = [rf"(?<!\w)(?:{_either(plain)})(?!\w)"] if plain else []
    parts += [rf"(?<![\w/])(?:{_either(_at(exact))})(?![\w-])(?!\.\w)"] if _at(exact) else []
    pages = [one for one in exact if not one.startswith("\\@")]
    parts += [rf"(?<![\w-])(?:{_either(pages)})(?![\w-])(?!\.\w)"] if pages else []
    parts += [_either(way for word in signs for way in _signs(word))] if signs else []
    return "|".join(parts)


def _at(exact: list[str]) -> list[str]:
    return [one for one in exact if one.startswith("\\@")]


def _either(ways: Iterable[str]) -> str:
    return "|".join(sorted(dict.fromkeys(ways), key=lambda way: (-len(way), way)))


def _ways(word: str) -> list[str]:
    """Beyond ASCII the database knows no capitals."""
    cases = [] if word.isascii() else [word.lower(), word.upper()]
    spelled = [word, *cases, search.fold(word), *_escaped(word)]
    ways = [BETWEEN.join(_plain(part) for part in said.split()) for said in spelled]
    if is_name(word):  # with other hyphens and apostrophes too
        ways += [APART.join(map(_plain, said.split())) for said in (_parted(word), _parted(search.fold(word)))]
        ways.append(APART.join(search.apart(word).split()))
    return [way for way in ways if way]


def _escaped(word: str) -> list[str]:
    """As it stands in JSON, on a page and in an address."""
    return [json.dumps(word)[1:-1], html.escape(word), quote(word), quote(word, safe="")]


def _parted(word: str) -> str:
    return re.sub(APART, " ", word)


def _signs(word: str) -> list[str]:
    """Other writing may stand beside them, for no space is written there. Between other signs of the same writing they
    are a piece of something else, such as of a longer name."""
    bare = "".join(word.split())
    ways = [LOOSE.join(bare)]
    if goes_out(word):
        ways = [rf"(?<![{HAN}]){ways[0]}(?=(?:{CALLED})?(?:[^{HAN}]|$))"]
    escaped = _either(_plain(said) for one in (word, bare) for said in _escaped(one)[:1] + _escaped(one)[2:])
    return [*ways, rf"(?<![0-9a-f;])(?:{escaped})(?![\\%&])"]


def _is_signs(word: str) -> bool:
    bare = "".join(word.split())
    return bool(bare) and all(char.isalpha() and search.is_alone(char) for char in bare)


def _plain(text: str) -> str:
    return "".join(sign if sign.isalnum() else f"\\{sign}" if ord(sign) < 128 else sign for sign in text)
