"""Occasions: what the curator arranges, and putting one away for oneself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import actions, queries
from koor.flow.hub.forms import OccasionForm
from koor.flow.hub.queries.occasions import PHASES, Kept
from koor.ground.people.access import SignedIn
from koor.kernel.forms import refused_at


@require_GET
def occasions(request: SignedIn) -> HttpResponse:
    found = queries.all_occasions(request.user)
    now = sum(one.now for many in found.values() for one in many)
    return render(request, "hub/occasions.html", {**found, "now": now})


@require_http_methods(["GET", "POST"])
def write_occasion(request: SignedIn, key: str = "") -> HttpResponse:
    known = queries.occasion(request.user, key) if key else None
    queries.all_occasions(request.user)  # for whoever arranges them
    form = OccasionForm(request.user, request.POST or None, initial=_as_it_is(known), phase=key in PHASES)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.write_occasion(by=request.user, key=key, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("hub:occasions")
    context = {"form": form, "known": known, "place": "hub:occasions"}
    return render(request, "hub/write_occasion.html", context, status=422 if form.errors else 200)


def _as_it_is(known: Kept | None) -> dict[str, object]:
    if known is None:
        return {}
    first, last = known.days
    return {"sentence": known.sentence, "first": first, "last": last, "disciplines": known.groups}


@require_POST
def switch_occasion(request: SignedIn, key: str) -> HttpResponse:
    on = request.POST.get("on", "1") == "1"
    actions.switch_occasion(by=request.user, key=key, on=on)
    messages.success(request, _("It is on again.") if on else _("It is off."))
    return redirect("hub:occasions")


@require_POST
def remove_occasion(request: SignedIn, key: str) -> HttpResponse:
    actions.remove_occasion(by=request.user, key=key)
    messages.success(request, _("Gone.") if key.startswith("own-") else _("It is as it was."))
    return redirect("hub:occasions")


@require_POST
def pass_occasion(request: SignedIn) -> HttpResponse:
    actions.pass_occasion(by=request.user, key=request.POST.get("key", ""))
    messages.success(request, _("Fine, another time."))
    return redirect("/")
