"""Topics: what is said about what, set right by a tap, and new ones that are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.listening import access, actions, queries
from koor.flow.listening.choices import NO_TOPIC, Question
from koor.flow.listening.forms import TopicForm
from koor.flow.listening.models import Mention
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, paging
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at


@require_GET
def topics(request: SignedIn) -> HttpResponse:
    """What is said about what?"""
    return _page(request)


@dataclass(frozen=True)
class Proposed:
    """A topic that is proposed, with what stands in its boxes."""

    new: queries.New
    name: str
    words: str
    wrong: str = ""


def _page(request: SignedIn, said: Sequence[Mention] = (), wrong: str = "") -> HttpResponse:
    """With `wrong` what was typed for these mentions stands there again."""
    found = queries.topics(request.user)
    label = request.GET.get("topic", "") or (found[0].label if found else "")
    chosen = next((one for one in found if one.label == label), None)
    if chosen is None and "topic" in request.GET:
        raise NotFound
    new = queries.new_topics(request.user) if access.may_connect(request.user) else []
    context = {
        "topics": found,
        "chosen": chosen,
        "page": paging.page(queries.about(request.user, label), request),
        "new": [_proposed(request, one, {each.pk for each in said}, wrong) for one in new],
        "may_connect": access.may_connect(request.user),
    }
    return render(request, "listening/topics.html", context, status=422 if wrong else 200)


def _proposed(request: SignedIn, one: queries.New, said: set[int], wrong: str) -> Proposed:
    if wrong and said & set(one.ids):
        return Proposed(one, request.POST.get("name", ""), request.POST.get("words", ""), wrong)
    return Proposed(one, one.words[0], ", ".join(one.words))


@require_http_methods(["GET", "POST"])
def change_topic(request: SignedIn) -> HttpResponse:
    """Call a topic something else, and choose the words that speak for it."""
    label = request.GET.get("topic", "")
    if not access.may_connect(request.user):
        raise NotFound
    used = (one for one in queries.answers_to(request.user, Question.TOPIC) if not one.unused)
    topic = next((one for one in used if one.label == label), None)
    if topic is None:
        raise NotFound
    first = {"name": topic.name, "words": "\n".join(topic.words)}
    form = TopicForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_topic(by=request.user, label=label, **form.cleaned_data)
            messages.success(request, _("Saved. What was sorted and taught under it stays."))
            return redirect(f"{reverse('listening:topics')}?{urlencode({'topic': label})}")
    context = {"form": form, "name": topic.name, "label": label, "place": "listening:stream"}
    return render(request, "listening/change_topic.html", context, status=422 if form.errors else 200)


@require_POST
def topic(request: SignedIn, pk: int) -> HttpResponse:
    """Say what a mention is about: the learner learns it."""
    found = queries.mention(request.user, pk).mention
    label = request.POST.get("label", "")
    actions.tell_topic(by=request.user, mention=found, label=label)
    told = {"": _("Koor has forgotten it."), NO_TOPIC: _("Good. It is about none of these.")}
    messages.success(request, told.get(label, _("Koor has learnt it.")))
    return redirect("listening:mention", pk)


@require_POST
def language(request: SignedIn, pk: int) -> HttpResponse:
    """Say in which language a mention is; with the way back."""
    said = request.POST.get("language", request.GET.get("language", ""))
    try:
        before = actions.tell_language(by=request.user, mention_id=pk, language=said)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("listening:mention", pk)
    undo = f"undo={reverse('listening:language', args=[pk])}?{urlencode({'language': before})}"
    tags = undo if before != said else ""  # a double click: the first has the way back
    messages.success(request, _("Good. Saved queries look at it anew."), extra_tags=tags)
    return redirect("listening:mention", pk)


@require_POST
def new_topic(request: SignedIn) -> HttpResponse:
    """Name what is proposed, or say that it needs no name."""
    if not access.may_connect(request.user):
        raise NotFound
    said = _said(request)
    try:
        if request.POST.get("answer") == "dismiss":
            actions.dismiss_topic(by=request.user, mentions=said)
            messages.success(request, _("Good. These are not proposed again."))
            return redirect("listening:topics")
        name, words = request.POST.get("name", ""), request.POST.get("words", "")
        actions.name_topic(by=request.user, name=name, words=words, mentions=said)
        messages.success(request, _("Koor has learnt it."))
    except Refused as refused:
        return _page(request, said, str(refused))
    return redirect("listening:topics")


def _said(request: SignedIn) -> list[Mention]:
    ids = numbers.rows(request.POST.getlist("said"), most=200)
    return queries.mentions_of(request.user, ids)
