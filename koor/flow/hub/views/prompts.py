"""Questions to colleagues, and their answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import access, actions, queries
from koor.flow.hub.forms import AnswerForm, PromptForm
from koor.flow.hub.models import Prompt
from koor.flow.hub.views.library import frame
from koor.ground.people.access import SignedIn
from koor.kernel import paging
from koor.kernel.access import Forbidden, Refused


@require_GET
def prompts(request: SignedIn) -> HttpResponse:
    """What was asked, and how many answered."""
    closed = request.GET.get("closed") == "1"
    page = paging.page(queries.prompts(request.user, closed=closed), request)
    context = {
        "page": page,
        "closed": closed,
        "may_curate": access.may_curate(request.user),
        "frame": frame(request),
    }
    return render(request, "hub/prompts.html", context)


@require_http_methods(["GET", "POST"])
def add_prompt(request: SignedIn) -> HttpResponse:
    if not access.may_curate(request.user):
        raise Forbidden(_("The curator asks colleagues."))
    form = PromptForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_colleagues(by=request.user, once=request.POST.get("once", ""), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            number = made.asked.count()
            said = ngettext("Asked %(number)s colleague.", "Asked %(number)s colleagues.", number) % {"number": number}
            messages.success(request, said)
            return redirect("hub:prompt", made.pk)
    return render(request, "hub/add_prompt.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def prompt(request: SignedIn, pk: int) -> HttpResponse:
    return _prompt_page(request, queries.prompt(request.user, pk), AnswerForm())


def _prompt_page(request: SignedIn, found: Prompt, form: AnswerForm) -> HttpResponse:
    asked = list(found.asked.all())
    context = {
        "prompt": found,
        "asked": asked,
        "answers": paging.page(queries.answers_to(request.user, found), request),
        "form": form,
        "own": queries.own_answer(request.user, found),
        "may_answer": found.closed_at is None and request.user in asked,
        "may_curate": access.may_curate(request.user),
        "frame": frame(request),
    }
    return render(request, "hub/prompt.html", context, status=422 if form.errors else 200)


@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.prompt(request.user, pk)
    form = AnswerForm(request.POST)
    declined = "declined" in request.POST
    if form.is_valid():
        try:
            actions.answer_prompt(
                by=request.user,
                prompt=found,
                sentence="" if declined else form.cleaned_data["sentence"],
                declined=declined,
            )
        except Refused as refused:
            form.add_error("sentence", str(refused))
        else:
            messages.success(request, _("Fine, another time.") if declined else _("Thank you for your answer."))
            return redirect("/") if declined else redirect("hub:prompt", pk)
    return _prompt_page(request, found, form)


@require_POST
def close(request: SignedIn, pk: int) -> HttpResponse:
    actions.close_prompt(by=request.user, prompt=queries.prompt(request.user, pk))
    messages.success(request, _("Closed. It leaves everybody's Today."))
    return redirect("hub:prompt", pk)


@require_POST
def keep_answer(request: SignedIn, pk: int) -> HttpResponse:
    item = actions.keep_answer(by=request.user, answer=queries.answer(request.user, pk))
    messages.success(request, _("It stands in the library, in the name of who said it."))
    return redirect("hub:item", item.pk)
