"""Front stage: a photo, one sentence, who is in it, done. And what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import actions, logic, queries
from koor.flow.hub.choices import Agrees
from koor.flow.hub.forms import ROWS, CaptureForm, in_picture, who_rows
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.sniff import HEAD_BYTES, picture_format
from koor.flow.hub.models import Prompt
from koor.ground.people.access import SignedIn
from koor.kernel import paging
from koor.kernel.access import NotFound, Refused
from koor.kernel.uploads import too_large


@require_http_methods(["GET", "POST"])
def capture(request: SignedIn) -> HttpResponse:
    """The page behind *Show*. Its script sends `Accept: application/json` and gets an address or sentences."""
    if request.method == "POST":
        return _take_in(request)
    prompt = _prompt(request, request.GET.get("prompt", ""))
    start = queries.capture_start(request.user)
    first = {"client_id": uuid.uuid4(), "project": start.project, "prompt": prompt.pk if prompt else None}
    form = CaptureForm(request.user, initial=first)
    return _page(request, form, start=start, prompt=prompt, rows=[])


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
        "answers": Agrees.choices,
        "names": [name for name, _who in queries.known_names(request.user)],
        "waiting": queries.waiting(request.user),
        "most": logic.MAX_PHOTOS,
        "projects": projects,
        "project_id": project_id,
        "chosen": next((one for one in projects if str(one.pk) == project_id), None),
        **more,
    }
    return render(request, "hub/capture.html", context, status=422 if form.errors else 200)


def _take_in(request: SignedIn) -> HttpResponse:
    form = CaptureForm(request.user, request.POST)
    rows = who_rows(request.POST)
    photos, problems = sorted_photos(request)
    for problem in problems if not photos else ():
        form.add_error(None, problem)
    if form.is_valid():
        try:
            made = _captured(request, form, rows, photos)
        except Refused as refused:
            known = refused.field in form.fields
            form.add_error(refused.field if known else None, str(refused))
        except OSError:
            form.add_error(
                None, _("The house could not keep this photo. Try again in a moment; your words are still here.")
            )
        else:
            for problem in problems:
                messages.warning(request, problem)
            return _went(request, reverse("hub:captured", args=[made.pk]))
    if wants_json(request):
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"sentences": sentences}, status=422)
    return _page(request, form, start=None, prompt=_prompt(request, request.POST.get("prompt", "")), rows=rows)


def _captured(request: SignedIn, form: CaptureForm, rows: list[tuple[str, str]], photos: list[Photo]) -> Any:
    project = form.cleaned_data["project"]
    return actions.capture(
        by=request.user,
        photos=photos,
        sentence=form.cleaned_data["sentence"],
        project=project,
        portrayed=in_picture(rows, queries.known_names(request.user, project)),
        client_id=form.fresh_id(),
        prompt=_prompt(request, form.cleaned_data["prompt"]),
    )


def sorted_photos(request: SignedIn, field: str = "photos") -> tuple[list[Photo], list[str]]:
    """The photos of a form, and a sentence for each file that is none, seen by its first bytes."""
    problems = [f"{name}: {_(Reason.TOO_MANY_BYTES.sentence)}" for name in too_large(request)]
    photos = []
    for file in request.FILES.getlist(field):
        assert isinstance(file, UploadedFile)
        try:
            picture_format(file.read(HEAD_BYTES))
        except PictureRefused as refusal:
            problems.append(f"{file.name}: {_(refusal.reason.sentence)}")
        else:
            photos.append(Photo(str(file.name), file))
    return photos, problems


def wants_json(request: SignedIn) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _went(request: SignedIn, address: str) -> HttpResponse:
    return JsonResponse({"url": address}, status=201) if wants_json(request) else redirect(address)


@require_GET
def captured(request: SignedIn, pk: int) -> HttpResponse:
    """One's own capture: received, ready or refused, and the way back."""
    found = queries.capture(request.user, pk)
    return render(request, "hub/captured.html", {"capture": found, "reason": queries.reason_sentence(found)})


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
    messages.success(request, _("Taken back. Nobody sees it any more."), extra_tags=undo)
    return redirect("hub:mine")


@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    actions.restore_capture(by=request.user, capture=queries.capture(request.user, pk))
    messages.success(request, _("It is back."))
    return redirect("hub:captured", pk)


@require_GET
def with_me(request: SignedIn) -> HttpResponse:
    """Pictures that one is in, with the answer that only oneself can change."""
    page = paging.page(queries.portrayals_of(request.user), request)
    return render(request, "hub/with_me.html", {"page": page, "answers": Agrees.choices})
