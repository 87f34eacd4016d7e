"""Figures that answer a question: how soon, how many, who took part. No Django."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from statistics import median

from koor.kernel.groups import FLOOR

BUCKETS = (("quarter", 15), ("hour", 60), ("four_hours", 240), ("day", 1440))  # minutes, both ends in
SOON = timedelta(hours=1)
WEEKS = 12
DOTS_A_ROW, DOT, MOST_DOTS = 18, 18, 180  # pixels apart; more than these nobody counts


@dataclass(frozen=True)
class Answered:
    """How soon people got an answer."""

    waits: tuple[timedelta, ...]

    @property
    def number(self) -> int:
        return len(self.waits)

    @property
    def half_within(self) -> timedelta | None:
        """The median wait: half of them waited less."""
        return timedelta(seconds=median(w.total_seconds() for w in self.waits)) if self.waits else None

    @property
    def buckets(self) -> list[tuple[str, int]]:
        """(key, number) from soonest to latest; "later" is last."""
        counts = dict.fromkeys([*(key for key, _most in BUCKETS), "later"], 0)
        for wait in self.waits:
            minutes = wait.total_seconds() / 60
            counts[next((key for key, most in BUCKETS if minutes <= most), "later")] += 1
        return list(counts.items())

    @property
    def within_hour(self) -> int:
        return sum(wait <= SOON for wait in self.waits)


def bounds(bucket: str) -> tuple[timedelta | None, timedelta | None]:
    """A bucket as (longer than, at most). KeyError for one that is not there."""
    edges = [None, *(timedelta(minutes=most) for _key, most in BUCKETS), None]
    number = {key: n for n, key in enumerate([*(key for key, _most in BUCKETS), "later"])}[bucket]
    return edges[number], edges[number + 1]


def dots(number: int) -> list[tuple[int, int]]:
    """A dot for each of them, in rows; none when there are too many to see."""
    if number > MOST_DOTS:
        return []
    return [(6 + DOT * (n % DOTS_A_ROW), 6 + DOT * (n // DOTS_A_ROW)) for n in range(number)]


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def weeks_until(last: date, number: int = WEEKS) -> list[date]:
    """The Mondays of the weeks up to and including the one that a day is in, oldest first."""
    monday = last - timedelta(days=last.weekday())
    return [monday - timedelta(days=7 * n) for n in range(number - 1, -1, -1)]


@dataclass(frozen=True)
class Part:
    """A group of at least five: how many of it took part in the month, and in each of the last weeks."""

    names: tuple[str, ...]
    took_part: int
    of: int
    weeks: tuple[int, ...]


def taking_part(
    parts: Sequence[tuple[str, ...]],
    sizes: Mapping[str, int],
    group_of: Mapping[int, str],
    in_month: Iterable[int],
    by_week: Mapping[date, set[int]],
    weeks: Sequence[date],
) -> list[Part]:
    """Participation by group. Works on numbers of people only; who they are stays here."""
    month = [group_of[person] for person in set(in_month) if person in group_of]
    found = []
    for names in parts:
        each_week = tuple(sum(group_of.get(person) in names for person in by_week.get(monday, ())) for monday in weeks)
        took = sum(group in names for group in month)
        found.append(Part(names, took, sum(sizes[name] for name in names), each_week))
    return found


def curve(values: Sequence[int], of: int, width: int, height: int) -> list[tuple[float, float]]:
    """Points of a small plot: x from 2 to width - 8, y from the base up; `of` is the whole group."""
    step = (width - 10) / max(len(values) - 1, 1)
    room = height - 8
    return [
        (round(2 + n * step, 1), round(height - 2 - room * value / max(of, 1), 1)) for n, value in enumerate(values)
    ]


@dataclass(frozen=True)
class Summary:
    """A month in the numbers that its meaning follows from."""

    posts: int
    own_voice: int
    answers: Answered
    carried: int
    colleagues: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Remark:
    """What happened and what to do, by key; the words are the page's."""

    key: str
    values: Mapping[str, object]


def remarks(now: Summary, before: Summary) -> list[Remark]:
    """What stands out in a month against the month before, what asks for something first."""
    found = [*_about_answers(now.answers, before.answers), *_about_posts(now, before)]
    found += [*_about_groups(now.parts), *_about_story(now)]
    return found


def _about_answers(now: Answered, before: Answered) -> Iterable[Remark]:
    half = now.half_within
    if half is None:
        return
    values = {"minutes": round(half.total_seconds() / 60), "number": now.number, "soon": now.within_hour}
    earlier = before.half_within
    if earlier is not None and half > earlier * 1.2:
        yield Remark("slower", values | {"before": round(earlier.total_seconds() / 60)})
    elif half <= timedelta(hours=1):
        yield Remark("soon", values)
    else:
        yield Remark("late", values)


