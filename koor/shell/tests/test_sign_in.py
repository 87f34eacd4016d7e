"""Signing in and the lock on an account, in our own words."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth import urls as of_allauth
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, resolve, reverse
from django.utils.http import int_to_base36

from koor.ground.people import actions as people
from koor.ground.people.models import Person
from koor.kernel import audit
from koor.kernel.models import AuditEntry, Mail
from koor.shell import own_provider

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
    """The link leads to the house, whatever name of it the stranger asked by."""
    visit(None).post("/sign-in/password/reset/", {"email": bram.email})
    letter = Mail.objects.get()
    assert letter.to == bram.email
    link = next(word for word in letter.text.split() if word.startswith("http"))
    assert (link.startswith(f"{settings.KOOR_URL}/sign-in/"), "testserver" in letter.subject) == (True, False)
    client = visit(None)
    page = client.get(link.removeprefix(settings.KOOR_URL), follow=True, headers=ENGLISH)
    assert "Choose a new password" in page.content.decode()
    client.post(
        page.redirect_chain[-1][0], {"password1": "another long password", "password2": "another long password"}
    )
    assert audit.sentence(AuditEntry.objects.get()) == "Bram Wolters chose a new password, by a letter"


def test_another_address_takes_the_old_one_out_of_signing_in(
    visit: Visit, ada: Person, bram: Person, newcomer: Person
) -> None:
    """allauth keeps a list of addresses of its own: who asks for a new password is written down in it."""
    old = bram.email
    visit(None).post("/sign-in/password/reset/", {"email": old})
    assert "/sign-in/password/reset/key/" in Mail.objects.get().text
    people.change_email(by=ada, person=bram, email="wolters@reurslag.example")
    Mail.objects.all().delete()
    visit(None).post("/sign-in/password/reset/", {"email": old})
    (no_account,) = Mail.objects.all()
    assert ("/sign-in/password/reset/key/" in no_account.text, no_account.way_in) == (False, False)
    client = visit(None)
    client.post("/sign-in/login/", {"login": old, "password": "a long enough password"})
    assert "_auth_user_id" not in client.session
    people.change_email(by=ada, person=newcomer, email=old)
    Mail.objects.all().delete()
    visit(None).post("/sign-in/password/reset/", {"email": old})
    letter = Mail.objects.get()
    assert (letter.to, letter.way_in) == (old, True)
    assert f"/key/{int_to_base36(newcomer.pk)}-" in letter.text


def test_an_old_link_offers_a_new_one(visit: Visit, house: object) -> None:
    page = visit(None).get("/sign-in/password/reset/key/1-abc-def/", follow=True, headers=ENGLISH).content.decode()
    assert "This link no longer works" in page


# What of allauth is open here. A page that it gets one day is shut until somebody has looked at it.
USED = {
    *("account_login", "account_logout", "account_inactive", "account_signup", "account_reauthenticate"),
    *("account_change_password", "account_set_password"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn"),
    *("mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
    *("openid_connect_login", "openid_connect_callback"),
}


def names_of(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        found |= names_of(pattern.url_patterns) if isinstance(pattern, URLResolver) else {pattern.name or ""}
    return found - {""}


def address_of(name: str) -> str:
    for given in ([], ["key"], [1], ["1", "key"]):
        try:
            return reverse(name, args=given)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def test_only_the_pages_that_are_used_are_open() -> None:
    open_pages = {name for name in names_of(of_allauth.urlpatterns) if not is_shut(address_of(name))}
    assert open_pages == USED


def is_shut(address: str) -> bool:
    return resolve(address).func is own_provider.nothing_here


def test_nobody_takes_another_address(visit: Visit, bram: Person) -> None:
    """Who is who at the organisation's own provider hangs on it."""
    taken = visit(bram).post("/sign-in/email/", {"email": "directeur@reurslag.example", "action_add": ""})
    assert taken.status_code == 404
    visit(bram).post("/sign-in/email/", {"email": "directeur@reurslag.example", "action_primary": ""})
    bram.refresh_from_db()
    assert (bram.email, Mail.objects.count()) == ("bram@reurslag.example", 0)


def test_what_one_changes_of_signing_in_is_in_the_trail(
    visit: Visit, bram: Person, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    visit(None).post("/sign-in/password/reset/", {"email": bram.email})  # anybody can; it shuts nobody out of a lock
    client = visit(bram)
    client.post("/sign-in/reauthenticate/", {"password": "a long enough password"})
    assert client.get("/sign-in/2fa/webauthn/add/").status_code == 200
    secret = client.get("/sign-in/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/sign-in/2fa/totp/activate/", {"code": code_of(secret)})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/sign-in/2fa/totp/deactivate/")
    new = {
        "oldpassword": "a long enough password",
        "password1": "one more long word",
        "password2": "one more long word",
    }
    client.post("/sign-in/password/change/", new)
    said = [audit.sentence(entry) for entry in AuditEntry.objects.filter(actor_id=bram.pk).order_by("pk")]
    assert said[-1] == "Bram Wolters chose another password"
    assert "Bram Wolters put a lock on their account: a code from an app" in said
    assert "Bram Wolters took a lock off their account: a code from an app" in said


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
