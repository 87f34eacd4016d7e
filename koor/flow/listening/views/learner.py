"""The learner: what it does, how far it is, and how far it may go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.listening import access, actions, queries
from koor.flow.listening.choices import Question
from koor.flow.listening.forms import PromiseForm, WordsForm
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def learner(request: SignedIn) -> HttpResponse:
    """How far is the learner, and how far may it go?"""
    if not access.may_listen(request.user):
        raise NotFound
    standing = queries.standing(request.user)
    form = PromiseForm(request.POST or None, initial={"promise": standing.promise})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.promise(by=request.user, promise=form.cleaned_data["promise"])
            messages.success(request, _("Saved."))
            return redirect("listening:learner")
    context = {
        "standing": standing,
        "form": form,
        "may_connect": access.may_connect(request.user),
        "questions": queries.asked_questions(request.user),
    }
    wrong = request.method == "POST"
    return render(request, "listening/learner.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def words(request: SignedIn, question: str) -> HttpResponse:
    """By which words does the learner begin to answer a question?"""
    if question not in Question.values or not access.may_listen(request.user):
        raise NotFound
    answers = queries.answers_to(request.user, question)
    form = WordsForm(answers, request.POST or None, topics=question == Question.TOPIC)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.word(by=request.user, question=question, words=form.chosen(), unused=form.unused())
            messages.success(request, _("Saved."))
            return redirect("listening:words", question)
    context = {
        "question": Question(question),
        "answers": answers,
        "form": form,
        "standing": queries.standing(request.user, question),
        "may_connect": access.may_connect(request.user),
    }
    wrong = request.method == "POST"
    return render(request, "listening/words.html", context, status=422 if wrong else 200)


@require_POST
def who_knows(request: SignedIn, pk: int) -> HttpResponse:
    """Say which discipline knows about a mention: the learner learns it."""
    found = queries.mention(request.user, pk).mention
    label = request.POST.get("label", "")
    actions.teach(Question.DISCIPLINE, found.text, label, by=request.user, source=queries.source_of(found))
    messages.success(request, _("Koor has learnt it.") if label else _("Koor has forgotten it."))
    return redirect("listening:mention", pk)
