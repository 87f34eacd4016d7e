"""The query language: from what a person types to a tree, with messages that point at the place.

The grammar, with AND binding tighter than OR and NOT tighter than AND; two things side by side are joined by AND:

    query = either                       either = both { "OR" both }
    both  = part { [ "AND" ] part }      part   = { "NOT" } ( "(" either ")" | "phrase" | word )

AND, OR and NOT are keywords in capitals only: *and* and *of* in small letters are words that people look for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from koor.flow.listening.logic.fold import fold, fold_code, words
from koor.flow.listening.logic.normal import MOST_CLAUSES, Clause, OnlyLeavesOut, TooManyClauses, clauses
from koor.flow.listening.logic.tree import And, Leaf, Not, Or, Tree
from koor.ground.channels.contract import message_id as _

LONGEST = 10_000  # characters in an expression
MOST_TERMS = 2_000
DEEPEST = 50  # brackets and NOTs inside each other
LONGEST_PHRASE = 50  # words
SHORTEST_START = 2  # letters before a *

_QUOTES = '"“”„‟«»＂'
_PIECE = re.compile(rf"[()]|[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]?|[^\s(){_QUOTES}]+")
_KEPT_FOR_LATER = re.compile(r"NEAR/|(?:author|lang|source|has):")
_LEAVES_OUT = re.compile(r"[-!]\w")
_SMALL_KEYWORDS = frozenset({"and", "or", "not", "en", "of", "niet"})
_WINDOW = 60  # characters shown around the place of an error


class QueryError(ValueError):
    """An expression that can't be read. `message` is a message id, `values` fill it, `at` counts characters from 0."""

    def __init__(self, message: str, expression: str, at: int, length: int = 1, /, **values: object) -> None:
        super().__init__(message)
        self.message, self.expression, self.at, self.length = message, expression, at, max(1, length)
        self.values: Mapping[str, object] = values

    @property
    def pointer(self) -> tuple[str, str]:
        """Two lines: the expression around the place, and carets under the place."""
        start = max(0, self.at - _WINDOW // 2)
        shown = self.expression[start : start + _WINDOW]
        line = "".join(char if char.isprintable() else " " for char in shown)
        carets = "^" * max(1, min(self.length, len(line) - (self.at - start)))
        return line, " " * (self.at - start) + carets

    def __str__(self) -> str:
        line, carets = self.pointer
        return f"Position {self.at + 1}: {self.message % self.values}\n  {line}\n  {carets}"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that is allowed and perhaps not meant. `message` is a message id."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One token of an expression: a bracket, a keyword, a quotation or a word."""

    text: str
    at: int

    @property
    def is_phrase(self) -> bool:
        return self.text[0] in _QUOTES

    @property
    def ends_part(self) -> bool:
        return self.text in ("AND", "OR", ")")


def _pieces(expression: str) -> list[_Piece]:
    return [_Piece(match[0], match.start()) for match in _PIECE.finditer(expression)]


class _Parser:
    """Recursive descent; `DEEPEST` bounds the recursion, `LONGEST` the work."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.pieces = _pieces(expression)
        self.next = 0
        self.terms = 0

    def error(self, message: str, piece: _Piece, /, **values: object) -> QueryError:
        return QueryError(message, self.expression, piece.at, len(piece.text), **values)

    def peek(self) -> _Piece | None:
        return self.pieces[self.next] if self.next < len(self.pieces) else None

    def missing(self) -> QueryError:
        """Nothing stands where a word should: name what is there instead, or the end."""
        piece = self.peek()
        before = self.pieces[self.next - 1] if self.next else None
        if piece is None and before is not None and before.text == "(":
            return self.error(_("This bracket is not closed."), before)
        if piece is None:
            message = _("A word, a phrase or a bracket is missing after %(before)s.")
            return QueryError(message, self.expression, len(self.expression.rstrip()), before=before and before.text)
        if piece.text == ")" and before is not None and before.text == "(":
            return self.error(_("There is nothing between these brackets."), before)
        if before is None or before.text == "(":
            return self.error(_("A word, a phrase or a bracket is missing before %(piece)s."), piece, piece=piece.text)
        message = _("A word, a phrase or a bracket is missing between %(before)s and %(piece)s.")
        return self.error(message, piece, before=before.text, piece=piece.text)

    def whole(self) -> Tree:
        tree = self.either(1)
        piece = self.peek()
        if piece is not None:
            raise self.error(_("This bracket closes nothing."), piece)
        return tree

    def either(self, depth: int) -> Tree:
        parts = [self.both(depth)]
        while (piece := self.peek()) and piece.text == "OR":
            self.next += 1
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, depth: int) -> Tree:
        parts = [self.part(depth)]
        while (piece := self.peek()) and (piece.text == "AND" or not piece.ends_part):
            self.next += piece.text == "AND"
            parts.append(self.part(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def part(self, depth: int) -> Tree:
        piece = self.peek()
        if piece is None or piece.ends_part:
            raise self.missing()
        if depth > DEEPEST:
            raise self.error(_("Brackets and NOTs can go %(most)s deep, not deeper."), piece, most=DEEPEST)
        self.next += 1
        if piece.text == "NOT":
            return Not(self.part(depth + 1), piece.at)
        if piece.text == "(":
            return self.bracket(piece, depth)
        return self.leaf(piece)

    def bracket(self, opening: _Piece, depth: int) -> Tree:
        tree = self.either(depth + 1)
        if self.peek() is None:
            raise self.error(_("This bracket is not closed."), opening)
        self.next += 1
        return tree

    def leaf(self, piece: _Piece) -> Leaf:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise self.error(_("A query can hold %(most)s words and phrases, not more."), piece, most=MOST_TERMS)
        term = self.phrase(piece) if piece.is_phrase else self.word(piece)
        return Leaf(term[0] if len(term) == 1 else term, piece.at)

    def phrase(self, piece: _Piece) -> tuple[str, ...]:
        if len(piece.text) == 1 or piece.text[-1] not in _QUOTES:
            raise self.error(_("This quotation mark is not closed."), _Piece(piece.text[0], piece.at))
        found: list[str] = []
        for match in re.finditer(r"[^\s]+", piece.text[1:-1]):
            found += self.starred(_Piece(match[0], piece.at + 1 + match.start()), words)
        return self.measured(tuple(found), piece)

    def word(self, piece: _Piece) -> tuple[str, ...]:
        if _KEPT_FOR_LATER.match(piece.text):
            message = _("%(piece)s is kept for later. Put it between quotation marks to look for the words.")
            raise self.error(message, piece, piece=piece.text[:40])
        if _LEAVES_OUT.match(piece.text):
            raise self.error(_("To leave a word out, write NOT before it."), _Piece(piece.text[0], piece.at))
        return self.measured(self.starred(piece, _words_and_tags), piece)

    def starred(self, piece: _Piece, into_words: Callable[[str], list[str]]) -> tuple[str, ...]:
        """The words of a run without spaces; a `*` at its end makes the last word a beginning."""
        body = piece.text.removesuffix("*")
        if (star := body.find("*")) >= 0:
            raise QueryError(_("A * can only stand at the end of a word."), self.expression, piece.at + star)
        found = into_words(body)
        if body == piece.text:
            return tuple(found)
        place = piece.at + len(body)
        if not body or not fold_code(ord(body[-1])).strip():
            raise QueryError(_("A * needs a word right before it."), self.expression, place)
        if fold_code(ord(body[-1])).startswith(" "):
            return tuple(found)  # a character that is a word by itself can't go on
        if len(found[-1].lstrip("#@")) < SHORTEST_START:
            message = _("A * needs at least %(least)s letters before it.")
            raise QueryError(message, self.expression, place, least=SHORTEST_START)
        return (*found[:-1], found[-1] + "*")

    def measured(self, found: tuple[str, ...], piece: _Piece) -> tuple[str, ...]:
        if not found:
            raise self.error(_("There is no word in %(piece)s."), piece, piece=piece.text[:40])
        if len(found) > LONGEST_PHRASE:
            raise self.error(_("A phrase can hold %(most)s words, not more."), piece, most=LONGEST_PHRASE)
        return found


def _words_and_tags(run: str) -> list[str]:
    """The words of a run outside quotation marks, where `#` and `@` count: `@els@house.nl` is `@els house nl`."""
    folded = fold(run)
    if len(folded.tags) == 1 and not folded.tags[0][1] and len(words(folded.tags[0][0])) == len(folded.words):
        return [folded.tags[0][0]]
    found = list(folded.words)
    for tag, place in folded.tags:
        found[place] = tag  # a tag stands where the first word of its body stands
    return found


@dataclass(frozen=True, slots=True)
class Query:
    """An expression that was read. `clauses` empty means that it contradicts itself and meets nothing."""

    expression: str
    tree: Tree
    clauses: tuple[Clause, ...]
    hints: tuple[Hint, ...] = ()


def _hints(parser: _Parser, found: tuple[Clause, ...]) -> tuple[Hint, ...]:
    small = [piece.text for piece in parser.pieces if piece.text in _SMALL_KEYWORDS]
    message = _("“%(word)s” in small letters is a word to look for. Write AND, OR or NOT in capitals to combine.")
    hints = [Hint(message, {"word": word}) for word in dict.fromkeys(small)]
    if not found:
        hints.append(Hint(_("This asks for a word and leaves the same word out: it meets nothing.")))
    return tuple(hints)


def read_query(expression: str) -> Query:
    """Reads an expression. Raises `QueryError`, whose text points at the place, for whatever can't be read."""
    expression = unicodedata.normalize("NFC", expression)
    if len(expression) > LONGEST:
        message = _("A query can have %(most)s characters, not more.")
        raise QueryError(message, expression, LONGEST, most=LONGEST)
    parser = _Parser(expression)
    if not parser.pieces:
        raise QueryError(_("There is nothing here yet. Write a word to look for."), expression, 0)
    tree = parser.whole()
    try:
        found = clauses(tree)
    except OnlyLeavesOut as error:
        message = _("This only leaves words out. Write beside it what to look for.")
        raise QueryError(message, expression, error.at, len("NOT")) from None
    except TooManyClauses:
        message = _("This asks for more than %(most)s combinations. Split it into several queries.")
        raise QueryError(message, expression, 0, len(expression), most=MOST_CLAUSES) from None
    return Query(expression, tree, found, _hints(parser, found))
