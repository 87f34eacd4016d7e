"""Reads of the calendar: a month, a week, what is coming, agreements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.db.models import Prefetch, Q, QuerySet

from koor.flow.calendar import logic
from koor.flow.calendar.choices import AgreementState
from koor.flow.calendar.models import Agreement, Campaign, Slot
from koor.ground.people.models import Absence, House, Person
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.access import NotFound

AHEAD = 56  # days that slots are rolled out and gaps are looked for


@dataclass(frozen=True)
class Placed:
    """A slot on its day, with how it stands: ready, promise or gap."""

    slot: Slot
    away: bool

    @property
    def planned(self) -> logic.Planned:
        return logic.Planned(self.slot.day, self.slot.filled, self.slot.person_id, self.away)

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
    away = [(absence.person_id, absence.first_day, absence.last_day) for absence in absences]
    rows = slots().filter(day__range=(first, last)).order_by("day", "time", "id")
    return [Placed(s, any(p == s.person_id and a <= s.day <= z for p, a, z in away)) for s in rows]


def slots() -> QuerySet[Slot]:
    """Slots that stand, with what their cards show."""
    return Slot.objects.filter(dropped_at=None).select_related(
        "person", "person__picture", "account", "agreement", "campaign"
    )


def absent_between(first: date, last: date) -> QuerySet[Absence]:
    return (
        Absence.objects.filter(first_day__lte=last, last_day__gte=first, person__is_active=True)
        .select_related("person")
        .order_by("first_day")
    )


def free_days(ours: House, first: date, last: date) -> dict[date, str]:
    """Public holidays of the house's country between two days, named in its language."""
    years = tuple(range(first.year, last.year + 1))
    return {day: name for day, name in _holidays(ours.country, ours.language, years).items() if first <= day <= last}


@lru_cache(maxsize=16)
def _holidays(country: str, language: str, years: tuple[int, ...]) -> dict[date, str]:
    spoken = {"nl": "nl", "en": "en_US"}.get(language)
    try:
        return dict(holidays.country_holidays(country, years=years, language=spoken))
    except NotImplementedError:  # a country that the package does not know has no holidays here
        return {}


def stock(person: Person) -> tuple[int, date | None]:
    """How many days what stands ready still covers, and the first silent working day."""
    ours = house()
    today = clock.today(ours.zone)
    end = today + timedelta(days=AHEAD)
    rows = Slot.objects.filter(dropped_at=None, filled=True, day__range=(today, end)).values_list("day", flat=True)
    return logic.stock((logic.Planned(day, True, None) for day in rows), set(free_days(ours, today, end)), today, AHEAD)


def slot(person: Person, pk: int) -> Slot:
    """One slot. Everybody sees the calendar; dropped ones too, so that it can be put back."""
    found = (
        Slot.objects.select_related("person", "person__picture", "account", "agreement", "campaign", "item")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def promises_of(person: Person, first: date, last: date) -> list[Slot]:
    """A colleague's own unfilled slots between two days."""
    return list(slots().filter(person=person, filled=False, day__range=(first, last)).order_by("day", "time"))


def open_slots(person: Person) -> list[Slot]:
    """Coming slots that this colleague can fill: those without anyone, and their own promises."""
    today = clock.today(house().zone)
    theirs = slots().filter(Q(person=None) | Q(person=person), filled=False, day__gte=today)
    return list(theirs.order_by("day", "time", "id")[:20])


def agreements(person: Person) -> QuerySet[Agreement]:
    """All agreements that stand or are proposed, newest promise first by name."""
    return (
        Agreement.objects.exclude(state=AgreementState.ENDED)
        .select_related("person", "person__picture", "account", "proposed_by")
        .order_by("person__name", "id")
    )


def agreement(person: Person, pk: int) -> Agreement:
    found = Agreement.objects.select_related("person", "account", "proposed_by").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def kept(person: Person) -> dict[int, list[bool]]:
    """For the person's own agreements: the last four promises, kept or not. Nobody else's."""
    today = clock.today(house().zone)
    past = Slot.objects.filter(dropped_at=None, day__lt=today, day__gte=today - timedelta(days=130)).order_by("-day")
    own = Agreement.objects.filter(person=person).prefetch_related(Prefetch("slots", queryset=past, to_attr="past"))
    return {row.pk: [slot.filled for slot in reversed(row.past[:4])] for row in own}


def asked_of(person: Person) -> list[Agreement]:
    """Agreements that wait for this colleague's answer."""
    return list(
        Agreement.objects.filter(state=AgreementState.PROPOSED, person=person)
        .exclude(proposed_by=person)
        .select_related("proposed_by")
    )


def campaigns(person: Person, first: date, last: date) -> list[Campaign]:
    """Campaigns that touch these days."""
    return list(Campaign.objects.filter(Q(first_day__lte=last), Q(last_day__gte=first)).order_by("first_day"))
