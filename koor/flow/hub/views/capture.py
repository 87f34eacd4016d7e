"""Front stage: a photo, one sentence, who is in it, done. And what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from os import SEEK_END
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import actions, logic, queries
from koor.flow.hub.choices import Agrees, Use, Where
from koor.flow.hub.forms import ROWS, CaptureForm, in_picture, who_rows
from koor.flow.hub.logic import Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.models import Prompt
from koor.flow.hub.views.phone import offered
from koor.ground.people.access import SignedIn
from koor.kernel import paging, resumable
from koor.kernel.access import NotFound, Refused
from koor.kernel.models import Upload
from koor.kernel.resumable import UploadTrouble
from koor.kernel.uploads import takes_up_to, too_large


@takes_up_to(allowed.LARGEST)
@require_http_methods(["GET", "POST"])
def capture(request: SignedIn) -> HttpResponse:
    """The page behind *Show*. Its script sends `Accept: application/json` and gets an address or sentences."""
    if request.method == "POST":
        return _take_in(request)
    prompt = _prompt(request, request.GET.get("prompt", ""))
    start = _start(request)
    first = {"client_id": uuid.uuid4(), "project": start.project, "prompt": prompt.pk if prompt else None}
    form = CaptureForm(request.user, initial=first)
    return _page(request, form, start=start, prompt=prompt, rows=[])


def _start(request: SignedIn) -> queries.Start:
    """What the page knows beforehand; who comes with an occasion of a project shows that project."""
    key = request.GET.get("occasion", "")
    due = queries.occasion_now(request.user, key) if key else None
    choices = queries.project_choices(request.user) if due is not None and due.project else ()
    project = next((one for one in choices if due is not None and one.pk == due.project), None)
    return queries.Start(project, "mine") if project is not None else queries.capture_start(request.user)


def _prompt(request: SignedIn, asked: str) -> Prompt | None:
    """The question that this photo answers; none when it can't be read."""
    try:
        return queries.prompt(request.user, int(asked))
    except (NotFound, ValueError, OverflowError):
        return None


def _page(request: SignedIn, form: CaptureForm, *, rows: list[tuple[str, str]], **more: Any) -> HttpResponse:
    blank = max(1, ROWS - len(rows))
    project = form["project"].value()
    projects = list(queries.project_choices(request.user))
    project_id = str(getattr(project, "pk", project) or "")
    context = {
        "form": form,
        "rows": [*rows, *[("", Agrees.ASK)] * blank],
        "names": [name for name, _who in queries.known_names(request.user)],
        "companions": (known := queries.companions(request.user)),
        "companions_of": project_id if project_id in known else "any",
        "waiting": queries.waiting(request.user),
        **offered(),
        "projects": projects,
        "project_id": project_id,
        "chosen": next((one for one in projects if str(one.pk) == project_id), None),
        **more,
    }
    return render(request, "hub/capture.html", context, status=422 if form.errors else 200)


def _take_in(request: SignedIn) -> HttpResponse:
    if _of_another(request):
        return JsonResponse({"code": "other_person"}, status=409)
    form = CaptureForm(request.user, _without_lost_project(request))
    rows = who_rows(request.POST)
    photos, problems = sorted_photos(request)
    try:
        pieces = resumable.finished(request.user.pk, request.POST.getlist("upload"))
    except UploadTrouble as trouble:
        return _went_before(request, form) or JsonResponse({"code": trouble.code}, status=409)
    sort_files([(one.name, resumable.path_of(one).open("rb")) for one in pieces], photos, problems)
    for problem in problems if not photos else ():
        form.add_error(None, problem)
    if form.is_valid() and (went := _kept(request, form, rows, photos)):
        if went.status_code < 400:
            _tidy(request, pieces, problems)
        return went
    if wants_json(request):
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"sentences": sentences}, status=422)
    return _page(request, form, start=None, prompt=_prompt(request, request.POST.get("prompt", "")), rows=rows)


def _of_another(request: SignedIn) -> bool:
    """Another signed in since it was taken."""
    return request.POST.get("person", str(request.user.pk)) != str(request.user.pk)


def _tidy(request: SignedIn, pieces: list[Upload], problems: list[str]) -> None:
    for problem in problems:
        messages.warning(request, problem)
    for one in pieces:
        resumable.drop(one)


def _without_lost_project(request: SignedIn) -> QueryDict:
    """A photo that waited on a phone longer than its project stood open goes without it."""
    data = request.POST.copy()
    known = {str(one.pk) for one in queries.project_choices(request.user)} if data.get("upload") else None
    if known is not None and data.get("project") not in known:
        data["project"] = ""
    return data


def _went_before(request: SignedIn, form: CaptureForm) -> HttpResponse | None:
    """The pieces are gone because this capture arrived already, and only the answer was lost."""
    made = queries.capture_sent_as(request.user, form.fresh_id()) if form.is_valid() else None
    return _went(request, reverse("hub:captured", args=[made.pk])) if made else None


