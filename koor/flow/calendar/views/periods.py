"""The month and the week."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from koor.flow.calendar import access, queries
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import clock
from koor.kernel.access import NotFound

EARLIEST, LATEST = 2000, 2100


@require_GET
def month(request: SignedIn, year: int = 0, number: int = 0) -> HttpResponse:
    """A month: what stands ready, what is promised, where the gaps are."""
    today = clock.today(people.house().zone)
    year, number = year or today.year, number or today.month
    if not (EARLIEST <= year <= LATEST and 1 <= number <= 12):
        raise NotFound
    shown = queries.month(request.user, year, number)
    first = date(year, number, 1)
    context = {
        "shown": shown,
        "first": first,
        "previous": (first - timedelta(days=1)).replace(day=1),
        "next": (first + timedelta(days=32)).replace(day=1),
        **_beside(request, shown),
    }
    return render(request, "calendar/month.html", context)


@require_GET
def week(request: SignedIn, day: str = "") -> HttpResponse:
    """A week as a list: the calendar for a phone."""
    asked = parse_day(day) or clock.today(people.house().zone)
    shown = queries.week(request.user, asked)
    context = {
        "shown": shown,
        "week": shown.weeks[0],
        "previous": shown.first - timedelta(days=7),
        "next": shown.first + timedelta(days=7),
        **_beside(request, shown),
    }
    return render(request, "calendar/week.html", context)


def _beside(request: SignedIn, shown: queries.Period) -> dict[str, Any]:
    """What stands beside every calendar: the answer, the stock, the agreements, who is away."""
    days, silent = queries.stock(request.user)
    return {
        "stock_days": days,
        "silent": silent,
        "quiet": [day for week in shown.weeks for day in week.quiet],
        "gaps": [placed for placed in shown.slots if placed.standing == "gap" and placed.slot.day >= shown.today],
        "agreements": list(queries.beside(request.user)[:8]),
        "absences": shown.absences[:8],
        "may_plan": access.may_plan(request.user),
    }


def parse_day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and EARLIEST <= found.year <= LATEST else None
