"""What it did: reads across the rooms, told for the whole house or for groups of at least five."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from koor.flow.calendar.queries.holidays import free_days
from koor.flow.conversations.models import Message
from koor.flow.conversations.queries import ToldOnce, told_in
from koor.flow.hub.choices import ItemKind
from koor.flow.hub.models import Capture, Item
from koor.flow.listening.queries.counts import bucket
from koor.flow.publishing.choices import State
from koor.flow.publishing.models import RowLink, Target
from koor.flow.publishing.queries.links import followed_between, links_followed
from koor.ground.channels.queries import platform_name
from koor.ground.contacts.models import Contact
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.ground.people.queries import house, today
from koor.ground.story.queries import Carried, carried, current
from koor.growth.insight import access, logic
from koor.kernel import groups, together
from koor.kernel.access import NotFound


@dataclass(frozen=True)
class Reactions:
    """How many people reacted, as colleagues noted it where Koor can't look; on how many posts."""

    people: int
    posts: int


@dataclass(frozen=True)
class Month:
    """Everything on the page of a month. A literal number of queries, whatever the rows."""

    first: date
    posts: int
    own_voice: int  # posts on colleagues' own accounts
    by_platform: list[tuple[str, str, int]]  # connector, its name, how many
    makers: int  # colleagues whose work was published; 0 when fewer than five
    answers: logic.Answered
    helped: int  # people outside who got an answer
    helped_soon: int  # of them within the hour
    reactions: Reactions | None  # that colleagues noted by hand; None when fewer than five noted any
    told: ToldOnce | None  # how many had to tell something again; None when it is about fewer than five
    carried: int
    carried_by: list[Carried]  # by group of at least five
    colleagues: int
    parts: list[logic.Part]
    took_part: int
    weeks: list[date] = field(default_factory=list)  # of which `parts` tells, their Mondays
    followed: int = 0  # links in posts of the house; with colleagues' own where those are of five or more

    @property
    def summary(self) -> logic.Summary:
        return logic.Summary(self.posts, self.own_voice, self.answers, self.carried, self.colleagues, tuple(self.parts))

    @property
    def few(self) -> bool:
        """Too few colleagues to count them."""
        return self.colleagues < groups.FLOOR

    @property
    def empty(self) -> bool:
        return not (self.posts or self.answers.number or self.took_part)


def require_sight(person: Person) -> None:
    if not access.may_see_figures(person):
        raise NotFound


def month(person: Person, first: date) -> Month:
    """The figures of a month (its first day). Four queries."""
    require_sight(person)
    since, until = moments(first)
    weeks = logic.weeks_until(min(logic.month_after(first) - timedelta(days=1), today()))
    edges = sorted({since, *(_midnight(monday) for monday in weeks)})
    told = map(together.counted, told_in(since, until))
    listed, waits, active, clicks, said, repeated, *deeds = together.lists(*_asked(first), *told, *_deeds(edges, until))
    group_of = {pk: name or "" for pk, name in active}
    moved = [(person, edges[part - 1]) for person, part in itertools.chain(*deeds)]
    parts, took_part = _taking_part(since, weeks, group_of, moved)
    return Month(
        first=first,
        posts=len(listed),
        own_voice=sum(own for _connector, own, _by, _reacted in listed),
        by_platform=_platforms(connector for connector, _own, _by, _reacted in listed),
        makers=_told(len({by for _connector, _own, by, _reacted in listed})),
        colleagues=len(active),
        parts=parts,
        reactions=_reactions(listed),
        told=_enough(ToldOnce(sum(said), sum(repeated))),
        weeks=weeks,
        took_part=took_part if len(active) >= groups.FLOOR else 0,
        followed=_followed(clicks),
        **_answered(waits),
        **_carried(),
    )


def _reactions(listed: Iterable[tuple[str, bool, int, int | None]]) -> Reactions | None:
    """Told when the posts are of enough colleagues."""
    noted = [(by, reacted) for _connector, _own, by, reacted in listed if reacted is not None]
    if not _told(len({by for by, _reacted in noted})):
        return None
    return Reactions(sum(reacted for _by, reacted in noted), len(noted))


def _followed(clicks: list[tuple[int, bool, int]]) -> int:
    """What few colleagues posted in their own name tells of them: then only the house's own is counted."""
    enough = len({by for _n, personal, by in clicks if personal}) >= groups.FLOOR
    return sum(n for n, personal, _by in clicks if enough or not personal)


def _enough(told: ToldOnce) -> ToldOnce | None:
    return told if told.conversations >= groups.FLOOR else None


def _asked(first: date) -> tuple[QuerySet[Any, Any], ...]:
    """What the figures are counted from: posts, answers, colleagues and links that were followed."""
    since, until = moments(first)
    return (
        published(since, until).values_list("account__connector", "account__personal", "post__by", "effect__reacted"),
        answers(since, until).values_list("waited", "contact"),
        Person.objects.filter(is_active=True).values_list("pk", "discipline__name"),
        followed_between(first, logic.month_after(first)),
    )


def _answered(waits: list[tuple[timedelta, int | None]]) -> dict[str, Any]:
    """How soon, and how many people outside."""
    return {
        "answers": logic.Answered(tuple(wait for wait, _contact in waits)),
        "helped": len({contact for _wait, contact in waits if contact}),
        "helped_soon": len({contact for wait, contact in waits if contact and wait <= logic.SOON}),
    }


def moments(first: date) -> tuple[datetime, datetime]:
    """From midnight to midnight in the house's zone."""
    return _midnight(first), _midnight(logic.month_after(first))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(house().zone)).astimezone(UTC)


