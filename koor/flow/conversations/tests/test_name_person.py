"""Who it is, of a conversation that began without a name: somebody we know or somebody new, said once."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.ground.contacts.models import Contact
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody(opened):
    """A conversation with somebody of whom no name came in."""
    return opened("Boven blijft het koud.", by="", handle="")


def named(browser, conversation, **fields):
    return browser.post(reverse("conversations:name_person", args=[conversation.pk]), fields)


def page_of(browser, conversation, place="inbox_one"):
    return browser.get(reverse(f"conversations:{place}", args=[conversation.pk])).content.decode()


def test_somebody_we_know(nobody, fatma, marloes, opened):
    before = opened("Eerder.", minutes=90)
    actions.keep_known(by=marloes, conversation=before, text="Filter is schoon.")
    actions.finish(by=marloes, conversation=before)
    conversation = actions.name_person(by=marloes, conversation=nobody, contact=fatma)
    assert (conversation.contact, conversation.messages.get().contact) == (fatma, fatma)
    assert conversation.known == "Filter is schoon."


def test_it_goes_on_in_what_is_open_with_them(nobody, fatma, marloes, anneke, opened, visit):
    before = opened("Eerder.", minutes=90)
    actions.assign(by=marloes, conversation=before, person=anneke)
    assert actions.name_person(by=marloes, conversation=nobody, contact=fatma, once="een") == before
    nobody.refresh_from_db(), before.refresh_from_db()
    assert (nobody.joined_into, nobody.contact, nobody.waiting_since) == (before, fatma, None)
    said = before.messages.exclude(direction="note").order_by("at")
    assert [(one.text, one.contact) for one in said] == [("Eerder.", fatma), ("Boven blijft het koud.", fatma)]
    assert before.assignee == anneke
    assert visit(marloes).get(reverse("conversations:inbox_one", args=[nobody.pk])).status_code in {200, 302}
    assert actions.name_person(by=marloes, conversation=nobody, contact=fatma, once="een") == before  # a double click
    again = opened("Nog iets.", minutes=1)
    assert again == before


def test_what_is_done_stays_what_it_was(nobody, fatma, marloes, opened):
    opened("Eerder.", minutes=90)
    actions.finish(by=marloes, conversation=nobody)
    assert actions.name_person(by=marloes, conversation=nobody, contact=fatma) == nobody
    nobody.refresh_from_db()
    assert (nobody.contact, nobody.joined_into) == (fatma, None)


def test_somebody_new_once(nobody, marloes, noon):
    for _ in range(2):
        actions.name_person(by=marloes, conversation=nobody, name="Gerda Wolters", once="een")
    nobody.refresh_from_db()
    assert nobody.contact == Contact.objects.get(name="Gerda Wolters")
    assert AuditEntry.objects.filter(verb="conversations.name_person").count() == 1


def test_who_has_it_keeps_it(nobody, fatma, knows, henk, bram, marloes):
    knows(henk, direct_line=True)
    actions.assign(by=marloes, conversation=nobody, person=bram)
    assert actions.name_person(by=bram, conversation=nobody, contact=fatma).assignee == bram


def test_when_nobody_has_it_the_direct_line_gets_it(nobody, fatma, knows, henk, marloes):
    knows(henk, direct_line=True)
    assert nobody.assignee is None
    assert actions.name_person(by=marloes, conversation=nobody, contact=fatma).assignee == henk


def test_not_twice_and_not_by_anybody(nobody, fatma, marloes, anneke, bram):
    actions.assign(by=marloes, conversation=nobody, person=bram)
    with pytest.raises(Forbidden):
        actions.name_person(by=anneke, conversation=nobody, contact=fatma)
    actions.name_person(by=bram, conversation=nobody, contact=fatma)
    with pytest.raises(Refused) as refusal:
        actions.name_person(by=bram, conversation=nobody, name="Gerda Wolters")
    assert refusal.value.code == "known"
    assert not Contact.objects.filter(name="Gerda Wolters").exists()


def test_a_new_name_in_the_pane(visit, nobody, marloes):
    browser = visit(marloes)
    assert "Who is it?" in page_of(browser, nobody)
    fields = {"name": "Gerda <b>Wolters</b>", "place": "inbox", "once": "een"}
    assert named(browser, nobody, **fields)["Location"] == reverse("conversations:inbox_one", args=[nobody.pk])
    page = page_of(browser, nobody)
    assert "Who is it?" not in page
    assert "What we know of Gerda" in page
    assert "<b>Wolters" not in page
    assert named(browser, nobody, **fields).status_code == 302
    assert Contact.objects.filter(name__startswith="Gerda").count() == 1


def test_people_of_that_name_are_offered_first(visit, nobody, fatma, marloes):
    browser = visit(marloes)
    asked = named(browser, nobody, name="fatma", place="inbox")
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Choose who it is, or somebody new" in page
    assert "Somebody new: fatma" in page
    assert '<aside class="pane now"' in page  # on a phone one sees the form
    assert named(browser, nobody, name="fatma", contact="999999").status_code == 422
    assert named(browser, nobody, name="fatma", contact=str(fatma.pk), place="inbox").status_code == 302
    nobody.refresh_from_db()
    assert nobody.contact == fatma


def test_somebody_new_of_a_name_that_we_know(visit, nobody, fatma, marloes, henk):
    actions.assign(by=marloes, conversation=nobody, person=henk)
    assert "Who is it?" in page_of(visit(henk), nobody, "talk_one")
    named(visit(henk), nobody, name="Fatma Kaya", contact="new")
    nobody.refresh_from_db()
    assert nobody.contact.name == "Fatma Kaya"
    assert nobody.contact != fatma


@pytest.mark.parametrize("name", ["", "  ", "=1+1", "x" * 161])
def test_no_name_is_refused_with_what_was_typed(visit, nobody, marloes, name):
    assert named(visit(marloes), nobody, name=name, place="inbox").status_code == 422
    nobody.refresh_from_db()
    assert nobody.contact is None


def test_who_does_not_see_it_does_not_name_it(visit, nobody, marloes, bram, anneke):
    actions.assign(by=marloes, conversation=nobody, person=bram)
    assert named(visit(anneke), nobody, name="Gerda").status_code == 404
