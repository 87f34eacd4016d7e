"""Signing in and the lock on an account, in our own words."""

from collections.abc import Callable

import pytest
from django.test import Client

from koor.ground.people.models import Person
from koor.kernel.models import Mail

Visit = Callable[[Person | None], Client]
ENGLISH = {"Accept-Language": "en"}
OPEN = (
    "login/",
    "logout/",
    "signup/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "inactive/",
)
OWN = ("password/change/", "2fa/", "reauthenticate/", "logout/")


@pytest.mark.parametrize("page", OPEN)
def test_pages_for_strangers(visit: Visit, house: object, page: str) -> None:
    client = visit(None)
    client.cookies["sessionid"] = ""
    answered = client.get(f"/sign-in/{page}", headers={"Accept-Language": "nl"})
    assert answered.status_code in {200, 302}
    if answered.status_code == 200:
        assert 'class="alone' in answered.content.decode()


@pytest.mark.parametrize("page", OWN)
def test_pages_of_one_s_own(visit: Visit, bram: Person, page: str) -> None:
    assert 'class="alone' in visit(bram).get(f"/sign-in/{page}").content.decode()


def test_signing_in(visit: Visit, bram: Person) -> None:
    client = visit(None)
    answered = client.post("/sign-in/login/", {"login": bram.email, "password": "a long enough password"})
    assert answered["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_wrong_password_says_so_without_saying_that_it_was_saved(visit: Visit, bram: Person) -> None:
    page = visit(None).post("/sign-in/login/", {"login": bram.email, "password": "something else"}).content.decode()
    assert "Not saved yet" not in page
    assert 'role="alert"' in page


def test_a_new_password_by_letter(visit: Visit, bram: Person) -> None:
    visit(None).post("/sign-in/password/reset/", {"email": bram.email})
    letter = Mail.objects.get()
    assert letter.to == bram.email
    link = next(word for word in letter.text.split() if word.startswith("http"))
    page = visit(None).get(link.split("testserver")[-1], follow=True, headers=ENGLISH)
    assert "Choose a new password" in page.content.decode()


def test_an_old_link_offers_a_new_one(visit: Visit, house: object) -> None:
    page = visit(None).get("/sign-in/password/reset/key/1-abc-def/", follow=True, headers=ENGLISH).content.decode()
    assert "This link no longer works" in page
