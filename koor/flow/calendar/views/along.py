"""Reading along: private addresses for calendar programs, and holidays that come in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from koor.flow.calendar import access, actions, queries
from koor.flow.calendar.forms import HolidaysForm
from koor.flow.hub.logic import UNDO_DAYS
from koor.ground.people.access import SignedIn
from koor.kernel.access import Refused, require
from koor.kernel.forms import refused_at
from koor.kernel.uploads import too_large


@require_GET
def feeds(request: SignedIn) -> HttpResponse:
    """The own calendar and the house's in one's own calendar program."""
    return render(request, "calendar/feeds.html", {"feeds": queries.feeds_of(request.user)})


@never_cache
@require_POST
def open_feed(request: SignedIn, whose: str) -> HttpResponse:
    """The address is shown on this page alone."""
    secret = actions.open_feed(by=request.user, whole_house=whose == "house")
    address = settings.KOOR_URL + reverse("calendar:feed", args=[secret])
    context = {"feeds": queries.feeds_of(request.user), "address": address, "whose": whose}
    return render(request, "calendar/feeds.html", context)


@require_POST
def close_feed(request: SignedIn, whose: str) -> HttpResponse:
    actions.close_feed(by=request.user, whole_house=whose == "house")
    messages.success(request, _("That address opens nothing any more."))
    return redirect("calendar:feeds")


@login_not_required
@never_cache
@require_safe
def feed(request: SignedIn, secret: str) -> HttpResponse:
    """What a calendar program reads; whoever has the address reads along."""
    found = queries.feed_of(secret)
    actions.note_feed_use(by=found.person, feed=found)
    with override(found.person.language):
        body = queries.calendar_of(found.person, whole_house=found.whole_house, home=settings.KOOR_URL)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="koor.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_http_methods(["GET", "POST"])
def holidays(request: SignedIn) -> HttpResponse:
    """Lists of days off: a file, or an address that is read every day."""
    require(access.may_plan(request.user))
    form = HolidaysForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and too_large(request):
        form.add_error("file", _("This file is too large."))
    elif request.method == "POST" and form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            data = said["file"].read() if said["file"] else None
            made = actions.add_holidays(
                by=request.user, name=said["name"], url=said["url"], data=data, once=request.POST.get("once", "")
            )
            messages.success(request, _("“%(name)s” stands in the calendar.") % {"name": made.name})
            return redirect("calendar:holidays")
    lists = queries.holiday_lists(request.user)
    context = {
        "form": form,
        "lists": [row for row in lists if row.removed_at is None],
        "removed": [row for row in lists if row.removed_at is not None],
        "days": UNDO_DAYS,
    }
    return render(request, "calendar/holidays.html", context, status=422 if form.errors else 200)


@require_POST
def remove_holidays(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.holiday_list(request.user, pk)
    actions.remove_holidays(by=request.user, holidays=found)
    undo = reverse("calendar:restore_holidays", args=[pk])
    messages.success(request, _("“%(name)s” was taken away.") % {"name": found.name}, extra_tags=f"undo={undo}")
    return redirect("calendar:holidays")


@require_POST
def restore_holidays(request: SignedIn, pk: int) -> HttpResponse:
    try:
        actions.restore_holidays(by=request.user, holidays=queries.holiday_list(request.user, pk, removed=True))
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("It is back."))
    return redirect("calendar:holidays")


@require_POST
def read_again(request: SignedIn, pk: int) -> HttpResponse:
    well = actions.read_again(by=request.user, holidays=queries.holiday_list(request.user, pk))
    messages.success(request, _("Read again.")) if well else messages.warning(
        request, _("That did not work; what was there stays.")
    )
    return redirect("calendar:holidays")