def _told(number: int) -> int:
    """A number of colleagues, when they are enough to be told of."""
    return number if number >= groups.FLOOR else 0


def published(since: datetime, until: datetime) -> QuerySet[Target]:
    """Rows that went up, without practice and answers."""
    return Target.objects.filter(
        state=State.PUBLISHED, published_at__gte=since, published_at__lt=until, post__practice=False,
        post__in_reply_to="",
    )  # fmt: skip


def answers(since: datetime, until: datetime) -> QuerySet[Message]:
    """Messages by which somebody got their answer; what is said in an exercise answers nobody."""
    rows = Message.objects.filter(at__gte=since, at__lt=until, failed=False).exclude(waited=None)
    return rows.exclude(conversation__purpose=Purpose.PRACTICE)


def _platforms(connectors_used: Iterable[str]) -> list[tuple[str, str, int]]:
    counts: dict[str, int] = defaultdict(int)
    for key in connectors_used:
        counts[key] += 1
    named = [(key, platform_name(key), number) for key, number in counts.items()]
    return sorted(named, key=lambda row: (-row[2], row[1]))


def platform(person: Person, key: str) -> str:
    """The name of a platform, in the reader's language."""
    require_sight(person)
    return platform_name(key)


def _carried() -> dict[str, Any]:
    version = current()
    parts = carried(version) if version else []
    return {"carried": parts[0].read if parts else 0, "carried_by": parts[1:]}


def _taking_part(
    since: datetime, weeks: list[date], group_of: dict[int, str], deeds: Iterable[tuple[int, datetime]]
) -> tuple[list[logic.Part], int]:
    """Who showed something, posted or answered: in the month, and week by week up to its end or today."""
    zone = ZoneInfo(house().zone)
    by_week: dict[date, set[int]] = defaultdict(set)
    in_month: set[int] = set()
    for person, at in deeds:
        if person not in group_of:
            continue
        day = at.astimezone(zone).date()
        by_week[day - timedelta(days=day.weekday())].add(person)
        if at >= since:
            in_month.add(person)
    sizes: dict[str, int] = defaultdict(int)
    for name in group_of.values():
        sizes[name] += 1
    return logic.taking_part(groups.merged(sizes), sizes, group_of, in_month, by_week, weeks), len(in_month)


def _deeds(edges: list[datetime], until: datetime) -> list[QuerySet[Any, Any]]:
    """Who did something, and after which of the edges: once each, however much they did."""
    shown = Capture.objects.filter(received_at__gte=edges[0], received_at__lt=until, withdrawn_at=None)
    posted, answered = published(edges[0], until), answers(edges[0], until).exclude(person=None)
    return [
        rows.order_by().values_list(person, bucket(moment, edges)).distinct()
        for rows, person, moment in (
            (shown, "by", "received_at"), (posted, "post__by", "published_at"), (answered, "person", "at"),
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class Served:
    """How the curator serves who shows something: photos and ideas, over twelve weeks, and week by week; weeks of few
    makers go together."""

    photos: logic.Service
    ideas: logic.Service
    weeks: list[tuple[logic.Span, logic.Service]]


def served(person: Person) -> Served:
    """Two queries at most. About the service, never about who showed how much; nothing about fewer than five."""
    require_sight(person)
    zone, last = ZoneInfo(house().zone), today()
    weeks = logic.weeks_until(last)
    since = _midnight(weeks[0])
    captures = Capture.objects.filter(received_at__gte=since, withdrawn_at=None)
    ideas = Item.objects.filter(made_at__gte=since, removed_at=None, kind__in=[ItemKind.TEXT, ItemKind.LINK])
    asked = (
        captures.values_list("received_at", "by", "item__reacted_at", "item__used_at"),
        ideas.values_list("made_at", "by", "reacted_at", "used_at"),
    )
    photos, texts = ([logic.Shown(*row) for row in rows] for rows in together.lists(*asked))
    free = free_days(house(), weeks[0], last + timedelta(days=14))
    spans = logic.spans(logic.by_week(photos, weeks, zone), weeks)
    return Served(
        logic.service(photos, free, zone),
        logic.service(texts, free, zone),
        [(span, logic.service(span.shown, free, zone)) for span in spans],
    )


# What a figure counts


def posts_of(person: Person, first: date, platform: str = "") -> QuerySet[Target]:
    """The rows behind the number of posts; of one platform when it is named."""
    require_sight(person)
    rows = published(*moments(first))
    if platform:
        rows = rows.filter(account__connector=platform)
    return rows.select_related("post__by__picture", "account").order_by("-published_at", "-pk")


def followed_in(person: Person, first: date) -> QuerySet[RowLink]:
    """The links of the house behind the number of clicks, with `n`. A colleague's own are only in the number."""
    require_sight(person)
    return links_followed(first, logic.month_after(first))


def answers_in(person: Person, first: date, bucket: str = "") -> QuerySet[Message]:
    """The answers behind their number, with how long somebody waited; who answered is not told here."""
    require_sight(person)
    rows = answers(*moments(first)).select_related("contact").order_by("-at", "-pk")
    if bucket:
        after, until = logic.bounds(bucket)
        rows = rows.filter(waited__gt=after) if after else rows
        rows = rows.filter(waited__lte=until) if until else rows
    return rows


def helped_in(person: Person, first: date) -> QuerySet[Contact]:
    """The people behind the number of people helped; who answered them is not told here."""
    require_sight(person)
    answered = answers(*moments(first)).exclude(contact=None).values("contact")
    return Contact.objects.filter(pk__in=answered).annotate(times=Count("messages")).order_by("name")
