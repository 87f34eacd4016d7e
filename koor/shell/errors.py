"""Error pages: what happened, what was kept, what to do. Programs get JSON.

The page asks nothing of the database and knows no person, so that it can be shown when all else fails."""

import errno
import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from psycopg.errors import DiskFull

from koor.kernel.access import Forbidden, Refused

Words = str | Promise


CODES = {400: "not_readable", 403: "forbidden", 404: "not_found", 409: "refused", 413: "too_large"}
CODES |= {500: "broken", 507: "full"}


def page(request: HttpRequest, status: int, title: Words, happened: Words = "", *, kept: Words = "") -> HttpResponse:
    if request.path.startswith("/api/"):
        code = CODES.get(status, "error")
        return JsonResponse(
            {"status": status, "code": code, "sentence": str(happened or title), "field": ""}, status=status
        )
    context = {"title": title, "happened": happened, "kept": kept, "status": status, "back": _back(request)}
    context["news"] = request.path.startswith("/newsroom/")  # who reads along there has no first page
    return HttpResponse(render_to_string("shell/error.html", context), status=status)


def _back(request: HttpRequest) -> str:
    """The page of this house that one came from."""
    came_from = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/" if _known_host(request) else "-"
    return came_from if came_from.startswith(own) and came_from != request.build_absolute_uri() else ""


def _known_host(request: HttpRequest) -> bool:
    try:
        return bool(request.get_host())
    except Exception:  # a host name that this house does not answer to
        return False


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return page(
        request,
        400,
        _("That could not be read"),
        _("The page sent something that Koor does not understand. Go back and try again."),
        kept=_("Nothing was changed."),
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    sentence = exception.sentence if isinstance(exception, Forbidden) else ""
    return page(
        request,
        403,
        _("This is not yours to do"),
        sentence or _("Ask the curator if you think it should be."),
        kept=_("Nothing was changed."),
    )


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the browser kept no cookie, or the page was open since before signing in."""
    return page(
        request,
        403,
        _("This page was open for too long"),
        _("Go back, load the page again and send it once more. Does it keep happening, then allow cookies for Koor."),
        kept=_("Nothing was changed. Copy what you typed before you load the page again."),
    )


def refused(request: HttpRequest, exception: Refused) -> HttpResponse:
    return page(request, 409, _("That can't be done"), str(exception), kept=_("Everything else is as it was."))


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(
        request, 404, _("Not found"), _("It is not here, or not for you to see. Perhaps somebody moved or removed it.")
    )


def not_allowed(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        405,
        _("This address works differently"),
        _("It can't be opened or sent in this way. Start again from the page where you were."),
        kept=_("Nothing was changed."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        413,
        _("That is too much at once"),
        _("The text or the files are larger than Koor takes in one go. Send less at a time, or a smaller file."),
        kept=_("Nothing was saved. What you filled in is still on the page that you came from."),
    )


def too_often(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(
        request,
        429,
        _("A little slower, please"),
        _("This was tried too often in a short time. Wait a few minutes and try again."),
        kept=_("Nothing was changed."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return of_machine(request, sys.exc_info()[1]) or page(
        request,
        500,
        _("Something broke on our side"),
        _("It was written down for the administrator. Try again in a moment."),
        kept=_("What was saved before is still there. What you just sent was not saved."),
    )


def of_machine(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """What lies below the house: a disk that is full, or a database that does not answer."""
    if error and is_full(error):
        return full(request)
    return resting(request) if isinstance(error, OperationalError) else None


def is_full(error: BaseException) -> bool:
    """Whether there is no room on a disk: of the database, or of the files."""
    cause = error.__cause__ if isinstance(error, OperationalError) else error
    return isinstance(cause, DiskFull) or (isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT))


def full(request: HttpRequest) -> HttpResponse:
    """Everything can still be read."""
    return page(
        request,
        507,
        _("The disk of the house is full"),
        _("Nothing new fits until the administrator makes room. Tell them; what is there can be read."),
        kept=_("What was saved before is still there. What you just sent was not saved."),
    )


def resting(request: HttpRequest) -> HttpResponse:
    """The database does not answer: mostly a restart, over in seconds."""
    response = page(
        request,
        503,
        _("The house is just starting again"),
        _("Koor can't reach its memory at this moment. Mostly that is over within a minute."),
        kept=_("What was saved before is still there. What you just sent was not saved."),
    )
    response.headers["Retry-After"] = "20"
    return response


# Answers of Django and its packages that come as a bare line get the same page.
DRESSED: dict[int, Callable[[HttpRequest], HttpResponse]] = {405: not_allowed, 413: too_large, 429: too_often}
