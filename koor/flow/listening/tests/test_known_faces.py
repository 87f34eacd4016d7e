"""Whoever we know is shown with the face that we know."""

import pytest
from django.urls import reverse

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Mention, Source
from koor.flow.listening.tests.conftest import lines
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused

pytestmark = pytest.mark.django_db
SAID = {"text": "De pomp bromt", "author": "Els Wiggers", "handle": "@els@buurt.example"}


@pytest.fixture
def els(house, noon):
    met = contacts.meet_contact(by=SYSTEM, name="Els Wiggers", platform="mastodon", handle="@Els@buurt.example")
    met.face, met.role = "els", "Klant"
    met.save()
    return met


def shown(person):
    return {said.mention.text: said.face for said in queries.stream(person, queries.Filters()).rows}


def test_a_file_of_a_platform_shows_whom_we_know_there(els, marloes, visit):
    actions.import_file(by=SYSTEM, source_name="Rond Borculo", stream=lines(SAID), platform="mastodon")
    assert shown(marloes) == {"De pomp bromt": els}
    page = visit(marloes).get(reverse("listening:stream")).content.decode()
    assert "faces/els.svg" in page
    mention = Mention.objects.get()
    assert "faces/els.svg" in visit(marloes).get(reverse("listening:mention", args=[mention.pk])).content.decode()


def test_a_marked_row_keeps_its_face(els, marloes, visit):
    actions.import_file(by=SYSTEM, source_name="Rond Borculo", stream=lines(SAID), platform="mastodon")
    address = reverse("listening:mark", args=[Mention.objects.get().pk])
    answered = visit(marloes).post(address, {"label": "aha"}, headers={"HX-Request": "true"})
    assert "faces/els.svg" in answered.content.decode()


def test_the_same_handle_elsewhere_is_somebody_else(els, marloes):
    actions.import_file(by=SYSTEM, source_name="Reviews", stream=lines(SAID))
    assert shown(marloes) == {"De pomp bromt": Mention.objects.get()}


def test_our_own_words_have_the_face_of_whose_account_it_is(house, noon, marloes, henk):
    account = Account.objects.create(
        connector="mastodon", name="Henk", purpose="work", owner=henk, personal=True, made_at=clock.now()
    )
    source = Source.objects.create(name="Henk", kind="account", account=account, made_at=clock.now())
    Mention.objects.create(
        source=source, external_id="1", author="Henk", text="Klaar", ours=True, said_at=noon, stored_at=noon
    )
    rows = queries.stream(marloes, queries.Filters(label="ours")).rows
    assert [said.face for said in rows] == [henk]


def test_a_platform_that_nobody_knows_is_refused(house, noon):
    with pytest.raises(Refused, match="platform"):
        actions.import_file(by=SYSTEM, source_name="X", stream=lines(SAID), platform="hyves")
