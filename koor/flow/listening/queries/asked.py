"""The language of saved queries in the search box of the stream, asked of the database's index of words."""

from __future__ import annotations

import functools
import json
import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Case, F, Func, IntegerField, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Length, Lower
from django.db.models.lookups import Exact, Regex
from django.utils.translation import gettext

from koor.flow.listening.logic.query import QUOTES, QueryError, leaves_out, read_query
from koor.flow.listening.logic.tree import And, Near, Not, Or, Phrase, Term, Tree
from koor.flow.listening.models import Source
from koor.kernel import search
from koor.kernel.normal import normal
from koor.kernel.sql import apart, knows_emoji

_WRITTEN = re.compile(r'["“”„‟«»＂*#@()]|(?<!\S)(?:(?:AND|OR|NOT)(?!\S)|NEAR/|(?i:author|lang|source|has):)')
_LETTERS = r"0-9a-z_\u0080-\U0010ffff"  # what separates beyond ASCII is a space by then
_ALONE = r"\u1100-\u11ff\u3005-\u318f\u31a0-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\uffdc"
_BETWEEN = f"[^{_LETTERS}]+"  # one word and the next
_HOST = re.compile(r"[a-z][a-z0-9]*\.[a-z]{2,}")
_WORDS = ArrayField(TextField())
_PLACES = """EXISTS (
    SELECT FROM (VALUES (%(expressions)s)) AS asked (held, lefts, left_begun, rights, right_begun, most),
    unnest(held) AS one (word, places, weights), unnest(held) AS other (word, places, weights),
    unnest(one.places) AS here, unnest(other.places) AS there
    WHERE (one.word = ANY (lefts) OR one.word ^@ ANY (left_begun))
    AND (other.word = ANY (rights) OR other.word ^@ ANY (right_begun)) AND abs(here - there) <= most
)"""

_LEFT_OUT = re.compile(r"(?<!\S)NOT(?!\S)")
_SIGN = re.compile(rf"(?<![^\s(){QUOTES}])[-!]+")  # where a word begins
_NOTHING = Q(pk__lt=0)


def said(words: str) -> Q | None:
    """What the search box asks for: words and beginnings of words, or an expression where one was written. What can't
    be read is half typed or not meant so, and is looked for word by word; where nothing is left to look for, or what
    should be left out would be looked for, nothing is found. None when nothing was typed."""
    if not words.strip():
        return None
    asked = search.tsquery(words)
    if _is_written(words) or not asked:
        try:
            return _condition(read_query(words).tree)
        except QueryError:
            if not asked or _LEFT_OUT.search(words) or has_signs(words):
                return _NOTHING
    return _indexed(asked)


def said_without_signs(words: str) -> Q:
    """The same where the signs that leave out elsewhere mean nothing: as it was typed where it can be read so, else
    without them, else word by word."""
    for typed in (words, _SIGN.sub(lambda sign: "" if leaves_out(words, sign.start()) else sign[0], words)):
        with suppress(QueryError):
            if _is_written(typed):
                return _condition(read_query(typed).tree)
    asked = search.tsquery(words)
    return _indexed(asked) if asked else _NOTHING


@dataclass(frozen=True)
class Misread:
    """What the search box can't read, and where: a line of what was typed and one that points at the place."""

    sentence: str
    pointer: str


def misread(words: str) -> Misread | None:
    """What is wrong in what the search box was given; None when it was understood."""
    if words.strip() and (_is_written(words) or not search.tsquery(words)):
        try:
            read_query(words)
        except QueryError as error:
            what = gettext(error.message) % error.values
            sentence = gettext("Position %(at)s: %(what)s") % {"at": error.at + 1, "what": what}
            return Misread(sentence, "\n".join(error.pointer))
    return None


def _is_written(words: str) -> bool:
    """Whether an expression was written, not words alone."""
    return bool(_WRITTEN.search(words)) or has_signs(words)


def has_signs(words: str) -> bool:
    """Whether a word has the sign that leaves out elsewhere: to look for it would find the opposite."""
    return any(leaves_out(words, sign.start()) for sign in _SIGN.finditer(words))


def _indexed(asked: str) -> Q:
    return Q(search=SearchQuery(asked, search_type="raw", config="simple"))


def _condition(tree: Tree) -> Q:
    match tree:
        case Not(part=part):
            return ~_condition(part)
        case And(parts=parts):
            return functools.reduce(operator.and_, map(_condition, parts))
        case Or(parts=parts):
            return functools.reduce(operator.or_, map(_condition, parts))
    return _term(tree.term)


def _term(term: Term) -> Q:
    if isinstance(term, Near):
        return _near(term)
    phrase = (term,) if isinstance(term, str) else term
    return _beside(phrase) if phrase[0][0] == ":" else _phrase(phrase)


def _near(term: Near) -> Q:
    """Both sides, and where the index knows their places so near: of words by their places, of phrases by stretches."""
    sides = ([_parts(phrase) for phrase in sorted(side)] for side in (term.left, term.right))
    left, right = ([parts for parts in side if _known(parts)] for side in sides)
    found = _by_places(left, right, term.most) if left and right else _NOTHING
    if any(word[0] in "#@" for side in (term.left, term.right) for phrase in side for word in phrase):
        found &= _any(term.left) & _any(term.right)  # the places are those of the words of a tag
    if rest := [phrase for phrase in term.left if not _known(_parts(phrase))]:
        found |= _any(rest) & _any(term.right)
    if rest := [phrase for phrase in term.right if not _known(_parts(phrase))]:
        found |= _any(term.left) & _any(rest)
    return found


