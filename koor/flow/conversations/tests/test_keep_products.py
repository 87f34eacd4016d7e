"""Which products the house knows by name: proposed as what somebody has, and changed by who makes the rules."""

import pytest

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Products
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_name_of_ours_is_proposed_with_its_type(opened, marloes, bram, visit):
    conversation = opened("Mijn Fluister 300 bromt, net als de Intergas hiernaast.")

    def proposed():
        shown = list(conversation.messages.all())
        return [one.found.text for one in queries.summary(marloes, conversation, shown).proposals]

    assert proposed() == ["Intergas"]
    for _time in range(2):
        actions.keep_products(by=marloes, names="Fluister\n\n  De  Bries ")
    assert proposed() == ["Fluister 300"]
    assert queries.product_names() == ("Fluister", "De Bries")
    entry = AuditEntry.objects.get(verb="conversations.keep_products")
    assert entry.detail["added"] == ["Fluister", "De Bries"]
    assert "Intergas" in entry.detail["gone"]
    actions.keep_products(by=marloes, names="")
    assert proposed() == []
    assert visit(bram).get("/inbox/products/").status_code == 404
    browser = visit(marloes)
    assert "Intergas" not in (page := browser.get("/inbox/products/").content.decode())
    assert 'href="?came"' in page
    assert "Intergas" in browser.get("/inbox/products/?came").content.decode()  # a way back


def test_two_who_change_the_list_see_each_other(marloes, visit):
    actions.keep_products(by=marloes, names="Fluister")
    browser, address = visit(marloes), "/inbox/products/"
    form = {"names": "Fluister\nKier", "seen": browser.get(address).context["form"]["seen"].value()}
    actions.keep_products(by=marloes, names="Fluister\nDe Bries")
    page = browser.post(address, form)
    assert page.status_code == 422
    assert "Not in yours: De Bries." in page.content.decode()
    assert queries.product_names() == ("Fluister", "De Bries")
    form["seen"] = page.context["form"]["seen"].value()
    assert browser.post(address, form).status_code == 302
    assert queries.product_names() == ("Fluister", "Kier")


def test_what_is_no_list_of_names(marloes, bram, visit):
    for names in ("x", "C++", "/// ///", "y" * 61, "\n".join(f"Naam {n}" for n in range(201))):
        with pytest.raises(Refused):
            actions.keep_products(by=marloes, names=names)
    page = visit(marloes).post("/inbox/products/", {"names": "Bries\nx"})
    assert page.status_code == 422
    assert "Bries" in page.content.decode()
    with pytest.raises(Forbidden):
        actions.keep_products(by=bram, names="Fluister")
    assert not Products.objects.exists()
