"""Saved queries: what each met, and what an expression would meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koor.flow.listening import access
from koor.flow.listening.choices import Counted
from koor.flow.listening.logic.match import Matcher
from koor.flow.listening.logic.plot import drawn_spark
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.query import Query as Expression
from koor.flow.listening.logic.show import marked
from koor.flow.listening.logic.tree import terms
from koor.flow.listening.models import Count, Mention, Query, Source, View
from koor.flow.listening.queries.counts import DAYS, bucket, starts_of_days
from koor.flow.listening.queries.matching import as_posts
from koor.flow.listening.queries.narrowing import Filters, labelled, narrowed
from koor.flow.listening.queries.stream import EXCERPT, Said
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import clock, together
from koor.kernel.access import NotFound, Refused

LOOK_BACK = timedelta(days=30)  # how far back a new query is held against what is there
PREVIEWED = 5_000  # newest mentions that an expression is tried on


@dataclass(frozen=True)
class Kept:
    """A saved query with what it met in the last fourteen days, day by day."""

    query: Query
    days: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.days)

    @property
    def line(self) -> SafeString:
        """The small line beside its name."""
        return mark_safe(drawn_spark(self.days))  # noqa: S308 of our own numbers alone


def saved_queries(person: Colleague) -> list[Kept]:
    """All saved queries by name. One statement, however many there are."""
    if not access.may_listen(person):
        raise NotFound
    starts = starts_of_days()
    return _kept(*together.lists(Query.objects.select_related("by"), _by_day(starts)))


def beside_the_stream(person: Person, query: int | None = None) -> tuple[list[Kept], list[Source], list[View]]:
    """What stands beside the stream: the queries that are asked (and `query`, which is shown, also when it is paused),
    the sources, and the views. One statement."""
    if not access.may_listen(person):
        raise NotFound
    asked = Query.objects.filter(Q(active=True) | Q(pk=query)).select_related("by")
    own = View.objects.filter(Q(by=None) | Q(by=person.pk))
    found = together.lists(
        asked, _by_day(starts_of_days()), Source.objects.select_related("account").order_by("name"), own
    )
    return _kept(found[0], found[1]), found[2], found[3]


def _by_day(starts: Sequence[datetime]) -> QuerySet[Count, Any]:
    """How many each query met on each day: its number as text, the day from 1, how many."""
    met = Count.objects.filter(kind=Counted.QUERY, at__gte=starts[0], at__lt=starts[-1])
    by_day = met.annotate(day=bucket("at", starts)).order_by().values_list("key", "day")
    return by_day.annotate(n=Cast(Sum("number"), IntegerField()))


def _kept(saved: Iterable[Query], met: Iterable[tuple[str, int, int]]) -> list[Kept]:
    by_query: dict[str, list[int]] = {}
    for key, day, number in met:
        by_query.setdefault(key, [0] * DAYS)[day - 1] = number
    return [Kept(query, by_query.get(str(query.pk), [0] * DAYS)) for query in saved]


def saved_query(person: Colleague, pk: int) -> Query:
    found = Query.objects.select_related("by").filter(pk=pk).first() if access.may_listen(person) else None
    if found is None:
        raise NotFound
    return found


def query_named(name: str) -> Query | None:
    return Query.objects.filter(name__iexact=name.strip()).first()


def query_of_the_operator(name: str) -> Query:
    """A saved query by its name, for the command line. Refused when there is none."""
    found = query_named(name)
    if found is None:
        raise Refused(_("There is no query called “%(name)s”.") % {"name": name}, code="no_query")
    return found


@dataclass(frozen=True)
class Preview:
    """What an expression would meet of what is stored: how many of how many, and the newest."""

    met: int
    tried: int
    rows: Sequence[Said]


def preview(person: Colleague, expression: Expression, most: int = 10) -> Preview:
    """Try an expression on the newest mentions of the last 30 days, `PREVIEWED` at most."""
    held = Matcher({0: expression})
    recent = labelled(narrowed(person, Filters()), "all").filter(stored_at__gte=clock.now() - LOOK_BACK)
    tried = as_posts(recent.order_by("-said_at", "-pk")[:PREVIEWED])
    met = [pk for pk, post in tried if held.match(post)]
    asked = terms(expression.tree)
    newest = Mention.objects.filter(pk__in=met[:most]).select_related("source").order_by("-said_at", "-pk")
    rows = [Said(row, marked(row.text, asked, EXCERPT), ()) for row in newest]
    return Preview(len(met), len(tried), rows)


def mentions_to_look_back(since: datetime, after: int, most: int) -> list[tuple[int, Post]]:
    """(id, post) of mentions that a new query is held against, in the order of their ids."""
    return as_posts(Mention.objects.filter(stored_at__gte=since, ours=False, pk__gt=after).order_by("pk")[:most])


def many_to_look_back(since: datetime, most: int) -> bool:
    """Whether more than `most` mentions wait for a new query."""
    return len(Mention.objects.filter(stored_at__gte=since, ours=False).values("pk")[: most + 1]) > most
