"""Looking at the faces in a picture: what the house proposes, what a person confirms, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from koor.flow.hub import actions, queries
from koor.flow.hub.forms import places_of
from koor.flow.hub.media.boxes import Box
from koor.flow.hub.media.faces import can_look
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.hub.models import Portrayed
from koor.flow.hub.views.library import frame
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused


@require_GET
def look(request: SignedIn, pk: int) -> HttpResponse:
    return _page(request, queries.looked_at(request.user, pk))


def _page(request: SignedIn, looked: queries.Looked, problem: str = "", places: Sequence[Box] = ()) -> HttpResponse:
    blank = [("", "", "", "")] * 3
    for one in looked.open:
        one.ticked = one.box in places if problem else not looked.settled
    proposed = [one.box for one in looked.open]
    drawn = [place for place in places if place not in proposed]
    context = {
        **_shared(request, looked),
        "problem": problem,
        "drawn": [*(tuple(f"{part * 100:.1f}" for part in place) for place in drawn), *blank],
        "can_look": can_look(),
        "alike": queries.still_seen_alike(request.user, looked),
    }
    return render(request, "hub/faces.html", context, status=422 if problem else 200)


def _shared(request: SignedIn, looked: queries.Looked) -> dict[str, object]:
    medium = looked.medium
    back = reverse("hub:item", args=[medium.item_id]) if medium.item_id else reverse("hub:mine")
    maker = medium.by or (medium.item.by if medium.item else None)
    return {"looked": looked, "medium": medium, "back": back, "maker": maker, "frame": frame(request)}


@require_POST
def blur(request: SignedIn, pk: int) -> HttpResponse:
    """First what was chosen is shown, asked once more; then it is done."""
    looked = queries.looked_at(request.user, pk)
    places, wrong = places_of(request.POST, (one.face for one in looked.open))
    if wrong:
        return _page(request, looked, _("One of these places is not in the picture. Look at its numbers."), places)
    if not places:
        return _page(request, looked, _("Choose or draw at least one place to blur."))
    if "sure" not in request.POST:
        return _ask(request, looked, places)
    try:
        unseen = _named(request, looked)
        once = request.POST.get("once", "")
        actions.blur_faces(by=request.user, medium=looked.medium, places=places, unseen=unseen, once=once)
    except Refused as refused:
        return _page(request, looked, str(refused), places)
    except MediaTrouble:
        return _page(request, looked, _("That did not work just now. Try it again in a moment."), places)
    messages.success(request, _("Blurred, in every size that we have. Look once more whether a face was missed."))
    return redirect("hub:faces", pk)


def _ask(request: SignedIn, looked: queries.Looked, places: Sequence[Box]) -> HttpResponse:
    wide, high = looked.medium.width or 1, looked.medium.height or 1
    number = len(places)
    context = {
        **_shared(request, looked),
        "marks": [place.dots(wide, high) for place in places],
        "places": [",".join(str(part) for part in place) for place in places],
        "sentence": ngettext(
            "One place becomes a few blocks of colour, in every size that we have.",
            "%(number)s places become a few blocks of colour, in every size that we have.",
            number,
        )
        % {"number": number},
        "days": people.house().unblurred_days,
        "named": [one for one in looked.people if not one.hidden],
    }
    return render(request, "hub/blur.html", context)


def _named(request: SignedIn, looked: queries.Looked) -> list[Portrayed]:
    """The people of the item who were ticked."""
    ticked = set(request.POST.getlist("unseen"))
    return [one.row for one in looked.people if str(one.row.pk) in ticked]


@require_POST
def agree(request: SignedIn, pk: int) -> HttpResponse:
    looked = queries.looked_at(request.user, pk)
    actions.agree_faces(by=request.user, medium=looked.medium)
    messages.success(request, _("Noted: nobody in it needs blurring."))
    return redirect("hub:item", looked.medium.item_id) if looked.medium.item_id else redirect("hub:faces", pk)


@require_POST
def who(request: SignedIn, pk: int) -> HttpResponse:
    looked = queries.looked_at(request.user, pk)
    try:
        actions.tell_unseen(by=request.user, medium=looked.medium, unseen=_named(request, looked))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted."))
    return redirect("hub:faces", pk)


@never_cache
@require_GET
def as_it_was(request: SignedIn, pk: int) -> HttpResponse:
    """The picture from before blurring, for its uploader alone."""
    content = actions.open_unblurred(by=request.user, medium=queries.medium(request.user, pk))
    response = HttpResponse(content, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    medium = queries.medium(request.user, pk)
    try:
        actions.restore_unblurred(by=request.user, medium=medium)
    except Refused as refused:
        messages.error(request, str(refused))
    except MediaTrouble:
        messages.error(request, _("That did not work just now. Try it again in a moment."))
    except NotFound:
        messages.error(request, _("The picture as it was is gone, or not yours."))
    else:
        messages.success(request, _("It is as it was. Look again who needs blurring."))
    return redirect("hub:faces", pk)
