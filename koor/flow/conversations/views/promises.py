"""How soon we answer: the promises, and the rota of the evenings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.conversations import access, actions, queries
from koor.flow.conversations.forms import EveningForm, PromiseForm
from koor.flow.conversations.models import Promise
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def promises(request: SignedIn) -> HttpResponse:
    """What we promise now, and the evenings."""
    if not access.may_promise(request.user):
        raise NotFound
    evening = queries.evening()
    form = EveningForm(request.POST or None, by=request.user, evening=evening)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.keep_evenings(by=request.user, **form.cleaned_data)
            messages.success(request, _("Kept. Who waits now is held to it."))
            return redirect("conversations:promises")
    rows = queries.promises_told(request.user)
    turn = people.turn_on(evening.rota, people.today()) if evening else None
    context: dict[str, Any] = {"rows": rows, "evening": evening, "turn": turn, "form": form, "house": people.house()}
    context["place"] = "conversations:inbox"
    return render(request, "conversations/promises.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def promise_answer(request: SignedIn, pk: int | None = None) -> HttpResponse:
    """A new promise, or another time for one."""
    if not access.may_promise(request.user):
        raise NotFound
    kept: Promise | None = queries.promise(request.user, pk) if pk is not None else None
    form = PromiseForm(request.POST or None, promise=kept)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            minutes = round(said.pop("hours") * 60)
            actions.promise_answer(by=request.user, promise=kept, minutes=minutes, **said)
            messages.success(request, _("Promised. Who waits now is held to it."))
            return redirect("conversations:promises")
    context = {"form": form, "kept": kept, "place": "conversations:inbox"}
    return render(request, "conversations/promise.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw_promise(request: SignedIn, pk: int) -> HttpResponse:
    actions.withdraw_promise(by=request.user, promise=queries.promise(request.user, pk))
    messages.success(request, _("We promise this no longer."))
    return redirect("conversations:promises")
