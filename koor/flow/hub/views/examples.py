"""Good examples of the week: everybody reads them; the curator chooses, a maker may rather not."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import access, actions, queries
from koor.flow.hub.forms import ExampleForm
from koor.flow.hub.models import Item
from koor.flow.hub.views.library import frame
from koor.ground.people.access import SignedIn
from koor.kernel import paging
from koor.kernel.access import NotFound, Refused


@require_GET
def examples(request: SignedIn) -> HttpResponse:
    page = paging.page(queries.examples(request.user), request, per=20)
    for one in page.rows:
        queries.with_picture(one)
    context = {
        "page": page,
        "now": [one for one in page.rows if queries.is_of_now(one)],
        "before": [one for one in page.rows if not queries.is_of_now(one)],
        "may_curate": access.may_curate(request.user),
        "frame": frame(request),
    }
    return render(request, "hub/examples.html", context)


@require_http_methods(["GET", "POST"])
def choose_example(request: SignedIn, pk: int) -> HttpResponse:
    """One sentence why something of the library is good."""
    item = queries.item(request.user, pk)
    if not access.may_curate(request.user):
        raise NotFound
    found = queries.example_of(request.user, item)
    first = found.why if found else request.GET.get("why", "")[:300]
    form = ExampleForm(request.POST or None, initial={"why": first})
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_example(by=request.user, item=item, **form.cleaned_data)
        except Refused as refused:
            form.add_error("why", str(refused))
        else:
            messages.success(request, _("Chosen. It stands on everybody's Today."))
            return redirect("hub:examples")
    return _choose_page(request, item, form)


def _choose_page(request: SignedIn, item: Item, form: forms.Form) -> HttpResponse:
    context = {"item": item, "form": form, "frame": frame(request), "place": "hub:examples"}
    return render(request, "hub/choose_example.html", context, status=422 if form.errors else 200)


@require_POST
def decline_example(request: SignedIn, pk: int) -> HttpResponse:
    actions.decline_example(by=request.user, example=queries.example(request.user, pk))
    messages.success(request, _("It is no longer shown, and not chosen again."))
    return redirect("hub:examples")


@require_POST
def remove_example(request: SignedIn, pk: int) -> HttpResponse:
    actions.remove_example(by=request.user, example=queries.example(request.user, pk))
    messages.success(request, _("It is no longer an example."))
    return redirect("hub:examples")
