"""A finished post kept in the library as an example."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koor.flow.publishing import actions, queries
from koor.flow.publishing.views.posts import post_page
from koor.ground.people.access import SignedIn
from koor.kernel.access import Refused


@require_POST
def keep(request: SignedIn, pk: int) -> HttpResponse:
    """Keep it, with one sentence why for who made it."""
    found = queries.post(request.user, pk)
    try:
        made = actions.keep_example(by=request.user, post=found, why=request.POST.get("why", ""))
    except Refused as refused:
        return post_page(request, found, problem=str(refused), status=422)
    messages.success(request, _("It is in the library, as an example."))
    return redirect("hub:item", made.pk)
