"""Questions to colleagues, and their answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import access, actions, queries
from koor.flow.hub.forms import AnswerForm, PromptForm
from koor.flow.hub.models import Idea, Prompt, Wish
from koor.flow.hub.views.library import frame
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, paging
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.forms import refused_at


@require_GET
def prompts(request: SignedIn) -> HttpResponse:
    """What was asked, and how many answered."""
    closed = request.GET.get("closed") == "1"
    page = paging.page(queries.prompts(request.user, closed=closed), request)
    context = {
        "page": page,
        "closed": closed,
        "unanswered": sum(not one.answered for one in page.rows),
        "may_curate": access.may_curate(request.user),
        "frame": frame(request),
    }
    return render(request, "hub/prompts.html", context)


@require_http_methods(["GET", "POST"])
def add_prompt(request: SignedIn) -> HttpResponse:
    """A question, with who may know; "look again" proposes anew and sends nothing."""
    if not access.may_curate(request.user):
        raise Forbidden(_("The curator asks colleagues."))
    given = request.GET if request.method == "GET" else request.POST
    wish, idea = _wish(request, given.get("wish", "")), _idea(request, given.get("idea", ""))
    send = request.method == "POST" and "look" not in given
    form = PromptForm(request.user, request.POST if send else None, initial=_first_words(given, wish, idea))
    if send and form.is_valid():
        with refused_at(form):
            return _ask(request, form, wish, idea)
    context = {"form": form, "wish": wish, "idea": idea, **_proposed(request, form, wish, send)}
    return render(request, "hub/add_prompt.html", context, status=422 if form.errors else 200)


def _ask(request: SignedIn, form: PromptForm, wish: Wish | None, idea: Idea | None) -> HttpResponse:
    fields = dict(form.cleaned_data)
    about = fields.pop("about")
    fields.pop("project")
    subjects = queries.subjects_of(request.user, fields["question"], [about] if about else ())
    proposed = tuple(numbers.rows(request.POST.getlist("proposed")))
    ground = actions.Ground(wish, idea, subjects, proposed)
    made = actions.ask_colleagues(by=request.user, ground=ground, once=request.POST.get("once", ""), **fields)
    number = made.asked.count()
    said = ngettext("Asked %(number)s colleague.", "Asked %(number)s colleagues.", number) % {"number": number}
    messages.success(request, said)
    if missing := queries.left_out(request.user, fields["people"], made):
        messages.warning(request, _("Not asked: %(who)s.") % {"who": "; ".join(missing)})
    return redirect("hub:prompt", made.pk)


def _first_words(given: QueryDict, wish: Wish | None, idea: Idea | None) -> dict[str, object]:
    """What stands in the form before it is sent: what was typed, else what it is asked for."""
    typed = {name: given[name] for name in ("question", "why", "about", "project", "until") if given.get(name)}
    groups = {name: given.getlist(name) for name in ("disciplines", "skills") if name in given}
    words = wish.sentence if wish else str(idea) if idea else ""
    return {"question": words[:300], **typed, **groups}


def _proposed(request: SignedIn, form: PromptForm, wish: Wish | None, sent: bool) -> dict[str, Any]:
    """Who may know, for what stands in the form now; once it was sent, those who were ticked."""
    about = queries.About(
        sentence=str(form["question"].value() or ""),
        skills=tuple(form.chosen("about")),
        project=next(iter(form.chosen("project")), None),
        contacts=queries.contacts_of(request.user, wish) if wish else (),
    )
    asked_about = about.sentence or about.skills or about.project
    proposals = queries.who_knows(request.user, about) if asked_about else []
    first = [one.person.pk for one in proposals if one.ticked]
    ticked = set(numbers.rows(request.POST.getlist("people"))) if sent else set(first)
    shown = {one.person.pk for one in proposals}
    others = [one for one in form.fields["people"].queryset if one.pk not in shown]  # type: ignore[attr-defined]
    return {"proposals": proposals, "ticked": ticked, "first": first, "others": others, "looked": bool(asked_about)}


def _wish(request: SignedIn, asked: str) -> Wish | None:
    """The wish that this question is for; none when it can't be read."""
    try:
        return queries.wish(request.user, int(asked))
    except (NotFound, ValueError, OverflowError):
        return None


def _idea(request: SignedIn, asked: str) -> Idea | None:
    try:
        return queries.idea(request.user, int(asked))
    except (NotFound, ValueError, OverflowError):
        return None


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
