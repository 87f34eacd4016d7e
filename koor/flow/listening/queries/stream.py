"""The stream of mentions: pages by key, counts, days. What a person may not see is not there."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    Count,
    DateTimeField,
    F,
    Func,
    IntegerField,
    Min,
    Prefetch,
    Q,
    QuerySet,
    Value,
    prefetch_related_objects,
)

from koor.flow.listening import access
from koor.flow.listening.choices import Label
from koor.flow.listening.logic.show import Piece, marked
from koor.flow.listening.logic.tree import Term, terms
from koor.flow.listening.models import Match, Mention, Proposal, Query, Source
from koor.flow.listening.queries.matching import readable
from koor.flow.listening.queries.who import whose
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock, search
from koor.kernel.access import NotFound

DAYS = 14  # in the picture of mentions per day
PER_PAGE = 30
EXCERPT = 420  # characters of a mention in the stream
WHOLE = 100_000


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
    who: Contact | Person | None = None  # when we know them
    alike: Sequence[Mention] = ()  # marked by people, and why the learner thinks what it thinks

    @property
    def proposal(self) -> Proposal | None:
        """What the learner thinks and by which words, as long as no person has said what it is."""
        found: Proposal | None = getattr(self.mention, "proposal", None)
        mention = self.mention
        by_a_person = mention.ours or mention.labelled_by_id is not None
        if found is None or by_a_person or not found.reasons or mention.label not in {"", found.label}:
            return None
        return found

    @property
    def face(self) -> Contact | Person | Mention:
        return self.who or self.mention


@dataclass(frozen=True)
class Stream:
    """One page by key: what comes in meanwhile does not move it."""

    rows: Sequence[Said]
    older: str = ""  # the key of the next page; empty at the end


def stream(person: Colleague, filters: Filters, before: str = "", per: int = PER_PAGE) -> Stream:
    """Mentions, newest first. `before` is the key of the last one on the page before."""
    return stream_and(person, filters, before, per, most_ohoh=0)[0]


def stream_and(
    person: Colleague, filters: Filters, before: str = "", per: int = PER_PAGE, *, most_ohoh: int
) -> tuple[Stream, Sequence[Said]]:
    """A page of the stream, and the newest that were marked oh-oh in the last 24 hours. A few queries."""
    rows = labelled(narrowed(person, filters), filters.label)
    if (key := _key(before)) is not None:
        said_at, pk = key
        rows = rows.filter(said_at__lte=said_at).filter(Q(said_at__lt=said_at) | Q(pk__lt=pk))
    found = list(_shown(rows)[: per + 1])
    hot = list(_shown(labelled(narrowed(person, Filters()), Label.OHOH))[:most_ohoh]) if most_ohoh else []
    hot = [mention for mention in hot if mention.said_at >= clock.now() - timedelta(days=1)]
    page = found[:per]
    explain([*page, *hot])
    known = whose([*page, *hot])
    near = alike(person, page)
    older = key_of(page[-1]) if len(found) > per else ""
    return Stream([said(row, who=known, near=near) for row in page], older), [said(row, 220, known) for row in hot]


def _shown(rows: QuerySet[Mention]) -> QuerySet[Mention]:
    """Newest first, with what a row shows of its source and of who marked it."""
    with_names = rows.select_related("source__account", "labelled_by", "proposal").order_by("-said_at", "-pk")
    return with_names.defer("search", "source__cursor", "source__account__settings")


def explain(mentions: Sequence[Mention]) -> None:
    """Fetch for all of these at once which queries met them."""
    prefetch_related_objects(
        mentions, Prefetch("matches", Match.objects.select_related("query").order_by("query__name"))
    )


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


def said(
    mention: Mention,
    most: int = EXCERPT,
    who: Mapping[int, Contact | Person] | None = None,
    near: Mapping[int, Mention] | None = None,
) -> Said:
    """A mention with the words marked for which its queries found it."""
    met = [match.query for match in mention.matches.all()]
    like = [near[pk] for pk in _like(mention) if pk in near] if near else []
    return Said(mention, marked(mention.text, terms_of(met), most), met, (who or {}).get(mention.pk), like)


def _like(mention: Mention) -> list[int]:
    found: Proposal | None = getattr(mention, "proposal", None)
    return found.alike if found is not None and mention.labelled_by_id is None else []


def alike(person: Colleague, mentions: Sequence[Mention]) -> dict[int, Mention]:
    """By id, the mentions that the learner names as like these and that this person may see. One query at most."""
    asked = {pk for mention in mentions for pk in _like(mention)}
    if not asked:
        return {}
    marked_ones = narrowed(person, Filters()).filter(pk__in=asked).exclude(label="")
    return {one.pk: one for one in marked_ones.only("pk", "text", "label", "author", "handle")}


def terms_of(met: Iterable[Query]) -> list[Term]:
    read = (readable(query.expression) for query in met)
    return [term for expression in read if expression for term in terms(expression.tree)]


def narrowed(person: Colleague, filters: Filters) -> QuerySet[Mention]:
    """The mentions that the filters other than the label leave."""
    rows = Mention.objects.exclude(_private(person)) if access.may_listen(person) else Mention.objects.none()
    if filters.query:
        rows = rows.filter(matches__query=filters.query)
    if filters.source:
        rows = rows.filter(source=filters.source)
    if filters.words and (asked := search.tsquery(filters.words)):
        rows = rows.filter(search=SearchQuery(asked, search_type="raw", config="simple"))
    return rows


def _private(person: Colleague) -> Q:
    """What was said to a colleague alone, on their own account, is for that colleague."""
    theirs = Source.objects.filter(account__personal=True).exclude(account__owner=person.pk)
    return Q(kind="direct", source__in=theirs.values("pk"))


def labelled(rows: QuerySet[Mention], label: str) -> QuerySet[Mention]:
    if label == "ours":
        return rows.filter(ours=True)
    rows = rows.filter(ours=False)
    return rows if label == "all" else rows.filter(label="" if label == "open" else label)


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
    """What the filters leave, counted: by tab (`LABELS`), by day, and of the last 24 hours."""

    counts: Mapping[str, int]
    days: Sequence[Day]
    now: Now


def figures(person: Colleague, filters: Filters) -> Figures:
    """All the numbers of the stream's page, in one query: grouped by the parts of time between midnights, with one
    edge more at 24 hours ago."""
    if not access.may_listen(person):
        raise NotFound
    starts, since = starts_of_days(), clock.now() - timedelta(days=1)
    edges = sorted({*starts, since})
    grouped = narrowed(person, filters).annotate(part=bucket("said_at", edges)).order_by()
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
    return Figures(counts, _days(starts, days), _now(person, filters, recent, first_ohoh))


def _days(starts: Sequence[datetime], days: Sequence[Counter[str]]) -> list[Day]:
    pairs = zip(starts, days, strict=False)
    return [Day(start, by.total(), by[Label.OHOH], by[Label.AHA]) for start, by in pairs]


def _now(person: Colleague, filters: Filters, recent: Counter[str], first_ohoh: datetime | None) -> Now:
    return Now(recent.total(), recent[""], recent[Label.OHOH], recent[Label.AHA], first_ohoh)


def mention(person: Colleague, pk: int, most: int = WHOLE) -> Said:
    """One mention; in full, unless `most` says how much of it."""
    found = _shown(narrowed(person, Filters()).filter(pk=pk)).first()
    if found is None:
        raise NotFound
    explain([found])
    return said(found, most, whose([found]), alike(person, [found]))


def mentions_of(person: Colleague, ids: Iterable[int]) -> list[Mention]:
    """These mentions, as far as this colleague may see them."""
    return list(narrowed(person, Filters()).filter(pk__in=list(ids)))


def answered_in(person: Colleague, shown: Mention) -> Mention | None:
    """What this mention answers, when that was heard too."""
    if not shown.in_reply_to:
        return None
    return narrowed(person, Filters()).filter(source=shown.source_id, external_id=shown.in_reply_to).first()


# Days


def starts_of_days(days: int = DAYS) -> list[datetime]:
    """The midnights at which the last days began, and the coming one; PostgreSQL's zones need not be Python's."""
    zone = ZoneInfo(house().zone)
    today = clock.today(house().zone)
    return [datetime.combine(today + timedelta(days=n), datetime.min.time(), zone) for n in range(1 - days, 2)]


def bucket(field: str, starts: Sequence[datetime]) -> Func:
    """The place of a moment between the starts, from 1."""
    edges = Value(list(starts), output_field=ArrayField(DateTimeField()))
    return Func(F(field), edges, function="width_bucket", output_field=IntegerField())


def waiting_for_a_look(person: Colleague) -> QuerySet[Mention] | None:
    """What was not looked at, of the last 24 hours: the number beside the stream in the navigation."""
    if not access.may_listen(person):
        return None
    recent = narrowed(person, Filters()).filter(said_at__gte=clock.now() - timedelta(days=1))
    return labelled(recent, "open")


def mentions_saying(person: Colleague, words: str) -> QuerySet[Mention] | None:
    """Mentions that say these words, newest first; nothing without words."""
    if not search.tsquery(words):
        return None
    return _shown(labelled(narrowed(person, Filters(words=words)), "all"))


def listed(*, query: Query | None = None, label: str = "all", most: int | None = None) -> list[Said]:
    """Mentions for the command line, newest first; all of them unless `most` says how many."""
    rows = Mention.objects.filter(matches__query=query) if query else Mention.objects.all()
    found = _shown(labelled(rows, label))
    shown = list(found[:most] if most else found)
    explain(shown)
    return [Said(row, (), [match.query for match in row.matches.all()]) for row in shown]
