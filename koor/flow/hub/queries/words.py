"""Search in the library as one types: words and their stems, tags, and the names of projects and makers."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from koor.flow.hub import logic
from koor.flow.hub.models import Item
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import search, sql, together

NAMED = 50  # projects and colleagues whose names are looked for at most


def saying(rows: QuerySet[Item], words: str) -> QuerySet[Item]:
    """Items of which every word is found: it begins a word or shares its stem, or names the project or the maker. What
    begins with # is a tag."""
    words = words.strip()
    if not words:
        return rows
    if words.startswith("#"):
        return rows.filter(tags__overlap=logic.tags_of(words))
    typed = search.typed(words, sql.stems)
    if not typed:
        return rows.none()
    projects, makers = (_named(found, typed) for found in together.lists(_projects(typed), _makers(typed)))
    plain = " & ".join(one.query for one in typed if not (projects[one.word] or makers[one.word]))
    wanted = [Q(words=_raw(plain))] if plain else []
    for one in typed:
        if projects[one.word] or makers[one.word]:
            wanted.append(Q(words=_raw(one.query)) | Q(project__in=projects[one.word]) | Q(by__in=makers[one.word]))
    return rows.filter(reduce(and_, wanted))


def _raw(query: str) -> SearchQuery:
    return SearchQuery(query, search_type="raw", config="simple")


def _projects(typed: list[search.Typed]) -> QuerySet[Any, Any]:
    anything = " | ".join(f"{one.word}:*" for one in typed)
    rows = sql.saying(Project.objects.order_by("pk"), anything, "name", "place", "about")
    return rows.annotate(called=Concat("name", Value(" "), "place")).values_list("pk", "called")[:NAMED]


def _makers(typed: list[search.Typed]) -> QuerySet[Any, Any]:
    named = reduce(or_, (Q(folded__contains=one.word) for one in typed))
    rows = Person.objects.alias(folded=sql.fold(F("name"))).filter(named).order_by("pk")
    return rows.values_list("pk", "name")[:NAMED]


def _named(found: list[Any], typed: list[search.Typed]) -> dict[str, list[int]]:
    """For each word whose name has a word that begins so."""
    names = [(pk, search.tokens(name)) for pk, name in found]
    return {one.word: [pk for pk, parts in names if any(part.startswith(one.word) for part in parts)] for one in typed}
