"""A picture with an answer: brought along in the form, or chosen from the library. Every step is a form that keeps
what was typed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koor.flow.conversations import access, queries
from koor.flow.conversations.forms import AnswerForm
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.views.pages import show, where
from koor.flow.hub import actions as hub_actions
from koor.flow.hub import queries as hub
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.reasons import MediaTrouble, Reason
from koor.flow.hub.models import Medium
from koor.flow.publishing.actions.checks import Fresh
from koor.flow.publishing.forms import kept_pictures
from koor.flow.publishing.queries import picking
from koor.flow.publishing.queries.compose import picture, with_renditions
from koor.ground.people.access import SignedIn
from koor.kernel.access import Refused
from koor.kernel.uploads import too_large

MOST = 4  # brought along at once

Shown = list[tuple[Medium, str]]


def along(request: SignedIn) -> Fresh:
    """What goes along with an answer. A file is opened only when the answer is really made; the same form again is
    known by what was in its files."""
    chosen = [f"{pk}:{alt}" for pk, alt in kept_pictures(request.POST)]
    brought = [f"{_digest(one)}:{request.POST.get('picture_alt', '').strip()}" for one in _files(request)]
    return Fresh([*chosen, *brought], lambda: _opened(request))


def kept(request: SignedIn) -> Shown:
    """The same for a page that comes back; without a file that can't be opened."""
    try:
        return _opened(request)
    except (Refused, MediaTrouble):
        return _chosen(request)


def _opened(request: SignedIn) -> Shown:
    for name in too_large(request):
        raise Refused(f"{name}: {_(Reason.FILM_TOO_LARGE.sentence)}", code="too_large")
    alt = request.POST.get("picture_alt", "").strip()
    files = [Photo(one.name or "", one) for one in _files(request)]
    try:
        fresh = [with_renditions(hub_actions.add_picture(by=request.user, photo=one, alt=alt)) for one in files]
    except MediaTrouble as trouble:  # what was typed stays; the picture comes again
        sentence = _("That did not work just now. Try it again in a moment.")
        raise Refused(sentence, code="picture", field="picture") from trouble
    return [*_chosen(request), *((one, alt) for one in fresh)]


def _chosen(request: SignedIn) -> Shown:
    return [(picture(request.user, pk, {}), alt) for pk, alt in kept_pictures(request.POST)]


def _files(request: SignedIn) -> list[UploadedFile[bytes]]:
    return request.FILES.getlist("picture")[:MOST]


def _digest(file: UploadedFile[bytes]) -> str:
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    file.seek(0)
    return found.hexdigest()


@require_http_methods(["GET", "POST"])
def pictures(request: SignedIn, pk: int) -> HttpResponse:
    """Choose from the library, and back to the answer with it."""
    conversation = queries.conversation(request.user, pk)
    if request.method == "GET":
        return redirect(where(request, conversation))
    shown = kept(request)
    if request.POST.get("do") in ("look", "back"):
        return _back(request, conversation, shown)
    context = {
        "conversation": conversation,
        "picked": _with_pictures(picking.picking(request.user, request.POST)),
        "pictures": shown,
        "place": request.POST.get("place", ""),
        "text": request.POST.get("text", ""),
        "last_message": request.POST.get("last_message", ""),
    }
    return render(request, "conversations/pick_pictures.html", context)


def _with_pictures(picked: picking.Picked) -> picking.Picked:
    """A text or a link brings nothing along, and says so instead of being ticked in vain."""
    without = _("There is no picture in this.")
    rows = [(item, hindrance or ("" if item.media.all() else without)) for item, hindrance in picked.rows]
    return replace(picked, rows=rows)


def _back(request: SignedIn, conversation: Conversation, shown: Shown) -> HttpResponse:
    there = {medium.pk for medium, _alt in shown}
    for item in picking.taken(request.user, request.POST.getlist("take")):
        media: list[Any] = [one for one in item.media.all() if one.pk not in there]
        shown += [(one, one.alt or hub.suggested_alt(item)) for one in media]
    place = "inbox" if request.POST.get("place") == "inbox" and access.may_see_all(request.user) else "talk"
    form = AnswerForm(initial={"text": request.POST.get("text", "")})
    return show(request, conversation, place=place, forms={"answer_form": form, "pictures": shown})
