"""Rules for who answers: the list, one with what it would change, and the colleague's own limit."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.conversations import access, actions, queries
from koor.flow.conversations.choices import RuleState
from koor.flow.conversations.forms import OwnLimitForm, RuleForm, WhereToForm
from koor.flow.conversations.forms.rules import as_given
from koor.flow.conversations.logic.rules import Rule as Tried
from koor.flow.conversations.models import Conversation, Rule
from koor.flow.listening.logic.query import QueryError
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at


@require_GET
def rules(request: SignedIn) -> HttpResponse:
    """Who answers what?"""
    return render(request, "conversations/rules.html", {"rules": queries.rules(request.user)})


@require_http_methods(["GET", "POST"])
def add_rule(request: SignedIn) -> HttpResponse:
    """A new rule; `like`: a conversation from which it begins."""
    if not access.may_rule(request.user):
        raise NotFound
    known = queries.names(request.user)
    first = queries.like(request.user, request.GET)
    form = RuleForm(request.POST if request.method == "POST" else None, known=known, initial=first)
    if request.method == "POST" and form.is_valid() and "try" not in request.POST:
        with refused_at(form):
            actions.add_rule(by=request.user, when=form.when, ask=form.ask, once=request.POST.get("once", ""))
            messages.success(request, _("From now on this rule holds."))
            return redirect("conversations:rules")
    return _page(request, form, known)


@require_http_methods(["GET", "POST"])
def rule(request: SignedIn, pk: int) -> HttpResponse:
    """One rule: change it, see what that would change."""
    kept = queries.rule(request.user, pk)
    known = queries.names(request.user, [kept.when])
    form = RuleForm(request.POST if request.method == "POST" else None, known=known, initial=as_given(kept))
    if request.method == "POST" and form.is_valid() and "try" not in request.POST:
        with refused_at(form):
            actions.change_rule(by=request.user, rule=kept, when=form.when, ask=form.ask)
            messages.success(request, _("Saved."))
            return redirect("conversations:rules")
    return _page(request, form, known, kept)


def _page(request: SignedIn, form: RuleForm, known: queries.Names, kept: Rule | None = None) -> HttpResponse:
    """The form, the rule as a sentence, and what it would do in the latest conversations."""
    ready = form.is_bound and not form.errors and bool(form.when)
    when, ask = (form.when, form.ask) if ready else (kept.when, kept.ask) if kept and not form.is_bound else ({}, [])
    context: dict[str, Any] = {
        "form": form,
        "kept": kept,
        "place": "conversations:rules",
        "pointer": "\n".join(form.error.pointer) if isinstance(form.error, QueryError) else "",
        "hints": [_(hint.message) % hint.values for hint in form.hints],
    }
    if when:
        context |= _dry_run(request, when, ask, known, kept)
    wrong = request.method == "POST" and bool(form.errors)
    return render(request, "conversations/rule.html", context, status=422 if wrong else 200)


def _dry_run(request: SignedIn, when: Any, ask: Any, known: queries.Names, kept: Rule | None) -> dict[str, Any]:
    given = Rule(pk=kept.pk if kept else -1, when=dict(when), ask=[list(one) for one in ask])
    read: Tried = queries.read(given)
    run = queries.tried(request.user, read)
    return {
        "sentence": queries.sentence(given.when, given.ask, known),
        "run": run,
        "changes": queries.changes_told(request.user, run),
        "odds": queries.odds(request.user, read, known),
    }


@require_POST
def move_rule(request: SignedIn, pk: int) -> HttpResponse:
    kept = queries.rule(request.user, pk)
    actions.move_rule(by=request.user, rule=kept, up=request.POST.get("to") == "up")
    return redirect("conversations:rules")


@require_POST
def pause_rule(request: SignedIn, pk: int) -> HttpResponse:
    actions.set_rule(by=request.user, rule=queries.rule(request.user, pk), active=False)
    messages.success(request, _("Paused. What it decided stays as it is."))
    return redirect("conversations:rules")


@require_POST
def resume_rule(request: SignedIn, pk: int) -> HttpResponse:
    kept = queries.rule(request.user, pk)
    proposed = kept.state == RuleState.PROPOSED
    try:
        actions.set_rule(by=request.user, rule=kept, active=True)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("conversations:rule", pk)
    messages.success(request, _("From now on this rule holds.") if proposed else _("It holds again."))
    return redirect("conversations:rules")


@require_http_methods(["GET", "POST"])
def remove_rule(request: SignedIn, pk: int) -> HttpResponse:
    kept = queries.rule(request.user, pk)
    if request.method == "POST":
        actions.remove_rule(by=request.user, rule=kept)
        messages.success(request, _("The rule is gone. What it decided stays as it is."))
        return redirect("conversations:rules")
    known = queries.names(request.user, [kept.when])
    context = {"kept": kept, "sentence": queries.sentence(kept.when, kept.ask, known), "place": "conversations:rules"}
    return render(request, "conversations/rule_remove.html", context)


@require_http_methods(["GET", "POST"])
def where_to(request: SignedIn, pk: int) -> HttpResponse:
    """After "not for me": where it should have gone; and a rule of it, or a proposal for one."""
    passed = queries.passed_on(request.user, pk)
    words = queries.words_of(passed)
    form = WhereToForm(request.POST or None, by=request.user, words=words, initial={"person": passed.belongs_to_id})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            _told_where(request, form, passed.conversation, words)
            return redirect("conversations:talk")
    status = 422 if form.errors else 200
    context = {"form": form, "passed": passed, "may_rule": access.may_rule(request.user)}
    return render(request, "conversations/where_to.html", context, status=status)


@transaction.atomic
def _told_where(request: SignedIn, form: WhereToForm, conversation: Conversation, words: str) -> None:
    person = form.cleaned_data["person"]
    actions.tell_where(by=request.user, conversation=conversation, person=person)
    sentence = _("Thank you. Koor remembers.")
    words = form.cleaned_data.get("words") or (words if form.cleaned_data.get("always") else "")
    if words:
        once = request.POST.get("once", "")
        made = actions.add_rule(by=request.user, when={"words": words}, ask=[("person", person.pk)], once=once)
        proposed = _("Thank you. The curator sees your proposal for a rule.")
        sentence = proposed if made.state == RuleState.PROPOSED else _("From now on this rule holds.")
    messages.success(request, sentence)


@require_http_methods(["GET", "POST"])
def own_limit(request: SignedIn) -> HttpResponse:
    """How many people may wait for me at once."""
    form = OwnLimitForm(request.POST or None, initial={"most": queries.own_limit(request.user)})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.set_own_limit(by=request.user, most=form.cleaned_data["most"])
            messages.success(request, _("Kept."))
            return redirect("people:me")
    status = 422 if form.errors else 200
    return render(request, "conversations/own_limit.html", {"form": form, "place": "people:me"}, status=status)
