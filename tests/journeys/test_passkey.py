"""A passkey: set up on one's own account, and then the way in; under the strict content policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from koor.ground.people.models import Person
from tests.journeys.conftest import Visitor

PASSWORD = "a long enough password"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_add_a_passkey_and_come_in_with_it(screen: Callable[..., Visitor], bram: Person) -> None:
    visitor = screen(None, width=390)
    page = visitor.page
    phone = visitor.context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})

    visitor.go("/sign-in/login/?next=/sign-in/2fa/")
    page.get_by_label("Email").fill(bram.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="It is me").click()
    page.get_by_label("Name").fill("my phone")
    if page.get_by_label("Passwordless").count():
        page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("The key is added.")).to_be_visible()

    visitor.go("/sign-in/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Hello Bram")).to_be_visible()
    assert visitor.complaints == []
