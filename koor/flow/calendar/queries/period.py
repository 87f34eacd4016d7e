"""A month and a week: what stands ready, what is promised, where the gaps are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet

from koor.flow.calendar import logic
from koor.flow.calendar.models import Slot
from koor.flow.calendar.queries.holidays import free_days
from koor.ground.people.models import Absence, Person
from koor.ground.people.queries import house
from koor.kernel import clock

AHEAD = 56  # days that slots are rolled out and gaps are looked for


@dataclass(frozen=True)
class Placed:
    """A slot on its day, with how it stands: ready, promise or gap."""

    slot: Slot
    away: bool

    @property
    def planned(self) -> logic.Planned:
        return logic.Planned(self.slot.day, self.slot.filled, self.slot.person_id, self.away, self.slot.team_id)

    @property
    def standing(self) -> str:
        if self.slot.filled:
            return "set"
        return "gap" if logic.is_gap(self.planned) else "promise"


@dataclass(frozen=True)
class Day:
    date: date
    slots: list[Placed]
    holiday: str
    today: bool
    past: bool
    inside: bool  # in the month that is shown


@dataclass(frozen=True)
class Week:
    number: int
    days: list[Day]
    quiet: list[date]  # coming working days without anything
    away: int  # colleagues who said that they are away on a working day of it

    @property
    def is_quiet(self) -> bool:
        return len(self.quiet) >= logic.QUIET_DAYS


@dataclass(frozen=True)
class Period:
    """Whole weeks, with everything that a page of them needs; a literal number of queries whatever the rows."""

    first: date
    last: date
    weeks: list[Week]
    today: date
    absences: list[Absence] = field(default_factory=list)

    @property
    def slots(self) -> list[Placed]:
        return [placed for week in self.weeks for day in week.days for placed in day.slots]


def month(person: Person, year: int, number: int) -> Period:
    """The weeks of a month."""
    return _period(logic.weeks_of(year, number), number)


def week(person: Person, day: date) -> Period:
    """The week that a day is in."""
    monday = day - timedelta(days=day.weekday())
    return _period([[monday + timedelta(days=n) for n in range(7)]], None)


def _period(weeks: list[list[date]], inside: int | None) -> Period:
    ours = house()
    today = clock.today(ours.zone)
    first, last = weeks[0][0], weeks[-1][-1]
    absences = list(absent_between(first, last))
    by_day: dict[date, list[Placed]] = defaultdict(list)
    for placed in placed_between(first, last, absences):
        by_day[placed.slot.day].append(placed)
    free = free_days(ours, first, last)
    shown = [_week(days, by_day, free, absences, today, inside) for days in weeks]
    return Period(first, last, shown, today, absences)


def _week(
    days: list[date],
    by_day: dict[date, list[Placed]],
    free: dict[date, str],
    absences: list[Absence],
    today: date,
    inside: int | None,
) -> Week:
    slots = [placed.planned for day in days for placed in by_day[day]]
    quiet = logic.quiet_days(slots, set(free), max(days[0], today), days[-1])
    away = {absence.person_id for absence in absences if absence.first_day <= days[4] and absence.last_day >= days[0]}
    return Week(
        number=days[0].isocalendar().week,
        days=[
            Day(d, by_day[d], free.get(d, ""), d == today, d < today, inside is None or d.month == inside) for d in days
        ],
        quiet=quiet,
        away=len(away),
    )


def placed_between(first: date, last: date, absences: Iterable[Absence]) -> list[Placed]:
    """Slots of these days in order, each with whether its person is away. One query."""
    return placed(slots().filter(day__range=(first, last)).order_by("day", "time", "id"), absences)


def placed(rows: Iterable[Slot], absences: Iterable[Absence]) -> list[Placed]:
    """Slots with whether their person is away that day."""
    away: dict[int | None, list[Absence]] = defaultdict(list)
    for absence in absences:
        away[absence.person_id].append(absence)
    return [Placed(row, any(a.first_day <= row.day <= a.last_day for a in away.get(row.person_id, ()))) for row in rows]


def slots() -> QuerySet[Slot]:
    """Slots that stand, with what their cards show."""
    return Slot.objects.filter(dropped_at=None).select_related("person", "team", "account", "agreement", "campaign")


def absent_between(first: date, last: date) -> QuerySet[Absence]:
    return (
        Absence.objects.filter(first_day__lte=last, last_day__gte=first, person__is_active=True)
        .select_related("person")
        .order_by("first_day")
    )


def stock(person: Person) -> tuple[int, date | None]:
    """How many days what stands ready still covers, and the first silent working day."""
    ours = house()
    today = clock.today(ours.zone)
    end = today + timedelta(days=AHEAD)
    rows = Slot.objects.filter(dropped_at=None, filled=True, day__range=(today, end)).values_list("day", flat=True)
    return logic.stock((logic.Planned(day, True, None) for day in rows), set(free_days(ours, today, end)), today, AHEAD)
