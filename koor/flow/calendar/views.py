"""Pages of the calendar."""

from datetime import date, timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.calendar import access, actions, queries
from koor.flow.calendar.forms import AgreementForm, CampaignForm, MoveForm, SlotForm
from koor.flow.calendar.models import Slot
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import clock
from koor.kernel.access import NotFound, Refused

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
        "agreements": list(queries.agreements(request.user)[:8]),
        "kept": queries.kept(request.user),
        "absences": shown.absences[:8],
        "may_plan": access.may_plan(request.user),
    }


def parse_day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and EARLIEST <= found.year <= LATEST else None


@require_http_methods(["GET", "POST"])
def add_slot(request: SignedIn) -> HttpResponse:
    """Plan something: a curator for anybody, a colleague for themselves."""
    planner = access.may_plan(request.user)
    first = {
        "day": parse_day(request.GET.get("day", "")) or clock.today(people.house().zone),
        "person": request.user.pk,
    }
    form = SlotForm(request.POST or None, initial=first)
    if not planner:
        _only_myself(form, request)
    if request.method == "POST" and form.is_valid():
        cleaned = {k: v for k, v in form.cleaned_data.items() if k != "version"}
        cleaned["at"] = cleaned.pop("time")
        try:
            slot = actions.plan_slot(by=request.user, once=request.POST.get("once", ""), **cleaned)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Planned for %(day)s.") % {"day": date_format(slot.day, "l j F")})
            return redirect("calendar:slot", slot.pk)
    return render(request, "calendar/add_slot.html", {"form": form})


def _only_myself(form: django_forms.Form, request: SignedIn) -> None:
    form.fields["person"].queryset = people.everybody().filter(pk=request.user.pk)  # type: ignore[attr-defined]
    form.fields["person"].empty_label = None  # type: ignore[attr-defined]
    form.fields["person"].required = True


@require_GET
def slot(request: SignedIn, pk: int) -> HttpResponse:
    """One slot, what fills it, and how to move it without dragging."""
    return _slot_page(request, queries.slot(request.user, pk))


def _slot_page(request: SignedIn, found: Slot, move: MoveForm | None = None, status: int = 200) -> HttpResponse:
    absences = list(queries.absent_between(found.day, found.day))
    context = {
        "slot": found,
        "placed": queries.Placed(found, any(absence.person_id == found.person_id for absence in absences)),
        "absence": next((absence for absence in absences if absence.person_id == found.person_id), None),
        "move": move or MoveForm(initial={"day": found.day, "version": found.version}),
        "may_change": access.may_change_slot(request.user, found),
        "may_take": access.may_take_slot(request.user, found) and found.person_id is None,
    }
    return render(request, "calendar/slot.html", context, status=status)


