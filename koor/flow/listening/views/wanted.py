"""What the audience wants: asked again and again, rising, thanked for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koor.flow.listening import access, actions, queries
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
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
    ids = numbers.rows(request.POST.getlist("said"), most=200)
    found = {one.pk: one for one in queries.mentions_of(request.user, ids)}
    said = [found[pk] for pk in ids if pk in found]
    sentence, once = request.POST.get("sentence", ""), request.POST.get("once", "")
    try:
        made = actions.note_wish_of_many(by=request.user, mentions=said, sentence=sentence, once=once)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("listening:wanted")
    messages.success(request, _("It is a wish now. Ask who knows."))
    return redirect("hub:wish", made.pk)
