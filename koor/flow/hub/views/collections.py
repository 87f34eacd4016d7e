"""Collections of the library: the list, one with what is in it, and putting in several at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.hub import access, actions, queries
from koor.flow.hub.forms import CollectionForm, FilterForm
from koor.flow.hub.models import Collection
from koor.flow.hub.views.library import back, frame
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, paging
from koor.kernel.access import Refused
from koor.kernel.forms import refused_at

PER_PAGE = 24


def _numbers(request: HttpRequest) -> list[int]:
    """The ticked items."""
    return numbers.rows(request.POST.getlist("item"))


@require_http_methods(["GET", "POST"])
def collections(request: SignedIn) -> HttpResponse:
    """All of them; a new one, empty or of the search that stands in the address."""
    search = queries.search_of(FilterForm(request.GET).asked())
    form = CollectionForm(False, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.make_collection(
                by=request.user,
                name=form.cleaned_data["name"],
                shared=form.cleaned_data["shared"],
                search=search,
                once=request.POST.get("once", ""),
            )
            messages.success(request, _("The collection is there."))
            return redirect("hub:collection", made.pk)
    context = {
        "form": form,
        "page": paging.page(queries.collections(request.user), request),
        "search": search,
        "may_collect": access.may_collect(request.user),
        "frame": frame(request),
    }
    return render(request, "hub/collections.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def collection(request: SignedIn, pk: int) -> HttpResponse:
    """What is in it; its name and who sees it are changed here."""
    found = queries.collection(request.user, pk)
    may_offer = access.may_curate(request.user)
    initial = {"name": found.name, "shared": found.shared, "offered": found.offered}
    form = CollectionForm(may_offer, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            changes = {"offered": found.offered, **form.cleaned_data}
            actions.edit_collection(by=request.user, collection=found, **changes)
            messages.success(request, _("Saved."))
            return redirect("hub:collection", pk)
    context = {
        "collection": found,
        "form": form,
        "page": paging.page(queries.InIt(request.user, found), request, per=PER_PAGE),
        "may_change": access.may_change_collection(request.user, found),
        "frame": frame(request),
    }
    return render(request, "hub/collection.html", context, status=422 if form.errors else 200)


@require_POST
def collect(request: SignedIn) -> HttpResponse:
    """Put what is ticked in a collection: one that is there, or a new one by its name."""
    items, otherwise = _numbers(request), reverse("hub:library")
    if not items:
        messages.error(request, _("Tick what should go into it first."))
        return _back_as_it_was(request, otherwise)
    try:
        found, number = _filled(request, items)
    except Refused as refused:
        messages.error(request, str(refused))
        return _back_as_it_was(request, otherwise, items)
    said = ngettext("%(number)s thing went into “%(name)s”.", "%(number)s things went into “%(name)s”.", number)
    messages.success(request, said % {"number": number, "name": found.name})
    return back(request, reverse("hub:collection", args=[found.pk]))


def _back_as_it_was(request: SignedIn, otherwise: str, items: Sequence[int] = ()) -> HttpResponse:
    """What was ticked is ticked again, and the name that was typed stands in the form."""
    answer = back(request, otherwise)
    path, _mark, asked = answer["Location"].partition("?")
    address = QueryDict(asked, mutable=True)
    address.setlist("item", [str(one) for one in items[:PER_PAGE]])
    address["new"] = request.POST.get("new", "").strip()[:120]
    for name in ("item", "new"):
        if not address.get(name):
            del address[name]
    answer["Location"] = f"{path}?{address.urlencode()}" if address else path
    return answer


def _filled(request: SignedIn, items: list[int]) -> tuple[Collection, int]:
    if name := request.POST.get("new", "").strip():
        once = request.POST.get("once", "")
        return actions.make_collection(by=request.user, name=name, items=items, once=once), len(items)
    chosen = numbers.row(request.POST.get("into", ""))
    if not chosen:
        raise Refused(_("Choose a collection, or name a new one."), code="which")
    found = queries.collection(request.user, chosen)
    return found, actions.put_in(by=request.user, collection=found, items=items)


@require_POST
def arrange(request: SignedIn, pk: int) -> HttpResponse:
    """Move one thing in it, or take out what is ticked."""
    found = queries.collection(request.user, pk)
    step, _colon, item = request.POST.get("do", "").partition(":")
    try:
        if step == "out":
            _take_out(request, found)
        elif number := numbers.row(item):
            actions.move_in(by=request.user, collection=found, item=number, to=step)
    except Refused as refused:
        messages.error(request, str(refused))
    return back(request, reverse("hub:collection", args=[pk]))


def _take_out(request: SignedIn, found: Collection) -> None:
    number = actions.take_out(by=request.user, collection=found, items=_numbers(request))
    if not number:
        messages.error(request, _("Tick what should go out of it first."))
        return
    said = ngettext(
        "%(number)s thing was taken out; it stays in the library.",
        "%(number)s things were taken out; they stay in the library.",
        number,
    )
    messages.success(request, said % {"number": number})


@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.collection(request.user, pk)
    actions.remove_collection(by=request.user, collection=found)
    undo: Any = reverse("hub:collection_restore", args=[pk])
    messages.success(
        request, _("The collection is gone. What was in it stays in the library."), extra_tags=f"undo={undo}"
    )
    return redirect("hub:collections")


@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.collection(request.user, pk, removed=True)
    actions.restore_collection(by=request.user, collection=found)
    messages.success(request, _("It is back."))
    return redirect("hub:collection", pk)
