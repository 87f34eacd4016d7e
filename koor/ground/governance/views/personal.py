"""What is kept on a person: one page a person, to read and to take along."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koor.ground.governance import access, actions, queries
from koor.ground.people.access import SignedIn
from koor.kernel import audit, files
from koor.kernel.access import NotFound
from koor.kernel.personal import COLLEAGUE, Subject


@require_GET
def overview(request: SignedIn) -> HttpResponse:
    """Look somebody up."""
    words = request.GET.get("q", "")
    found = queries.personal.looked_for(request.user, words)
    return render(request, "governance/personal_data.html", {"q": words, "found": found})


@require_GET
def mine(request: SignedIn) -> HttpResponse:
    """Me: what Koor keeps on myself."""
    return _page(request, queries.personal.own(request.user))


@require_GET
def one(request: SignedIn, kind: str, id: int) -> HttpResponse:
    subject = queries.personal.person_held(request.user, kind, id)
    if subject.pk != id:
        return redirect("governance:personal_one", kind, subject.pk)
    return _page(request, subject)


def _page(request: SignedIn, subject: Subject) -> HttpResponse:
    own = subject.kind == COLLEAGUE and subject.pk == request.user.pk
    if not own:
        actions.personal.look(by=request.user, subject=subject)
    kept = queries.personal.kept_on(request.user, subject)
    context = {
        "subject": subject,
        "own": own,
        "kept": kept,
        "looks": [(entry, audit.sentence(entry)) for entry in kept.looks],
        "may_erase": subject.kind != COLLEAGUE and access.may_erase_personal(request.user),
        "place": "people:me" if own else "",
    }
    response = render(request, "governance/personal.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def export(request: SignedIn, kind: str, id: int) -> HttpResponse:
    """Make it ready to take along."""
    subject = queries.personal.person_held(request.user, kind, id)
    made = actions.personal.ask_export(by=request.user, subject=subject, once=request.POST.get("once", ""))
    if made.ready_at:
        messages.success(request, _("It is ready: take it along below."))
    else:
        messages.success(request, _("It is being made. It stands here in a few minutes."))
    if subject.kind == COLLEAGUE and subject.pk == request.user.pk:
        return redirect("governance:personal_mine")
    return redirect("governance:personal_one", kind, subject.pk)


@require_GET
def take_along(request: SignedIn, id: int) -> StreamingHttpResponse:
    """The file itself."""
    found = queries.personal.export(request.user, id)
    stored = found.file
    if stored is None:
        raise NotFound
    actions.personal.take_along(by=request.user, found=found)
    response = StreamingHttpResponse(files.part(stored, 0, stored.size), content_type="application/zip")
    response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = f'attachment; filename="{stored.name}"'
    response["Cache-Control"] = "no-store"
    return response
