"""Topics: what is said about what, set right by a tap, and new ones that are proposed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koor.flow.listening import access, actions, queries
from koor.flow.listening.choices import NO_TOPIC
from koor.flow.listening.models import Mention
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, paging
from koor.kernel.access import NotFound, Refused


@require_GET
def topics(request: SignedIn) -> HttpResponse:
    """What is said about what?"""
    found = queries.topics(request.user)
    label = request.GET.get("topic", "") or (found[0].label if found else "")
    chosen = next((one for one in found if one.label == label), None)
    if chosen is None and "topic" in request.GET:
        raise NotFound
    context = {
        "topics": found,
        "chosen": chosen,
        "page": paging.page(queries.about(request.user, label), request),
        "new": queries.new_topics(request.user) if access.may_connect(request.user) else [],
        "may_connect": access.may_connect(request.user),
    }
    return render(request, "listening/topics.html", context)


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
        messages.error(request, str(refused))
    return redirect("listening:topics")


def _said(request: SignedIn) -> list[Mention]:
    ids = numbers.rows(request.POST.getlist("said"), most=200)
    return queries.mentions_of(request.user, ids)
