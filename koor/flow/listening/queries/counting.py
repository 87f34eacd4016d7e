"""Counts of mentions in parts of five minutes, kept by the database while they are stored, matched and marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import IntegerField, Min, QuerySet, Sum
from django.db.models.functions import Cast

from koor.flow.listening.choices import Counted
from koor.flow.listening.models import Count
from koor.kernel import clock

PART = timedelta(minutes=5)
Stream = tuple[str, str]  # the kind and the key: ("query", "12"), ("burns", "")


def part_of(moment: datetime) -> datetime:
    """When the part begins in which a moment falls."""
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(PART.total_seconds()), UTC)


def counted(kind: str, keys: Iterable[str] = ("",), *, since: datetime | None = None) -> QuerySet[Count]:
    """Rows to sum, of a kind and some keys; parts of five minutes from `since` on."""
    rows = Count.objects.filter(kind=kind, key__in=list(keys)).order_by()
    return rows.filter(at__gte=part_of(since)) if since is not None else rows


def numbers_of(kind: str, *, since: datetime | None = None) -> dict[str, int]:
    """How many there are by key: of every query, label, source or topic."""
    rows = Count.objects.filter(kind=kind).order_by()
    rows = rows.filter(at__gte=part_of(since)) if since is not None else rows
    found = rows.values("key").annotate(n=Cast(Sum("number"), IntegerField())).values_list("key", "n")
    return {key: number for key, number in found if number}


def rising(since: datetime, least: int) -> list[tuple[Stream, int]]:
    """Which streams had so many since then, most first."""
    kinds = (Counted.BURNS, Counted.QUERY, Counted.TOPIC)
    rows = Count.objects.filter(kind__in=kinds, at__gte=since, at__lte=clock.now()).order_by().values("kind", "key")
    found = rows.annotate(n=Sum("number")).filter(n__gte=least).order_by("-n", "kind", "key")
    return [((kind, key), int(n)) for kind, key, n in found.values_list("kind", "key", "n")]


def first_counted(stream: Stream) -> datetime | None:
    """When the first of a stream was said."""
    first: datetime | None = counted(stream[0], [stream[1]]).aggregate(first=Min("at"))["first"]
    return first


def usual_numbers(streams: Sequence[Stream], since: datetime) -> dict[Stream, int]:
    """How many there were of each since then, in one query: by that they are held against each other."""
    rows = Count.objects.filter(kind__in={kind for kind, _key in streams}, key__in={key for _kind, key in streams})
    found = rows.filter(at__gte=since).order_by().values("kind", "key").annotate(n=Sum("number"))
    numbers = {(kind, key): int(n) for kind, key, n in found.values_list("kind", "key", "n")}
    return {stream: numbers.get(stream, 0) for stream in streams}


def series(stream: Stream, since: datetime, parts: int) -> list[int]:
    """How many in each of so many parts of five minutes, the first at `since`."""
    begin = part_of(since)
    until = begin + parts * PART
    rows = counted(stream[0], [stream[1]]).filter(at__gte=begin, at__lt=until)
    found = [0] * parts
    for at, number in rows.values_list("at").annotate(n=Sum("number")):
        found[(at - begin) // PART] = max(int(number), 0)
    return found
