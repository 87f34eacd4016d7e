"""What was said before: bringing it in and choosing from it, inside; and the archive that everybody may read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from koor.flow.publishing import access, actions
from koor.flow.publishing.models import Archive
from koor.flow.publishing.queries import archive as archives
from koor.flow.publishing.views import newsroom
from koor.ground.people.access import SignedIn
from koor.ground.people.queries import house
from koor.kernel import numbers, paging, resumable
from koor.kernel.access import NotFound, Refused, require
from koor.kernel.resumable import MOST_BYTES, UploadTrouble
from koor.kernel.uploads import takes_up_to, too_large

FIRST_YEAR, LAST_YEAR = 1900, 2100


@takes_up_to(MOST_BYTES)
@require_http_methods(["GET", "POST"])
def archive(request: SignedIn) -> HttpResponse:
    """All that was brought in, and the way to bring in more."""
    require(access.may_archive(request.user), _("Ask the curator."))
    if request.method == "POST":
        return _bring_in(request)
    return _page(request)


def _page(request: SignedIn, problem: str = "", status: int = 200) -> HttpResponse:
    page = paging.page(archives.archives(request.user), request)
    context = {"page": page, "rows": page.rows, "problem": problem, "going": any(map(archives.is_going, page.rows))}
    return render(request, "publishing/archive.html", context, status=status)


def _bring_in(request: SignedIn) -> HttpResponse:
    """By a form that sends it whole, or by its handle when it came in pieces."""
    try:
        with _file(request) as (path, name):
            made, new = actions.bring_in(by=request.user, path=path, name=name)
    except Refused as refused:
        if "upload" in request.POST:
            return JsonResponse({"sentences": [str(refused)]}, status=422)
        return _page(request, str(refused), status=422)
    if not new:
        messages.info(request, _("You brought this file in before. Here is what came out of it."))
    where = reverse("publishing:one_archive", args=[made.pk])
    return JsonResponse({"url": where}, status=201) if "upload" in request.POST else redirect(where)


@contextmanager
def _file(request: SignedIn) -> Iterator[tuple[Path, str]]:
    if too_large(request):
        raise Refused(
            _("At most 500 MB this way. The administrator can bring in more: koor archive import."), code="large"
        )
    if handle := request.POST.get("upload", ""):
        try:
            [upload] = resumable.finished(request.user.pk, [handle])
        except UploadTrouble as trouble:
            raise Refused(_("The file did not come in whole. Try it again."), code=trouble.code) from trouble
        yield resumable.path_of(upload), upload.name or "archive.zip"
        resumable.drop(upload)
        return
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise Refused(_("Choose a file."), code="no_file")
    with NamedTemporaryFile(prefix="koor-archive-") as kept:
        for piece in sent.chunks():
            kept.write(piece)
        kept.flush()
        yield Path(kept.name), str(sent.name or "archive.zip")


@require_GET
def one(request: SignedIn, pk: int) -> HttpResponse:
    """One export: how far it is, what came out of it, and what everybody may read of it."""
    found = archives.archive(request.user, pk)
    year = _year(request.GET.get("year", ""))
    page = paging.page(archives.said_of(found, year), request, per=40)
    context: dict[str, Any] = {
        "archive": found,
        "why": archives.why_said(found.because) if found.because else "",
        "going": archives.is_going(found),
        "percent": 100 * found.done // found.total if found.total else 0,
        "years": archives.years_of(found),
        "year": year,
        "page": page,
        "rows": [(said, archives.line_of(said)) for said in page.rows],
        "unread": archives.unread_of(found),
        "unread_n": archives.how_many_unread(found),
    }
    return render(request, "publishing/one_archive.html", context)


def _year(asked: str) -> int | None:
    """A year that can be asked for; nothing else."""
    return int(asked) if asked.isdecimal() and len(asked) == 4 and FIRST_YEAR <= int(asked) <= LAST_YEAR else None


@require_POST
def choose(request: SignedIn, pk: int) -> HttpResponse:
    """Show to everybody, or not any more: all, a year, or what is ticked."""
    found = archives.archive(request.user, pk)
    what = request.POST.get("what", "")
    year = _year(what)
    only = numbers.rows(request.POST.getlist("said"), most=200) if what == "ticked" else None
    if what not in ("all", "ticked") and year is None:
        raise NotFound
    hides = request.POST.get("do") == "hide"
    n = (actions.hide_said if hides else actions.show_said)(by=request.user, archive=found, year=year, only=only)
    _tell(request, n, hides)
    back = reverse("publishing:one_archive", args=[pk])
    asked = _year(request.GET.get("year", ""))
    return redirect(f"{back}?year={asked}" if asked else back)


def _tell(request: SignedIn, n: int, hides: bool) -> None:
    if hides:
        said = ngettext("%(n)s is private again.", "%(n)s are private again.", n)
    else:
        said = ngettext("%(n)s stands in the archive for everybody.", "%(n)s stand in the archive for everybody.", n)
    messages.success(request, said % {"n": n}) if n else messages.info(request, _("Nothing was changed."))


@require_http_methods(["GET", "POST"])
def drop(request: SignedIn, pk: int) -> HttpResponse:
    found: Archive = archives.archive(request.user, pk)
    if request.method == "POST":
        actions.drop_archive(by=request.user, archive=found)
        messages.success(request, _("Gone, with everything that came out of it."))
        return redirect("publishing:archive")
    return render(request, "publishing/drop_archive.html", {"archive": found})


# ── For everybody ────────────────────────────────────────────────────────────────────────────────────────────────────


@login_not_required
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Everything that the house ever said in the open, also on platforms that are gone."""
    year = _year(request.GET.get("year", ""))
    page = paging.page(archives.everything(year), request, per=20)
    with override(house().language):
        context = {
            "page": page,
            "rows": archives.lines(page.rows),
            "years": archives.years(),
            "year": year,
            "address": newsroom.absolute(reverse("publishing:everything")),
        }
        return newsroom.public(request, render(request, "publishing/newsroom/archive.html", context))


@login_not_required
@require_safe
def said(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing that was said before."""
    found = archives.line_of(archives.shown(pk))
    with override(house().language):
        context = {"one": found, "address": newsroom.absolute(found.url)}
        context["image"] = newsroom.absolute(found.pictures[0].url) if found.pictures else ""
        return newsroom.public(request, render(request, "publishing/newsroom/said.html", context))
