"""What holds for every page: language, being signed in, and the two ways to say no."""

from collections.abc import Callable
from time import thread_time
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, DataError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from koor.ground.governance import permissions
from koor.ground.people import queries
from koor.ground.people.models import Person
from koor.kernel import audit, memory, together
from koor.kernel.access import Forbidden, Refused
from koor.shell import errors

Next = Callable[[HttpRequest], HttpResponse]
BARE = 200  # bytes; an answer of Django's own that is only a line


def is_for_program(response: HttpResponse) -> bool:
    return not response.headers.get("Content-Type", "").startswith("text/html")


def timed(get_response: Next) -> Next:
    """Tells a colleague's browser how much of the processor an answer took: an open page asks less often where that is
    much. A stranger has nothing to measure."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = thread_time()
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers["Server-Timing"] = f"work;dur={(thread_time() - began) * 1000:.1f}"
        return response

    return middleware


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
            _ask_at_once(request.user)
            with timezone.override(_zone()):
                return get_response(request)

    def process_view(request: HttpRequest, view: Callable[..., HttpResponse], *_args: object) -> HttpResponse | None:
        open_to_all = not getattr(view, "login_required", True) or getattr(view, "__module__", "").startswith("allauth")
        asks_itself = request.path.startswith("/api/")  # by token
        if open_to_all or asks_itself or request.user.is_authenticated:
            return None
        return redirect_to_login(request.get_full_path())

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _ask_at_once(person: Person | AnonymousUser) -> None:
    """What nearly every page asks, in one statement: the house, and what this colleague's roles allow."""
    try:
        chosen = permissions.chosen_for(person) if isinstance(person, Person) else None
        houses, allowed = together.lists(queries.houses(), chosen)
    except DatabaseError:  # no memory to ask; the page will tell
        return
    if houses:
        memory.keep(queries.house, houses[0])
    if isinstance(person, Person):
        permissions.keep(person, allowed)


def _zone() -> ZoneInfo:
    """Pages tell time as the clock of the organisation does."""
    try:
        return ZoneInfo(queries.house().zone)
    except (Refused, DatabaseError):  # no house yet, or no memory to ask
        return ZoneInfo("UTC")


def _nothing_by_a_nul(request: HttpRequest, *_args: object) -> HttpResponse | None:
    """PostgreSQL keeps no NUL in a text, so nothing is found by one."""
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return errors.not_found(request)
    return None


def refusals(get_response: Next) -> Next:
    """Every no becomes a page that says what happened, what was kept and what to do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        dress = errors.DRESSED.get(response.status_code)
        if dress and not response.streaming and len(response.content) < BARE and not is_for_program(response):
            dressed = dress(request)
            for header in ("Allow", "Retry-After"):
                if header in response.headers:
                    dressed.headers[header] = response.headers[header]
            return dressed
        return response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError) and "NUL" in str(exception):
            return errors.bad_request(request)
        if isinstance(exception, Forbidden):
            return errors.forbidden(request, exception)
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        return errors.of_machine(request, exception)

    middleware.process_view = _nothing_by_a_nul  # type: ignore[attr-defined]
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