@require_http_methods(["GET", "POST"])
def edit_slot(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.slot(request.user, pk)
    names = ("title", "day", "time", "content", "person", "account", "campaign", "version")
    form = SlotForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    del form.fields["day"]
    if not access.may_plan(request.user):
        _only_myself(form, request)
    if request.method == "POST" and form.is_valid():
        changes = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            actions.edit_slot(by=request.user, slot=found, version=form.cleaned_data["version"], **changes)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            return redirect("calendar:slot", pk)
    return render(request, "calendar/edit_slot.html", {"form": form, "slot": found})


@require_POST
def move_slot(request: SignedIn, pk: int) -> HttpResponse:
    """Move by form, by key or by dragging; a script gets JSON."""
    found = queries.slot(request.user, pk)
    form = MoveForm(request.POST)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if not form.is_valid():
        if wants_json:
            return JsonResponse({"sentence": _("That is not a day.")}, status=400)
        return _slot_page(request, found, form, status=422)
    before = found.day
    try:
        moved = actions.move_slot(
            by=request.user, slot=found, day=form.cleaned_data["day"], version=form.cleaned_data["version"]
        )
    except Refused as refused:
        if wants_json:
            return JsonResponse({"sentence": str(refused)}, status=409)
        form.add_error(None, str(refused))
        return _slot_page(request, queries.slot(request.user, pk), form, status=409)
    sentence = _("Moved from %(before)s to %(after)s.") % {
        "before": date_format(before, "l j F"),
        "after": date_format(moved.day, "l j F"),
    }
    if wants_json:
        return JsonResponse({"sentence": sentence, "day": str(moved.day), "version": moved.version})
    messages.success(request, sentence)
    return redirect("calendar:slot", pk)


@require_POST
def take_slot(request: SignedIn, pk: int) -> HttpResponse:
    try:
        taken = actions.take_slot(by=request.user, slot=queries.slot(request.user, pk))
        messages.success(request, _("It is yours: %(day)s.") % {"day": date_format(taken.day, "l j F")})
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("calendar:slot", pk)


@require_POST
def drop_slot(request: SignedIn, pk: int) -> HttpResponse:
    try:
        dropped = actions.drop_slot(by=request.user, slot=queries.slot(request.user, pk))
        messages.success(request, _("Taken off the calendar."), extra_tags=f"undo={_restore(dropped)}")
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("calendar:slot", pk)
    return redirect("calendar:of", dropped.day.year, dropped.day.month)


def _restore(dropped: Slot) -> str:
    return reverse("calendar:restore_slot", args=[dropped.pk])


@require_POST
def restore_slot(request: SignedIn, pk: int) -> HttpResponse:
    actions.restore_slot(by=request.user, slot=queries.slot(request.user, pk))
    messages.success(request, _("It is back."))
    return redirect("calendar:slot", pk)


@require_GET
def agreements(request: SignedIn) -> HttpResponse:
    """Who supplies what, how often."""
    rows = list(queries.agreements(request.user)[:500])
    context = {
        "agreed": [row for row in rows if row.state == "agreed"],
        "proposed": [
            {"row": row, "may_answer": access.may_answer_agreement(request.user, row)}
            for row in rows
            if row.state == "proposed"
        ],
        "kept": queries.kept(request.user),
        "may_plan": access.may_plan(request.user),
    }
    return render(request, "calendar/agreements.html", context)


@require_http_methods(["GET", "POST"])
def propose_agreement(request: SignedIn) -> HttpResponse:
    first = {"first_day": clock.today(people.house().zone), "person": request.user.pk}
    form = AgreementForm(request.POST or None, initial=first)
    if not access.may_plan(request.user):
        _only_myself(form, request)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_agreement(by=request.user, once=request.POST.get("once", ""), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Proposed. It counts once %(name)s agrees.") % {"name": _other(request, made)})
            return redirect("calendar:agreements")
    return render(request, "calendar/propose.html", {"form": form})


def _other(request: SignedIn, made: Any) -> str:
    return _("the curator") if made.person_id == request.user.pk else made.person.first_name


@require_GET
def agreement(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.agreement(request.user, pk)
    context = {
        "agreement": found,
        "may_answer": found.state == "proposed" and access.may_answer_agreement(request.user, found),
        "may_end": found.state != "ended" and access.may_end_agreement(request.user, found),
        "kept": queries.kept(request.user).get(pk),
    }
    return render(request, "calendar/agreement.html", context)


@require_POST
def agree(request: SignedIn, pk: int) -> HttpResponse:
    actions.agree(by=request.user, agreement=queries.agreement(request.user, pk))
    messages.success(request, _("Agreed. The days stand in the calendar."))
    return redirect("calendar:agreement", pk)


@require_POST
def end_agreement(request: SignedIn, pk: int) -> HttpResponse:
    actions.end_agreement(by=request.user, agreement=queries.agreement(request.user, pk))
    messages.success(request, _("Ended. What stood ready stays."))
    return redirect("calendar:agreements")


@require_http_methods(["GET", "POST"])
def add_campaign(request: SignedIn) -> HttpResponse:
    form = CampaignForm(request.POST or None)
    if not access.may_plan(request.user):
        raise NotFound
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_campaign(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            return redirect("calendar:month")
    return render(request, "calendar/add_campaign.html", {"form": form})
