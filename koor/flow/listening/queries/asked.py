"""The language of saved queries in the search box of the stream, asked of the database's index of words."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import Regex
from django.utils.translation import gettext

from koor.flow.listening.logic.query import QueryError, read_query
from koor.flow.listening.logic.tree import And, Near, Not, Or, Phrase, Term, Tree
from koor.flow.listening.models import Source
from koor.kernel import search
from koor.kernel.normal import normal
from koor.kernel.sql import fold

_WRITTEN = re.compile(r'["“”„‟«»＂*#@()]|(?<!\S)(?:(?:AND|OR|NOT)(?!\S)|NEAR/|(?i:author|lang|source|has):)')
_BETWEEN = "[^[:alnum:]_]+"  # one word and the next
_WORDS = ArrayField(TextField())
_PLACES = """EXISTS (
    SELECT FROM (VALUES (%(expressions)s)) AS asked (held, lefts, left_begun, rights, right_begun, most),
    unnest(held) AS one (word, places, weights), unnest(held) AS other (word, places, weights),
    unnest(one.places) AS here, unnest(other.places) AS there
    WHERE (one.word = ANY (lefts) OR one.word ^@ ANY (left_begun))
    AND (other.word = ANY (rights) OR other.word ^@ ANY (right_begun)) AND abs(here - there) <= most
)"""

_LEFT_OUT = re.compile(r"(?<!\S)NOT(?!\S)")
_NOTHING = Q(pk__lt=0)


def said(words: str) -> Q | None:
    """What the search box asks for: words and beginnings of words, or an expression where one was written. What can't
    be read is half typed or not meant so, and is looked for word by word; where nothing is left to look for, or what
    should be left out would be looked for, nothing is found. None when nothing was typed."""
    if not words.strip():
        return None
    asked = search.tsquery(words)
    if _WRITTEN.search(words) or not asked:
        try:
            return _condition(read_query(words).tree)
        except QueryError:
            if not asked or _LEFT_OUT.search(words):
                return _NOTHING
    return _indexed(asked)


@dataclass(frozen=True)
class Misread:
    """What the search box can't read, and where: a line of what was typed and one that points at the place."""

    sentence: str
    pointer: str


def misread(words: str) -> Misread | None:
    """What is wrong in what the search box was given; None when it was understood."""
    if words.strip() and (_WRITTEN.search(words) or not search.tsquery(words)):
        try:
            read_query(words)
        except QueryError as error:
            what = gettext(error.message) % error.values
            sentence = gettext("Position %(at)s: %(what)s") % {"at": error.at + 1, "what": what}
            return Misread(sentence, "\n".join(error.pointer))
    return None


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
    """Both sides, and where the index knows their places so near."""
    left, right = (
        {phrase for phrase in side if len(phrase) == 1 and _known(phrase)} for side in (term.left, term.right)
    )
    found = _by_places(left, right, term.most) if left and right else _NOTHING
    if rest := term.left - left:
        found |= _any(rest) & _any(term.right)
    if rest := term.right - right:
        found |= _any(term.left) & _any(rest)
    return found


def _by_places(left: Iterable[Phrase], right: Iterable[Phrase], most: int) -> Q:
    """The index finds what holds a word of each side, and of that alone the places are compared: to ask the index for
    each distance (`a <3> b`) takes longer with every word and every place."""
    one, other = (sorted(phrase[0] for phrase in side) for side in (left, right))
    words = [part for side in (one, other) for part in _whole_and_begun(side)]
    near = Func(F("search"), *words, Value(most), template=_PLACES, output_field=BooleanField())
    return _indexed(f"{_one_of(one)} & {_one_of(other)}") & Q(near)


def _one_of(words: Sequence[str]) -> str:
    return f"({' | '.join(map(_lexeme, words))})"


def _whole_and_begun(words: Sequence[str]) -> Iterator[Value]:
    for begun in (False, True):
        yield Value([_bare(one) for one in words if one.endswith("*") is begun], output_field=_WORDS)


def _any(phrases: Iterable[Phrase]) -> Q:
    return functools.reduce(operator.or_, map(_phrase, sorted(phrases)))


def _known(phrase: Phrase) -> bool:
    """Whether the index knows these words: it has no emoji, and no words of writing without spaces."""
    return all(char == "_" or (char.isalnum() and ord(char) < 0x2E80) for word in phrase for char in _bare(word))


def _bare(word: str) -> str:
    return word.lstrip("#@").removesuffix("*")


def _lexeme(word: str) -> str:
    return f"'{_bare(word)}':*" if word.endswith("*") else f"'{_bare(word)}'"


def _phrase(phrase: Phrase) -> Q:
    if not _known(phrase):
        spelled = normal("".join(map(_bare, phrase)))
        return Q(text__icontains=spelled)
    asked = [" <-> ".join(map(_lexeme, phrase))]
    if len(phrase) > 1:  # els@social.nl and els.social.nl are one word each to the index
        first, *rest = [_bare(word) for word in phrase]
        asked += [f"'{first}{between}{'.'.join(rest)}':*" for between in "@."]
    found = _indexed(" | ".join(asked))
    for word in phrase:
        if word[0] in "#@":
            found &= _holds("text", re.escape(word.removesuffix("*")))
    return found


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
    return Q(Regex(fold(Coalesce(F(column), Value(""), output_field=TextField())), Value(named)))


def _on_platform(named: str) -> Q:
    """As `who.platform_of` tells it."""
    sources = Source.objects.alias(told=KeyTextTransform("platform", "settings"))
    brought = sources.filter(_holds("told", named), account=None)
    return _holds("account__connector", named) | Q(pk__in=brought.values("pk"))
