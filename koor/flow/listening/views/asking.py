"""Saved queries: the list, and one with a preview of what it would meet."""

from __future__ import annotations

from dataclasses import asdict
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
from koor.flow.listening.logic.builder import boxes_of
from koor.flow.listening.logic.query import LONGEST
from koor.flow.listening.models import Query
from koor.ground.people.access import SignedIn
from koor.kernel import clock, numbers, paging
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at

LATE = timedelta(hours=1)  # that looking back takes at most


@require_GET
def saved_queries(request: SignedIn) -> HttpResponse:
    """What do we look out for?"""
    words = request.GET.get("q", "").replace("\x00", "")[:200]
    page = paging.page(queries.saved_queries(request.user, words), request)
    context = {
        "page": page,
        "kept": queries.met_by(page.rows),
        "words": words,
        "all": queries.overview(request.user),
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
    pk = numbers.row(request.GET.get("query", ""))
    saved = queries.saved_query(request.user, pk) if pk else None
    written = saved.expression if saved else request.GET.get("expression", "")[:LONGEST]
    boxes = boxes_of(written) if written and "made" not in request.GET else None
    first = asdict(boxes) if boxes else {}
    made = request.GET if "made" in request.GET else None
    form = BuildForm(queries.languages(request.user), made, first)
    if form.is_bound and form.is_valid():
        where = reverse("listening:query", args=[pk]) if saved else reverse("listening:add_query")
        return redirect(f"{where}?{urlencode({'expression': form.expression})}")
    unfit = written if written and made is None and boxes is None else ""
    context = {"form": form, "saved": saved, "unfit": unfit, "place": "listening:queries"}
    return render(request, "listening/build_query.html", context)


@require_http_methods(["GET", "POST"])
def query(request: SignedIn, pk: int) -> HttpResponse:
    """One saved query: change it, try it, pause it."""
    saved = queries.saved_query(request.user, pk)
    built = request.GET.get("expression", "")[:LONGEST]
    first = {"name": saved.name, "expression": built or saved.expression}
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
        "differs": saved is not None and form["expression"].value() != saved.expression,
        "preview": queries.preview(request.user, read) if read else None,
        "pointer": "\n".join(form.error.pointer) if form.error else "",
        "late": saved is not None and saved.changed_at < clock.now() - LATE,
        "hints": [_(hint.message) % hint.values for hint in form.hints],
        "may_ask": access.may_ask(request.user),
        "hide_saved": request.method == "GET",  # nobody filled anything in yet
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


@require_http_methods(["GET", "POST"])
def remove(request: SignedIn, pk: int) -> HttpResponse:
    """Take a query away, after having read what becomes of what it met."""
    saved = queries.saved_query(request.user, pk)
    if not access.may_ask(request.user):
        raise NotFound
    if request.method == "POST":
        actions.remove_query(by=request.user, query=saved)
        undo = reverse("listening:restore_query", args=[pk])
        said = _("“%(name)s” is gone. For 30 days it can come back.") % {"name": saved.name}
        messages.success(request, said, extra_tags=f"undo={undo}")
        return redirect("listening:queries")
    met = queries.met_by([saved])[0].total
    context = {"saved": saved, "met": met, "views": queries.views_of(saved), "place": "listening:queries"}
    return render(request, "listening/remove_query.html", context)


@require_GET
def removed(request: SignedIn) -> HttpResponse:
    """What can still come back?"""
    if not access.may_ask(request.user):
        raise NotFound
    page = paging.page(queries.removed_queries(request.user), request)
    return render(request, "listening/removed_queries.html", {"page": page, "place": "listening:queries"})


@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.removed_query(request.user, pk)
    if found is None:
        raise NotFound
    try:
        actions.restore_query(by=request.user, query=found)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("listening:removed_queries")
    messages.success(request, _("It is back, with what it met."))
    return redirect("listening:query", pk)
