"""What stands around a month or a week: what one can choose, who is away, the stock, the agreements. One statement."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from koor.flow.calendar import logic
from koor.flow.calendar.choices import AgreementState
from koor.flow.calendar.models import Agreement
from koor.flow.calendar.queries.period import (
    AHEAD,
    Away,
    as_away,
    as_choices,
    away_between,
    covered,
    named,
    ready_between,
)
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock, together, written

MOST_BESIDE = 8


@dataclass(frozen=True)
class Around:
    choices: dict[str, list[tuple[int, str]]]
    absences: list[Away]
    stock: tuple[int, date | None]
    agreements: list[Agreement]


def around_month(person: Person, year: int, number: int) -> Around:
    weeks = logic.weeks_of(year, number)
    return _around(weeks[0][0], weeks[-1][-1])


def around_week(person: Person, day: date) -> Around:
    days = logic.week_of(day)
    return _around(days[0], days[-1])


def _around(first: date, last: date) -> Around:
    today = clock.today(house().zone)
    choices, absences, ready, agreements = together.lists(
        named(), away_between(first, last), ready_between(today, today + timedelta(days=AHEAD)), _beside()
    )
    return Around(as_choices(choices), as_away(absences), covered(ready, today), agreements)


@written.once()
def _beside() -> QuerySet[Agreement]:
    """The first agreements, for a narrow column: names only."""
    rows = Agreement.objects.exclude(state=AgreementState.ENDED).select_related("person", "team", "rota")
    shown = ("person__name", "person__face", "person__picture_handle", "team__name", "rota__name")
    return rows.only("content", "about", "rhythm", *shown).order_by("person__name", "id")[:MOST_BESIDE]