def _kept(
    request: SignedIn, form: CaptureForm, rows: list[tuple[str, str]], photos: list[Photo]
) -> HttpResponse | None:
    """The way on; None when it was refused, with the reason in the form."""
    try:
        made = _captured(request, form, rows, photos)
    except Refused as refused:
        known = refused.field in form.fields
        form.add_error(refused.field if known else None, str(refused))
    except OSError:
        if request.POST.get("upload"):  # still on the phone, which tries again
            return JsonResponse({"code": "no_room"}, status=507)
        form.add_error(
            None, _("The house could not keep this photo. Try again in a moment; your words are still here.")
        )
    else:
        return _went(request, reverse("hub:captured", args=[made.pk]))
    return None


def _captured(request: SignedIn, form: CaptureForm, rows: list[tuple[str, str]], photos: list[Photo]) -> Any:
    project, prompt = form.cleaned_data["project"], _prompt(request, form.cleaned_data["prompt"])
    made = actions.capture(
        by=request.user,
        photos=photos,
        sentence=form.cleaned_data["sentence"],
        project=project,
        portrayed=in_picture(rows, queries.known_names(request.user, project)),
        client_id=form.fresh_id(),
        prompt=prompt,
        taken_at=form.moment(),
    )
    if prompt is not None and prompt.closed_at is not None:
        messages.warning(request, _("That question is closed by now. Your photo came in without it."))
    return made


def sorted_photos(request: SignedIn, field: str = "photos") -> tuple[list[Photo], list[str]]:
    """The photos of a form, and a sentence for each file that is none, seen by its first bytes."""
    problems = [f"{name}: {_(Reason.FILM_TOO_LARGE.sentence)}" for name in too_large(request)]
    photos: list[Photo] = []
    sort_files([(str(file.name), file) for file in request.FILES.getlist(field)], photos, problems)
    return photos, problems


def sort_files(files: Iterable[tuple[str, Any]], photos: list[Photo], problems: list[str]) -> None:
    """Adds each file to the photos, or a sentence to the problems."""
    for name, file in files:
        try:
            head, size = file.read(allowed.HEAD_BYTES), file.seek(0, SEEK_END)
            allowed.check(head, size)
        except PictureRefused as refusal:
            problems.append(f"{name}: {_(refusal.reason.sentence)}")
        else:
            photos.append(Photo(name, file))


def wants_json(request: SignedIn) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _went(request: SignedIn, address: str) -> HttpResponse:
    return JsonResponse({"url": address}, status=201) if wants_json(request) else redirect(address)


@require_GET
def captured(request: SignedIn, pk: int) -> HttpResponse:
    """One's own capture: received, ready or refused, and the way back."""
    found = queries.capture(request.user, pk)
    portrayed = queries.shown_to(
        request.user, found.portrayed.select_related("capture", "person", "contact").order_by("pk")
    )
    context = {"capture": found, "reason": queries.reason_sentence(found), "portrayed": portrayed}
    return render(request, "hub/captured.html", context)


@require_GET
def mine(request: SignedIn) -> HttpResponse:
    """What one showed, and what became of it."""
    page = paging.page(queries.captures_of(request.user), request)
    for one in page.rows:
        one.why = queries.reason_sentence(one)
    return render(request, "hub/mine.html", {"page": page, "days": logic.UNDO_DAYS})


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.capture(request.user, pk)
    actions.withdraw_capture(by=request.user, capture=found)
    undo = f"undo={reverse('hub:restore', args=[pk])}" if found.media.all() else ""
    used = queries.was_used(found)
    gone = _("Taken back. Wherever it is up it is taken away.") if used else _("Taken back. Nobody sees it any more.")
    messages.success(request, gone, extra_tags=undo)
    return redirect("hub:captured", pk) if used else redirect("hub:mine")


@require_POST
def withdraw_sent(request: SignedIn, client_id: uuid.UUID) -> HttpResponse:
    """Removed on the phone, which never heard that it had arrived. Nothing to do when it had not."""
    if _of_another(request):
        return JsonResponse({"code": "other_person"}, status=409)
    found = queries.capture_sent_as(request.user, client_id)
    if found is not None:
        actions.withdraw_capture(by=request.user, capture=found)
    return HttpResponse(status=204)


@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.capture(request.user, pk)
    actions.restore_capture(by=request.user, capture=found)
    used = queries.was_used(found)
    messages.success(
        request, _("It is back. What was taken away elsewhere does not come back.") if used else _("It is back.")
    )
    return redirect("hub:captured", pk)


@require_POST
def try_again(request: SignedIn, pk: int) -> HttpResponse:
    """Once more, what the house gave up."""
    actions.try_capture_again(by=request.user, capture=queries.capture(request.user, pk))
    messages.success(request, _("The house tries it again. It goes on by itself."))
    return redirect("hub:captured", pk)


@require_GET
def with_me(request: SignedIn) -> HttpResponse:
    """Pictures that one is in, with the answer that only oneself can change."""
    page = paging.page(queries.portrayals_of(request.user), request)
    return render(request, "hub/with_me.html", {"page": page, "uses": Use.choices, "places": Where.choices})
