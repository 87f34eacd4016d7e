"""The rhythm of a channel, and campaigns."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.calendar import access, actions, queries
from koor.flow.calendar.forms import PostingTimeForm
from koor.ground.people.access import SignedIn
from koor.kernel.access import require
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def rhythm(request: SignedIn, account: int) -> HttpResponse:
    """When we post on a channel."""
    require(access.may_plan(request.user))
    found = queries.channel(request.user, account)
    form = PostingTimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.add_posting_time(by=request.user, account=found, **form.cleaned_data)
            messages.success(request, _("Kept. The coming eight weeks have their places."))
            return redirect("calendar:rhythm", found.pk)
    beats = [(beat, WEEKDAYS[beat.weekday]) for beat in queries.posting_times(request.user, found)]
    return render(request, "calendar/rhythm.html", {"account": found, "beats": beats, "form": form})


@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    beat = queries.posting_time(request.user, pk)
    gone = actions.remove_posting_time(by=request.user, posting_time=beat)
    sentence = ngettext(
        "%(when)s is no set day here any more. %(n)s open place went with it; what somebody took stays.",
        "%(when)s is no set day here any more. %(n)s open places went with it; what somebody took stays.",
        gone,
    )
    messages.success(
        request, sentence % {"when": f"{str(WEEKDAYS[beat.weekday]).capitalize()} {beat.time:%H:%M}", "n": gone}
    )
    return redirect("calendar:rhythm", beat.account_id)
