"""Tokens, errors and pages of the API. A token acts as its colleague, with all that this colleague may do."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

import koor
from koor.ground.people.access import SignedIn
from koor.ground.people.actions import note_token_use
from koor.ground.people.models import Person
from koor.ground.people.queries import token_of
from koor.kernel import audit
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.once import KeyReused

MOST = 100  # rows a page


class Problem(Schema):
    """What went wrong, in a sentence for people and a code for programs."""

    status: int
    code: str
    sentence: str
    field: str = ""


PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class Token(HttpBearer):
    """`Authorization: Bearer koor_…`, made on one's own page or with `koor token create`."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        found = token_of(token)
        if found is None:
            return None
        note_token_use(by=found.person, token=found)
        request.user = found.person
        return found.person


api = NinjaAPI(
    title="Koor",
    version=koor.__version__,
    description="What a colleague may do in the house, a program may do with that colleague's token.",
    auth=Token(),
    docs_url=None,
    urls_namespace="api",
)


WRONG = {  # by how pydantic's kinds of mistakes end, the narrower first
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("This is not asked for here."),
    "too_long": gettext_lazy("This is too long."),
    "too_short": gettext_lazy("This is too short."),
    "literal_error": gettext_lazy("This is not one of the choices."),
    "enum": gettext_lazy("This is not one of the choices."),
    "greater_than": gettext_lazy("This number is too small."),
    "greater_than_equal": gettext_lazy("This number is too small."),
    "less_than": gettext_lazy("This number is too large."),
    "less_than_equal": gettext_lazy("This number is too large."),
    "_type": gettext_lazy("Something of another kind is asked for here."),
    "_parsing": gettext_lazy("This can't be read as what is asked for here."),
}

UNREAD = {  # what the library says of it is English alone
    400: ("not_readable", gettext_lazy("This can't be read as what is asked for here.")),
    401: ("no_token", gettext_lazy("This wants a token that is still good: Authorization: Bearer koor_…")),
}


def in_their_language(request: HttpRequest) -> override:
    """Of the colleague whose token it is; else as the program asks."""
    return override(getattr(request.user, "language", "") or get_language())


def problem(request: HttpRequest, status: int, code: str, sentence: str, field: str = "") -> HttpResponse:
    return api.create_response(
        request, Problem(status=status, code=code, sentence=sentence, field=field), status=status
    )


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(request, 409 if isinstance(error, KeyReused) else 422, error.code, str(error), error.field)


@api.exception_handler(Forbidden)
def forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    with in_their_language(request):
        return problem(request, 403, "forbidden", error.sentence or _("This is not yours to do."))


@api.exception_handler(NotFound)
def not_found(request: HttpRequest, error: NotFound) -> HttpResponse:
    with in_their_language(request):
        return problem(request, 404, "not_found", _("It is not here, or not for you to see."))


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {"msg": "", "loc": ()}
    field = ".".join(str(part) for part in first.get("loc", ())[1:])
    with in_their_language(request):
        return problem(request, 422, "not_valid", _in_words(str(first.get("type", ""))), field)


def _in_words(kind: str) -> str:
    """What is wrong with a field, by the kind that the library names; its own words are English alone."""
    for ending, sentence in WRONG.items():
        if kind.endswith(ending):
            return str(sentence)
    return _("This can't be read.")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code, sentence = UNREAD.get(error.status_code, ("error", str(error)))
    with in_their_language(request):
        return problem(request, error.status_code, code, str(sentence))


def spoken(view: Any) -> Any:
    """Run an operation in the colleague's language, written down as having come in by the API."""

    @wraps(view)
    def run(request: SignedIn, *args: Any, **kwargs: Any) -> Any:
        with override(request.user.language), audit.via("api"):
            return view(request, *args, **kwargs)

    return run