def _by_places(left: Sequence[Phrase], right: Sequence[Phrase], most: int) -> Q:
    """The index finds what holds a word or phrase of each side, and of that alone the places are compared: to ask the
    index for each distance (`a <3> b`) takes longer with every word and every place."""
    asked = _indexed(" & ".join(f"({' | '.join(map(_in_a_row, side))})" for side in (left, right)))
    if all(len(parts) == 1 for parts in (*left, *right)):
        words = [value for side in (left, right) for value in _whole_and_begun([parts[0] for parts in side])]
        near = Func(F("search"), *words, Value(most), template=_PLACES, output_field=BooleanField())
    else:
        sides = (Value(json.dumps(side)) for side in (left, right))
        near = Func(F("search"), *sides, Value(most), function="koor_near", output_field=BooleanField())
    return asked & Q(near)


def _in_a_row(parts: Phrase) -> str:
    return " <-> ".join(map(_lexeme, parts))


def _whole_and_begun(words: Sequence[str]) -> Iterator[Value]:
    for begun in (False, True):
        asked = [_bare(one) for one in words if one.endswith("*") is begun]
        yield Value([known for one in asked for known in search.with_signs(one)], output_field=_WORDS)


def _any(phrases: Iterable[Phrase]) -> Q:
    return functools.reduce(operator.or_, map(_phrase, sorted(phrases)))


def _parts(phrase: Phrase) -> Phrase:
    """The words of a phrase as the index has them: of a tag the words of its body, and `a_b` in two."""
    found: list[str] = []
    for word in phrase:
        found += search.apart(_bare(word)).replace("_", " ").split()
        if word.endswith("*") and found:
            found[-1] += "*"
    return tuple(found)


def _known(parts: Phrase) -> bool:
    """Whether the index knows these words: a database of one's own may have no emoji in it."""
    return bool(parts) and (all(map(_has_letter, parts)) or knows_emoji())


def _has_letter(word: str) -> bool:
    return any(char.isalnum() for char in word)


def _bare(word: str) -> str:
    return word.lstrip("#@").removesuffix("*")


def _lexeme(word: str) -> str:
    begun = ":*" if word.endswith("*") else ""
    each = [f"'{one}'{begun}" for one in search.with_signs(_bare(word))]
    return f"({' | '.join(each)})" if each[1:] else each[0]


def _phrase(phrase: Phrase) -> Q:
    parts = _parts(phrase)
    if not _known(parts):
        spelled = normal("".join(map(_bare, phrase)))
        return Q(text__icontains=spelled)
    found = _indexed(" | ".join([_in_a_row(parts), *_as_address([_bare(word) for word in phrase])]))
    for word in phrase:
        if word[0] in "#@":
            found &= _holds("text", _as_tag(word))
    return found


def _as_address(words: Sequence[str]) -> Iterator[str]:
    """els@social.nl, els.social.nl, 3.5 are one word each to the index; what is none would be looked for in pieces."""
    if len(words) == 2 and all(one.isascii() and one.isdecimal() for one in words):
        yield from (f"'{sign}{'.'.join(words)}'" for sign in ("", "-", "+"))
    host = ".".join(words[-2:])
    if len(words) > 1 and _HOST.fullmatch(host) and all(one.isascii() and one.isalnum() for one in words):
        yield f"'{'.'.join(words)}':*"
        if len(words) > 2:
            yield f"'{words[0]}@{'.'.join(words[1:])}':*"


def _as_tag(word: str) -> str:
    """A tag or handle in text whose words are apart: its sign begins it, and where it is whole it goes on no further. A
    sign of writing without spaces has one on either side of it, and two where a space stood beside it."""
    body = "".join(f" {char} " if search.is_alone(char) else re.escape(char) for char in _bare(word))
    after = "" if word.endswith("*") else f"($|[^ {_LETTERS}]| ($|[^{_ALONE}]))"
    return f"(^|[^ {_LETTERS}&/#@]|(^|[^{_ALONE}]) ){word[0]}{body}{after}"


def _beside(phrase: Phrase) -> Q:
    """Author, source, language or media."""
    field = phrase[0].split(":")[1]
    words = [word.split(":", 2)[2].removesuffix("*") for word in phrase]
    if field == "lang":
        return Q(language__iregex=f"^{words[0].replace('-', '[-_]')}([-_]|$)")
    if field == "has":
        return ~Q(media="") if words[0] == "media" else Q(media__contains=words[0])
    named = _BETWEEN.join(map(re.escape, words))
    if field == "author":
        return _holds("author", named) | _holds("handle", named)
    return Q(source__in=Source.objects.filter(_on_platform(named) | _holds("name", named)).values("pk"))


def _holds(column: str, named: str) -> Q:
    """`named`: over its words as the index has them, with both ways of writing a tag and a handle as one. What is ASCII
    alone has no more to fold than its capitals; the function would take five times as long to say so."""
    told = Coalesce(F(column), Value(""), output_field=TextField())
    signs = Func(told, Value("＃＠"), Value("#@"), function="translate")
    ascii_alone = Exact(Func(told, function="octet_length", output_field=IntegerField()), Length(told))
    return Q(Regex(Case(When(ascii_alone, then=Lower(told)), default=apart(signs)), Value(named)))


def _on_platform(named: str) -> Q:
    """As `who.platform_of` tells it."""
    sources = Source.objects.alias(told=KeyTextTransform("platform", "settings"))
    brought = sources.filter(_holds("told", named), account=None)
    return _holds("account__connector", named) | Q(pk__in=brought.values("pk"))
