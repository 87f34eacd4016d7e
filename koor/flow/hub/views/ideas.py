"""The idea box and its board: everybody puts in and reads, the curator moves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import access, actions, queries
from koor.flow.hub.choices import IdeaState
from koor.flow.hub.forms import IdeaForm, MoveForm
from koor.flow.hub.models import Idea
from koor.flow.hub.views.library import frame
from koor.ground.people.access import SignedIn
from koor.kernel import paging
from koor.kernel.access import Refused
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def ideas(request: SignedIn) -> HttpResponse:
    """The idea box with its board."""
    form = IdeaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.add_text_item(by=request.user, once=request.POST.get("once", ""), **form.cleaned_data)
            messages.success(request, _("Thank you. Your idea is in the box."))
            return redirect("hub:ideas")
    board = queries.board(request.user)
    context = {
        "form": form,
        "board": board,
        "waiting": len(board[0].rows),
        "any": any(column.rows for column in board),
        "may_curate": access.may_curate(request.user),
        "frame": frame(request),
    }
    return render(request, "hub/ideas.html", context, status=422 if form.errors else 200)


@require_GET
def column(request: SignedIn, state: str) -> HttpResponse:
    """One place on the board, page by page."""
    found = IdeaState(state) if state in IdeaState.values else IdeaState.NEW
    page = paging.page(queries.ideas(request.user, state=found), request)
    context = {"page": page, "state": found, "frame": frame(request), "place": "hub:ideas"}
    return render(request, "hub/idea_column.html", context)


@require_GET
def idea(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.idea(request.user, pk)
    wanted = request.GET.get("state", "")
    state = wanted if wanted in IdeaState.values else found.state
    return _idea_page(request, found, MoveForm(initial={"state": state, "reason": found.reason}))


def _idea_page(request: SignedIn, found: Idea, form: MoveForm) -> HttpResponse:
    context = {
        "idea": found,
        "form": form,
        "prompts": list(queries.prompts_of_idea(request.user, found)),
        "may_curate": access.may_curate(request.user),
        "frame": frame(request),
        "place": "hub:ideas",
    }
    return render(request, "hub/idea.html", context, status=422 if form.errors else 200)


@require_POST
def move_idea(request: SignedIn, pk: int) -> HttpResponse:
    """From the form, or from the board's script, which sends `Accept: application/json`."""
    found = queries.idea(request.user, pk)
    form = MoveForm(request.POST)
    by_script = "application/json" in request.headers.get("Accept", "")
    if form.is_valid():
        try:
            moved = actions.move_idea(by=request.user, idea=found, **form.cleaned_data)
        except Refused as refused:
            if by_script:
                where = f"{reverse('hub:idea', args=[pk])}?state={form.cleaned_data['state']}#move"
                return JsonResponse({"sentence": str(refused), "page": where}, status=422)
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            sentence = _("Moved to “%(place)s”.") % {"place": moved.get_state_display()}
            if by_script:
                return JsonResponse({"sentence": sentence})
            messages.success(request, sentence)
            return redirect("hub:ideas")
    return _idea_page(request, found, form)


@require_POST
def want_too(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.idea(request.user, pk)
    try:
        actions.want_too(by=request.user, idea=found, wants=request.POST.get("wants", "1") == "1")
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("hub:idea", pk)
