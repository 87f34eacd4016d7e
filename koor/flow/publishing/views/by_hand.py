"""One row that needs a person: to post it by hand, to say whether it is up, or to tell what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koor.flow.publishing import actions
from koor.flow.publishing.forms import EffectForm, LinkForm, MomentForm
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import by_hand as queries
from koor.flow.publishing.queries import links, post, standing, target
from koor.flow.publishing.queries.previews import preview_of
from koor.flow.publishing.views.posts import as_it_went
from koor.ground.people.access import SignedIn
from koor.kernel import files
from koor.kernel.access import NotFound, Refused


@require_GET
def row(request: SignedIn, pk: int) -> HttpResponse:
    """What waits for a person: to post it by hand, or to say whether it is up; and then what came of it."""
    return _page(request, target(request.user, pk))


def _page(
    request: SignedIn, found: Target, *, link: LinkForm | None = None, effect: EffectForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    page = post(request.user, found.post_id)
    found.post = page
    stands = standing.standing_of(request.user, found)
    tells = "effect" in stands.acts
    context = {
        "target": found,
        "post": page,
        "standing": stands,
        "form": link or LinkForm(),
        "move": MomentForm(),
        "effect": (effect or EffectForm(initial=_noted(found))) if tells else None,
        "names": queries.names_for(request.user) if tells else [],
        **_laid_ready(found, page),
    }
    return render(request, "publishing/row.html", context, status=status)


def _laid_ready(found: Target, page: Post) -> dict[str, Any]:
    """Words and pictures as they go into the app."""
    pictures = [(one.medium, one.alt) for one in page.media.all()]
    said = {"title": page.title, "link": links.link_of(found), "options": found.options, "went": as_it_went(found)}
    shown = preview_of(found.account, found.text, pictures=pictures, **said)
    chosen = str(found.options.get("shape", ""))
    cuts = [queries.cuts_on(found.account, medium, chosen) for medium, _alt in pictures]
    framed = [(*frame, cut) for frame, cut in zip(shown.framed, cuts, strict=True)]
    return {"pictures": framed, "preview": shown, "laid": shown.laid}


def _noted(found: Target) -> dict[str, Any]:
    effect = standing.effect_of(found)
    if effect is None:
        return {"url": found.url}
    who = queries.called(effect.contact) if effect.contact else ""
    return {"url": found.url, "reacted": effect.reacted, "said": effect.said, "who": who}


@require_GET
def row_picture(request: SignedIn, pk: int, medium: int) -> HttpResponse:
    """A picture of a row as its platform wants it, or in another shape that it takes: to save or to share."""
    found = target(request.user, pk)
    page = post(request.user, found.post_id)
    picture = next((one.medium for one in page.media.all() if one.medium_id == medium), None)
    if picture is None:
        raise NotFound
    offered = {one.shape for one in queries.cuts_on(found.account, picture)}
    shape = request.GET.get("shape", "")
    shape = shape if shape in offered else ""
    return redirect(files.url_of(actions.picture_to_save(by=request.user, target=found, medium=picture, shape=shape)))


@require_POST
def link(request: SignedIn, pk: int) -> HttpResponse:
    """It is up: by hand, or found by looking."""
    found = target(request.user, pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, found, link=form, status=422)
    try:
        actions.link_target(by=request.user, target=found, url=form.cleaned_data["url"])
    except Refused as refused:
        form.add_error("url" if refused.field == "link" else None, str(refused))
        return _page(request, found, link=form, status=409)
    messages.success(request, _("Thank you. It counts now."))
    return redirect("publishing:post", found.post_id)


@require_POST
def effect(request: SignedIn, pk: int) -> HttpResponse:
    """What came of it."""
    found = target(request.user, pk)
    form = EffectForm(request.POST)
    if not form.is_valid():
        return _page(request, found, effect=form, status=422)
    try:
        actions.note_effect(by=request.user, target=found, **form.cleaned_data)
    except Refused as refused:
        field = {"link": "url"}.get(refused.field, refused.field)
        form.add_error(field if field in form.fields else None, str(refused))
        return _page(request, found, effect=form, status=409)
    messages.success(request, _("Thank you. It stands with the post."))
    return redirect("publishing:post", found.post_id)
