"""Sources with what they honestly cover, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from koor.flow.listening import access
from koor.flow.listening.choices import Counted, EventState, SourceKind
from koor.flow.listening.models import OVERDUE, Away, Import, Mention, Query, RawEvent, RefusedDelivery, Source
from koor.flow.listening.queries.came import refused_lately
from koor.flow.listening.queries.counting import numbers_of
from koor.flow.listening.queries.lines import gaps, is_open, kind_of
from koor.ground.channels import queries as channels
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import clock, plainly
from koor.kernel.access import NotFound

TAKEN_AFTER = timedelta(days=1)  # that what was heard goes with a removed source
RECENT = 200  # mentions of a source by which its delay is told
ENOUGH = 5
LONG = timedelta(hours=2)  # without a word, while something is wrong
MOST_NAMED = 8  # sources above what could not be read
PROMPT = 10  # seconds behind that nobody needs to be told


@dataclass(frozen=True)
class Heard:
    """A source with what it honestly covers."""

    source: Source
    mentions: int = 0
    first: datetime | None = None
    last: datetime | None = None
    broken: int = 0
    delay: timedelta | None = None  # the middle one, between being said and standing here; told for one source
    covers: str = ""  # in words, what is heard and what is not; told for one source
    streamed: bool = False  # heard over a line that stays open
    visited: bool = True
    nothing_kept: bool = False  # all passes by, and there is no query that would keep anything
    gaps: Sequence[Away] = ()  # when nobody listened, the latest first
    refused: Sequence[RefusedDelivery] = ()  # what a platform sent that was not taken, by why

    @property
    def within(self) -> timedelta | None:
        """The delay in whole minutes, rounded up."""
        return None if self.delay is None else timedelta(minutes=max(1, -(-self.delay // timedelta(minutes=1))))

    @property
    def one_day(self) -> bool:
        """Whether all of it was said on the same day."""
        ends = [timezone.localdate(moment) for moment in (self.first, self.last) if moment]
        return len(ends) == 2 and ends[0] == ends[1]

    @property
    def going(self) -> bool:
        return is_going(self.source)

    @property
    def open(self) -> bool:
        """Whether its line is open now."""
        return is_open(self.source)

    @property
    def behind(self) -> timedelta | None:
        """How far the line is behind, where that is more than a few seconds."""
        lag = self.source.line_lag if self.open else None
        return timedelta(seconds=lag) if lag is not None and lag > PROMPT else None

    @property
    def no_line(self) -> str:
        """Why there is no line now, in the language of whoever looks."""
        return in_words(self.source.line_problem)

    @property
    def trouble(self) -> bool:
        return bool(self.source.silent)

    @property
    def problem(self) -> str:
        """What is wrong, in the language of whoever looks."""
        return in_words(self.source.silent)


def in_words(kept: str) -> str:
    """What was kept as a message id, or as a door said it, in the language of whoever looks."""
    said = plainly.in_words(kept)
    return _(said) if said else ""


def sources(person: Colleague, *, removed: bool = False) -> list[Heard]:
    """All sources by name, with their counts; or those that were removed. Three queries, however many there are."""
    if not access.may_listen(person):
        raise NotFound
    counted = numbers_of(Counted.SOURCE)
    broken = _unread(person).filter(state=EventState.QUARANTINED).order_by().values_list("source")
    kept = dict(broken.annotate(n=Count("pk")))
    found = []
    said = Mention.objects.filter(source=OuterRef("pk"), ours=False).values("said_at")
    first, last = (said.order_by(*order)[:1] for order in (("said_at", "pk"), ("-said_at", "-pk")))
    rows = Source.objects.select_related("account").annotate(first=Subquery(first), last=Subquery(last))
    rows = rows.filter(removed_at__isnull=not removed)
    for source in rows.order_by("name"):
        number = counted.get(str(source.pk), 0)
        found.append(Heard(source, number, source.first, source.last, kept.get(source.pk, 0)))
    return found


def source(person: Colleague, pk: int) -> Heard:
    found = next((heard for heard in sources(person) if heard.source.pk == pk), None)
    if found is None:
        raise NotFound
    kind = kind_of(found.source)
    nothing = bool(kind and kind.chosen) and not Query.objects.filter(active=True).exists()
    return replace(
        found,
        delay=_delay(found.source),
        covers=_(kind.covers) if kind and kind.covers else "",
        streamed=bool(kind and kind.streamed),
        visited=not (kind and kind.pushed),
        nothing_kept=nothing,
        gaps=gaps([pk]),
        refused=refused_lately(found.source) if _is_sent_to(found.source) else (),
    )


def _is_sent_to(source: Source) -> bool:
    """Whether its platform can send by itself."""
    made_with = channels.connectors().get(source.account.connector) if source.account else None
    return made_with is not None and made_with.manifest.pushed


def removed_source(person: Colleague, pk: int) -> Heard | None:
    """A source that was removed, while what was heard there is kept."""
    return next((heard for heard in sources(person, removed=True) if heard.source.pk == pk), None)


def number_removed(person: Colleague) -> int:
    """How many sources can come back."""
    return Source.objects.exclude(removed_at=None).count() if access.may_connect(person) else 0


def is_going(source: Source) -> bool:
    """Whether it was removed with what was heard, longer ago than `TAKEN_AFTER`."""
    return source.takes_along and source.removed_at is not None and source.removed_at < clock.now() - TAKEN_AFTER


def sources_to_take_along() -> list[Source]:
    """Those of which that is so."""
    return list(_going().order_by("pk")[:20])


def still_going(pk: int) -> QuerySet[Source]:
    """This one, unless it came back."""
    return _going().filter(pk=pk)


def _going() -> QuerySet[Source]:
    return Source.objects.filter(takes_along=True, removed_at__lt=clock.now() - TAKEN_AFTER)


def _delay(source: Source) -> timedelta | None:
    """How long the newest took to come in, the middle one of them. None of files, and where too few came in."""
    if source.kind == SourceKind.FILE:
        return None
    newest = Mention.objects.filter(source=source, ours=False).order_by("-said_at", "-pk")
    taken = sorted(stored - said for said, stored in newest.values_list("said_at", "stored_at")[:RECENT])
    return taken[len(taken) // 2] if len(taken) >= ENOUGH else None


def listened_to(person: Colleague) -> list[Source]:
    """The sources for a choice or a line, without counts. One query."""
    return list(Source.objects.filter(removed_at=None).order_by("name")) if access.may_listen(person) else []


def source_named(name: str) -> Source | None:
    return Source.objects.filter(name__iexact=name.strip(), removed_at=None).first()


def source_of_the_operator(pk: int) -> Source | None:
    """A source by its number, for the worker."""
    return Source.objects.select_related("account").filter(pk=pk).first()


def brought_in(person: Person, pk: int) -> Import:
    """A large file that is brought in."""
    found = Import.objects.select_related("source").filter(pk=pk).first() if access.may_connect(person) else None
    if found is None:
        raise NotFound
    return found


def coming_in(person: Person, source: Source) -> Import | None:
    """The large file that is being brought into this source now."""
    if source.kind != SourceKind.FILE or not access.may_connect(person):
        return None
    return Import.objects.filter(source=source, done_at=None).order_by("-pk").first()


def due_sources() -> list[int]:
    """Sources whose next moment has come."""
    live = Source.objects.filter(active=True, next_at__lte=clock.now()).exclude(kind=SourceKind.FILE)
    return list(live.order_by("next_at").values_list("pk", flat=True)[:200])


def quarantine(person: Colleague, source_id: int | None = None, *, aside: bool = False) -> QuerySet[RawEvent]:
    """What could not be read and waits for a person, or was put aside, newest first."""
    state = EventState.DROPPED if aside else EventState.QUARANTINED
    rows = _unread(person).filter(state=state).select_related("source__account")
    if not access.may_connect(person):
        own = Source.objects.filter(account__personal=True, account__owner=person.pk)
        if not access.may_listen(person) or not own.exists():
            raise NotFound
        rows = rows.filter(source__in=own.values("pk"))
    return (rows.filter(source=source_id) if source_id else rows).order_by("-received_at", "-pk")


def quarantined_by_source(rows: QuerySet[RawEvent]) -> list[tuple[int, str, int]]:
    """How many of these came in by each source, with its number and name; the most first, a few."""
    found = rows.order_by().values_list("source", "source__name").annotate(number=Count("pk"))
    return [tuple(one) for one in found.order_by("-number", "source")[:MOST_NAMED]]


def _unread(person: Colleague) -> QuerySet[RawEvent]:
    """What came in, without what came over another colleague's own account, or in a source that was removed."""
    return RawEvent.objects.filter(source__removed_at=None).exclude(source__in=access.others_own(person).values("pk"))


def event(person: Colleague, pk: int) -> RawEvent:
    """One event that could not be read, or was put aside."""
    states = [EventState.QUARANTINED, EventState.DROPPED]
    found = RawEvent.objects.select_related("source__account").filter(pk=pk, state__in=states).first()
    if found is None or not access.may_mend(person, found.source):
        raise NotFound
    return found


def in_trouble(person: Colleague) -> QuerySet[Source]:
    """Sources from which nothing came for a while that they should have given, longest first: three times in a row,
    or for two hours however seldom they were asked meanwhile, or nobody asked them."""
    if not access.may_connect(person):
        return Source.objects.none()
    long_ago = clock.now() - LONG
    before = Q(last_success_at__lt=long_ago) | Q(last_success_at=None, made_at__lt=long_ago)
    live = Source.objects.filter(active=True).select_related("account")
    wrong = ~Q(kind=SourceKind.FILE) & ~Q(last_problem="") & before
    stuck = Q(gone=True) | Q(failures__gte=3) | wrong | Q(next_at__lt=clock.now() - OVERDUE)
    return live.filter(stuck).order_by("last_success_at", "pk")
