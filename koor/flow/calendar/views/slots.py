"""One place in the calendar: plan it, move it, take it."""

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.calendar import access, actions, logic, queries
from koor.flow.calendar.forms import MoveForm, SlotForm
from koor.flow.calendar.models import Slot
from koor.flow.calendar.views.periods import parse_day
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import clock
from koor.kernel.access import Refused
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def add_slot(request: SignedIn) -> HttpResponse:
    """Plan something: a curator for anybody, a colleague for themselves."""
    planner = access.may_plan(request.user)
    first = {
        "day": parse_day(request.GET.get("day", "")) or clock.today(people.house().zone),
        "person": request.user.pk,
        "campaign": request.GET.get("campaign", ""),
    }
    form = SlotForm(request.POST or None, initial=first)
    if not planner:
        only_myself(form, request)
    if request.method == "POST" and form.is_valid():
        cleaned = {k: v for k, v in form.cleaned_data.items() if k != "version"}
        cleaned["at"] = cleaned.pop("time")
        with refused_at(form):
            slot = actions.plan_slot(by=request.user, once=request.POST.get("once", ""), **cleaned)
            messages.success(request, _("Planned for %(day)s.") % {"day": date_format(slot.day, "l j F")})
            return redirect("calendar:slot", slot.pk)
    return render(request, "calendar/add_slot.html", {"form": form})


def only_myself(form: django_forms.Form, request: SignedIn) -> None:
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
        "channels": queries.channels_of(found),
        "placed": queries.Placed(found, any(absence.person_id == found.person_id for absence in absences)),
        "absence": next((absence for absence in absences if absence.person_id == found.person_id), None),
        "move": move or MoveForm(initial={"day": found.day, "version": found.version}),
        "may_change": access.may_change_slot(request.user, found),
        "gone": found.filled and logic.has_passed(found.day, found.time, people.house().zone, clock.now()),
        "ask": queries.open_ask(request.user, found),
        "rests": resting(request, found),
        "may_take": access.may_take_slot(request.user, found)
        and found.person_id is None
        and found.day >= people.today(),
    }
    return render(request, "calendar/slot.html", context, status=status)


def resting(request: SignedIn, slot: Slot) -> str:
    """That it comes before it has rested, and from which day it could; empty when that is fine."""
    free = queries.rested_on(request.user, slot)
    return _("It still rests then; it can go again from %(day)s.") % {"day": date_format(free, "j F Y")} if free else ""


@require_http_methods(["GET", "POST"])
def given(request: SignedIn) -> HttpResponse:
    """Places that became one's own by another's hand."""
    if request.method == "POST":
        actions.see_given(by=request.user)
        return redirect("shell:today")
    return render(request, "calendar/given.html", {"rows": list(queries.given_to(request.user)[:100])})


@require_http_methods(["GET", "POST"])
def edit_slot(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.slot(request.user, pk)
    names = ("title", "day", "time", "content", "person", "account", "campaign", "project", "version")
    form = SlotForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    del form.fields["day"]
    if not access.may_plan(request.user):
        only_myself(form, request)
    if request.method == "POST" and form.is_valid():
        changes = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        with refused_at(form):
            actions.edit_slot(by=request.user, slot=found, version=form.cleaned_data["version"], **changes)
            return redirect("calendar:slot", pk)
        _once_more(form, queries.slot(request.user, pk))
    return render(request, "calendar/edit_slot.html", {"form": form, "slot": found})


def _once_more(form: django_forms.Form, now: Slot) -> Slot:
    """Somebody else was first, and that was said: what was typed stands, and saving it again is done knowingly."""
    if form.cleaned_data.get("version") not in (None, now.version):
        form.add_error(None, _("Press once more to put yours in the place of theirs."))
        form.data = {**{name: form.data[name] for name in form.data}, "version": now.version}
    return now


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
        return _slot_page(request, _once_more(form, queries.slot(request.user, pk)), form, status=409)
    said = {"before": date_format(before, "l j F"), "after": date_format(moved.day, "l j F")}
    sentence = _("Moved from %(before)s to %(after)s.") % said
    if wants_json:
        sentence = f"{sentence} {resting(request, moved)}".strip()
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
