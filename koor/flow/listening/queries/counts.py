"""The numbers of the stream: by tab, by day, of the last 24 hours. They cost the same with any number of mentions."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, F, Func, IntegerField, QuerySet, Sum
from django.db.models.functions import Cast

from koor.flow.listening import access
from koor.flow.listening.choices import Counted, Label
from koor.flow.listening.models import Count, Mention
from koor.flow.listening.queries.counting import part_of
from koor.flow.listening.queries.narrowing import (
    LABELS,
    Filters,
    labelled,
    narrowed,
    newest,
    seen,
    written_by_filters,
)
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock, together, written
from koor.kernel.access import NotFound

DAYS = 14  # in the picture of mentions per day
HOURS, WEEKS = 24, 12  # in the others
SPANS = ("days", "hours", "weeks")
MOST = 1_000  # that are counted one by one; beyond it a page says "more than"
COUNTED = (Counted.QUERY.value, Counted.SOURCE.value, Counted.TOPIC.value)  # filters of which the database keeps counts

Part = tuple[str, int, int]  # the key, the part of time from 1, how many


@dataclass(frozen=True)
class Now:
    """What the last 24 hours brought."""

    total: int = 0
    open: int = 0
    ohoh: int = 0
    aha: int = 0
    first_ohoh: datetime | None = None


@dataclass(frozen=True)
class Day:
    """The mentions of one day of our own zone, or of an hour or a week where that is asked."""

    start: datetime
    total: int = 0
    ohoh: int = 0
    aha: int = 0


@dataclass(frozen=True)
class Figures:
    """What the filters leave, counted: by tab (`LABELS`; one that was not counted is not there), and by day. `more`:
    there are more than the tab "all" says. Then the days are only known where they are counted as they come in."""

    counts: Mapping[str, int]
    days: Sequence[Day] = ()
    now: Now = Now()
    more: bool = False


def figures(person: Colleague, filters: Filters, span: str = "days") -> Figures:
    """The numbers of the stream's page, in one statement; one more for what filters leave. `span`: of `SPANS`."""
    if not access.may_listen(person):
        raise NotFound
    starts, since = starts_of(span), part_of(clock.now() - timedelta(days=1))
    edges = sorted({*starts, since})
    alone = Counted(filters.only) if filters.only in COUNTED else None
    labels, kept, ours, hot = together.lists(
        _by_label(edges),
        _by_key(edges, str(getattr(filters, filters.only)), alone) if alone else None,
        None if filters.topic else _own(person, filters, MOST),  # what we say is not sorted by topic
        _first_ohoh(person.pk or 0, since),
    )
    now = _now(labels, edges.index(since) + 1, hot)
    if not filters.narrowed:
        return Figures(_totals(labels) | {"ours": len(ours)}, _drawn(labels, starts, edges), now)
    known = sum(row[2] for row in kept)
    if known > MOST:
        return Figures({"all": known, "ours": len(ours)}, _drawn(kept, starts, edges), now)
    sampled = _sampled(narrowed(person, filters), filters, starts)
    return replace(sampled, counts={**sampled.counts, "ours": len(ours)}, now=now)


@written.once("edges")
def _by_label(edges: Any) -> QuerySet[Count, Any]:
    return _by_part(edges).filter(kind=Counted.LABEL)


@written.once("edges", "key")
def _by_key(edges: Any, key: Any, kind: Counted) -> QuerySet[Count, Any]:
    return _by_part(edges).filter(kind=kind, key=key)


def _by_part(edges: Any) -> QuerySet[Count, Any]:
    rows = Count.objects.order_by().annotate(part=bucket("at", edges)).values_list("key", "part")
    return rows.annotate(number=Cast(Sum("number"), IntegerField()))


@written_by_filters
def _own(rows: QuerySet[Mention], _filters: Filters, most: int) -> QuerySet[Mention, Any]:
    """What we said ourselves, so many at most."""
    return labelled(rows, "ours").order_by().values_list("pk", flat=True)[:most]


