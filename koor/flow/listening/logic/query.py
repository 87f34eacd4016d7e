"""The query language: from what a person types to a tree, with messages that point at the place.

The grammar, with NEAR binding tightest, then NOT, AND and OR; two things side by side are joined by AND:

    query = either                       either = both { "OR" both }
    both  = part { [ "AND" ] part }      part   = { "NOT" } one { "NEAR/"n one }
    one   = "(" either ")" | "phrase" | word | field:word | field:"phrase"

AND, OR, NOT and NEAR are keywords in capitals only: *and* and *of* in small letters are words that people look for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from koor.flow.listening.logic.fold import fold, fold_code, words
from koor.flow.listening.logic.normal import MOST_CLAUSES, Clause, OnlyLeavesOut, TooManyClauses, clauses
from koor.flow.listening.logic.post import MEDIA
from koor.flow.listening.logic.tree import And, Leaf, Near, Not, Or, Phrase, Tree
from koor.ground.channels.contract import message_id as _
from koor.kernel.normal import normal

LONGEST = 10_000  # characters in an expression
MOST_TERMS = 2_000
DEEPEST = 50  # brackets and NOTs inside each other
LONGEST_PHRASE = 50  # words
SHORTEST_START = 2  # letters before a *
FURTHEST = 1_000  # places apart that NEAR can ask for

QUOTES = '"“”„‟«»＂'
_FIELD = re.compile(r"(author|lang|source|has):", re.IGNORECASE | re.ASCII)
_QUOTED = rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]?"
_PIECE = re.compile(rf"[()]|(?i:{_FIELD.pattern}){_QUOTED}|{_QUOTED}|[^\s(){QUOTES}]+")
_NEAR = "NEAR/"
_BESIDE_NEAR = _("On both sides of NEAR stands a word or a phrase, or several with OR between them in brackets.")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.ASCII)
_LEAVES_OUT = re.compile(r"[-!]+([^\s)]*)")
_SMALL_KEYWORDS = frozenset({"and", "or", "not", "en", "of", "niet"})
_WINDOW = 60  # characters shown around the place of an error
_CUT = "… "


class QueryError(ValueError):
    """An expression that can't be read. `message` is a message id, `values` fill it, `at` counts characters from 0."""

    def __init__(self, message: str, expression: str, at: int, length: int = 1, /, **values: object) -> None:
        super().__init__(message)
        self.message, self.expression, self.at, self.length = message, expression, at, max(1, length)
        self.values: Mapping[str, object] = values

    @property
    def pointer(self) -> tuple[str, str]:
        """Two lines: the expression around the place, with an ellipsis where it was cut, and carets under the place."""
        start = max(0, self.at - _WINDOW // 2)
        shown = self.expression[start : start + _WINDOW]
        line = "".join(char if char.isprintable() else " " for char in shown)
        carets = "^" * max(1, min(self.length, len(line) - (self.at - start)))
        cut = _CUT if start else ""
        line = cut + line + (_CUT[::-1] if start + _WINDOW < len(self.expression) else "")
        return line, " " * (len(cut) + self.at - start) + carets

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
        return self.text[0] in QUOTES

    @property
    def ends_part(self) -> bool:
        return self.text in ("AND", "OR", ")") or self.is_near

    @property
    def is_near(self) -> bool:
        return self.text.startswith(_NEAR)


def _pieces(expression: str) -> list[_Piece]:
    return [_Piece(match[0], match.start()) for match in _PIECE.finditer(expression)]


class _Parser:
    """Recursive descent; `DEEPEST` bounds the recursion, `LONGEST` the work."""

    def __init__(self, expression: str, text_only: bool = False) -> None:
        self.expression = expression
        self.text_only = text_only
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
        if piece.text == "NOT":
            self.next += 1
            return Not(self.part(depth + 1), piece.at)
        return self.nearby(piece, depth)

    def nearby(self, piece: _Piece, depth: int) -> Tree:
        """One thing, or several that stand near each other: each near the one before it."""
        left = self.one(piece, depth)
        found: list[Tree] = []
        while (sign := self.peek()) and sign.is_near:
            self.next += 1
            after = self.peek()
            if after is None or after.ends_part:
                raise self.missing()
            if after.text == "NOT":
                raise self.error(_BESIDE_NEAR, sign)
            right = self.one(after, depth)
            near = Near(self.distance(sign), self.side(left, sign), self.side(right, sign))
            found.append(Leaf(near, piece.at))
            left = right
        return found[0] if len(found) == 1 else And(tuple(found)) if found else left

    def one(self, piece: _Piece, depth: int) -> Tree:
        self.next += 1
        return self.bracket(piece, depth) if piece.text == "(" else self.leaf(piece)

    def distance(self, sign: _Piece) -> int:
        number = sign.text.removeprefix(_NEAR)
        if not (number.isascii() and number.isdecimal() and len(number) < 9 and 1 <= int(number) <= FURTHEST):
            message = _("Write a number from 1 to %(most)s right after NEAR/, such as NEAR/5.")
            raise self.error(message, sign, most=FURTHEST)
        return int(number)

    def side(self, tree: Tree, sign: _Piece) -> frozenset[Phrase]:
        """The phrases of one side of NEAR."""
        if isinstance(tree, Leaf) and not isinstance(tree.term, Near):
            phrase = (tree.term,) if isinstance(tree.term, str) else tree.term
            if not phrase[0].startswith(":"):
                return frozenset({phrase})
        if isinstance(tree, Or):
            return frozenset().union(*(self.side(part, sign) for part in tree.parts))
        raise self.error(_BESIDE_NEAR, sign)

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
        if named := _FIELD.match(piece.text):
            value = _Piece(piece.text[named.end() :], piece.at + named.end())
            term = self.beside(named[1].lower(), value, piece)
        else:
            term = self.phrase(piece) if piece.is_phrase else self.word(piece)
        return Leaf(term[0] if len(term) == 1 else term, piece.at)

    def beside(self, field: str, value: _Piece, piece: _Piece) -> Phrase:
        """What is asked of author, language, source or media."""
        if self.text_only:
            message = _("Here only the words of the message are looked at, not %(field)s:")
            raise self.error(message, piece, field=field)
        if not value.text:
            message = _("Write right after %(field)s: what to look for, without a space between them.")
            raise self.error(message, piece, field=field)
        found = self.phrase(value) if value.is_phrase else self.measured(self.starred(value, words), value)
        if field == "lang":
            code = value.text.strip(QUOTES).casefold().replace("_", "-")
            if not _LANGUAGE.fullmatch(code):
                raise self.error(_("Write a language as its code, such as lang:nl or lang:en."), value)
            found = (code,)
        if field == "has" and found not in {("media",), *((kind,) for kind in MEDIA)}:
            raise self.error(_("Behind has: can stand media, photo, film or voice."), value)
        return tuple(f":{field}:{word}" for word in found)

    def phrase(self, piece: _Piece) -> Phrase:
        if len(piece.text) == 1 or piece.text[-1] not in QUOTES:
            raise self.error(_("This quotation mark is not closed."), _Piece(piece.text[0], piece.at))
        found: list[str] = []
        for match in re.finditer(r"[^\s]+", piece.text[1:-1]):
            found += self.starred(_Piece(match[0], piece.at + 1 + match.start()), words)
        return self.measured(tuple(found), piece)

    def word(self, piece: _Piece) -> Phrase:
        if leaves_out(self.expression, piece.at):
            sentence = _("To leave a word out, write NOT before it. If you mean the word itself, take the sign away.")
            if "".join(words(piece.text)[:1]).isdecimal():
                sentence = _("A sign is no part of a number: 5 also meets -5. To leave it out, write NOT before it.")
            raise self.error(sentence, _Piece(piece.text[0], piece.at))
        return self.measured(self.starred(piece, _words_and_tags), piece)

    def starred(self, piece: _Piece, into_words: Callable[[str], list[str]]) -> Phrase:
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

    def measured(self, found: tuple[str, ...], piece: _Piece) -> Phrase:
        if not found:
            raise self.error(_("There is no word in %(piece)s."), piece, piece=piece.text[:40])
        if len(found) > LONGEST_PHRASE:
            raise self.error(_("A phrase can hold %(most)s words, not more."), piece, most=LONGEST_PHRASE)
        return found


def leaves_out(expression: str, at: int) -> bool:
    """Whether a sign stands here that leaves out elsewhere: `-word`, `-#tag`, `-'t`, `-"a phrase"`, `-(a bracket)`.
    Before no word, such as in `->` and `!?`, it is no more than a sign."""
    sign = _LEAVES_OUT.match(expression, at)
    return sign is not None and any(char in f"({QUOTES}" or fold_code(ord(char)).strip() for char in sign[1])


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
    if any(piece.text == "NEAR" for piece in parser.pieces):
        hints.append(Hint(_("NEAR by itself is a word to look for. Write how near, such as NEAR/5.")))
    if not found:
        hints.append(Hint(_("This asks for a word and leaves the same word out: it meets nothing.")))
    return tuple(hints)


def read_query(expression: str, *, text_only: bool = False) -> Query:
    """Reads an expression. Raises `QueryError`, whose text points at the place, for whatever can't be read; with
    `text_only` for what asks for more than words too."""
    if len(expression) <= 4 * LONGEST:  # what a normal form can shrink to a query; more is not looked at
        expression = normal(expression)
    if len(expression) > LONGEST:
        message = _("A query can have %(most)s characters, not more.")
        raise QueryError(message, expression, LONGEST, most=LONGEST)
    parser = _Parser(expression, text_only)
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
