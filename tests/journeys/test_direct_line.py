"""The customer of the essay reaches the technician whom she trusts, on a page of her own; the technician falls ill; the
stand-in answers without asking again; and her line shows it all. In a real browser, the customer without an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.models import Conversation, Repeat
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people import actions as people
from koor.ground.people.models import Person
from koor.ground.people.queries import today
from koor.kernel.access import SYSTEM
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]
ASKED = "Boven blijft het koud. Ik woon op Spoorstraat 8 in Eibergen, de Remeha geeft storing F28."
ANSWER = "Dag Fatma, Henk is ziek. Ik kom vrijdag naar de Spoorstraat en kijk naar F28."


@pytest.fixture
def fatma(henk: Person) -> Contact:
    met = contacts.add_contact(by=SYSTEM, name="Fatma Kaya")
    contacts.introduce(by=SYSTEM, person=henk, contact=met, how="plaatste haar warmtepomp")
    return met


def test_she_explains_once(
    screen: Screen, henk: Person, anneke: Person, fatma: Contact, run_jobs: Callable[[], None]
) -> None:
    technician, customer = screen(henk, width=390), screen(None, width=390, locale="nl-NL", java_script_enabled=False)
    address = _opens_a_line(technician, fatma)
    _writes(customer, address)
    run_jobs()
    _keeps_what_she_told(technician)
    _falls_ill(henk, anneke)
    conversations.cover_absences(by=SYSTEM)
    run_jobs()
    stand_in = screen(anneke, width=390)
    _answers_without_asking_again(stand_in)
    run_jobs()
    _reads_the_answer(customer)
    _her_line_shows_it_all(technician, fatma)
    assert not Repeat.objects.exists()
    assert [*technician.complaints, *customer.complaints, *stand_in.complaints] == []
    assert not technician.elsewhere | customer.elsewhere | stand_in.elsewhere


def _opens_a_line(technician: Visitor, fatma: Contact) -> str:
    technician.go(f"/contacts/{fatma.pk}/")
    technician.page.get_by_role("link", name="Open a direct line").click()
    technician.page.get_by_label("What may they ask you?").fill("Warmtepomp en vloerverwarming.")
    technician.page.get_by_role("button", name="Open the line").click()
    expect(technician.page.locator(".qr svg")).to_be_visible()
    address = technician.page.get_by_role("link", name="As they see it").get_attribute("href")
    assert address is not None
    return address


def _writes(customer: Visitor, address: str) -> None:
    """In her own language, without an account and without script."""
    customer.go(address)
    expect(customer.page.get_by_role("heading", name="Henk Oonk")).to_be_visible()
    customer.page.get_by_label("Schrijf aan Henk").fill(ASKED)
    customer.page.get_by_role("button", name="Versturen").click()
    expect(customer.page.get_by_text("Henk heeft je bericht.")).to_be_visible()


def _keeps_what_she_told(technician: Visitor) -> None:
    technician.go(f"/talk/{Conversation.objects.get().pk}/")
    technician.page.get_by_role("button", name=re.compile("^Keep ?: Spoorstraat 8 in Eibergen")).click()
    expect(technician.page.get_by_role("button", name="Does not hold any more: Spoorstraat 8")).to_be_visible()


def _falls_ill(henk: Person, anneke: Person) -> None:
    people.declare_absence(
        by=henk,
        person=henk,
        first_day=today(),
        last_day=today() + timedelta(days=3),
        stand_in=anneke,
        sentence="Haar groepen boven zijn in maart gespoeld.",
    )


def _answers_without_asking_again(stand_in: Visitor) -> None:
    """The whole story and a sentence of Henk stand above the answer; what is known is not asked."""
    one = Conversation.objects.get()
    assert (one.ground, one.assignee.name if one.assignee else "") == ("stand_in", "Anneke Boschker")
    stand_in.go(f"/talk/{one.pk}/")
    expect(stand_in.page.get_by_text("Haar groepen boven zijn in maart gespoeld.")).to_be_visible()
    stand_in.page.get_by_role("button", name="I read it", exact=True).click()
    stand_in.page.get_by_label("Your answer to Fatma").fill("Dag Fatma, wat is je adres?")
    stand_in.page.get_by_role("button", name="Send to Fatma").click()
    expect(stand_in.page.get_by_text("We know the address already")).to_be_visible()
    stand_in.page.get_by_label("Your answer to Fatma").fill(ANSWER)
    stand_in.page.get_by_role("button", name="Send to Fatma").click()
    expect(stand_in.page.locator("#log").get_by_text(ANSWER)).to_be_visible()
    newest, asked = stand_in.page.locator("#newest"), stand_in.page.locator("#log").get_by_text(ASKED)
    top, above = newest.bounding_box(), asked.bounding_box()  # where a phone comes back to
    assert top
    assert above
    assert top["y"] >= above["y"] + above["height"]


def _reads_the_answer(customer: Visitor) -> None:
    customer.page.reload()
    expect(customer.page.get_by_text(ANSWER)).to_be_visible()
    expect(customer.page.get_by_text("Antwoordt voor Henk")).to_be_visible()
    expect(customer.page.get_by_text("Haar groepen")).to_have_count(0)


def _her_line_shows_it_all(technician: Visitor, fatma: Contact) -> None:
    technician.go(f"/contacts/{fatma.pk}/")
    line = technician.page.locator("section", has=technician.page.locator("#story-line"))
    expect(line.get_by_text("Boven blijft het koud.")).to_be_visible()
    expect(line.get_by_text("and one more")).to_be_visible()
