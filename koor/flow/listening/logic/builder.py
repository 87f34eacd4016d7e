"""A query put together out of boxes that somebody filled in, for who would rather not write one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from koor.flow.listening.logic.query import QueryError, read_query

_SEPARATORS = re.compile(r"[;\n\r，、]+|,(?!\d)|(?<!\d),")  # 3,5 is a number
_QUOTES = re.compile(r'["“”„‟«»＂]+')
_PLAIN = re.compile(r"[#@＃＠]?[\w][\w'’.\-]*\*?")  # stands as it is; else between quotation marks
_FIELD = re.compile(r"(?:author|lang|source|has):", re.IGNORECASE)
_KEYWORDS = frozenset({"AND", "OR", "NOT"})
_PIECE = re.compile(r'[()]|(?:\w+:)?["“”„‟«»＂][^"“”„‟«»＂]*["“”„‟«»＂]|[^\s()]+')
MOST_PIECES = 300  # of an expression that is put in boxes


@dataclass(frozen=True, slots=True)
class Boxes:
    """What was filled in, with commas or line ends between one thing and the next. `every`: words that all must be
    there; `one_of` and `none_of`: words or words in a row; `phrase`: words in a row, whose commas count for nothing."""

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
    parts = [_term(word) for item in _items(boxes.every) for word in item.split()]
    parts += [_quoted(boxes.phrase)] if _words(boxes.phrase) else []
    parts += _either(_items(boxes.one_of))
    tags = [word.lstrip("#＃") for item in _items(boxes.tags) for word in item.split()]
    parts += _either(f"#{word}" for word in tags if word)
    parts += _any_of([f"author:{_quoted(item)}" for item in _items(boxes.author)])
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
    return _any_of([_term(item) for item in items])


def _any_of(terms: Sequence[str]) -> list[str]:
    return [terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"] if terms else []


# ── The way back ─────────────────────────────────────────────────────────────────────────────────────────────────────


def boxes_of(expression: str) -> Boxes | None:
    """The boxes that ask the same; None where boxes can't. Whether it is the same tells the reader, not this guess."""
    pieces = _PIECE.findall(expression)
    if len(pieces) > MOST_PIECES:
        return None
    boxes = _Filled().with_all(_groups(pieces)).boxes()
    try:
        asked, again = read_query(expression), read_query(expression_of(boxes))
    except QueryError:
        return None
    return boxes if set(asked.clauses) == set(again.clauses) else None


def _groups(pieces: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """What stands side by side: whether it is left out, and the terms of which one will do."""
    if "(" not in pieces and "OR" in pieces:
        return [(False, [one for one in pieces if one != "OR"])]
    found: list[tuple[bool, list[str]]] = []
    left_out = inside = False
    for piece in pieces:
        if piece == "NOT":
            left_out = True
        elif piece == "(":
            inside = True
            found.append((left_out, []))
        elif piece == ")":
            inside = left_out = False
        elif piece not in {"AND", "OR"}:
            if inside:
                found[-1][1].append(piece)
            else:
                found.append((left_out, [piece]))
                left_out = False
    return found


@dataclass
class _Filled:
    """Boxes that are being filled."""

    every: list[str] = field(default_factory=list)
    phrase: str = ""
    one_of: list[str] = field(default_factory=list)
    none_of: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    author: str = ""
    language: str = ""
    pictures: bool = False

    def with_all(self, groups: Iterable[tuple[bool, list[str]]]) -> _Filled:
        for left_out, terms in groups:
            bare = [_bare(term) for term in terms]
            if left_out:
                self.none_of += bare
            elif len(terms) > 1:
                self._either(terms, bare)
            elif terms:
                self._one(terms[0], bare[0])
        return self

    def _either(self, terms: Sequence[str], bare: list[str]) -> None:
        if not self.tags and all(term.startswith("#") for term in terms):
            self.tags = bare
        elif not self.author and all(term.lower().startswith("author:") for term in terms):
            self.author = ", ".join(_bare(term.partition(":")[2]) for term in terms)
        else:
            self.one_of = bare  # a second group is lost, and then the reader sees that it is not the same

    def _one(self, term: str, bare: str) -> None:
        name, _colon, said = term.partition(":")
        if name.lower() == "author":
            self.author = _bare(said)
        elif name.lower() == "lang":
            self.language = said.lower()
        elif term.lower() == "has:media":
            self.pictures = True
        elif " " not in bare:
            self.every.append(bare)
        elif not self.phrase:
            self.phrase = bare
        else:
            self.one_of = self.one_of or [bare]

    def boxes(self) -> Boxes:
        one_of, none_of = "\n".join(self.one_of), "\n".join(self.none_of)
        every, tags = " ".join(self.every), " ".join(self.tags)
        return Boxes(every, self.phrase, one_of, none_of, tags, self.author, self.language, self.pictures)


def _bare(term: str) -> str:
    return " ".join(_items(term))  # a comma only parts words in an expression, and one thing from the next in a box
