"""Putting right in the open: the page on which one step is made, and the list that everybody may read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koor.flow.publishing import access, actions, queries
from koor.flow.publishing.forms import CorrectionForm, corrected_places
from koor.flow.publishing.logic import correcting as logic
from koor.flow.publishing.models import Post
from koor.flow.publishing.queries import corrections
from koor.flow.publishing.views import newsroom
from koor.flow.publishing.views.posts import frame, post_page
from koor.ground.people.access import SignedIn
from koor.ground.people.queries import house
from koor.kernel import paging
from koor.kernel.access import Refused, require


@require_http_methods(["GET", "POST"])
def correct(request: SignedIn, pk: int) -> HttpResponse:
    """What was wrong, and what will happen where; nothing happens before the last button."""
    found = queries.post(request.user, pk, history=False)
    require(
        access.may_correct(request.user, found), _("The curator, PR on duty, its maker and the owner put this right.")
    )
    if request.method == "GET":
        return _page(
            request, found, CorrectionForm(initial={"kind": logic.CORRECT, "text": found.text, "title": found.title})
        )
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        looks = request.POST.get("do") == "look"
        return _page(request, found, form, status=200 if looks else 422)
    plans = _plans(request, found, form)
    if request.POST.get("do") != "go":
        return _page(request, found, form, plans=plans)
    if _changed(request, plans):
        form.add_error(None, _("What happens where has changed by what you chose. Look at it once more."))
        return _page(request, found, form, plans=plans, status=422)
    return _done(request, found, form, plans)


def _done(request: SignedIn, found: Post, form: CorrectionForm, plans: list[corrections.Plan]) -> HttpResponse:
    said = form.cleaned_data
    places = {plan.target.pk: (plan.way, plan.text) for plan in plans}
    try:
        actions.correct_post(
            by=request.user,
            post=found,
            kind=said["kind"],
            note=said["note"],
            text=said["text"],
            title=said["title"],
            places=places,
            once=request.POST.get("once", ""),
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _page(request, found, form, plans=plans, status=422)
    messages.success(request, _("It is being put right. Below you see how far it is everywhere."))
    return redirect(reverse("publishing:post", args=[found.pk]) + "#put-right")


def _plans(request: SignedIn, found: Post, form: CorrectionForm) -> list[corrections.Plan]:
    said = getattr(form, "cleaned_data", None) or form.initial or {}
    chosen, words = corrected_places(request.POST)
    with override(house().language):  # what is said outside is in the language of the house
        return corrections.plans(
            request.user,
            found,
            kind=said.get("kind") or logic.CORRECT,
            note=said.get("note", ""),
            text=said.get("text", ""),
            title=said.get("title", ""),
            chosen=chosen,
            said=words,
        )


def _changed(request: SignedIn, plans: list[corrections.Plan]) -> bool:
    """Whether a place would be treated in another way than it was shown with."""
    shown = {plan.target.pk: request.POST.get(f"mark-{plan.target.pk}", "") for plan in plans}
    return any(logic.way_of(shown[plan.target.pk]) != logic.way_of(plan.mark) for plan in plans)


def _page(
    request: SignedIn,
    found: Post,
    form: CorrectionForm,
    *,
    plans: list[corrections.Plan] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "post": found,
        "form": form,
        "plans": _plans(request, found, form) if plans is None else plans,
        "titled": bool(found.title) or corrections.shows_title(found),
        "frame": frame(request),
    }
    return render(request, "publishing/correct.html", context, status=status)


@require_POST
def done(request: SignedIn, pk: int) -> HttpResponse:
    """A person put it right where Koor can't."""
    step = corrections.step(request.user, pk)
    try:
        actions.tell_corrected(by=request.user, step=step)
    except Refused as refused:
        return post_page(request, queries.post(request.user, step.target.post_id), problem=str(refused), status=409)
    messages.success(request, _("Thank you. It is noted as put right."))
    return redirect(reverse("publishing:post", args=[step.target.post_id]) + "#put-right")


@login_not_required
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """What we had to put right, for everybody."""
    with override(house().language):
        page = paging.page(corrections.public(), request, per=20)
        context = {
            "page": page,
            "rows": [corrections.told(one) for one in page.rows],
            "address": newsroom.absolute(reverse("publishing:corrections")),
        }
        return newsroom.public(request, render(request, "publishing/newsroom/corrections.html", context))
