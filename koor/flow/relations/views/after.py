"""After the project: whom I could be in touch with, with a reason, and the tap that does it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.relations import access, actions, queries
from koor.flow.relations.choices import Reason
from koor.flow.relations.forms import AfterForm
from koor.ground.contacts import queries as contacts
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


@require_GET
def after(request: SignedIn) -> HttpResponse:
    """The projects after which it is my moment."""
    shown = page(queries.after_projects(request.user), request, per=12)
    found = queries.proposals(request.user, shown.rows)
    return render(request, "relations/after.html", {"page": shown, "proposals": found})


@require_http_methods(["GET", "POST"])
def write(request: SignedIn, project: int) -> HttpResponse:
    """One proposal: the letter as a first draft, the picture beside it; one tap sends it."""
    about = contacts.project(request.user, project)
    form = AfterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            row = actions.write_after(by=request.user, project=about, text=form.cleaned_data["text"])
            said = _("On its way to %(name)s. An answer comes to your own mailbox.")
            messages.success(request, said % {"name": row.contact.first_name})
            return redirect("relations:after")
    found = queries.proposal(request.user, project)
    if not form.is_bound:
        form = AfterForm(initial={"text": found.text})
    return render(
        request, "relations/after_one.html", _context(request, found, form), status=422 if form.errors else 200
    )


def _context(request: SignedIn, found: queries.Proposal, form: AfterForm) -> dict[str, Any]:
    contact = found.contact
    return {
        "form": form,
        "one": found,
        "contact": contact,
        "text": form["text"].value() or "",
        "may_mail": access.may_mail(request.user, contact),
        "by_hand_picture": found.reason == Reason.PHOTO and found.shown is not None and not found.shown.address,
        "number": contacts.spelling("phone", contact.phone).removeprefix("+") if contact.phone else "",
    }


@require_POST
def told(request: SignedIn, project: int) -> HttpResponse:
    """I was in touch myself."""
    row = actions.told_after(
        by=request.user, project=contacts.project(request.user, project), kind=request.POST.get("kind", "")
    )
    messages.success(request, _("Noted. It stands in the story of %(name)s.") % {"name": row.contact.first_name})
    return redirect("relations:after")


@require_POST
def pass_over(request: SignedIn, project: int) -> HttpResponse:
    never = "never" in request.POST
    row = actions.pass_after(by=request.user, project=contacts.project(request.user, project), never=never)
    undo = reverse("relations:after_undo", args=[row.pk])
    said = _("Koor does not come back to this project.") if never else _("Not this time.")
    messages.success(request, said, extra_tags=f"undo={undo}")
    return redirect("relations:after")


@require_POST
def undo(request: SignedIn, pk: int) -> HttpResponse:
    try:
        actions.undo_after(by=request.user, revisit=queries.revisit(request.user, pk))
    except (NotFound, Refused) as refused:
        messages.error(request, str(refused) or _("There is nothing to take back."))
    return redirect("relations:after")
