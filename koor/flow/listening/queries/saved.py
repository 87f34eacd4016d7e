"""Saved queries: what each met, and what an expression would meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Cast, Lower
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koor.flow.listening import access
from koor.flow.listening.choices import Counted
from koor.flow.listening.logic.match import Matcher
from koor.flow.listening.logic.plot import drawn_spark
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.query import QUOTES
from koor.flow.listening.logic.query import Query as Expression
from koor.flow.listening.logic.show import marked
from koor.flow.listening.logic.tree import terms
from koor.flow.listening.models import Count, Mention, Query, Source, View
from koor.flow.listening.queries.counts import DAYS, bucket, starts_of_days
from koor.flow.listening.queries.matching import as_posts, readable
from koor.flow.listening.queries.narrowing import Filters, labelled, narrowed
from koor.flow.listening.queries.stream import EXCERPT, Said
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import clock, together, written
from koor.kernel.access import NotFound, Refused

BACK_FOR = timedelta(days=30)  # that what was removed can come back
LOOK_BACK = timedelta(days=30)  # how far back a new query is held against what is there
_SIGNS = rf"(^|[[:space:](){QUOTES}])[-!]"  # at the beginning of a word: what an older grammar could still read
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
    def is_read(self) -> bool:
        """Not any more where the language of queries became stricter: then it meets nothing."""
        return readable(self.query.expression) is not None

    @property
    def line(self) -> SafeString:
        """The small line beside its name."""
        return mark_safe(drawn_spark(self.days))  # noqa: S308 of our own numbers alone


@dataclass(frozen=True)
class Overview:
    """Of all saved queries: how many there are, how many listen, how many of those met nothing in 14 days, and how many
    can't be read any more."""

    number: int = 0
    active: int = 0
    silent: int = 0
    removed: int = 0  # that can still come back
    unread: int = 0


def overview(person: Colleague) -> Overview:
    """One statement, however many there are."""
    if not access.may_listen(person):
        raise NotFound
    starts = starts_of_days()
    met = Count.objects.filter(kind=Counted.QUERY, at__gte=starts[0], at__lt=starts[-1]).order_by()
    found = met.values("key").annotate(n=Sum("number")).filter(n__gt=0).values_list("key", flat=True)
    here = Query.objects.filter(removed_at=None).order_by()
    active, old, others, removed, keys = together.lists(
        here.filter(active=True).values_list("pk", flat=True),
        _perhaps_unread(),
        here.filter(active=False).values_list("pk", flat=True),
        removed_queries(person).order_by().values_list("pk", flat=True),
        found,
    )
    unread = {one.pk for one in unread_of(old)}
    listen = set(active) - unread
    silent = {str(pk) for pk in listen} - set(keys)
    return Overview(len(active) + len(others), len(listen), len(silent), len(removed), len(unread))


def perhaps_unread(person: Colleague) -> QuerySet[Query]:
    """Queries that were kept before the language of queries became stricter, for who may change them."""
    return _perhaps_unread() if access.may_ask(person) else Query.objects.none()


def _perhaps_unread() -> QuerySet[Query]:
    return Query.objects.filter(active=True, removed_at=None, expression__regex=_SIGNS).order_by("pk")


def unread_of(rows: Iterable[Query]) -> list[Query]:
    """Those that can't be read any more, and so meet nothing."""
    return [one for one in rows if readable(one.expression) is None]


def saved_queries(person: Colleague, words: str = "") -> QuerySet[Query]:
    """Saved queries by name; with words those that have them in their name or in what they ask."""
    if not access.may_listen(person):
        raise NotFound
    rows = Query.objects.filter(removed_at=None).select_related("by").order_by(Lower("name"), "pk")
    for word in words.split()[:10]:
        rows = rows.filter(Q(name__icontains=word) | Q(expression__icontains=word))
    return rows


def met_by(rows: Sequence[Query]) -> list[Kept]:
    """These queries with what each met, day by day. One query."""
    starts = starts_of_days()
    met = _by_day(starts, starts[0], starts[-1]).filter(key__in=[str(one.pk) for one in rows])
    return _kept(rows, met)


def removed_queries(person: Colleague) -> QuerySet[Query]:
    """What can still come back, what was removed last first."""
    if not access.may_ask(person):
        return Query.objects.none()
    return Query.objects.filter(removed_at__gt=clock.now() - BACK_FOR).order_by("-removed_at", "-pk")


def removed_query(person: Colleague, pk: int) -> Query | None:
    """A query that was removed and can still come back."""
    rows = Query.objects.filter(removed_at__gt=clock.now() - BACK_FOR, pk=pk)
    return rows.first() if access.may_listen(person) else None


def views_of(query: Query) -> list[View]:
    """Views of the stream that ask for this query, of everybody."""
    rows = View.objects.filter(asked__contains=f"query={query.pk}").order_by("name")
    return [one for one in rows if QueryDict(one.asked).get("query") == str(query.pk)]


def beside_the_stream(person: Person, query: int | None = None) -> tuple[list[Kept], list[Source], list[View]]:
    """What stands beside the stream: the queries that are asked (and `query`, which is shown, also when it is paused),
    the sources, and the views. One statement."""
    if not access.may_listen(person):
        raise NotFound
    starts = starts_of_days()
    by_day = _written_by_day(starts, starts[0], starts[-1])
    asked, met, sources, views = together.lists(_active_and(query or 0), by_day, _sources(), _views_of(person.pk))
    return _kept(asked, met), sources, views


@written.once("query")
def _active_and(query: Any) -> QuerySet[Query]:
    return Query.objects.filter(Q(active=True) | Q(pk=query), removed_at=None)


@written.once()
def _sources() -> QuerySet[Source]:
    return Source.objects.select_related("account").filter(removed_at=None).order_by("name")


@written.once("person")
def _views_of(person: Any) -> QuerySet[View]:
    return View.objects.filter(Q(by=None) | Q(by=person))


def _by_day(starts: Any, first: Any, last: Any) -> QuerySet[Count, Any]:
    """How many each query met on each day: its number as text, the day from 1, how many."""
    met = Count.objects.filter(kind=Counted.QUERY, at__gte=first, at__lt=last)
    by_day = met.annotate(day=bucket("at", starts)).order_by().values_list("key", "day")
    return by_day.annotate(n=Cast(Sum("number"), IntegerField()))


_written_by_day = written.once("starts", "first", "last")(_by_day)


def _kept(saved: Iterable[Query], met: Iterable[tuple[str, int, int]]) -> list[Kept]:
    by_query: dict[str, list[int]] = {}
    for key, day, number in met:
        by_query.setdefault(key, [0] * DAYS)[day - 1] = number
    return [Kept(query, by_query.get(str(query.pk), [0] * DAYS)) for query in saved]


def saved_query(person: Colleague, pk: int) -> Query:
    rows = Query.objects.select_related("by").filter(pk=pk, removed_at=None)
    found = rows.first() if access.may_listen(person) else None
    if found is None:
        raise NotFound
    return found


def query_named(name: str) -> Query | None:
    return Query.objects.filter(name__iexact=name.strip(), removed_at=None).first()


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
