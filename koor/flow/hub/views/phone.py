"""What a phone needs to show work without signal: who is signed in, lists to choose from, the capture page without
anybody's words in it, and the service worker that opens it."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from koor.flow.hub import logic, queries
from koor.flow.hub.choices import Agrees
from koor.flow.hub.forms import ROWS, CaptureForm
from koor.flow.hub.media import allowed
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person

SCRIPTS = ("kernel/pieces.js", "hub/queue.js", "hub/worker.js", "kernel/push.js")
WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'"


@login_not_required
@require_GET
@never_cache
def phone(request: HttpRequest) -> HttpResponse:
    """Who is signed in and a token to send with; with `?lists=1` also what the page offers to choose from."""
    if not isinstance(request.user, Person):
        return JsonResponse({"code": "signed_out"}, status=401)
    said: dict[str, Any] = {"person": str(request.user.pk), "name": request.user.first_name}
    said["token"] = get_token(request)
    if "lists" in request.GET:
        said |= _lists(request)  # type: ignore[arg-type]
    return JsonResponse(said)


def _lists(request: SignedIn) -> dict[str, Any]:
    start = queries.capture_start(request.user)
    projects = queries.project_choices(request.user)
    return {
        "language": translation.get_language(),
        "projects": [{"id": str(one.pk), "name": one.name} for one in projects],
        "chosen": {"id": str(start.project.pk) if start.project else "", "how": start.how},
        "companions": queries.companions(request.user),
        "names": [name for name, _who in queries.known_names(request.user)],
    }


def offered() -> dict[str, Any]:
    """What the capture page says of files, the same with and without signal."""
    return {
        "most": logic.MAX_PHOTOS,
        "accept": allowed.ACCEPT,
        "accept_photos": allowed.ACCEPT_PHOTOS,
        "kinds": json.dumps([[allowed.BY_BROWSERS[kind], allowed.MOST_BYTES[kind]] for kind in allowed.OFFERED]),
        "answers": Agrees.choices,
        "voice_seconds": allowed.VOICE_SECONDS,
    }


@login_not_required
@require_GET
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The capture page as a phone keeps it: the same for everybody, so nothing of anybody is in it."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponse(_shell(language))
    response["Content-Language"] = language
    response["Cache-Control"] = "no-cache"
    return response


def _shell(language: str) -> str:
    """Rendered without the request: it has a person and a token."""
    with translation.override(language):
        context = {"form": CaptureForm(None), "rows": [("", Agrees.ASK)] * ROWS, "shell": True, **offered()}
        return render_to_string("hub/capture_shell.html", context)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """What another app shares is taken by the service worker; it comes here only when there is none yet."""
    if request.method == "POST":
        messages.warning(request, _("Koor was not ready for this yet. Open it once, then share the photo again."))
    return redirect("hub:capture")


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it is there for every page; another one whenever a file of it changes."""
    script = _worker() if settings.DEBUG else _worker_once()
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": WORKER_POLICY}
    return HttpResponse(script, content_type="text/javascript", headers=headers)


@lru_cache(maxsize=1)
def _worker_once() -> str:
    return _worker()


def _worker() -> str:
    pages = {language: _shell(language) for language, _name in settings.LANGUAGES}
    found = (re.findall(rf'(?:href|src)="({settings.STATIC_URL}[^"]+)"', page) for page in pages.values())
    needed = sorted({address for addresses in found for address in addresses})
    scripts = [static(name) for name in SCRIPTS]
    known = {
        "version": f"koor-{_digest([*pages.values(), *map(_content, [*needed, *scripts])])}",
        "shells": {language: reverse("hub:shell", args=[language]) for language in pages},
        "files": needed,
        "icon": static("shell/koor-192.png"),
        "language": settings.LANGUAGE_CODE,
    }
    return f"self.koor = {json.dumps(known)}\nimportScripts({', '.join(map(json.dumps, scripts))})\n"


def _content(address: str) -> str:
    """What an address stands for: its name when that changes with its content, else the content itself."""
    path = finders.find(address.removeprefix(settings.STATIC_URL))
    return address + (Path(str(path)).read_text(errors="replace") if path else "")


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:16]
