"""Wishes of people outside: what they would like to see or know, how many, and what answers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import access, actions, queries
from koor.flow.hub.forms import SameForm, WishForm
from koor.flow.hub.models import Wish
from koor.flow.hub.views.library import frame
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, paging
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def wishes(request: SignedIn) -> HttpResponse:
    """What people would like, the latest first; and the form for what one heard oneself."""
    form = WishForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            once = request.POST.get("once", "")
            made = actions.note_wish(by=request.user, place=_("heard in person"), once=once, **form.cleaned_data)
            messages.success(request, _("Noted. It stands among the wishes."))
            return redirect("hub:wish", made.pk)
    closed = request.GET.get("closed") == "1"
    page = paging.page(queries.wishes(request.user, closed=closed), request)
    for one in page.rows:
        one.places = _places(one)
    context = {
        "form": form,
        "page": page,
        "closed": closed,
        "unasked": sum(not (one.asked or one.answered) for one in page.rows),
        "may_curate": access.may_curate(request.user),
        "frame": frame(request),
    }
    return render(request, "hub/wishes.html", context, status=422 if form.errors else 200)


def _places(wish: Wish) -> list[str]:
    """Where it was said, each once."""
    voices = [*wish.voices.all(), *(voice for one in wish.merged.all() for voice in one.voices.all())]
    return list(dict.fromkeys(voice.place for voice in voices if voice.place))[:3]


@require_GET
def wish(request: SignedIn, pk: int) -> HttpResponse:
    return _wish_page(request, queries.wish(request.user, pk))


def _wish_page(request: SignedIn, found: Wish, form: SameForm | None = None) -> HttpResponse:
    if found.merged_into is not None:
        return redirect("hub:wish", found.merged_into.pk)
    may = access.may_curate(request.user)
    context = {
        "wish": found,
        "around": queries.around_wish(request.user, found),
        "form": (form or SameForm(request.user, found)) if may else None,
        "may_curate": may,
        "frame": frame(request),
        "place": "hub:wishes",
    }
    return render(request, "hub/wish.html", context, status=422 if form and form.errors else 200)


@require_POST
def same_wish(request: SignedIn, pk: int) -> HttpResponse:
    """It is the same as another: from now on they count together."""
    found = queries.wish(request.user, pk)
    form = SameForm(request.user, found, request.POST)
    if form.is_valid():
        try:
            kept = actions.merge_wishes(by=request.user, wish=found, into=form.cleaned_data["into"])
        except Refused as refused:
            form.add_error("into", str(refused))
        else:
            messages.success(request, _("They count together now."))
            return redirect("hub:wish", kept.pk)
    return _wish_page(request, found, form)


@require_POST
def part_wish(request: SignedIn, pk: int) -> HttpResponse:
    parted = actions.part_wish(by=request.user, wish=queries.wish(request.user, pk))
    messages.success(request, _("It is a wish of its own again."))
    return redirect("hub:wish", parted.pk)


@require_POST
def close_wish(request: SignedIn, pk: int) -> HttpResponse:
    closed = request.POST.get("closed", "1") == "1"
    actions.close_wish(by=request.user, wish=queries.wish(request.user, pk), closed=closed)
    messages.success(request, _("Closed.") if closed else _("Open again."))
    return redirect("hub:wish", pk)


def note_wish_page(
    request: SignedIn, *, note: Callable[..., Wish], first: str, said: str, back: str, wishes: Sequence[Any] = ()
) -> HttpResponse:
    """The page on which a room above notes what somebody there wished; `note` is its action."""
    form = WishForm(request.user, request.POST or None, initial={"sentence": first})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            note(by=request.user, once=request.POST.get("once", ""), **form.cleaned_data)
            messages.success(request, _("Noted. It stands among the wishes."))
            return redirect(back)
    context = {"form": form, "said": said, "back": back, "wishes": wishes, "frame": frame(request)}
    return render(request, "hub/note_wish.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def wish_of_item(request: SignedIn, pk: int) -> HttpResponse:
    """Which wish something of the library answers."""
    item = queries.item(request.user, pk)
    if not access.may_curate(request.user):
        raise NotFound
    if request.method == "POST":
        found = queries.wish(request.user, numbers.row(request.POST.get("wish", "")))
        actions.answer_wish(by=request.user, wish=found, item=item, answers=request.POST.get("answers", "1") == "1")
        messages.success(request, _("Noted."))
        return redirect("hub:wish", found.pk)
    page = paging.page(queries.wishes(request.user), request)
    context = {"item": item, "page": page, "frame": frame(request), "place": "hub:library"}
    return render(request, "hub/wish_of_item.html", context)
