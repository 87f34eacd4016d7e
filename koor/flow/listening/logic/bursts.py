"""When there is so much more of something than ever lately that a person should look. Numbers only.

A stream is counted in parts of five minutes; a window is the last hour. What is usual is the number that 99.5 of 100
windows of the past fourteen days stayed below: every stream has its own. What people confirmed as an incident is left
out of those days; what they waved away stays in, and for a week less than a tenth more than it was when they did so is
not told again. Once it is over that holds for what it grew to since as well, up to half as much again as they saw,
and never for three times what was told.

How far above the usual it must be was chosen on public counts of five brands: `koor bench bursts`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

POSTS, PEOPLE = 8, 5
WINDOW = 12  # parts of five minutes
DAY = 288
PAST = 14 * DAY
SHARE = 0.995
ABOVE = 1.06  # times the usual, when fourteen days are known
UNSURE = 0.5  # how much more when nothing is known, and so less by day
KNOWN, NEW = 3 * DAY, 3.0  # fewer parts than that tell little: then so many times what was the most
FALLEN = 0.7  # of the usual: then a burst is over
AGAIN = 3.0  # times what was told before: then it is told again though it is quiet
QUIET, QUIET_AFTER_FIRE = DAY, 2 * DAY  # parts in which nothing more is told of a stream
AT_LEAST_BETWEEN = 1  # part: never two within five minutes
WAVED, WAVED_FOR = 1.1, 7 * DAY
GREW = 1.5  # times what it was when it was waved away: what it grew to since quiets no more than so many

Parts = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """A burst that was told before, in parts of five minutes before now."""

    told: int  # how long ago it was told last
    posts: float  # how many it was then
    top: float  # the most in an hour since it began
    began: int
    ended: int | None = None  # none: it goes on
    answer: str = ""  # confirmed, waved, or nothing yet
    waved: float = 0  # the most in an hour when it was waved away; later it may have grown


def windows(parts: Sequence[int] | Parts) -> Parts:
    """How many in the hour that ends with each part; the first eleven parts make no hour."""
    sums = np.concatenate([[0.0], np.cumsum(np.asarray(parts, np.float64))])
    return np.asarray(sums[WINDOW:] - sums[:-WINDOW])


def usual(parts: Sequence[int] | Parts, seen: Iterable[Seen] = ()) -> float:
    """What hardly any hour reached before this one. `parts` end now; hours that share a
    part with this one are not counted."""
    hours = windows(parts)[:-WINDOW]
    if not len(hours):
        return 0.0
    kept = np.ones(len(hours), bool)
    for one in seen:
        if one.answer == "confirmed":
            first = len(hours) + WINDOW - 1 - (one.began + WINDOW)
            last = len(hours) + WINDOW - (one.ended or 0)
            kept[max(first, 0) : max(last, 0)] = False
    return float(np.quantile(hours[kept] if kept.sum() > DAY else hours, SHARE))


def needed(usual: float, known: int, seen: Iterable[Seen] = ()) -> float:
    """From how many on it is a burst, when so many parts of the stream are known."""
    times = NEW if known < KNOWN else ABOVE + UNSURE * max(0.0, 1 - known / PAST)
    lately = [one for one in seen if one.answer == "waved" and (one.ended or 0) < WAVED_FOR]
    return max(usual * times, *(min(_let_be(one), one.posts * AGAIN - 1) for one in lately), 0.0)


def _let_be(one: Seen) -> float:
    """How much of it is not told: a tenth more than there was when a person called it nothing, and once it is over than
    it grew to since, but never more than half as much again as what that person saw; if it rang again, just what they
    saw counts."""
    if one.ended is None or one.top >= one.posts * AGAIN:
        return one.waved * WAVED
    return min(max(one.waved, one.top) * WAVED, one.waved * GREW)


def is_told(posts: float, need: float, seen: Sequence[Seen]) -> bool:
    """Whether a person hears of it. `seen`: the last first."""
    if posts < POSTS or posts <= need:
        return False
    if not seen:
        return True
    last = seen[0]
    quiet = QUIET_AFTER_FIRE if last.answer == "confirmed" else QUIET
    calm = last.ended is not None and last.told >= quiet
    return calm or (last.told > AT_LEAST_BETWEEN and posts >= AGAIN * last.posts)


def is_over(posts: float, usual: float) -> bool:
    return posts < max(FALLEN * usual, 1)