@written.once("owner", "since")
def _first_ohoh(owner: Any, since: Any) -> QuerySet[Mention, Any]:
    rows = labelled(seen(owner), Label.OHOH).filter(said_at__gte=since).order_by("said_at")
    return rows.values_list("said_at", flat=True)[:1]


def _totals(labels: Iterable[Part]) -> dict[str, int]:
    """By tab."""
    found = dict.fromkeys(LABELS, 0)
    for label, _part, number in labels:
        found[label or "open"] += number
        found["all"] += number
    return found


def _now(labels: Iterable[Part], since: int, hot: Sequence[datetime]) -> Now:
    """Of the parts from number `since` on."""
    recent = Counter[str]()
    for label, part, number in labels:
        recent[label] += number if part >= since else 0
    return Now(recent.total(), recent[""], recent[Label.OHOH], recent[Label.AHA], hot[0] if hot else None)


def _drawn(parts: Iterable[Part], starts: Sequence[datetime], edges: Sequence[datetime]) -> list[Day]:
    days = [Counter[str]() for _ in starts[1:]]
    for label, part, number in parts:
        place = bisect_right(starts, edges[part - 1]) - 1 if 0 < part < len(edges) else -1
        if place >= 0:  # the last 24 hours begin before the first hour of the picture
            days[place][label] += number
    return _days(starts, days)


def _sampled(rows: QuerySet[Mention], filters: Filters, starts: Sequence[datetime]) -> Figures:
    """Counted one by one, as far as `MOST`."""
    found = list(newest(labelled(rows, "all"), filters).values_list("label", "said_at")[: MOST + 1])
    counts = {"all": min(len(found), MOST)}
    if len(found) > MOST:
        return Figures(counts, more=True)
    by_label = Counter(label or "open" for label, _at in found)
    counts |= {label: by_label[label] for label in LABELS if label != "all"}
    days = [Counter[str]() for _ in starts[1:]]
    for label, at in found:
        if starts[0] <= at < starts[-1]:
            days[bisect_right(starts, at) - 1][label] += 1
    return Figures(counts, _days(starts, days))


def _days(starts: Sequence[datetime], days: Iterable[Counter[str]]) -> list[Day]:
    pairs = zip(starts, days, strict=False)
    return [Day(start, by.total(), by[Label.OHOH], by[Label.AHA]) for start, by in pairs]


def starts_of_days(days: int = DAYS) -> list[datetime]:
    """The midnights at which the last days began, and the coming one; PostgreSQL's zones need not be Python's."""
    zone = ZoneInfo(house().zone)
    today = clock.today(house().zone)
    return [datetime.combine(today + timedelta(days=n), datetime.min.time(), zone) for n in range(1 - days, 2)]


def starts_of(span: str) -> list[datetime]:
    """When the parts of a picture began, and when the last of them ends: hours, days or weeks of our own zone."""
    if span == "days":
        return starts_of_days()
    zone = ZoneInfo(house().zone)
    if span == "hours":
        last = clock.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return [(last - timedelta(hours=n)).astimezone(zone) for n in range(HOURS, -1, -1)]
    today = clock.today(house().zone)
    monday = today - timedelta(days=today.weekday())
    days = (monday + timedelta(weeks=n) for n in range(1 - WEEKS, 2))
    return [datetime.combine(day, datetime.min.time(), zone) for day in days]


def bucket(field: str, starts: Any) -> Func:
    """The place of a moment between the starts, from 1. The starts are known when it is asked."""
    return Func(
        F(field), Cast(starts, ArrayField(DateTimeField())), function="width_bucket", output_field=IntegerField()
    )


def waiting_for_a_look(person: Person) -> together.Question:
    """What was not looked at, of the last 24 hours: the number beside the stream in the navigation, and above it."""
    return _waiting(person.pk, part_of(clock.now() - timedelta(days=1))) if access.may_listen(person) else None


@written.once("owner", "since")
def _waiting(owner: Any, since: Any) -> QuerySet[Mention]:
    return labelled(seen(owner).filter(said_at__gte=since), "open")