def _about_posts(now: Summary, before: Summary) -> Iterable[Remark]:
    if now.posts == 0:
        yield Remark("silent", {})
    elif before.posts and now.posts < before.posts * 0.8:
        yield Remark("fewer_posts", {"posts": now.posts, "before": before.posts})
    elif now.posts:
        yield Remark("posts" if now.own_voice else "posts_of_the_house", {"posts": now.posts, "own": now.own_voice})


def _about_groups(parts: Sequence[Part]) -> Iterable[Remark]:
    """The group that took part least, when it stands apart from the others."""
    if len(parts) < 2:
        return
    least = min(parts, key=lambda part: part.took_part / part.of)
    share = sum(part.took_part for part in parts) / sum(part.of for part in parts)
    if share > 0 and least.took_part / least.of < share / 2:
        yield Remark("quiet_group", {"names": least.names, "number": least.took_part, "of": least.of})


def _about_story(now: Summary) -> Iterable[Remark]:
    if now.colleagues >= 5 and now.carried:
        key = "story" if now.carried >= now.colleagues * 0.75 else "story_low"
        yield Remark(key, {"carried": now.carried, "colleagues": now.colleagues})


@dataclass(frozen=True)
class Shown:
    """Something that a colleague sent in: when it came, the first reaction of somebody else, when it was used."""

    came: datetime
    maker: int | None
    reacted: datetime | None
    used: datetime | None


@dataclass(frozen=True)
class Service:
    """How the makers of some weeks were served. `told`: it is about at least five makers; else nothing is told, and
    of waits nothing when fewer than five makers got a reaction."""

    number: int
    reacted: int
    half: timedelta | None  # half of the reactions came sooner
    most: timedelta | None  # nine of ten came sooner
    soon: int  # within a working day
    used: int
    told: bool


def service(shown: Sequence[Shown], free: Collection[date], zone: tzinfo) -> Service:
    """Free days are days on which nobody works, beside weekends."""
    waits = sorted(one.reacted - one.came for one in shown if one.reacted)
    enough = waits if _makers(one for one in shown if one.reacted) >= FLOOR else []
    return Service(
        number=len(shown),
        reacted=len(waits),
        half=_part(enough, 0.5),
        most=_part(enough, 0.9),
        soon=sum(one.reacted is not None and one.reacted <= working_day_after(one.came, free, zone) for one in shown),
        used=sum(one.used is not None for one in shown),
        told=_makers(shown) >= FLOOR,
    )


def _makers(shown: Iterable[Shown]) -> int:
    return len({one.maker for one in shown if one.maker})


def _part(waits: Sequence[timedelta], part: float) -> timedelta | None:
    """The wait that this part of them stayed within."""
    return waits[math.ceil(part * len(waits)) - 1] if waits else None


def working_day_after(came: datetime, free: Collection[date], zone: tzinfo) -> datetime:
    """Until when a reaction is within a working day: the same time on the next one; of what came on a free day, the
    end of the next working day."""
    local = came.astimezone(zone)
    day = local.date() + timedelta(days=1)
    while not _is_worked(day, free):
        day += timedelta(days=1)
    if _is_worked(local.date(), free):
        return datetime.combine(day, local.time(), zone)
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _is_worked(day: date, free: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in free


def by_week(shown: Iterable[Shown], weeks: Sequence[date], zone: tzinfo) -> list[list[Shown]]:
    """What came in each of these weeks, by their Mondays."""
    found: dict[date, list[Shown]] = {monday: [] for monday in weeks}
    for one in shown:
        day = one.came.astimezone(zone).date()
        found.get(day - timedelta(days=day.weekday()), []).append(one)
    return list(found.values())


@dataclass(frozen=True)
class Span:
    """Weeks that are told of together, by the Mondays of the first and the last."""

    first: date
    last: date
    shown: Sequence[Shown]


def spans(each: Sequence[Sequence[Shown]], weeks: Sequence[date]) -> list[Span]:
    """Weeks after each other go together until they are about at least five makers, so that no week follows from the
    others and the whole. Weeks in which nothing came stand together; empty when all together are too few."""
    found: list[Span] = []
    for monday, shown in zip(weeks, each, strict=True):
        if found and (_is_few(found[-1].shown) or not (shown or found[-1].shown)):
            found[-1] = Span(found[-1].first, monday, [*found[-1].shown, *shown])
        else:
            found.append(Span(monday, monday, shown))
    while found and _is_few(found[-1].shown):
        few = found.pop()
        if found:
            found[-1] = Span(found[-1].first, few.last, [*found[-1].shown, *few.shown])
    return found


def _is_few(shown: Sequence[Shown]) -> bool:
    return bool(shown) and _makers(shown) < FLOOR
