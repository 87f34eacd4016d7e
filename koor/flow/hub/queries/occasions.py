"""Reasons to show something now: the season, the phase of one's projects, and what the curator thought of. What Koor
knows itself is general: it fits any trade, and the curator may write it in the words of the house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.hub import access
from koor.flow.hub.models import Capture, Occasion, OccasionPass
from koor.ground.contacts.models import Project
from koor.ground.people.models import Discipline, Person
from koor.ground.people.queries import house, today
from koor.kernel import clock, together
from koor.kernel.access import NotFound
from koor.kernel.written import Asked, once

WEEK = timedelta(days=7)
MOST_PROJECTS = 40


@dataclass(frozen=True)
class Season:
    """Days of every year, both included, as 1124 for 24 November. Without countries: everywhere."""

    key: str
    sentence: Any
    first: int
    last: int
    countries: tuple[str, ...] = ()


SEASONS = (
    Season("new-year", gettext_lazy("A new year: what do you look forward to in your work?"), 102, 112),
    Season("storm", gettext_lazy("After the wind and the rain: what did you see or mend?"), 115, 228),
    Season("spring", gettext_lazy("It is getting lighter: what can begin again?"), 301, 331),
    Season("kings-day", gettext_lazy("King's Day: what is orange where you are?"), 420, 427, ("NL",)),
    Season("heat", gettext_lazy("Hot days: how do you keep your head cool at work?"), 610, 831),
    Season("national-day", gettext_lazy("21 July: who works on, and who makes a day of it?"), 714, 721, ("BE",)),
    Season("builders-holiday", gettext_lazy("The builders' holiday: what gets done now that it is quiet?"), 707, 814),
    Season("learners", gettext_lazy("New apprentices and colleagues: who shows them the trade?"), 820, 930),
    Season("before-winter", gettext_lazy("Before winter: what do you look after now?"), 915, 1020),
    Season("frost", gettext_lazy("The first frost: what does it change in your work?"), 1101, 1215),
    Season("saint-nicholas", gettext_lazy("Saint Nicholas comes by: what happens at yours?"), 1124, 1205, ("NL", "BE")),
    Season("year-end", gettext_lazy("The year is nearly over: which moment do you want to keep?"), 1216, 1231),
)  # fmt: skip
PHASES: dict[str, Any] = {
    "phase-before": gettext_lazy("Take one photo of how it is now, before you begin."),
    "phase-middle": gettext_lazy("Halfway: what do you see now that nobody sees later?"),
    "phase-end": gettext_lazy("Nearly done: take the same photo once more."),
    "phase-after": gettext_lazy("It is in use: what do they say of it?"),
}


@dataclass(frozen=True)
class Due:
    """A reason to show something now, for one colleague. `key` with its year or project tells it from the others."""

    key: str
    sentence: str
    why: str
    project: int | None = None


def shown_lately(person: Person) -> Asked:
    """Something that this colleague showed within a day: then no other reason to show something is worth their time."""
    return _shown(person.pk, clock.now() - timedelta(days=1))


@once("pk", "since")
def _shown(pk: Any, since: Any) -> QuerySet[Capture]:
    return Capture.objects.filter(by=pk, received_at__gte=since, withdrawn_at=None).order_by("pk")[:1]


def asked(person: Person) -> tuple[Asked, Asked, Asked]:
    """What `due_for` needs, as questions that are asked together with others."""
    return _all(), _put_away(person.pk), _projects(person.pk, today() - 5 * WEEK)


@once()
def _all() -> QuerySet[Occasion]:
    return Occasion.objects.order_by("pk")[:200]


@once("pk")
def _put_away(pk: Any) -> QuerySet[OccasionPass]:
    return OccasionPass.objects.filter(person=pk).order_by("-pk")[:100]


@once("pk", "recent")
def _projects(pk: Any, recent: Any) -> QuerySet[Project]:
    rows = Project.objects.filter(people=pk).exclude(last_day__lt=recent).exclude(first_day=None, last_day=None)
    return rows.order_by("pk")[:MOST_PROJECTS]


def due_for(
    person: Person, rows: Iterable[Occasion], passed: Iterable[OccasionPass], projects: Iterable[Project]
) -> list[Due]:
    """What concerns this colleague now, projects first, without what they put away."""
    own, away, day = {row.key: row for row in rows}, {one.key for one in passed}, today()
    found = [*_of_projects(own, projects, day), *_of_house(own, day), *_of_season(own, day)]
    return [due for due, of in found if due.key not in away and concerns(person, of)]


def concerns(person: Person, row: Occasion | None) -> bool:
    return row is None or (row.on and (not row.disciplines or person.discipline_id in row.disciplines))


def occasion_now(person: Person, key: str = "") -> Due | None:
    """The one of this key, else the first that concerns this colleague. One query."""
    found = due_for(person, *together.lists(*asked(person)))
    return next((one for one in found if one.key == key), next(iter(found), None) if not key else None)


def inside(day: date, first: int, last: int) -> bool:
    """Whether a day of the year lies between these, also over New Year."""
    number = day.month * 100 + day.day
    return first <= number <= last if first <= last else number >= first or number <= last


Found = list[tuple[Due, Occasion | None]]


def _of_season(own: dict[str, Occasion], day: date) -> Found:
    found: Found = []
    for one in SEASONS:
        row = own.get(one.key)
        first, last = (row.first_day or one.first, row.last_day or one.last) if row else (one.first, one.last)
        if (not one.countries or house().country in one.countries) and inside(day, first, last):
            sentence = row.sentence if row and row.sentence else str(one.sentence)
            found.append(
                (Due(f"{one.key}:{_year(day, first, last)}", sentence, _("It is that time of the year.")), row)
            )
    return found


def _of_house(own: dict[str, Occasion], day: date) -> Found:
    rows = [row for key, row in own.items() if key.startswith("own-") and row.first_day and row.last_day]
    return [
        (
            Due(f"{row.key}:{_year(day, row.first_day, row.last_day)}", row.sentence, _("The curator thought of it.")),
            row,
        )
        for row in rows
        if row.first_day and row.last_day and inside(day, row.first_day, row.last_day)
    ]


def _year(day: date, first: int, last: int) -> int:
    """The year in which it began, so that putting it away lasts over New Year."""
    return day.year - 1 if first > last and day.month * 100 + day.day <= last else day.year


def _of_projects(own: dict[str, Occasion], projects: Iterable[Project], day: date) -> Found:
    found: Found = []
    for project in projects:
        phase, why = phase_of(project.first_day, project.last_day, day, project.name)
        if phase:
            row = own.get(phase)
            sentence = row.sentence if row and row.sentence else str(PHASES[phase])
            found.append((Due(f"{phase}:{project.pk}", sentence, why, project.pk), row))
    return found


def phase_of(first: date | None, last: date | None, day: date, name: str) -> tuple[str, str]:
    """In which phase a project is, when that is a reason to show something, and why in words."""
    if first and day <= first <= day + WEEK:
        return "phase-before", _("You work on %(project)s, which begins on %(day)s.") % _said(name, first)
    if last and day <= last <= day + WEEK:
        return "phase-end", _("You work on %(project)s, which is done on %(day)s.") % _said(name, last)
    if last and day - 4 * WEEK <= last <= day - 2 * WEEK:
        return "phase-after", _("You worked on %(project)s, done on %(day)s.") % _said(name, last)
    if first and last and last - first > 4 * WEEK and abs(first + (last - first) / 2 - day) <= timedelta(days=4):
        return "phase-middle", _("You work on %(project)s, which is halfway.") % {"project": name}
    return "", ""


def _said(name: str, day: date) -> dict[str, str]:
    return {"project": name, "day": date_format(day, "j F")}


# For whoever arranges them


@dataclass(frozen=True)
class Kept:
    """An occasion as the house has it now."""

    key: str
    sentence: str
    first: int | None
    last: int | None
    on: bool = True
    disciplines: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()
    changed: bool = False  # from what Koor knows itself

    @property
    def days(self) -> tuple[date | None, date | None]:
        """In this year."""
        return day_of(self.first), day_of(self.last)

    @property
    def now(self) -> bool:
        return self.on and bool(self.first and self.last) and inside(today(), self.first or 0, self.last or 0)


def day_of(number: int | None) -> date | None:
    """A day of this year, of 1124 for 24 November."""
    if number is None:
        return None
    month, day = divmod(number, 100)
    return date(today().year, month, min(day, 28) if month == 2 else day)


def all_occasions(person: Person) -> dict[str, list[Kept]]:
    """All of them for whoever arranges them: "own", "season", "phase"."""
    if not access.may_curate(person):
        raise NotFound
    rows = {row.key: row for row in Occasion.objects.order_by("first_day", "pk")}
    names = dict(Discipline.objects.values_list("pk", "name"))
    seasons = [one for one in SEASONS if not one.countries or house().country in one.countries]
    return {
        "own": [_kept(key, "", None, None, row, names) for key, row in rows.items() if key.startswith("own-")],
        "season": [_kept(one.key, str(one.sentence), one.first, one.last, rows.get(one.key), names) for one in seasons],
        "phase": [_kept(key, str(words), None, None, rows.get(key), names) for key, words in PHASES.items()],
    }


def _kept(
    key: str, sentence: str, first: int | None, last: int | None, row: Occasion | None, names: dict[int, str]
) -> Kept:
    if row is None:
        return Kept(key, sentence, first, last)
    groups = tuple(one for one in row.disciplines if one in names)
    words, days = row.sentence or sentence, (row.first_day or first, row.last_day or last)
    return Kept(key, words, *days, row.on, tuple(names[one] for one in groups), groups, True)


def occasion(person: Person, key: str) -> Kept:
    """One of them; NotFound when there is none, or for whoever does not arrange them."""
    found = next((one for many in all_occasions(person).values() for one in many if one.key == key), None)
    if found is None:
        raise NotFound
    return found
