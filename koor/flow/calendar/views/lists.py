"""A plan in and out as CSV."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from koor.flow.calendar import access, actions, queries
from koor.flow.calendar.forms import PlanListForm
from koor.flow.calendar.views.periods import parse_day
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.ground.people.choices import ImportKind
from koor.kernel import tables
from koor.kernel.access import require
from koor.kernel.forms import list_read


@require_http_methods(["GET", "POST"])
def bring_in(request: SignedIn) -> HttpResponse:
    """A list first read, then shown."""
    require(access.may_plan(request.user))
    form = PlanListForm(request.POST or None, request.FILES or None)
    draft = list_read(request, form, lambda name, data: actions.read_plan(by=request.user, name=name, data=data))
    if draft is not None:
        return redirect("calendar:brought", draft.pk)
    return render(request, "calendar/bring_in.html", {"form": form})


@require_http_methods(["GET", "POST"])
def brought(request: SignedIn, pk: int) -> HttpResponse:
    """What was read, what is wrong with it, and the button that plans it."""
    require(access.may_plan(request.user))
    draft = people.draft(request.user, pk, ImportKind.CALENDAR)
    if request.method == "POST":
        actions.take_in_plan(by=request.user, draft=draft)
        return redirect("calendar:brought", pk)
    rows = actions.checked_plan(draft, by=request.user)
    context = {
        "draft": draft,
        "fine": [row for row in rows if not row.problems and not row.known],
        "known": [row for row in rows if row.known],
        "wrong": [row for row in rows if row.problems],
    }
    return render(request, "calendar/brought.html", context)


@require_GET
def written(request: SignedIn) -> StreamingHttpResponse:
    """The calendar from a day on as CSV, in the columns that a list may have."""
    first = parse_day(request.GET.get("from", "")) or people.today()
    heading = [_("Day"), _("Time"), _("What"), _("Kind"), _("Who"), _("Where"), _("Part of")]
    rows = queries.as_rows(request.user, first)
    answer = StreamingHttpResponse(tables.written([heading, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="koor-calendar.csv"'
    return answer
