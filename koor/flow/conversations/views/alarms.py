"""An alarm: what was said, and the two things one can do with it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koor.flow.conversations import access
from koor.flow.conversations.actions import alarms as actions
from koor.flow.conversations.queries import alarms as queries
from koor.ground.people.access import SignedIn
from koor.kernel.access import Refused


@require_GET
def alarm(request: SignedIn, pk: int) -> HttpResponse:
    """Does this burn?"""
    one = queries.alarm(request.user, pk)
    context = {
        "place": "conversations:fires",
        "alarm": one,
        "said": queries.of_alarm(request.user, one),
        "sentence": queries.told(one),
        "loudest": queries.loudest(one),
        "spoken_of": [(name, urlencode(asked), number) for name, asked, number in queries.spoken_of(one)],
        "by_now": queries.by_now(one),
        "may_decide": access.may_open_fire(request.user),
        "who_decides": queries.who_decides(request.user),
        "narrowed": urlencode(queries.where_all_is(one)),
    }
    return render(request, "conversations/alarm.html", context)


@require_POST
def alarm_open(request: SignedIn, pk: int) -> HttpResponse:
    """It burns."""
    fire = actions.open_fire_of_alarm(by=request.user, alarm=queries.alarm(request.user, pk))
    return redirect("conversations:fire", fire.pk)


@require_POST
def alarm_wave(request: SignedIn, pk: int) -> HttpResponse:
    """It does not burn."""
    try:
        actions.wave_away(by=request.user, alarm=queries.alarm(request.user, pk))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("conversations:alarm", pk)
    messages.success(request, _("Good. For a week Koor is silent about as many as this."))
    return redirect("conversations:fires")
