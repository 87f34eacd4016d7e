"""The stream of mentions: pages by key, counts, days. What a person may not see is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Min, Prefetch, Q, QuerySet, Value

from koor.flow.listening import access
from koor.flow.listening.choices import Label
from koor.flow.listening.logic.show import Piece, marked
from koor.flow.listening.logic.tree import Term, terms
from koor.flow.listening.models import Match, Mention, Query
from koor.flow.listening.queries.matching import readable
from koor.ground.people.access import Colleague
from koor.ground.people.queries import house
from koor.kernel import clock, search
from koor.kernel.access import NotFound

DAYS = 14  # in the picture of mentions per day
PER_PAGE = 30
EXCERPT = 420  # characters of a mention in the stream


@dataclass(frozen=True)
class Filters:
    """What of the stream is shown. `label` is one of Label's values, "open" (not looked at), "ours" or "all"."""

    label: str = "all"
    query: int | None = None
    source: int | None = None
    words: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.query or self.source or self.words)


LABELS = ("all", "open", Label.AHA.value, Label.OHOH.value, Label.NOISE.value, "ours")


@dataclass(frozen=True)
class Said:
    """A mention as it stands in the stream, with the reasons why it is there."""

    mention: Mention
    pieces: Sequence[Piece]
    queries: Sequence[Query]


@dataclass(frozen=True)
class Stream:
    """One page by key: what comes in meanwhile does not move it."""

    rows: Sequence[Said]
    older: str = ""  # the key of the next page; empty at the end


def stream(person: Colleague, filters: Filters, before: str = "", per: int = PER_PAGE) -> Stream:
    """Mentions, newest first. `before` is the key of the last one on the page before."""
    rows = labelled(narrowed(person, filters), filters.label)
    if (key := _key(before)) is not None:
        said_at, pk = key
        rows = rows.filter(said_at__lte=said_at).filter(Q(said_at__lt=said_at) | Q(pk__lt=pk))
    found = list(with_reasons(rows.order_by("-said_at", "-pk"))[: per + 1])
    shown = found[:per]
    return Stream([said(row) for row in shown], key_of(shown[-1]) if len(found) > per else "")


def key_of(mention: Mention) -> str:
    return f"{round(mention.said_at.timestamp() * 1_000_000)}-{mention.pk}"


def _key(text: str) -> tuple[datetime, int] | None:
    moment, _dash, pk = text.partition("-")
    if not (moment.isascii() and moment.isdecimal() and pk.isascii() and pk.isdecimal()) or len(text) > 40:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(moment)), int(pk)
    except OverflowError:
        return None


def with_reasons(rows: QuerySet[Mention]) -> QuerySet[Mention]:
    matches = Match.objects.select_related("query").order_by("query__name")
    return (
        rows.select_related("source", "labelled_by")
        .prefetch_related(Prefetch("matches", matches))
        .defer("search", "source__settings", "source__cursor")
    )


def said(mention: Mention, most: int = EXCERPT) -> Said:
    """A mention with the words marked for which its queries found it."""
    met = [match.query for match in mention.matches.all()]
    return Said(mention, marked(mention.text, terms_of(met), most), met)


def terms_of(met: Iterable[Query]) -> list[Term]:
    read = (readable(query.expression) for query in met)
    return [term for expression in read if expression for term in terms(expression.tree)]


def narrowed(person: Colleague, filters: Filters) -> QuerySet[Mention]:
    """The mentions that the filters other than the label leave."""
    rows = Mention.objects.all() if access.may_listen(person) else Mention.objects.none()
    if filters.query:
        rows = rows.filter(matches__query=filters.query)
    if filters.source:
        rows = rows.filter(source=filters.source)
    if filters.words and (asked := search.tsquery(filters.words)):
        rows = rows.filter(search=SearchQuery(asked, search_type="raw", config="simple"))
    return rows


def labelled(rows: QuerySet[Mention], label: str) -> QuerySet[Mention]:
    if label == "ours":
        return rows.filter(ours=True)
    rows = rows.filter(ours=False)
    return rows if label == "all" else rows.filter(label="" if label == "open" else label)


