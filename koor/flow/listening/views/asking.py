"""Saved queries: the list, and one with a preview of what it would meet."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.listening import access, actions, queries
from koor.flow.listening.forms import BuildForm, QueryForm
from koor.flow.listening.logic.query import LONGEST
from koor.flow.listening.models import Query
from koor.ground.people.access import SignedIn
from koor.kernel import clock
from koor.kernel.access import NotFound
from koor.kernel.forms import refused_at

LATE = timedelta(hours=1)  # that looking back takes at most


@require_GET
def saved_queries(request: SignedIn) -> HttpResponse:
    """What do we look out for?"""
    kept = queries.saved_queries(request.user)
    context = {
        "kept": kept,
        "active": sum(one.query.active for one in kept),
        "silent": sum(one.query.active and not one.total for one in kept),
        "may_ask": access.may_ask(request.user),
    }
    return render(request, "listening/queries.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    if not access.may_ask(request.user):
        raise NotFound
    first = {"expression": request.GET.get("expression", "")[:LONGEST]}
    form = QueryForm(request.POST or None, initial=first, trying="try" in request.POST)
    if request.method == "POST" and form.is_valid() and "try" not in request.POST:
        with refused_at(form):
            made = actions.add_query(by=request.user, **form.cleaned_data)
            done, later = (
                _("Kept. It also looked back at the last 30 days."),
                _("Kept. It looks back at the last 30 days."),
            )
            messages.success(request, done if made.looked_back_at else later)
            return redirect("listening:query", made.pk)
    return _page(request, form)


@require_GET
def build(request: SignedIn) -> HttpResponse:
    """Boxes for who would rather not write an expression; what comes out is tried and can still be changed."""
    if not access.may_ask(request.user):
        raise NotFound
    form = BuildForm(queries.languages(request.user), *([request.GET] if "made" in request.GET else []))
    if form.is_bound and form.is_valid():
        return redirect(f"{reverse('listening:add_query')}?{urlencode({'expression': form.expression})}")
    return render(request, "listening/build_query.html", {"form": form, "place": "listening:queries"})


@require_http_methods(["GET", "POST"])
def query(request: SignedIn, pk: int) -> HttpResponse:
    """One saved query: change it, try it, pause it."""
    saved = queries.saved_query(request.user, pk)
    first = {"name": saved.name, "expression": saved.expression}
    form = QueryForm(request.POST if request.method == "POST" else first, trying="try" in request.POST)
    if request.method == "POST" and form.is_valid() and "try" not in request.POST:
        with refused_at(form):
            actions.edit_query(by=request.user, query=saved, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("listening:query", pk)
    return _page(request, form, saved)


def _page(request: SignedIn, form: QueryForm, saved: Query | None = None) -> HttpResponse:
    """The form, what is wrong and where, and what the expression would meet."""
    wrong = form.is_bound and not form.is_valid()
    read = form.begun
    context = {
        "form": form,
        "saved": saved,
        "preview": queries.preview(request.user, read) if read else None,
        "pointer": "\n".join(form.error.pointer) if form.error else "",
        "late": saved is not None and saved.changed_at < clock.now() - LATE,
        "hints": [_(hint.message) % hint.values for hint in form.hints],
        "may_ask": access.may_ask(request.user),
        "place": "listening:queries",
    }
    return render(request, "listening/query.html", context, status=422 if wrong and request.method == "POST" else 200)


@require_POST
def pause(request: SignedIn, pk: int) -> HttpResponse:
    actions.pause_query(by=request.user, query=queries.saved_query(request.user, pk))
    messages.success(request, _("Paused. What it met stays."))
    return redirect("listening:query", pk)


@require_POST
def resume(request: SignedIn, pk: int) -> HttpResponse:
    actions.resume_query(by=request.user, query=queries.saved_query(request.user, pk))
    messages.success(request, _("It listens again, and looks back at what came in during the pause."))
    return redirect("listening:query", pk)
