"""One picture of an item: what it is about, and how it is cut to the shapes of platforms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koor.flow.hub import access, actions, queries
from koor.flow.hub.forms import FocusForm
from koor.flow.hub.models import Item, Medium
from koor.flow.hub.views.library import frame
from koor.ground.people.access import SignedIn
from koor.kernel.access import Refused


@require_http_methods(["GET", "POST"])
def crop(request: SignedIn, pk: int, medium: int) -> HttpResponse:
    """Point at what it is about; each shape follows."""
    item = queries.item(request.user, pk)
    if not access.may_edit_item(request.user, item):
        return redirect("hub:item", pk)
    picture = queries.picture_of_item(request.user, item, medium)
    form = FocusForm(picture, request.POST or None)
    if request.method == "POST" and (form.is_valid() or "middle" in request.POST):
        said = (None, {}) if "middle" in request.POST else (form.focus(), form.cuts())
        try:
            actions.set_focus(by=request.user, item=item, medium=picture, focus=said[0], cuts=said[1])
        except Refused as refused:
            form.add_error("x", str(refused))
        else:
            messages.success(request, _("Saved. Every place gets its own cut of it."))
            return redirect("hub:crop" if "look" in request.POST else "hub:item", *_where(request, item, picture))
    return _page(request, item, picture, form)


def _where(request: SignedIn, item: Item, picture: Medium) -> list[int]:
    return [item.pk, picture.pk] if "look" in request.POST else [item.pk]


def _page(request: SignedIn, item: Item, picture: Medium, form: FocusForm) -> HttpResponse:
    whole = queries.rendition(picture, width=1000)
    others = [one for one in item.media.all() if one.pk != picture.pk and queries.whole_picture(one)]
    context = {
        "item": item,
        "medium": picture,
        "whole": whole,
        "form": form,
        "shapes": [(one, form.of_shape(one.shape)) for one in queries.shapes_of(request.user, picture)],
        "others": others,
        "frame": frame(request),
    }
    return render(request, "hub/crop.html", context, status=422 if form.errors else 200)
