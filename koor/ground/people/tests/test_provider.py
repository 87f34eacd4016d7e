"""The organisation's own way of signing in: looked at before it is believed, and nobody comes in by a mere claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from pytest_httpserver import HTTPServer

from koor.ground.people import actions
from koor.ground.people.logic import provider as papers
from koor.ground.people.logic.provider import Claims
from koor.ground.people.models import House, Person, Provider
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

DOCUMENT = "/.well-known/openid-configuration"
BRAM = Claims(uid="7", email="Bram@reurslag.example", verified=True, name="Bram Wolters")


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port}")
    return httpserver


def says(site: HTTPServer, status: int = 200, **more: Any) -> str:
    """What the provider tells about itself from now on; its issuer."""
    issuer = site.url_for("")
    document = {"issuer": issuer, **{name: f"{issuer}/{name}" for name in papers.ENDPOINTS}, **more}
    site.clear()
    site.expect_request(DOCUMENT).respond_with_json(document, status=status)
    return issuer


@pytest.fixture
def believed(site: HTTPServer, house: House) -> Callable[..., Provider]:
    """Arranged by the house itself: `believed(admits_unknown=True)`."""

    def arrange(**fields: Any) -> Provider:
        given = {"issuer": says(site), "client_id": "koor", "secret": "s3cret", "label": "Sign in with Reurslag"}
        return actions.set_provider(by=SYSTEM, **(given | fields))

    return arrange


def refusal(deed: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        deed()
    return str(refused.value.code)


def test_only_an_administrator_decides_whose_word_is_taken(bram: Person, believed: Callable[..., Provider]) -> None:
    believed()
    for deed in (
        lambda: actions.look_at_provider(by=bram, issuer="https://evil.example"),
        lambda: actions.set_provider(by=bram, issuer="https://evil.example", client_id="x", label="x", secret="x"),
        lambda: actions.forget_links(by=bram),
        lambda: actions.remove_provider(by=bram),
    ):
        with pytest.raises(Forbidden):
            deed()
    assert Provider.objects.get().client_id == "koor"


def test_a_provider_that_will_not_do_is_refused_with_the_reason(site: HTTPServer, ada: Person) -> None:
    def look(issuer: str) -> str:
        return refusal(lambda: actions.look_at_provider(by=ada, issuer=issuer))

    assert look("login.example.org") == look("https://[") == "address"
    assert look("http://127.0.0.1:9/") == "unreachable"
    assert look(says(site, status=404)) == "status"
    assert look(says(site, issuer="https://other.example")) == "issuer"
    assert look(says(site, token_endpoint="")) == "missing"
    assert look(says(site, response_types_supported=["id_token"])) == "missing"
    for page in ("<html>", "[1]"):
        site.clear()
        site.expect_request(DOCUMENT).respond_with_data(page)
        assert look(site.url_for("")) == "no_document"
    assert actions.look_at_provider(by=ada, issuer=f" {says(site)}{DOCUMENT} ") == site.url_for("")


def test_the_secret_stays_for_the_same_client_alone(site: HTTPServer, believed: Callable[..., Provider]) -> None:
    assert refusal(lambda: believed(label=" ")) == "empty"
    assert refusal(lambda: believed(secret="")) == "secret"
    sealed = bytes(believed().secret)
    assert b"s3cret" not in sealed
    assert bytes(believed(secret="", label="Come in").secret) == sealed
    assert refusal(lambda: believed(secret="", client_id="another")) == "secret"
    off = believed(is_on=False, issuer="https://moved.example", secret="new")
    assert (off.issuer, off.is_on) == ("https://moved.example", False)  # kept without a look
    assert AuditEntry.objects.filter(verb="people.set_provider").count() == 3


def test_recognised_by_a_verified_address_and_then_by_number(believed: Callable[..., Provider], bram: Person) -> None:
    bram.joined_at = None
    bram.save()
    believed()
    assert actions.come_in(by=SYSTEM, claims=BRAM) == bram
    bram.refresh_from_db()
    assert bram.joined_at is not None
    moved = Claims(uid="7", email="somebody@else.example", verified=False, name="")
    assert actions.come_in(by=SYSTEM, claims=moved) == bram
    assert SocialAccount.objects.count() == 1


def test_who_does_not_come_in(believed: Callable[..., Provider], bram: Person) -> None:
    def comes(**claims: Any) -> str:
        return refusal(lambda: actions.come_in(by=SYSTEM, claims=Claims(**(BRAM.__dict__ | claims))))

    assert comes() == "off"
    believed()
    assert comes(verified=False) == comes(email="") == "unverified"
    assert comes(email="nora@elsewhere.example") == "stranger"
    actions.come_in(by=SYSTEM, claims=BRAM)
    assert comes(uid="8") == "other_link"
    bram.is_active = False
    bram.save()
    assert comes() == comes(uid="8") == "left"
    told = AuditEntry.objects.filter(verb="people.refuse_by_provider")
    assert (told.count(), SocialAccount.objects.count()) == (7, 1)


def test_somebody_new_where_the_house_wants_that(believed: Callable[..., Provider]) -> None:
    believed(admits_unknown=True, trusts_addresses=True)
    for number, (name, called) in enumerate({"=Nora  Nobody": "Nora Nobody", "": "nora1", "+": "nora2"}.items()):
        claims = Claims(uid=str(number), email=f"nora{number}@elsewhere.example", verified=False, name=name)
        person = actions.come_in(by=SYSTEM, claims=claims)
        assert (person.name, person.roles) == (called, [])


def test_who_is_whom_is_forgotten_when_the_provider_moves_or_goes(
    believed: Callable[..., Provider], ada: Person, bram: Person
) -> None:
    assert actions.forget_links(by=ada) == 0
    actions.remove_provider(by=ada)  # nothing there, nothing happens
    believed()
    for deed in (
        lambda: actions.forget_links(by=ada),
        lambda: believed(is_on=False, issuer="https://moved.example"),
        lambda: actions.remove_provider(by=ada),
    ):
        believed()
        actions.come_in(by=SYSTEM, claims=BRAM)
        deed()
        assert not SocialAccount.objects.exists()
    assert not Provider.objects.exists()


def test_two_papers_speak_of_one_person() -> None:
    paper = {"sub": "7", "email": " bram@reurslag.example ", "email_verified": "true", "name": "Bram"}
    assert papers.read_claims(paper, {"sub": "8"}) is None
    assert papers.read_claims({}, {}) is None
    assert papers.read_claims(paper, {}) == Claims("7", "bram@reurslag.example", True, "Bram")
    other = papers.read_claims(paper, {"sub": "7", "email": "other@reurslag.example"})
    assert other == Claims("7", "other@reurslag.example", False, "Bram")  # proof of one paper is none of the other
