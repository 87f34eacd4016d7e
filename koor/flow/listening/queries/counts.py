"""The numbers of the stream: by tab, by day, of the last 24 hours. They cost the same with any number of mentions."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Min, QuerySet, Value

from koor.flow.listening import access
from koor.flow.listening.choices import Label
from koor.flow.listening.models import Mention
from koor.flow.listening.queries.narrowing import LABELS, Filters, labelled, narrowed, newest
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.access import NotFound

DAYS = 14  # in the picture of mentions per day
MOST = 1_000  # that are counted one by one; beyond it a page says "more than"


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
    """The mentions of one day of our own zone."""

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


def figures(person: Colleague, filters: Filters) -> Figures:
    """The numbers of the stream's page. A few queries."""
    if not access.may_listen(person):
        raise NotFound
    return _sampled(person, filters) if filters.narrowed else _all(person)


def _sampled(person: Colleague, filters: Filters) -> Figures:
    """Counted one by one, as far as `MOST`."""
    rows = narrowed(person, filters)
    found = list(newest(labelled(rows, "all"), filters).values_list("label", "said_at")[: MOST + 1])
    more = len(found) > MOST
    counts = {"all": min(len(found), MOST), "ours": labelled(rows, "ours")[:MOST].count()}
    if more:
        return Figures(counts, more=True)
    by_label = Counter(label or "open" for label, _at in found)
    counts |= {label: by_label[label] for label in LABELS if label not in counts}
    starts = starts_of_days()
    days = [Counter[str]() for _ in starts[1:]]
    for label, at in found:
        if starts[0] <= at < starts[-1]:
            days[bisect_right(starts, at) - 1][label] += 1
    return Figures(counts, _days(starts, days))


def _all(person: Colleague) -> Figures:
    """Grouped by the parts of time between midnights, with one edge more at 24 hours ago."""
    starts, since = starts_of_days(), clock.now() - timedelta(days=1)
    edges = sorted({*starts, since})
    grouped = narrowed(person, Filters()).annotate(part=bucket("said_at", edges)).order_by()
    rows = grouped.values_list("part", "label", "ours").annotate(number=Count("pk"), first=Min("said_at"))
    counts, days, recent = dict.fromkeys(LABELS, 0), [Counter[str]() for _ in starts[1:]], Counter[str]()
    first_ohoh = None
    for part, label, ours, number, first in rows:
        for tab in ("ours",) if ours else ("all", label or "open"):
            counts[tab] += number
        if ours or not 0 < part < len(edges):
            continue
        days[bisect_right(starts, edges[part - 1]) - 1][label] += number
        if edges[part - 1] >= since:
            recent[label] += number
            first_ohoh = min(first_ohoh or first, first) if label == Label.OHOH else first_ohoh
    now = Now(recent.total(), recent[""], recent[Label.OHOH], recent[Label.AHA], first_ohoh)
    return Figures(counts, _days(starts, days), now)


def _days(starts: Sequence[datetime], days: Iterable[Counter[str]]) -> list[Day]:
    pairs = zip(starts, days, strict=False)
    return [Day(start, by.total(), by[Label.OHOH], by[Label.AHA]) for start, by in pairs]


def starts_of_days(days: int = DAYS) -> list[datetime]:
    """The midnights at which the last days began, and the coming one; PostgreSQL's zones need not be Python's."""
    zone = ZoneInfo(house().zone)
    today = clock.today(house().zone)
    return [datetime.combine(today + timedelta(days=n), datetime.min.time(), zone) for n in range(1 - days, 2)]


def bucket(field: str, starts: Sequence[datetime]) -> Func:
    """The place of a moment between the starts, from 1."""
    edges = Value(list(starts), output_field=ArrayField(DateTimeField()))
    return Func(F(field), edges, function="width_bucket", output_field=IntegerField())


def waiting_for_a_look(person: Person) -> QuerySet[Mention] | None:
    """What was not looked at, of the last 24 hours: the number beside the stream in the navigation."""
    if not access.may_listen(person):
        return None
    recent = narrowed(person, Filters()).filter(said_at__gte=clock.now() - timedelta(days=1))
    return labelled(recent, "open")
