"""Days off: public holidays, school holidays, and lists that the house brought in."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koor.flow.calendar.choices import Region
from koor.flow.calendar.logic import school
from koor.flow.calendar.models import Holiday, HolidayList, Planning
from koor.ground.people.models import House, Person
from koor.kernel.access import NotFound
from koor.kernel.memory import remembered

NETHERLANDS = "NL"
WORKED_ON = {(NETHERLANDS, "Goede Vrijdag"), (NETHERLANDS, "Good Friday")}  # in the list, and not free by law or habit


@dataclass(frozen=True)
class Off:
    """Days off with their name; `public` when nobody works."""

    name: str
    first: date
    last: date
    public: bool = False


def free_days(ours: House, first: date, last: date) -> dict[date, str]:
    """Public holidays of the house's country between two days, named in its language: most of the country is closed."""
    named = _named(ours, first, last)
    return {day: name for day, name in named.items() if (ours.country, name) not in WORKED_ON}


def _named(ours: House, first: date, last: date) -> dict[date, str]:
    years = tuple(range(first.year, last.year + 1))
    return {day: name for day, name in _holidays(ours.country, ours.language, years).items() if first <= day <= last}


@lru_cache(maxsize=16)
def _holidays(country: str, language: str, years: tuple[int, ...]) -> dict[date, str]:
    spoken = {"nl": "nl", "en": "en_US"}.get(language)
    try:
        return dict(holidays.country_holidays(country, years=years, language=spoken))
    except NotImplementedError:  # a country that the package does not know has no holidays here
        return {}


@remembered
def region() -> str:
    """The region whose school holidays count here; empty is all of them."""
    return Planning.objects.filter(pk=1).values_list("region", flat=True).first() or ""


def chosen_region(person: Person) -> str:
    return region()


def days_off(ours: House, first: date, last: date) -> list[Off]:
    """Everything between two days: public, of schools, and of the lists that were brought in. In order."""
    free = free_days(ours, first, last)
    found = [Off(name, day, day, public=day in free) for day, name in sorted(_named(ours, first, last).items())]
    if ours.country == NETHERLANDS:
        wanted = (region(),) if region() else school.REGIONS
        rows = school.holidays(first, last, wanted)
        found += [Off(_school(name, where, len(wanted) > 1), begin, end) for name, where, begin, end in rows]
    brought = Holiday.objects.filter(list__removed_at=None, first_day__lte=last, last_day__gte=first).order_by(
        "first_day", "pk"
    )
    found += [Off(*row) for row in brought.values_list("name", "first_day", "last_day")[:300]]
    return sorted(found, key=lambda off: (off.first, off.last, off.name))


def _school(name: str, where: str, several: bool) -> str:
    names = {
        school.AUTUMN: _("Autumn holiday"),
        school.CHRISTMAS: _("Christmas holiday"),
        school.SPRING: _("Spring holiday"),
        school.MAY: _("May holiday"),
        school.SUMMER: _("Summer holiday"),
    }
    if not (where and several):
        return names[name]
    return pgettext("school holiday", "%(name)s (%(region)s)") % {
        "name": names[name], "region": str(Region(where).label).lower()
    }  # fmt: skip


def holiday_lists(person: Person) -> list[HolidayList]:
    """Lists that were brought in, with how many days off each holds; also those taken away lately."""
    return list(HolidayList.objects.annotate(size=Count("holidays")).order_by("removed_at", "name", "pk"))


def holiday_list(person: Person, pk: int, *, removed: bool = False) -> HolidayList:
    found = HolidayList.objects.filter(pk=pk, removed_at__isnull=not removed).first()
    if found is None:
        raise NotFound
    return found
