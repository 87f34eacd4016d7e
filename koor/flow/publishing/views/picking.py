"""What of the library one can choose from while writing a post; the pieces for htmx."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from koor.flow.publishing.queries.picking import picking
from koor.ground.people.access import SignedIn


@require_GET
def pick(request: SignedIn) -> HttpResponse:
    """The finds, as one types. Opened by itself: the compose page, with the same search."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('publishing:compose')}?{request.GET.urlencode()}")
    return render(request, "publishing/compose_found.html", {"picked": picking(request.user, request.GET)})
