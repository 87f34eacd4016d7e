"""Reads of posts that come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import Prefetch, QuerySet

from koor.flow.publishing import access
from koor.flow.publishing.choices import SeriesState, Stage
from koor.flow.publishing.logic import repeats
from koor.flow.publishing.models import Post, Series, Turn
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

PAST = Prefetch("turns", Turn.objects.exclude(skipped="").order_by("-day"), to_attr="passed_over")


@dataclass(frozen=True)
class Coming:
    """A day on which something comes back; its post is not made yet."""

    day: date
    series: Series


def series_of(post: Post) -> QuerySet[Series]:
    """What this post is a turn of."""
    return Series.objects.filter(turns__post=post.pk).select_related("by", "latest").prefetch_related(PAST)


def series(person: Person, pk: int) -> Series:
    found = Series.objects.select_related("by", "latest__by").filter(pk=pk).first()
    if found is None or found.latest is None or not access.may_see(person, found.latest):
        raise NotFound
    return found


def running() -> QuerySet[Series]:
    rows = Series.objects.filter(state=SeriesState.RUNNING, latest__isnull=False)
    return rows.select_related("by", "latest").order_by("last_day", "pk")


def next_days(one: Series, most: int = 3) -> list[date]:
    """The next turns that are not made yet."""
    if one.state != SeriesState.RUNNING:
        return []
    left = most if one.times is None else min(most, max(0, one.times - one.made))
    days = repeats.after(one.first_day, one.every, one.last_day)
    return [day for day in islice(days, left) if one.until is None or day <= one.until]


def coming(person: Person, those: list[Series], first: date, last: date) -> list[Coming]:
    """What comes back in a period, of those that this colleague may know of; posts that are made already stand in the
    calendar by themselves."""
    found = []
    for one in those:
        if one.latest is None or one.latest.practice or not _may_know(person, one):
            continue
        end = min(last, one.until) if one.until else last
        days = repeats.between(one.first_day, one.every, one.last_day, first, end)
        left = len(days) if one.times is None else max(0, one.times - one.made)
        found += [Coming(day, one) for day in days[:left]]
    return sorted(found, key=lambda come: (come.day, come.series.at))


def _may_know(person: Person, one: Series) -> bool:
    return one.by_id == person.pk or access.may_oversee(person) or (
        one.latest is not None and one.latest.stage == Stage.RELEASED
    )  # fmt: skip


def to_write(person: Person) -> QuerySet[Post]:
    """Drafts that wait for their maker to write them anew."""
    drafts = Post.objects.filter(by=person, stage=Stage.DRAFT, turn__series__anew=True, turn__skipped="")
    return drafts.filter(turn__series__state=SeriesState.RUNNING).select_related("turn__series").order_by("turn__day")
