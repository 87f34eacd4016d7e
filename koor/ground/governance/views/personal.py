"""What is kept on a person: one page a person, to read and to take along."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.governance import access, actions, queries
from koor.ground.people.access import SignedIn
from koor.kernel import audit, files, numbers
from koor.kernel.access import NotFound, Refused
from koor.kernel.personal import COLLEAGUE, Subject


@require_GET
def overview(request: SignedIn) -> HttpResponse:
    """Look somebody up."""
    words = request.GET.get("q", "")
    found = queries.personal.looked_for(request.user, words)
    context = {
        "q": words,
        "found": found,
        "erasures": [
            (one, queries.erasing.done(one), queries.erasing.still_there(one))
            for one in queries.personal.erasures(request.user)
        ],
        "holds": queries.personal.holds_now(request.user),
        "may_erase": access.may_erase_personal(request.user),
    }
    return render(request, "governance/personal_data.html", context)


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
        "may_erase": queries.personal.may_go(subject) and access.may_erase_personal(request.user),
        "place": "people:me" if own else "governance:personal",
    }
    response = render(request, "governance/personal.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def erase(request: SignedIn, kind: str, id: int) -> HttpResponse:
    """What will go, what will be nameless and what stays; then it is done."""
    subject = queries.personal.person_to_erase(request.user, kind, id)
    if request.method == "POST":
        actions.erasing.ask_erasure(by=request.user, subject=subject, names="names" in request.POST)
        messages.success(request, _("It is being done. In a few minutes stands here, under Erased, what was done."))
        return redirect("governance:personal")
    kept = queries.personal.kept_on(request.user, subject)
    context = {
        "subject": subject,
        "kept": kept,
        "fates": queries.erasing.fates(kept, kind),
        "left": queries.erasing.left(subject),
        "place": "governance:personal",
    }
    return render(request, "governance/erase.html", context)


@require_POST
def hold(request: SignedIn, kind: str, id: int) -> HttpResponse:
    """It must be kept for now, or no longer."""
    subject = queries.personal.person_to_erase(request.user, kind, id)
    if "release" in request.POST:
        actions.erasing.release(by=request.user, subject=subject)
        messages.success(request, _("It may go again."))
    else:
        try:
            actions.erasing.hold(by=request.user, subject=subject, reason=request.POST.get("reason", ""))
            messages.success(request, _("It stays until you say otherwise."))
        except Refused as refused:
            messages.error(request, str(refused))
    return redirect("governance:personal_one", kind, subject.pk)


@require_POST
def let_back(request: SignedIn) -> HttpResponse:
    """Somebody who was erased comes back by themselves."""
    platform, value = request.POST.get("platform", ""), request.POST.get("value", "")
    if actions.erasing.let_back(by=request.user, platform=platform, value=value):
        messages.success(request, _("This address may be written down again."))
    else:
        messages.error(request, _("Nobody with this address was erased here."))
    return redirect("governance:personal")


@require_http_methods(["GET", "POST"])
def terms(request: SignedIn) -> HttpResponse:
    """How long each kind of thing is kept, and what would go now."""
    kinds = queries.terms.kinds(request.user)
    if request.method == "POST":
        for kind in kinds:
            chosen = numbers.row(request.POST.get(kind.key, ""))
            actions.terms.set_term(by=request.user, kind=kind.key, days=chosen)
        messages.success(request, _("Kept."))
        return redirect("governance:personal_terms")
    context = {
        "kinds": kinds,
        "would_go": sum(kind.would_go for kind in kinds),
        "choices": [(days, _as_said(days)) for days in actions.terms.CHOICES],
        "may_erase": access.may_erase_personal(request.user),
    }
    return render(request, "governance/terms.html", context)


def _as_said(days: int) -> str:
    """A term as people say it: whole years, else days."""
    years, rest = divmod(days, 365)
    if rest or not years:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


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
