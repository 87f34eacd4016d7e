"""Links and hashtags: how the house does it, what was followed; and the short addresses themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from koor.flow.publishing import access, actions
from koor.flow.publishing.forms import MannerForm, TagSetForm
from koor.flow.publishing.logic import linking
from koor.flow.publishing.queries import links as found
from koor.ground.people.access import SignedIn
from koor.kernel.access import SYSTEM, Refused, require


@require_GET
def links(request: SignedIn) -> HttpResponse:
    require(access.may_link(request.user), _("Ask the curator or the administrator."))
    return _page(request)


def _page(request: SignedIn, status: int = 200, **forms: Any) -> HttpResponse:
    how = found.manner()
    first = {"tags": how.tags, "medium": how.medium, "short": how.short, "hub": how.hub}
    context = {
        "form": MannerForm(initial=first),
        "new": TagSetForm(),
        "sets": found.tag_sets(),
        "followed": found.most_followed(request.user),
        **forms,
    }
    return render(request, "publishing/links.html", context, status=status)


@require_POST
def manner(request: SignedIn) -> HttpResponse:
    form = MannerForm(request.POST)
    if not form.is_valid():
        return _page(request, 422, form=form)
    try:
        actions.set_manner(by=request.user, **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _page(request, 422, form=form)
    messages.success(request, _("Kept. It holds for what is let go from now on."))
    return redirect("publishing:links")


@require_POST
def keep_tags(request: SignedIn) -> HttpResponse:
    form = TagSetForm(request.POST)
    try:
        actions.keep_tags(by=request.user, name=request.POST.get("name", ""), tags=request.POST.get("tags", "")[:2000])
    except Refused as refused:
        form.is_valid()
        form.add_error("tags", str(refused))
        return _page(request, 422, new=form)
    messages.success(request, _("Kept."))
    return redirect("publishing:links")


@require_POST
def drop_tags(request: SignedIn, pk: int) -> HttpResponse:
    actions.drop_tags(by=request.user, tag_set=found.tag_set(request.user, pk))
    messages.success(request, _("Gone."))
    return redirect("publishing:links")


@login_not_required
@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """A short address of ours: on to the link of the post that it belongs to, and nowhere else."""
    link = found.followed(code)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if linking.is_reader(request.method or "", headers):
        actions.count_click(by=SYSTEM, link=link)
    answer = HttpResponseRedirect(link.url)
    answer["Cache-Control"] = "private, max-age=0"
    answer["X-Robots-Tag"] = "noindex"
    return answer
