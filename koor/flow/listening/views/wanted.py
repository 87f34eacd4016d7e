"""What the audience wants: asked again and again, rising, thanked for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koor.flow.listening import access, actions, queries
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused


@require_GET
def wanted(request: SignedIn) -> HttpResponse:
    """What do they ask again and again?"""
    return render(request, "listening/wanted.html", {"wanted": queries.wanted(request.user)})


@require_POST
def wanted_wish(request: SignedIn) -> HttpResponse:
    """One wish of it, in one step; who knows is asked from there."""
    if not access.may_listen(request.user):
        raise NotFound
    said, there = queries.sent_along(request.user, request.POST.getlist("said"), most=200)
    sentence, once = request.POST.get("sentence", ""), request.POST.get("once", "")
    try:
        made = actions.note_wish_of_many(by=request.user, mentions=said, sentence=sentence, elsewhere=there, once=once)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("listening:wanted")
    messages.success(request, _("It is a wish now. Ask who knows."))
    return redirect("hub:wish", made.pk)


@require_POST
def no_question(request: SignedIn) -> HttpResponse:
    """This is no question: put it away, and what is like it."""
    if not access.may_listen(request.user):
        raise NotFound
    try:
        said, there = queries.sent_along(request.user, request.POST.getlist("said"), most=200)
        group = actions.put_away_question(by=request.user, mentions=said, elsewhere=there)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("listening:wanted")
    undo = reverse("listening:question_after_all", args=[group])
    done = _("Put away. What is like it does not come back either.")
    if request.POST.get("unread"):
        done = _("What you read of it is put away. What others read of it stays with them, until they put it away too.")
    messages.success(request, done, extra_tags=f"undo={undo}")
    return redirect("listening:wanted")


@require_POST
def question_after_all(request: SignedIn, group: UUID) -> HttpResponse:
    """The way back."""
    if not queries.group_put_away(request.user, group):
        raise NotFound
    actions.question_after_all(by=request.user, group=group)
    messages.success(request, _("It counts as a question again."))
    return redirect("listening:wanted")
