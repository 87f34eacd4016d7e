"""Looking ahead: the coming eight weeks, the Christmas promise, and one click for each hole."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koor.flow.calendar import access, actions, queries
from koor.flow.calendar.forms import FillForm, RegionForm
from koor.flow.calendar.logic import forecast, school
from koor.flow.calendar.views.periods import parse_day
from koor.flow.calendar.views.slots import resting
from koor.flow.hub import queries as hub
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused, require


@require_GET
def ahead(request: SignedIn) -> HttpResponse:
    """The coming eight weeks: stock and holes per channel, with proposals."""
    may_plan = access.may_plan(request.user)
    days, silent = queries.stock(request.user)
    context = {
        "seen": queries.outlook(request.user, since=parse_day(request.GET.get("from", ""))),
        "stock_days": days,
        "silent": silent,
        "region": RegionForm(initial={"region": queries.chosen_region(request.user)}) if may_plan else None,
        "known_until": school.KNOWN_UNTIL,
        "may_plan": may_plan,
        "page": "ahead",
    }
    return render(request, "calendar/ahead.html", context)


@require_GET
def christmas(request: SignedIn) -> HttpResponse:
    """The weeks around the year's end, filled or not."""
    promise = queries.christmas(request.user, parse_day(request.GET.get("from", "")))
    proposed = sum(bool(one.ways) for one in promise.outlook.holes)
    context = {
        "promise": promise,
        "seen": promise.outlook,
        "proposed": proposed,
        "may_plan": access.may_plan(request.user),
        "page": "christmas",
    }
    return render(request, "calendar/christmas.html", context)


@require_POST
def fill(request: SignedIn) -> HttpResponse:
    """One click: what was proposed for a hole happens."""
    require(access.may_plan(request.user))
    form = FillForm(request.POST)
    if not form.is_valid():
        raise NotFound
    said = form.cleaned_data
    try:
        messages.success(request, _filled(request, said))
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("calendar:christmas" if said["page"] == "christmas" else "calendar:ahead")


def _filled(request: SignedIn, said: dict[str, Any]) -> str:
    by, day, once = request.user, said["day"], request.POST.get("once", "")
    slot = queries.slot(by, said["slot"]) if isinstance(said["slot"], int) else None
    where = {"day": day, "slot": slot, "account": None if slot else queries.channel_for_silence(by), "once": once}
    when = {"day": date_format(day, "l j F")}
    if said["kind"] == forecast.COLLEAGUE:
        who = people.colleague(by, said["id"])
        actions.ask_colleague(by=by, person=who, **where)
        return _("%(name)s is asked for %(day)s. It stays open until they say yes.") % {**when, "name": who.first_name}
    if said["kind"] == forecast.MOVE:
        moved = queries.slot(by, said["id"])
        laid = actions.move_into(by=by, day=day, moved=moved, slot=slot)
        sentence = _("“%(what)s” moves to %(day)s.") % {**when, "what": moved}
    else:
        item = hub.item(by, said["id"])
        laid = actions.lay_out(by=by, item=item, **where)
        sentence = _("“%(what)s” comes on %(day)s.") % {**when, "what": item}
    return f"{sentence} {resting(request, laid)}".strip()


@require_POST
def region(request: SignedIn) -> HttpResponse:
    form = RegionForm(request.POST)
    if form.is_valid():
        actions.choose_region(by=request.user, region=form.cleaned_data["region"])
    return redirect("calendar:ahead")


@require_POST
def say_yes(request: SignedIn, pk: int) -> HttpResponse:
    """Who was asked says yes."""
    ask = queries.ask_of(request.user, pk)
    if ask is None:
        raise NotFound
    try:
        taken = actions.say_yes(by=request.user, ask=ask)
        messages.success(request, _("It is yours: %(day)s.") % {"day": date_format(taken.day, "l j F")})
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("calendar:slot", ask.slot_id)


@require_POST
def put_away(request: SignedIn, pk: int) -> HttpResponse:
    """Not now; nobody is told."""
    ask = queries.ask_of(request.user, pk)
    if ask is None:
        raise NotFound
    actions.put_away(by=request.user, ask=ask)
    return redirect("shell:today")
