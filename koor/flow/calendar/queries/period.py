"""A month and a week: what stands ready, what is promised, where the gaps are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import CharField, Q, QuerySet, Value

from koor.flow.calendar import logic
from koor.flow.calendar.models import Agreement, Campaign, Slot, called, why_not_ready
from koor.flow.calendar.queries.holidays import free_days
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Project
from koor.ground.people.models import Absence, Person, picture_url
from koor.ground.people.queries import house
from koor.kernel import clock, written

AHEAD = 56  # days that slots are rolled out and gaps are looked for


MOST_A_DAY = 12  # cards on a day of the month
MOST_A_DAY_OF_WEEK = 60
MOST_ROWS = 10_000  # of a list that is taken away


@dataclass(frozen=True)
class Wanted:
    """What one looks at: slots of a channel, a project, a campaign, or of one kind of campaigns. 0 and "" are all."""

    channel: int = 0
    project: int = 0
    campaign: int = 0
    kind: str = ""

    @property
    def condition(self) -> Q:
        found = Q()
        if self.channel:
            agreed = Agreement.objects.filter(accounts=self.channel).values("pk")
            found &= Q(account=self.channel) | Q(account=None, agreement__in=agreed)
        if self.project:
            found &= Q(project=self.project) | Q(project=None, item__project=self.project)
        if self.campaign:
            found &= Q(campaign=self.campaign)
        return found & Q(campaign__kind=self.kind) if self.kind else found


EVERYTHING = Wanted()


class Holder(NamedTuple):
    """Whose a card is: a colleague with a face, or a team."""

    name: str
    face: str = ""
    picture_url: str = ""

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


class Card(NamedTuple):
    """What a month or a week shows of a slot. Not the slot itself: making hundreds of those takes the longest."""

    pk: int
    version: int
    day: date
    time: time | None
    title: str
    content: str
    filled: bool
    person_id: int | None
    team_id: int | None
    unready: str
    person: Holder | None
    team: Holder | None

    def __str__(self) -> str:
        return called(self.title, self.content)

    @property
    def not_ready(self) -> str:
        return why_not_ready(self.unready)


class Away(NamedTuple):
    """What a month or a week shows of an absence."""

    person_id: int
    first_day: date
    last_day: date
    person: Holder


Gone = TypeVar("Gone", Absence, Away)


class Placed(NamedTuple):
    """A slot on its day, with how it stands: ready, promise, gap, or laid out and not ready."""

    slot: Slot | Card
    away: bool

    @property
    def planned(self) -> logic.Planned:
        return logic.Planned(self.slot.day, self.slot.filled, self.slot.person_id, self.away, self.slot.team_id)

    @property
    def standing(self) -> str:
        if self.slot.filled:
            return "set"
        if self.slot.unready:
            return "unready"
        return "gap" if logic.is_gap(self.planned) else "promise"


@dataclass(frozen=True)
class Day:
    date: date
    slots: list[Placed]
    holiday: str
    today: bool
    past: bool
    inside: bool  # in the month that is shown
    more: int = 0  # slots beyond those shown


@dataclass(frozen=True)
class Week:
    number: int
    days: list[Day]
    quiet: list[date]  # coming working days without anything
    away: int  # colleagues who said that they are away on a working day of it

    @property
    def is_quiet(self) -> bool:
        return len(self.quiet) >= logic.QUIET_DAYS

    @property
    def past(self) -> bool:
        return self.days[-1].past


@dataclass(frozen=True)
class Period:
    """Whole weeks, with everything that a page of them needs; a literal number of queries whatever the rows."""

    first: date
    last: date
    weeks: list[Week]
    today: date
    absences: list[Away] = field(default_factory=list)

    @property
    def slots(self) -> list[Placed]:
        return [placed for week in self.weeks for day in week.days for placed in day.slots]

    @property
    def gaps(self) -> int:
        """Coming places that nobody has, among those that are shown."""
        return sum(placed.standing == "gap" and placed.slot.day >= self.today for placed in self.slots)


def month(
    person: Person, year: int, number: int, wanted: Wanted = EVERYTHING, absences: list[Away] | None = None
) -> Period:
    """The weeks of a month; of a very full day the first ones, and how many more there are. Who is away may be known
    already."""
    return _period(logic.weeks_of(year, number), number, wanted, MOST_A_DAY, absences)


def week(person: Person, day: date, wanted: Wanted = EVERYTHING, absences: list[Away] | None = None) -> Period:
    """The week that a day is in."""
    return _period([logic.week_of(day)], None, wanted, MOST_A_DAY_OF_WEEK, absences)


def _period(
    weeks: list[list[date]], inside: int | None, wanted: Wanted, most: int, absences: list[Away] | None
) -> Period:
    ours = house()
    today = clock.today(ours.zone)
    first, last = weeks[0][0], weeks[-1][-1]
    if absences is None:
        absences = as_away(away_between(first, last).rows())
    full = _Full(_rows(first, last, wanted), absences, most, whole=wanted == EVERYTHING)
    free = free_days(ours, first, last)
    shown = [_week(days, full, free, absences, today, inside) for days in weeks]
    return Period(first, last, shown, today, absences)


class _Full:
    """Every slot of these days as the brain sees it, and the first of each day as cards."""

    def __init__(self, rows: Iterable[Sequence[Any]], absences: Iterable[Away], most: int, *, whole: bool) -> None:
        self.whole = whole
        away = by_person(absences)
        self.planned: dict[date, list[logic.Planned]] = defaultdict(list)
        self.cards: dict[date, list[Placed]] = defaultdict(list)
        for row in rows:
            _pk, _version, day, _time, _title, _content, filled, person, team, _why, *held = row
            gone = person in away and is_away(away[person], day)
            planned = self.planned[day]
            planned.append(logic.Planned(day, filled, person, gone, team))
            if len(planned) <= most:
                self.cards[day].append(Placed(Card._make((*row[: len(OWN)], *_holders(*held))), gone))

    def more(self, day: date) -> int:
        return len(self.planned[day]) - len(self.cards[day])


def _holders(name: str | None, face: str, handle: str, team: str | None) -> tuple[Holder | None, Holder | None]:
    person = Holder(name, face, picture_url(handle)) if name is not None else None
    return person, Holder(team) if team is not None else None


def _week(
    days: list[date],
    full: _Full,
    free: dict[date, str],
    absences: list[Away],
    today: date,
    inside: int | None,
) -> Week:
    slots = [planned for day in days for planned in full.planned[day]]
    quiet = logic.quiet_days(slots, set(free), max(days[0], today), days[-1]) if full.whole else []
    away = {absence.person_id for absence in absences if absence.first_day <= days[4] and absence.last_day >= days[0]}
    return Week(
        number=days[0].isocalendar().week,
        days=[
            Day(
                d, full.cards[d], free.get(d, ""), d == today, d < today, inside is None or d.month == inside,
                full.more(d),
            )
            for d in days
        ],
        quiet=quiet,
        away=len(away),
    )  # fmt: skip


def by_person(absences: Iterable[Gone]) -> dict[int | None, list[Gone]]:
    found: dict[int | None, list[Gone]] = defaultdict(list)
    for absence in absences:
        found[absence.person_id].append(absence)
    return found


def is_away(absences: Iterable[Absence | Away], day: date) -> bool:
    return any(one.first_day <= day <= one.last_day for one in absences)


def placed(rows: Iterable[Slot], absences: Iterable[Absence]) -> list[Placed]:
    """Slots with whether their person is away that day."""
    away = by_person(absences)
    return [Placed(row, is_away(away.get(row.person_id, ()), row.day)) for row in rows]


def slots() -> QuerySet[Slot]:
    """Slots that stand, with what their cards show."""
    return Slot.objects.filter(dropped_at=None).select_related("person", "team", "account", "agreement", "campaign")


OWN = ("pk", "version", "day", "time", "title", "content", "filled", "person_id", "team_id", "unready")
HELD = ("person__name", "person__face", "person__picture_handle", "team__name")


def _rows(first: date, last: date, wanted: Wanted) -> Iterable[Sequence[Any]]:
    """The slots of these days in order, with whose they are. One query."""
    if wanted == EVERYTHING:
        return _standing_between(first, last).rows()
    return _between(first, last).filter(wanted.condition)


def _between(first: Any, last: Any) -> QuerySet[Slot, Any]:
    rows = Slot.objects.filter(dropped_at=None, day__range=(first, last)).order_by("day", "time", "id")
    return rows.values_list(*OWN, *HELD)


_standing_between = written.once("first", "last")(_between)


@written.once("first", "last")
def away_between(first: Any, last: Any) -> QuerySet[Absence, Any]:
    """Who is away between two days; for `as_away`."""
    return absent_between(first, last).values_list("person_id", "first_day", "last_day", "person__name")


def as_away(rows: Iterable[tuple[int, date, date, str]]) -> list[Away]:
    return [Away(person, first, last, Holder(name)) for person, first, last, name in rows]


def absent_between(first: date, last: date) -> QuerySet[Absence]:
    return (
        Absence.objects.filter(first_day__lte=last, last_day__gte=first, person__is_active=True)
        .select_related("person")
        .order_by("first_day")
    )


def stock(person: Person) -> tuple[int, date | None]:
    """How many days what stands ready still covers, and the first silent working day."""
    today = clock.today(house().zone)
    return covered(ready_between(today, today + timedelta(days=AHEAD)).rows(), today)


def covered(ready: Iterable[date], today: date) -> tuple[int, date | None]:
    """The same, from the days of the coming weeks on which something stands ready."""
    last = today + timedelta(days=AHEAD)
    working = logic.quiet_days([], set(free_days(house(), today, last)), today, last)
    return logic.stock(set(ready), working, today, AHEAD)


@written.once("first", "last")
def ready_between(first: Any, last: Any) -> QuerySet[Slot, date]:
    """The days on which something stands ready."""
    return Slot.objects.filter(dropped_at=None, filled=True, day__range=(first, last)).values_list("day", flat=True)


def coming(person: Person, first: date, wanted: Wanted = EVERYTHING) -> QuerySet[Slot]:
    """Everything from a day on, in order: the calendar as a list."""
    return slots().filter(wanted.condition, day__gte=first).order_by("day", "time", "id")


def choices_of(person: Person) -> dict[str, list[tuple[int, str]]]:
    """What one can look at, by kind: channels, projects and campaigns. One query."""
    return as_choices(named().rows())


@written.once()
def named() -> QuerySet[Any, Any]:
    """What one can look at; for `as_choices`."""
    channels = Account.objects.filter(state=AccountState.ACTIVE)
    projects = Project.objects.filter(pk__in=Slot.objects.filter(dropped_at=None).values("project"))
    parts: list[QuerySet[Any, Any]] = [
        rows.order_by().annotate(part=Value(kind, output_field=CharField())).values_list("part", "pk", "name")
        for kind, rows in (("channel", channels), ("project", projects), ("campaign", Campaign.objects.all()))
    ]
    return parts[0].union(*parts[1:], all=True)


def as_choices(rows: Iterable[tuple[str, int, str]]) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {"channel": [], "project": [], "campaign": []}
    for kind, pk, name in rows:
        found[kind].append((pk, name))
    return {kind: sorted(rows, key=lambda row: row[1].lower()) for kind, rows in found.items()}


def as_rows(person: Person, first: date) -> list[list[str]]:
    """The calendar from a day on, a row each."""
    return [
        [
            slot.day.isoformat(), f"{slot.time:%H:%M}" if slot.time else "", str(slot), str(slot.get_content_display()),
            slot.person.email if slot.person else "", slot.account.name if slot.account else "",
            slot.campaign.name if slot.campaign else "",
        ]
        for slot in coming(person, first)[:MOST_ROWS]
    ]  # fmt: skip