def counts(person: Colleague, filters: Filters) -> Mapping[str, int]:
    """How many mentions each tab of the stream holds, by the names of `LABELS`. One query."""
    rows = narrowed(person, filters).order_by().values_list("label", "ours").annotate(number=Count("pk"))
    found = dict.fromkeys(LABELS, 0)
    for label, ours, number in rows:
        for tab in ("ours",) if ours else ("all", label or "open"):
            found[tab] += number
    return found


@dataclass(frozen=True)
class Now:
    """What the last 24 hours brought."""

    total: int = 0
    open: int = 0
    ohoh: int = 0
    aha: int = 0
    first_ohoh: datetime | None = None


def now(person: Colleague) -> Now:
    if not access.may_listen(person):
        raise NotFound
    recent = Q(said_at__gte=clock.now() - timedelta(days=1))
    ohoh = Q(label=Label.OHOH)
    return Now(
        **Mention.objects.filter(recent, ours=False).aggregate(
            total=Count("pk"),
            open=Count("pk", filter=Q(label="")),
            ohoh=Count("pk", filter=ohoh),
            aha=Count("pk", filter=Q(label=Label.AHA)),
            first_ohoh=Min("said_at", filter=ohoh),
        )
    )


def smouldering(person: Colleague, most: int = 3) -> Sequence[Said]:
    """The newest that were marked oh-oh in the last 24 hours."""
    recent = narrowed(person, Filters()).filter(said_at__gte=clock.now() - timedelta(days=1))
    rows = with_reasons(labelled(recent, Label.OHOH).order_by("-said_at", "-pk"))[:most]
    return [said(row, 220) for row in rows]


def mention(person: Colleague, pk: int) -> Said:
    """One mention in full."""
    found = with_reasons(narrowed(person, Filters()).filter(pk=pk)).first()
    if found is None:
        raise NotFound
    return said(found, 100_000)


def answered_in(person: Colleague, shown: Mention) -> Mention | None:
    """What this mention answers, when that was heard too."""
    if not shown.in_reply_to:
        return None
    return narrowed(person, Filters()).filter(source=shown.source_id, external_id=shown.in_reply_to).first()


# Days


@dataclass(frozen=True)
class Day:
    """The mentions of one day of our own zone."""

    start: datetime
    total: int = 0
    ohoh: int = 0
    aha: int = 0


def starts_of_days(days: int = DAYS) -> list[datetime]:
    """The midnights at which the last days began, and the coming one; PostgreSQL's zones need not be Python's."""
    zone = ZoneInfo(house().zone)
    today = clock.today(house().zone)
    return [datetime.combine(today + timedelta(days=n), datetime.min.time(), zone) for n in range(1 - days, 2)]


def bucket(field: str, starts: Sequence[datetime]) -> Func:
    """The place of a moment between the starts, from 1."""
    edges = Value(list(starts), output_field=ArrayField(DateTimeField()))
    return Func(F(field), edges, function="width_bucket", output_field=IntegerField())


def days(person: Colleague, filters: Filters) -> list[Day]:
    """Mentions per day, the last fourteen, today last. One query."""
    starts = starts_of_days()
    rows = narrowed(person, filters).filter(ours=False, said_at__gte=starts[0], said_at__lt=starts[-1])
    by_day = rows.annotate(day=bucket("said_at", starts)).order_by().values_list("day", "label")
    found = [dict[str, int]() for _ in starts[1:]]
    for day, label, number in by_day.annotate(number=Count("pk")):
        found[day - 1][label] = number
    return [
        Day(start, sum(by.values()), by.get(Label.OHOH, 0), by.get(Label.AHA, 0))
        for start, by in zip(starts, found, strict=False)
    ]


def waiting_for_a_look(person: Colleague) -> int:
    """The number beside the stream in the navigation: not looked at, of the last 24 hours."""
    if not access.may_listen(person):
        return 0
    return Mention.objects.filter(ours=False, label="", said_at__gte=clock.now() - timedelta(days=1)).count()


def listed(*, query: Query | None = None, label: str = "all", most: int | None = None) -> list[Said]:
    """Mentions for the command line, newest first; all of them unless `most` says how many."""
    filters = Filters(label=label, query=query.pk if query else None)
    rows = Mention.objects.filter(matches__query=query) if query else Mention.objects.all()
    rows = with_reasons(labelled(rows, filters.label).order_by("-said_at", "-pk"))
    return [Said(row, (), [match.query for match in row.matches.all()]) for row in (rows[:most] if most else rows)]
