"""Campaigns, events and trade fairs."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.calendar import access, actions, queries
from koor.flow.calendar.forms import CampaignForm
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound
from koor.kernel.forms import refused_at

BACK, AHEAD = timedelta(days=366), timedelta(days=3 * 366)


@require_GET
def campaigns(request: SignedIn) -> HttpResponse:
    """What is coming, what goes on and what was."""
    today = people.today()
    rows = queries.campaigns(request.user, today - BACK, today + AHEAD)
    context = {
        "now": [row for row in rows if row.first_day <= today <= row.last_day],
        "later": [row for row in rows if row.first_day > today],
        "past": [row for row in reversed(rows) if row.last_day < today],
        "may_plan": access.may_plan(request.user),
    }
    return render(request, "calendar/campaigns.html", context)


@require_http_methods(["GET", "POST"])
def add_campaign(request: SignedIn) -> HttpResponse:
    form = CampaignForm(request.POST or None)
    if not access.may_plan(request.user):
        raise NotFound
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.plan_campaign(by=request.user, **form.cleaned_data)
            return redirect("calendar:campaign", made.pk)
    return render(request, "calendar/add_campaign.html", {"form": form})


@require_POST
def remove_campaign(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.campaign(request.user, pk)
    actions.remove_campaign(by=request.user, campaign=found)
    messages.success(request, _("“%(name)s” is gone; its places stay in the calendar.") % {"name": found.name})
    return redirect("calendar:campaigns")


@require_http_methods(["GET", "POST"])
def campaign(request: SignedIn, pk: int) -> HttpResponse:
    """One of them, with its places in the calendar."""
    found = queries.campaign(request.user, pk)
    may_plan = access.may_plan(request.user)
    names = ("kind", "name", "about", "first_day", "last_day")
    form = CampaignForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_campaign(by=request.user, campaign=found, **form.cleaned_data)
            return redirect("calendar:campaign", pk)
    placed = queries.placed_of_campaign(request.user, found)
    context = {"campaign": found, "placed": placed, "form": form if may_plan else None, "may_plan": may_plan}
    return render(request, "calendar/campaign.html", context)
