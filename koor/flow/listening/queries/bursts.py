"""Streams in which there may be a burst, as the detector wants them, and what was said in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from django.db.models import Count, Min, Q, QuerySet

from koor.flow.listening.choices import Counted
from koor.flow.listening.logic import bursts as logic
from koor.flow.listening.models import About, Burst, Match, Mention, Query, Source, for_one, topic_name, who_said
from koor.flow.listening.queries.counting import PART, Stream, first_counted, part_of, rising, series, usual_numbers
from koor.kernel import clock

HOUR = PART * logic.WINDOW
PAST = PART * logic.PAST
MOST_READ = 20_000  # mentions of one alarm
MOST = 20  # streams that are looked at closely, those that rose most first
PRAISE = 0.5  # as likely an aha as all else together; of what nobody knows a third is thought to be one
SPOKEN_OF = 4  # queries and topics that an alarm names
Full = tuple[Stream, int]  # a stream, and how many there are of it


@dataclass(frozen=True)
class Rise:
    """A stream that has more than usual in this hour."""

    stream: Stream
    posts: int
    usual: float
    need: float
    seen: Sequence[logic.Seen]

    @property
    def score(self) -> float:
        return self.posts / max(self.usual, 1.0)


def begin_of_hour() -> datetime:
    """When the window begins: this part of five minutes and the eleven before it."""
    return part_of(clock.now()) - HOUR + PART


def known_bursts() -> dict[Stream, list[Burst]]:
    """By stream what was told in the past fourteen days, or goes on; the last first."""
    found: dict[Stream, list[Burst]] = defaultdict(list)
    recent = Q(at__gte=clock.now() - PAST) | Q(ended_at=None)
    for burst in Burst.objects.filter(recent).order_by("-at", "-pk"):
        found[burst.kind, burst.key].append(burst)
    return found


def full_streams() -> list[tuple[Stream, int]]:
    """Streams with enough in this hour; of saved queries those that are listened for."""
    found = rising(begin_of_hour(), logic.POSTS)
    if any(kind == Counted.QUERY for (kind, _key), _n in found):
        active = set(map(str, Query.objects.filter(active=True).values_list("pk", flat=True)))
        found = [one for one in found if one[0][0] != Counted.QUERY or one[0][1] in active]
    return found


def worth_a_look(full: Sequence[Full], known: Mapping[Stream, Sequence[Burst]]) -> Sequence[Full]:
    """Where there are many: what burns, what was told and goes on, and of the others those that rose most."""
    if len(full) <= MOST:
        return full
    open_ones = {stream for stream, many in known.items() if any(one.ended_at is None for one in many)}
    always = [one for one in full if one[0][0] == Counted.BURNS or one[0] in open_ones]
    usually = usual_numbers([one[0] for one in full], clock.now() - PAST)
    others = sorted((one for one in full if one not in always), key=lambda one: -one[1] / max(usually[one[0]], 1))
    return always + others[:MOST]


def rise_of(stream: Stream, posts: int, bursts: Sequence[Burst], known: int) -> Rise:
    """What is usual in this stream, and what it takes."""
    seen = [_seen(one) for one in bursts]
    if stream[0] == Counted.TOPIC:  # queries look back when they are saved; nothing sorted the past by topic
        known = min(known, _parts_since(first_counted(stream)))
    parts = series(stream, part_of(clock.now()) - PAST, logic.PAST + 1)
    parts = parts[max(0, len(parts) - known) :]
    usual = logic.usual(parts, seen)
    need = logic.needed(usual, known, seen)
    if known < logic.DAY and stream[0] != Counted.BURNS:
        need = inf  # nobody knows yet how much is said of it on an ordinary day
    return Rise(stream, posts, usual, need, seen)


def parts_known() -> int:
    """How many parts of five minutes the house has listened, as far as that counts."""
    return _parts_since(Source.objects.aggregate(first=Min("made_at"))["first"])


def _parts_since(first: datetime | None) -> int:
    now = clock.now()
    return max(min((part_of(now) - part_of(first or now)) // PART + 1, logic.PAST), 1)


def _seen(one: Burst) -> logic.Seen:
    def ago(moment: datetime) -> int:
        return max((part_of(clock.now()) - part_of(moment)) // PART, 0)

    ended = ago(one.ended_at) if one.ended_at else None
    waved = one.posts if one.waved is None else one.waved
    return logic.Seen(ago(one.at), one.posts, one.top, ago(one.since), ended, one.answer, waved)


# ── What was said ────────────────────────────────────────────────────────────────────────────────────────────────────


def said_in(stream: Stream, since: datetime, until: datetime) -> QuerySet[Mention]:
    """The mentions of a stream that may burn: not what was marked aha or noise, nor what is likely an aha."""
    kind, key = stream
    rows = Mention.objects.filter(ours=False, said_at__gte=since, said_at__lte=until)
    rows = rows.exclude(for_one()).exclude(label__in=("aha", "noise"))
    if kind == Counted.BURNS:
        thought = Q(label="", proposal__label="ohoh") & ~Q(proposal__reasons=[])
        return rows.filter(Q(label="ohoh") | thought)
    rows = rows.exclude(Q(label="", proposal__label="aha", proposal__sure__gte=PRAISE) & ~Q(proposal__reasons=[]))
    return rows.filter(matches__query=int(key)) if kind == Counted.QUERY else rows.filter(about__topic=key)


def spoken_of(stream: Stream, since: datetime, until: datetime) -> list[tuple[str, dict[str, str], int]]:
    """Which saved queries what was said met most, and what topics it is about: the name, what narrows the stream to it,
    and how many; the most first, few left out."""
    there = said_in(stream, since, until).order_by().values("pk")
    met = Match.objects.filter(mention__in=there, query__active=True).order_by().values_list("query", "query__name")
    found = [(name, {"query": str(pk)}, n) for pk, name, n in met.annotate(n=Count("pk")) if n >= logic.PEOPLE]
    about = About.objects.filter(mention__in=there).exclude(topic="").order_by().values_list("topic")
    found += [(topic_name(key), {"topic": key}, n) for key, n in about.annotate(n=Count("pk")) if n >= logic.PEOPLE]
    return sorted(found, key=lambda one: (-one[2], one[0]))[:SPOKEN_OF]


def each_once(rows: QuerySet[Mention]) -> list[tuple[int, str, datetime]]:
    """The number, who said it and when, in their order; what two sources of one account brought is one post."""
    found: dict[tuple[int, str], tuple[int, str, datetime]] = {}
    told = rows.values_list("pk", who_said(), "said_at", "source__account", "source", "external_id")
    for pk, who, at, account, source, key in told:
        found.setdefault((account or -source, key), (pk, who, at))
    return list(found.values())


def most_within_an_hour(stream: Stream, since: datetime, until: datetime) -> int:
    """The most of what may burn that was said within an hour, of the first thousands."""
    moments = [at for _pk, _who, at in each_once(said_in(stream, since, until).order_by("said_at", "pk")[:MOST_READ])]
    first = most = 0
    for number, at in enumerate(moments, 1):
        while at - moments[first] > HOUR:
            first += 1
        most = max(most, number - first)
    return most


def burst(pk: int) -> Burst | None:
    return Burst.objects.filter(pk=pk).first()


def lately(moment: datetime) -> bool:
    return moment >= clock.now() - timedelta(days=1)
