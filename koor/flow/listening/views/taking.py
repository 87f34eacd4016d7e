"""The stream in bulk: several marks in one step, what is new since the page was drawn, and a file to take along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from koor.flow.listening import access, actions, queries
from koor.flow.listening.choices import Label
from koor.flow.listening.forms import ViewForm, filters_of
from koor.flow.listening.views.stream import back_to
from koor.ground.people.access import SignedIn
from koor.kernel import clock, numbers
from koor.kernel.access import NotFound, Refused

OLDEST = timedelta(days=2)  # of a page that still asks what is new
TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}


@require_GET
def news(request: SignedIn) -> JsonResponse:
    """How many came in since the page was drawn, in words; empty for none. And the alarms that wait."""
    if not access.may_listen(request.user):
        raise NotFound
    drawn = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        microseconds=numbers.within(request.GET.get("since", ""), 10**16)
    )
    since = max(drawn, clock.now() - OLDEST)
    seen = numbers.rows(request.GET.get("seen", "").split("."), most=100)
    number = queries.arrived(request.user, filters_of(request.user, request.GET), since, seen)
    shown = number if number <= queries.MOST_NEW else f"{queries.MOST_NEW}+"
    said = ngettext("%(count)s new: show it", "%(count)s new: show them", number) % {"count": shown}
    burns = render_to_string("listening/burns.html", request=request)
    return JsonResponse({"number": number, "words": said if number else "", "burns": burns.strip()})


@require_POST
def export(request: SignedIn) -> StreamingHttpResponse:
    """What the filters leave, as a file."""
    if not access.may_listen(request.user):
        raise NotFound
    form = request.POST.get("form", "csv")
    lines = actions.export(by=request.user, filters=filters_of(request.user, request.POST), form=form)
    answer = StreamingHttpResponse(lines, content_type=f"{TYPES[form]}; charset=utf-8")
    name = f"{_('mentions')}-{clock.now():%Y-%m-%d}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
def mark_many(request: SignedIn) -> HttpResponse:
    """Mark what was ticked; also the way back, which carries the marks before in its address."""
    if not access.may_listen(request.user):
        raise NotFound
    back = back_to(request, reverse("listening:stream"))
    label = request.POST.get("label", "")
    if request.POST.get("which") == "all" and "was" not in request.GET:
        return _mark_all(request, label, back)
    ticked = request.POST.getlist("p" if request.POST.get("which") == "page" else "m")
    back_again, koors = _were(request.GET.get("was", ""))
    wanted = back_again or dict.fromkeys(numbers.rows(ticked), label)
    if not wanted:
        messages.warning(request, _("Tick what you want to mark first."))
        return redirect(back)
    was_koors = queries.marked_by_koor(wanted)
    were = actions.mark_many(by=request.user, labels=wanted, koors=koors)
    said = ngettext("Marked one.", "Marked %(count)s.", len(were)) % {"count": len(were)}
    if "was" in request.GET:
        said = ngettext("Its mark is as it was.", "%(count)s marks are as they were.", len(were)) % {"count": len(were)}
    messages.success(
        request, said if were else _("They had that mark already."), extra_tags=_undo(were, was_koors, back)
    )
    return redirect(back)


def _mark_all(request: SignedIn, label: str, back: str) -> HttpResponse:
    """All that the filters of the page meet: the worker does it."""
    asked = QueryDict(urlsplit(back).query)
    try:
        made = actions.mark_all(by=request.user, filters=filters_of(request.user, asked), label=label)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(back)
    return redirect("listening:marking", made.pk)


@require_GET
def marking(request: SignedIn, pk: int) -> HttpResponse:
    """How far is it?"""
    found = queries.marking(request.user, pk)
    context = {
        "marking": found,
        "all": len(found.mentions),
        "changed": queries.changed_by(found),
        "place": "listening:stream",
    }
    return render(request, "listening/marking.html", context)


@require_POST
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    actions.take_marking_back(by=request.user, marking=queries.marking(request.user, pk))
    return redirect("listening:marking", pk)


def _were(told: str) -> tuple[dict[int, str], set[int]]:
    """Marks by mention, and which of them are Koor's own, as `_undo` wrote them."""
    labels, koors = dict[int, str](), set[int]()
    for part in told.split(".")[: actions.MOST_AT_ONCE]:
        number, _dash, mark = part.partition("-")
        label, _dash, whose = mark.partition("-")
        if (pk := numbers.row(number)) and label in Label.values:
            labels[pk] = label
            koors |= {pk} if whose else set()
    return labels, koors


def _undo(were: dict[int, str], koors: set[int], back: str) -> str:
    told = ".".join(f"{pk}-{label}{'-koor' if pk in koors else ''}" for pk, label in were.items())
    return f"undo={reverse('listening:mark_many')}?{urlencode({'was': told, 'back': back})}" if were else ""


@require_POST
def keep_view(request: SignedIn) -> HttpResponse:
    """Keep the filters of the page under a name."""
    if not access.may_listen(request.user):
        raise NotFound
    filters = filters_of(request.user, request.POST)
    form = ViewForm(access.may_connect(request.user), request.POST)
    back = f"{reverse('listening:stream')}?{queries.address_of(filters)}"
    if not form.is_valid():
        messages.warning(request, _("Give the view a name."))
        return redirect(f"{back}&{_typed(request)}")
    try:
        shared = form.cleaned_data.get("shared", False)
        made = actions.keep_view(by=request.user, name=form.cleaned_data["name"], filters=filters, shared=shared)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(f"{back}&{_typed(request)}")
    messages.success(request, _("“%(name)s” stands beside the stream from now on.") % {"name": made.name})
    return redirect(back)


def _typed(request: SignedIn) -> str:
    """What was typed, for the form that is drawn again."""
    shared = {"shared": "1"} if request.POST.get("shared") else {}
    return f"{urlencode({'view': request.POST.get('name', '')[:60], **shared})}#views"


@require_POST
def drop_view(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.view(request.user, pk)
    actions.drop_view(by=request.user, view=found)
    messages.success(request, _("The view is gone; what it showed stays."))
    return redirect("listening:stream")
