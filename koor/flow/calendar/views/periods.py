"""The month, the week and the list."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from koor.flow.calendar import access, queries
from koor.flow.calendar.choices import CampaignKind
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import clock
from koor.kernel.access import NotFound
from koor.kernel.paging import page

EARLIEST, LATEST = 2000, 2100


@require_GET
def month(request: SignedIn, year: int = 0, number: int = 0) -> HttpResponse:
    """A month: what stands ready, what is promised, where the gaps are."""
    today = clock.today(people.house().zone)
    year, number = year or today.year, number or today.month
    if not (EARLIEST <= year <= LATEST and 1 <= number <= 12):
        raise NotFound
    around = queries.around_month(request.user, year, number)
    chosen = _chosen(request, around.choices)
    shown = queries.month(request.user, year, number, chosen["wanted"], around.absences)
    first = date(year, number, 1)
    context = {
        "shown": shown,
        "first": first,
        "previous": (first - timedelta(days=1)).replace(day=1),
        "next": (first + timedelta(days=32)).replace(day=1),
        "holds_today": shown.first <= today <= shown.last,
        "view": "month",
        **chosen,
        **_beside(request, shown, around),
    }
    return render(request, "calendar/month.html", context)


@require_GET
def week(request: SignedIn, day: str = "") -> HttpResponse:
    """A week as a list: the calendar for a phone."""
    asked = parse_day(day) or clock.today(people.house().zone)
    around = queries.around_week(request.user, asked)
    chosen = _chosen(request, around.choices)
    shown = queries.week(request.user, asked, chosen["wanted"], around.absences)
    context = {
        "shown": shown,
        "week": shown.weeks[0],
        "previous": shown.first - timedelta(days=7),
        "next": shown.first + timedelta(days=7),
        "view": "week",
        **chosen,
        **_beside(request, shown, around),
    }
    return render(request, "calendar/week.html", context)


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Everything from a day on, page after page."""
    first = parse_day(request.GET.get("from", "")) or clock.today(people.house().zone)
    chosen = _chosen(request, queries.choices_of(request.user))
    shown = page(queries.coming(request.user, first, chosen["wanted"]), request, per=60)
    absences = queries.absent_between(shown.rows[0].day, shown.rows[-1].day) if shown.rows else []
    context = {
        "page": shown,
        "placed": queries.placed(shown.rows, absences),
        "first": first,
        "view": "list",
        "may_plan": access.may_plan(request.user),
        **chosen,
    }
    return render(request, "calendar/list.html", context)


def _chosen(request: SignedIn, choices: dict[str, list[tuple[int, str]]]) -> dict[str, Any]:
    """What of the calendar one looks at, and what there is to choose."""
    picked = {kind: _picked(request.GET.get(kind, ""), rows) for kind, rows in choices.items()}
    kind = request.GET.get("kind", "")
    wanted = queries.Wanted(**picked, kind=kind if kind in CampaignKind.values else "")
    asked = {name: value for name, value in vars(wanted).items() if value}
    return {
        "wanted": wanted,
        "choices": choices,
        "kinds": CampaignKind.choices,
        "asked": f"?{urlencode(asked)}" if asked else "",
    }


def _picked(text: str, rows: list[tuple[int, str]]) -> int:
    return next((pk for pk, _name in rows if str(pk) == text), 0)


def _beside(request: SignedIn, shown: queries.Period, around: queries.Around) -> dict[str, Any]:
    """What stands beside every calendar: the answer, the stock, the agreements, who is away."""
    days, silent = around.stock
    return {
        "stock_days": days,
        "silent": silent,
        "quiet": [day for week in shown.weeks for day in week.quiet],
        "gaps": shown.gaps,
        "agreements": around.agreements,
        "absences": shown.absences[:8],
        "may_plan": access.may_plan(request.user),
    }


def parse_day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and EARLIEST <= found.year <= LATEST else None
