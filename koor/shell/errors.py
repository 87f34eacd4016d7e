"""Error pages: what happened, what was kept, what to do. Programs get JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from koor.kernel.access import Forbidden, Refused


def page(request: HttpRequest, status: int, title: str, sentence: str = "") -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"status": status, "title": title, "sentence": sentence}}, status=status)
    return render(request, "shell/error.html", {"title": title, "sentence": sentence, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 400, _("That could not be read"), _("Go back and try again; what you typed is still there."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    sentence = exception.sentence if isinstance(exception, Forbidden) else ""
    return page(request, 403, _("This is not yours to do"), sentence or _("Ask the curator if you think it should be."))


def refused(request: HttpRequest, exception: Refused) -> HttpResponse:
    return page(request, 409, _("That can't be done"), str(exception))


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 404, _("Not found"), _("It is not here, or not for you to see."))


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500, _("Something broke on our side"), _("Nothing of yours was lost. Try again in a moment."))
