"""Every no is a page that says what happened, what was kept and what to do; a program gets JSON."""

import errno
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from psycopg.errors import DiskFull

from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.shell import errors, middleware

Visit = Callable[[Person | None], Client]


no_room = OperationalError("could not extend file")  # as Django raises it
no_room.__cause__ = DiskFull("could not extend file")


@pytest.fixture
def request_() -> HttpRequest:
    return RequestFactory().get("/somewhere/")


@pytest.fixture(autouse=True)
def _in_english_and_nothing_tried_before() -> Iterator[None]:
    with translation.override("en"):
        yield
    cache.clear()


def said(response: HttpResponse) -> str:
    return response.content.decode()


def test_not_found(visit: Visit, bram: Person) -> None:
    answered = visit(bram).get("/no-such-page/")
    assert answered.status_code == 404
    assert "It is not here, or not for you to see." in said(answered)


def test_a_way_back_to_where_one_was(visit: Visit, bram: Person) -> None:
    answered = visit(bram).get("/no-such-page/", headers={"Referer": "http://testserver/search/"})
    assert 'href="http://testserver/search/"' in said(answered)


def test_no_way_back_to_another_house(visit: Visit, bram: Person) -> None:
    answered = visit(bram).get("/no-such-page/", headers={"Referer": "https://elsewhere.example/"})
    assert "elsewhere" not in said(answered)


def test_wrong_method_keeps_what_is_allowed(visit: Visit, bram: Person) -> None:
    answered = visit(bram).get("/language/")
    assert answered.status_code == 405
    assert answered["Allow"] == "POST"
    assert "This address works differently" in said(answered)


def test_form_without_token(bram: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bram)
    answered = client.post("/language/", {"language": "nl"})
    assert answered.status_code == 403
    assert "open for too long" in said(answered)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Forbidden("Only Marloes may."), 403, "Only Marloes may."),
        (Refused("The slot is taken."), 409, "The slot is taken."),
        (OperationalError("gone"), 503, "just starting again"),
        (no_room, 507, "The disk of the house is full"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "what is there can be read"),
        (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), 400, "Nothing was changed"),
    ],
)
def test_what_a_view_raises(request_: HttpRequest, error: Exception, status: int, words: str) -> None:
    catch = middleware.refusals(lambda request: HttpResponse())
    answered = catch.process_exception(request_, error)  # type: ignore[attr-defined]
    assert answered.status_code == status
    assert words in said(answered)


def test_other_errors_are_left_alone(request_: HttpRequest) -> None:
    catch = middleware.refusals(lambda request: HttpResponse())
    assert catch.process_exception(request_, ValueError()) is None  # type: ignore[attr-defined]


def test_too_large(request_: HttpRequest) -> None:
    answered = errors.bad_request(request_, RequestDataTooBig())
    assert answered.status_code == 413
    assert "Nothing was saved" in said(answered)


def test_broken(request_: HttpRequest) -> None:
    assert errors.server_error(request_).status_code == 500
    try:
        raise OperationalError("no connection")
    except OperationalError:
        answered = errors.server_error(request_)
    assert answered.status_code == 503
    assert answered["Retry-After"] == "20"
    try:
        raise no_room
    except OperationalError:
        assert errors.server_error(request_).status_code == 507


def test_a_program_gets_json() -> None:
    answered = errors.not_found(RequestFactory().get("/api/v1/nothing"))
    assert answered["Content-Type"] == "application/json"


def test_a_json_answer_is_not_dressed(request_: HttpRequest) -> None:
    bare = middleware.refusals(lambda request: HttpResponse("{}", status=429, content_type="application/json"))
    assert said(bare(request_)) == "{}"


def test_the_sixth_wrong_password_has_to_wait(house: object) -> None:
    client = Client(headers={"Accept-Language": "en"})
    wrong = {"login": "bram@reurslag.example", "password": "not this one"}
    pages = [said(client.post("/sign-in/login/", wrong)) for _ in range(6)]
    assert "tried too often" in pages[5]
    assert "tried too often" not in pages[4]


@pytest.mark.parametrize("address", ["/posts/?q=%00", "/search/?q=%00x", "/library/?q=%00", "/files/%00/%00"])
def test_a_sign_that_no_text_holds_finds_nothing(
    visit: Callable[[Person | None], Client], marloes: Person, address: str
) -> None:
    assert visit(marloes).get(address).status_code == 404
