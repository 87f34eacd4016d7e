"""A query put together out of boxes that somebody filled in, for who would rather not write one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[,;\n\r]+")
_QUOTES = re.compile(r'["“”„‟«»＂]+')
_PLAIN = re.compile(r"[#@＃＠]?[\w][\w'’.\-]*\*?")  # stands as it is; else between quotation marks
_FIELD = re.compile(r"(?:author|lang|source|has):", re.IGNORECASE)
_KEYWORDS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True)
class Boxes:
    """What was filled in. `every`: words that all must be there; `one_of` and `none_of`: words or words in a row, with
    commas or line ends between them; `phrase`: words in a row."""

    every: str = ""
    phrase: str = ""
    one_of: str = ""
    none_of: str = ""
    tags: str = ""
    author: str = ""
    language: str = ""
    pictures: bool = False


def expression_of(boxes: Boxes) -> str:
    """The expression that asks for it; empty when nothing was filled in."""
    parts = [_term(word) for word in _words(boxes.every)]
    parts += [_quoted(boxes.phrase)] if _words(boxes.phrase) else []
    parts += _either(_items(boxes.one_of))
    parts += _either(f"#{word.lstrip('#＃')}" for word in _words(boxes.tags.replace(",", " ")) if word.strip("#＃"))
    parts += [f"author:{_quoted(boxes.author)}"] if _words(boxes.author) else []
    parts += [f"lang:{boxes.language}"] if boxes.language else []
    parts += ["has:media"] if boxes.pictures else []
    parts += [f"NOT {part}" for part in _either(_items(boxes.none_of))]
    return " ".join(part for part in parts if part)


def _words(text: str) -> list[str]:
    return _QUOTES.sub(" ", text).split()


def _items(text: str) -> list[str]:
    """Words, or words in a row, one by one."""
    return [item for part in _SEPARATORS.split(text) if (item := " ".join(_words(part)))]


def _quoted(text: str) -> str:
    return f'"{" ".join(_words(text))}"'


def _term(item: str) -> str:
    """A word or words in a row as they stand in an expression, so that none of them is a keyword."""
    plain = _PLAIN.fullmatch(item) and item not in _KEYWORDS and not _FIELD.match(item)
    return item if plain else _quoted(item)


def _either(items: Iterable[str]) -> list[str]:
    terms = [_term(item) for item in items]
    return [terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"] if terms else []
