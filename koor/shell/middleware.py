"""What holds for every page: language, being signed in, and the two ways to say no."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from koor.kernel import audit, memory
from koor.kernel.access import Forbidden, Refused
from koor.shell import errors

Next = Callable[[HttpRequest], HttpResponse]


def language(get_response: Next) -> Next:
    """The colleague's own language; a stranger's as they chose, else by browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        own = request.user.language if request.user.is_authenticated else request.session.get("language")
        chosen = own or translation.get_language_from_request(request)
        with translation.override(chosen):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or chosen)
        return response

    return middleware


def signed_in(get_response: Next) -> Next:
    """Every page asks for sign-in unless its view says `login_not_required` (Django's decorator)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with audit.via("web"), memory.remembering():
            return get_response(request)

    def process_view(request: HttpRequest, view: Callable[..., HttpResponse], *_args: object) -> HttpResponse | None:
        open_to_all = not getattr(view, "login_required", True) or getattr(view, "__module__", "").startswith("allauth")
        if open_to_all or request.user.is_authenticated:
            return None
        return redirect_to_login(request.get_full_path())

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def refusals(get_response: Next) -> Next:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Forbidden):
            return errors.forbidden(request, exception)
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
