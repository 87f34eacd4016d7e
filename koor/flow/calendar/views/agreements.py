"""Agreements: propose, answer, change, end."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.calendar import access, actions, queries
from koor.flow.calendar.choices import Content, Rhythm
from koor.flow.calendar.forms import AgreementForm, ChangeForm
from koor.flow.calendar.models import Agreement, AgreementChange
from koor.flow.calendar.views.slots import only_myself
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel.forms import refused_at
from koor.kernel.paging import page

MOST_WAITING = 10  # above those that stand; the rest is one click away
CHANGED = ("content", "about", "rhythm", "weekday", "time", "accounts", "last_day")


@require_GET
def agreements(request: SignedIn) -> HttpResponse:
    """Who supplies what, how often: what waits for an answer, and page after page what stands."""
    words, channels = request.GET.get("q", "")[:200], queries.choices_of(request.user)["channel"]
    channel = next((pk for pk, _name in channels if str(pk) == request.GET.get("channel")), 0)
    agreed, waiting = (rows(request.user, words, channel) for rows in (queries.agreed, queries.waiting))
    only_waiting = request.GET.get("show") == "waiting"
    shown = page(waiting if only_waiting else agreed, request)
    first = shown.rows if only_waiting else list(waiting[:MOST_WAITING]) if shown.number == 1 else []
    context = {
        "page": shown,
        "agreed": [] if only_waiting else shown.rows,
        "proposed": [_waits(request, row) for row in first],
        "standing": agreed.count(),
        "waiting": waiting.count(),
        "only_waiting": only_waiting,
        "q": words,
        "channel": channel,
        "channels": channels,
        "may_plan": access.may_plan(request.user),
    }
    return render(request, "calendar/agreements.html", context)


def _waits(request: SignedIn, row: Any) -> dict[str, Any]:
    change: AgreementChange = row.waiting[0]
    change.agreement = row
    return {"row": row, "change": change, "may_answer": access.may_answer(request.user, change)}


@require_http_methods(["GET", "POST"])
def propose_agreement(request: SignedIn) -> HttpResponse:
    first = {"first_day": people.today(), "person": request.user.pk}
    form = AgreementForm(request.POST or None, initial=first)
    if not access.may_plan(request.user):
        only_myself(form, request)
        form.own_groups(request.user)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.propose_agreement(by=request.user, once=request.POST.get("once", ""), **form.cleaned_data)
            messages.success(request, _("Proposed. It counts once %(name)s agrees.") % {"name": _other(request, made)})
            return redirect("calendar:agreement", made.pk)
    return render(request, "calendar/propose.html", {"form": form})


def _other(request: SignedIn, agreement: Agreement) -> str:
    """Who of the two is asked for the yes."""
    if access.speaks_for(request.user, agreement):
        return _("the curator")
    return agreement.person.first_name if agreement.person is not None else agreement.who


@require_GET
def agreement(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.agreement(request.user, pk)
    return _page(request, found)


def _page(request: SignedIn, found: Agreement, form: ChangeForm | None = None) -> HttpResponse:
    changes = queries.history(request.user, found)
    waiting = next((change for change in changes if change.state == "waiting"), None)
    may_change = found.state == "agreed" and waiting is None and access.may_propose_change(request.user, found)
    context = {
        "agreement": found,
        "weekday": WEEKDAYS[found.weekday],
        "waiting": waiting,
        "said": _said(request, waiting) if waiting else [],
        "may_answer": waiting is not None and access.may_answer(request.user, waiting),
        "own_proposal": waiting is not None and waiting.by_id == request.user.pk,
        "may_end": found.state != "ended" and access.may_end_agreement(request.user, found),
        "kept": queries.kept(request.user).get(found.pk),
        "history": [(change, _said(request, change)) for change in changes if change is not waiting],
        "form": form or (ChangeForm(initial=_first(found)) if may_change else None),
        "open": form is not None,
    }
    return render(request, "calendar/agreement.html", context, status=422 if form else 200)


def _first(agreement: Agreement) -> dict[str, Any]:
    first = {name: getattr(agreement, name) for name in CHANGED}
    return first | {"accounts": [account.pk for account in agreement.accounts.all()]}


def _said(request: SignedIn, change: AgreementChange) -> list[tuple[str, str, str]]:
    """What a change changes: (of what, before, after), in words."""
    keys = [key for key in CHANGED if change.before.get(key) != change.after.get(key)] if change.after else []
    if not change.before:
        return []
    pks = {pk for side in (change.before, change.after) for pk in side.get("accounts", [])}
    names = queries.accounts_named(request.user, pks) if "accounts" in keys else {}
    return [(_label(key), _word(key, change.before[key], names), _word(key, change.after[key], names)) for key in keys]


def _label(key: str) -> str:
    labels = {
        "content": _("What kind"),
        "about": _("About"),
        "rhythm": _("How often"),
        "weekday": _("On"),
        "time": _("Time"),
        "accounts": _("Where"),
        "last_day": _("Until"),
    }
    return labels[key]


def _word(key: str, value: Any, names: dict[int, str]) -> str:
    if key == "accounts":
        return ", ".join(names.get(pk, "–") for pk in value) or _("Not decided yet")
    if key == "weekday":
        return str(WEEKDAYS[value])
    if key == "last_day":
        return date_format(day, "j F Y") if value and (day := parse_date(value)) else pgettext("until", "no end")
    if key == "time":
        return time_format(time.fromisoformat(value)) if value else _("no set time")
    choices = dict({"content": Content, "rhythm": Rhythm}[key].choices) if key in {"content", "rhythm"} else {}
    return str(choices.get(value, value) or "–")


@require_POST
def agree(request: SignedIn, pk: int) -> HttpResponse:
    actions.agree(by=request.user, agreement=queries.agreement(request.user, pk))
    messages.success(request, _("Agreed. The days stand in the calendar."))
    return redirect("calendar:agreement", pk)


@require_POST
def change(request: SignedIn, pk: int) -> HttpResponse:
    """Propose to change what was agreed."""
    found = queries.agreement(request.user, pk)
    form = ChangeForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            actions.propose_change(by=request.user, agreement=found, **form.cleaned_data)
            said = _("Proposed. It stays as it is until %(name)s agrees.") % {"name": _other(request, found)}
            messages.success(request, said)
            return redirect("calendar:agreement", pk)
    return _page(request, found, form)


@require_POST
def decline(request: SignedIn, pk: int) -> HttpResponse:
    actions.decline_change(by=request.user, agreement=queries.agreement(request.user, pk))
    messages.success(request, _("It stays as it was."))
    return redirect("calendar:agreement", pk)


@require_POST
def end_agreement(request: SignedIn, pk: int) -> HttpResponse:
    actions.end_agreement(by=request.user, agreement=queries.agreement(request.user, pk))
    messages.success(request, _("Ended. What stood ready stays."))
    return redirect("calendar:agreements")
