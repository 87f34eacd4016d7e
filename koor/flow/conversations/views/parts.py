"""Bring two conversations together, take one apart, and undo either."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.conversations import access, actions, queries
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.views.pages import where
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.access import NotFound, Refused


@require_http_methods(["GET", "POST"])
def merge(request: SignedIn, pk: int) -> HttpResponse:
    """Choose with which other conversation this one goes on."""
    conversation = _handled(request, pk)
    words = request.GET.get("q", "").strip()[:200]
    refused = ""
    if request.method == "POST":
        other = queries.conversation(request.user, numbers.row(request.POST.get("other", "")) or 0)
        try:
            told = actions.merge(
                by=request.user, conversation=conversation, other=other, once=request.POST.get("once", "")
            )
        except Refused as refusal:
            refused = str(refusal)
        else:
            undo = reverse("conversations:unmerge", args=[told.pk])
            messages.success(request, _("They go on as one."), extra_tags=f"undo={undo}")
            return redirect(where(request, told.conversation))
    context = _about(request, conversation) | {"words": words, "refused": refused}
    context["rows"] = queries.mergeable(request.user, conversation, words)
    return render(request, "conversations/merge.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
def split(request: SignedIn, pk: int) -> HttpResponse:
    """Choose which messages become a conversation of their own."""
    conversation = _handled(request, pk)
    chosen = numbers.rows(request.POST.getlist("messages"))
    refused = ""
    if request.method == "POST":
        try:
            made = actions.split(
                by=request.user, conversation=conversation, messages=chosen, once=request.POST.get("once", "")
            )
        except Refused as refusal:
            refused = str(refusal)
        else:
            undo = f"undo={reverse('conversations:unsplit', args=[made.note_id])}"
            messages.success(request, _("It is a conversation of its own now."), extra_tags=undo)
            return redirect(where(request, made.made))
    rows = queries.parting(request.user, conversation)
    several = sum(one.direction != "note" for one in rows) > 1
    context = _about(request, conversation) | {"rows": rows, "several": several, "chosen": chosen, "refused": refused}
    return render(request, "conversations/split.html", context, status=422 if refused else 200)


@require_POST
def unmerge(request: SignedIn, pk: int) -> HttpResponse:
    """From the message that tells of it."""
    message = queries.message(request.user, pk)
    conversation = actions.unmerge(by=request.user, message=message)
    messages.success(request, _("Two conversations again."))
    return redirect(where(request, conversation))


@require_POST
def unsplit(request: SignedIn, pk: int) -> HttpResponse:
    conversation = actions.unsplit(by=request.user, split=queries.split(request.user, pk))
    messages.success(request, _("One conversation again."))
    return redirect(where(request, conversation))


def _handled(request: SignedIn, pk: int) -> Conversation:
    conversation = queries.conversation(request.user, pk)
    if not access.may_handle(request.user, conversation):
        raise NotFound
    return conversation


def _about(request: SignedIn, conversation: Conversation) -> dict[str, Any]:
    given = request.POST.get("place") or request.GET.get("place", "")
    place = "inbox" if given == "inbox" and access.may_see_all(request.user) else "talk"
    page = "inbox_one" if place == "inbox" else "talk_one"
    back = reverse(f"conversations:{page}", args=[conversation.pk])
    return {"conversation": conversation, "contact": conversation.contact, "place": place, "back": back}
