"""Two items that look alike, beside each other."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import access, actions, queries
from koor.flow.hub.choices import Alike
from koor.flow.hub.views.library import back, frame
from koor.ground.people.access import SignedIn
from koor.kernel import paging
from koor.kernel.access import require

PER_PAGE = 12


@require_GET
def pairs(request: SignedIn) -> HttpResponse:
    """Everything that looks alike and waits for an answer, in one list."""
    require(access.may_curate(request.user), _("The curator decides what goes into the library."))
    context = {
        "page": paging.page(queries.Pairs(request.user), request, per=PER_PAGE),
        "number": queries.open_pairs(request.user).count(),
        "frame": frame(request),
    }
    return render(request, "hub/pairs.html", context)


@require_http_methods(["GET", "POST"])
def beside(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """What differs, and which one stays."""
    require(access.may_curate(request.user), _("The curator decides what goes into the library."))
    pair = [queries.item(request.user, number) for number in (pk, other)]
    if request.method == "POST":
        return _answer(request, pk, other)
    context = {
        "pair": pair,
        "rows": queries.differences(*pair),
        "said": queries.likeness(request.user, *pair),
        "frame": frame(request),
    }
    return render(request, "hub/beside.html", context)


def _answer(request: SignedIn, pk: int, other: int) -> HttpResponse:
    one, two = (queries.item(request.user, number) for number in (pk, other))
    said, stays = request.POST.get("answer", ""), pk
    if said in (str(pk), str(other)):
        kept, copy = (one, two) if said == str(pk) else (two, one)
        actions.keep_one(by=request.user, kept=kept, copy=copy)
        stays, text = kept.pk, _("One stays, with what the other had. Its maker reads why.")
    elif said in (Alike.BOTH, Alike.DIFFERENT):
        actions.keep_both(by=request.user, one=one, other=two, copies=said == Alike.BOTH)
        text = _("Both stay. You are not asked about these two again.")
    else:
        return redirect("hub:beside", pk, other)
    undo = reverse("hub:compare_again", args=[pk, other])
    messages.success(request, text, extra_tags=f"undo={undo}")
    return back(request, reverse("hub:item", args=[stays]))


@require_POST
def compare_again(request: SignedIn, pk: int, other: int) -> HttpResponse:
    one, two = (queries.item(request.user, number) for number in (pk, other))
    actions.compare_again(by=request.user, one=one, other=two)
    messages.success(request, _("It is as it was."))
    return redirect("hub:beside", pk, other)
