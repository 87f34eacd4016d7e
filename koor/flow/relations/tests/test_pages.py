"""The pages of the room: who sees them, what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.relations import actions
from koor.flow.relations.models import Rhythm, Touch
from koor.ground.contacts.models import Acquaintance, Contact
from koor.kernel import clock
from koor.kernel.access import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(karin, rob, knows):
    Contact.objects.filter(pk=karin.pk).update(made_at=clock.now() - timedelta(days=730))
    knows(rob)
    return karin


def addresses(contact):
    return {
        "get": [
            reverse("relations:quiet"),
            reverse("relations:note", args=[contact.pk]),
            reverse("relations:story", args=[contact.pk]),
        ],
        "post": [reverse(f"relations:{name}", args=[contact.pk]) for name in ("note", "rhythm", "later")],
    }


def test_a_stranger_signs_in_first(visit, old):
    for method, paths in addresses(old).items():
        for path in [*paths, reverse("relations:quiet_in_the_house")]:
            answered = getattr(visit(None), method)(path)
            assert answered.status_code == 302
            assert "sign-in" in answered["Location"]
    assert not Touch.objects.exists()


def test_a_newcomer_sees_their_own_and_not_the_houses(visit, old, newcomer):
    browser = visit(newcomer)
    for path in addresses(old)["get"]:
        assert browser.get(path).status_code == 200
    assert "Karin" not in browser.get(reverse("relations:quiet")).content.decode()
    assert browser.get(reverse("relations:quiet_in_the_house")).status_code == 404
    assert browser.get(reverse("relations:story", args=[99_999])).status_code == 404
    touch = actions.note_touch(by=_rob(), contact=old, kind="call", sentence="x")
    assert browser.post(reverse("relations:forget", args=[touch.pk])).status_code == 404


def _rob():
    from koor.ground.people.models import Person

    return Person.objects.get(name__startswith="Rob")


def test_one_step_from_the_list(visit, old, rob):
    browser = visit(rob)
    quiet = reverse("relations:quiet")
    assert "Karin Olthof" in browser.get(quiet).content.decode()
    answered = browser.post(reverse("relations:later", args=[old.pk]), {"back": quiet})
    assert answered["Location"] == quiet
    Rhythm.objects.all().delete()
    answered = browser.post(
        reverse("relations:note", args=[old.pk]), {"kind": "call", "sentence": "", "back": "https://elsewhere.example/"}
    )
    assert answered["Location"] == reverse("contacts:contact", args=[old.pk])
    assert Touch.objects.get().kind == "call"


def test_refused_keeps_what_was_typed(visit, old, rob):
    answered = visit(rob).post(reverse("relations:note", args=[old.pk]), {"kind": "note", "sentence": " "})
    assert answered.status_code == 422
    assert visit(rob).post(reverse("relations:rhythm", args=[old.pk]), {"every_days": "7"}).status_code == 409
    assert visit(rob).post(reverse("relations:rhythm", args=[old.pk]), {"every_days": "30"}).status_code == 302


def test_the_contact_page_has_the_line_and_the_rhythm(visit, old, rob, bram):
    actions.note_touch(by=rob, contact=old, kind="visit", sentence="<b>Koffie</b> gedronken")
    page = visit(rob).get(reverse("contacts:contact", args=[old.pk])).content.decode()
    assert "&lt;b&gt;Koffie&lt;/b&gt; gedronken" in page
    assert reverse("relations:rhythm", args=[old.pk]) in page
    page = visit(bram).get(reverse("contacts:contact", args=[old.pk])).content.decode()
    assert "Koffie" not in page
    assert reverse("relations:rhythm", args=[old.pk]) not in page


def test_dutch(visit, old, rob):
    rob.language = "nl"
    rob.save()
    browser = visit(rob)
    assert "Lang niet gesproken" in browser.get(reverse("relations:quiet")).content.decode()
    assert "Het verhaal van Karin" in browser.get(reverse("contacts:contact", args=[old.pk])).content.decode()


@pytest.mark.parametrize("path", ["/relations/quiet/", "/relations/quiet/house/", "/relations/{pk}/story/"])
def test_costs_the_same_for_one_and_thirty(visit, old, rob, marloes, path, django_assert_max_num_queries):
    browser = visit(marloes if "house" in path else rob)
    path = path.format(pk=old.pk)
    actions.record_touch(by=SYSTEM, contact=old, person=rob, kind="note", at=clock.now(), sentence="x", source="a")
    browser.get(path)
    with django_assert_max_num_queries(10) as one:
        assert browser.get(path).status_code == 200
    for number in range(30):
        other = Contact.objects.create(name=f"Klant {number}", made_at=clock.now() - timedelta(days=365))
        Acquaintance.objects.create(person=rob, contact=other)
        actions.record_touch(
            by=SYSTEM, contact=old, person=rob, kind="note", at=clock.now(), sentence="x", source=f"b{number}"
        )
    with django_assert_max_num_queries(10) as thirty:
        assert browser.get(path).status_code == 200
    assert len(one) == len(thirty), "\n".join(query["sql"][:150] for query in thirty.captured_queries)
