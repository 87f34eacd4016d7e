"""Bringing in a list of people outside."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koor.ground.contacts import access, actions
from koor.ground.contacts.forms import ListForm
from koor.ground.people import queries as colleagues
from koor.ground.people.access import SignedIn
from koor.ground.people.choices import ImportKind
from koor.kernel.access import require
from koor.kernel.forms import list_read
from koor.kernel.uploads import takes_up_to

MOST_BYTES = 120_000_000  # of a file with photos in it, as a phone with two thousand people gives


@takes_up_to(MOST_BYTES)
@require_http_methods(["GET", "POST"])
def bring_in(request: SignedIn) -> HttpResponse:
    require(access.may_import(request.user), _("The curator brings in lists."))
    form = ListForm(request.POST or None, request.FILES or None)
    draft = list_read(request, form, lambda name, data: actions.read_contacts(by=request.user, name=name, data=data))
    if draft is not None:
        return redirect("contacts:list", draft.pk)
    return render(request, "contacts/bring_in.html", {"form": form})


@require_http_methods(["GET", "POST"])
def brought(request: SignedIn, id: int) -> HttpResponse:
    """What was read, what is wrong with it, who is known; and the button that takes it in."""
    draft = colleagues.draft(request.user, id, ImportKind.CONTACTS)
    if request.method == "POST":
        draft = actions.take_in_contacts(by=request.user, draft=draft)
        return redirect("contacts:list", draft.pk)
    rows = actions.checked_contacts(draft)
    context = {
        "draft": draft,
        "fine": [row for row, problems, known in rows if not problems and not known and not row.falls_with],
        "together": [row for row, _problems, _known in rows if row.falls_with],
        "known": [(row, known) for row, problems, known in rows if known and not problems],
        "wrong": [(row, problems) for row, problems, _known in rows if problems],
    }
    return render(request, "contacts/brought.html", context)
