"""Search in the library as one types: words and their stems, tags, and the names of projects and makers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from koor.flow.hub import logic
from koor.flow.hub.models import Item
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import search, sql, together

NAMED = 50  # projects and colleagues whose names are looked for at most


@dataclass(frozen=True)
class Heard:
    """What was typed, understood: each word as a query, with the projects and the makers that are called so."""

    tags: tuple[str, ...] = ()
    words: tuple[tuple[str, list[int], list[int]], ...] = ()
    edge: datetime | None = None

    @property
    def nothing(self) -> bool:
        return not self.tags and not self.words

    def among(self, rows: QuerySet[Item], *, one_by_one: bool = False) -> QuerySet[Item]:
        """Rows of which every word is found. `one_by_one`: look at each row, without the index of all words."""
        if self.nothing:
            return rows.none()
        if self.tags:
            return rows.filter(tags__overlap=list(self.tags))
        if one_by_one:
            rows = rows.alias(_words=EACH)
        return rows.filter(reduce(and_, self._wanted("_words" if one_by_one else "words")))

    def _wanted(self, field: str) -> list[Q]:
        plain = " & ".join(query for query, projects, makers in self.words if not (projects or makers))
        wanted = [Q(**{field: _raw(plain)})] if plain else []
        named = [one for one in self.words if one[1] or one[2]]
        return wanted + [
            Q(**{field: _raw(query)}) | Q(project__in=projects) | Q(by__in=makers) for query, projects, makers in named
        ]


# The same words, in a way that no index is made of
EACH = Coalesce(F("words"), Value("", output_field=SearchVectorField()))


def hear(words: str, edge: QuerySet[Item, Any] | None = None) -> Heard | None:
    """What somebody typed; None when it was nothing. Every word begins a word of an item or shares its stem, or names
    the project or the maker. What begins with # is a tag. `edge`: a moment that is asked in the same statement."""
    words = words.strip()
    if not words:
        return None
    if words.startswith("#"):
        return Heard(tags=tuple(logic.tags_of(words)))
    typed = search.typed(words, sql.stems)
    if not typed:
        return Heard()
    *named, edges = together.lists(_projects(typed), _makers(typed), edge)
    projects, makers = (_named(found, typed) for found in named)
    known = tuple((one.query, projects[one.word], makers[one.word]) for one in typed)
    return Heard(words=known, edge=edges[0] if edges else None)


def saying(rows: QuerySet[Item], words: str) -> QuerySet[Item]:
    """Rows that say what was typed; all of them when it was nothing."""
    heard = hear(words)
    return rows if heard is None else heard.among(rows)


def _raw(query: str) -> SearchQuery:
    return SearchQuery(query, search_type="raw", config="simple")


def _projects(typed: list[search.Typed]) -> QuerySet[Any, Any]:
    anything = " | ".join(f"{one.word}:*" for one in typed)
    rows = sql.saying(Project.objects.order_by("pk"), anything, "name", "place", "about")
    return rows.annotate(called=Concat("name", Value(" "), "place")).values_list("pk", "called")[:NAMED]


def _makers(typed: list[search.Typed]) -> QuerySet[Any, Any]:
    named = reduce(or_, (Q(folded__contains=one.word) for one in typed))
    rows = Person.objects.alias(folded=sql.apart(F("name"))).filter(named).order_by("pk")
    return rows.values_list("pk", "name")[:NAMED]


def _named(found: list[Any], typed: list[search.Typed]) -> dict[str, list[int]]:
    """For each word whose name has a word that begins so."""
    names = [(pk, search.tokens(name)) for pk, name in found]
    return {one.word: [pk for pk, parts in names if any(part.startswith(one.word) for part in parts)] for one in typed}
