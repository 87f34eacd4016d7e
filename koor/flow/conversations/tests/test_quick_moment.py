"""A call or a visit is noted in ten seconds: tap a face, say one line, keep it."""

import pytest
from django.urls import reverse

from koor.flow.conversations import queries
from koor.flow.conversations.models import Message

pytestmark = pytest.mark.django_db


def test_whom_one_met_last_stands_first(opened, knows, henk, fatma):
    knows(henk, direct_line=True)
    opened()
    assert queries.lately_met(henk) == [fatma]


def test_of_whom_one_knows_when_nothing_was_said_yet(knows, henk, fatma, bram):
    knows(henk)
    assert queries.lately_met(henk) == [fatma]
    assert queries.lately_met(bram) == []


def test_one_page_one_tap_one_line(knows, henk, fatma, visit):
    knows(henk)
    client, address = visit(henk), reverse("conversations:begin")
    assert "Fatma Kaya" in client.get(address).content.decode()
    given = {
        "contact": fatma.pk,
        "text": "Called: still cold.",
        "channel": "telephone",
        "direction": "in",
        "waits": "on",
    }
    assert client.post(address, given).status_code == 302
    message = Message.objects.get()
    assert (message.text, message.contact, message.person) == ("Called: still cold.", fatma, henk)
    assert message.waits_from


def test_without_a_face_the_line_stays(knows, henk, visit):
    knows(henk)
    page = visit(henk).post(reverse("conversations:begin"), {"text": "Called: still cold."}).content.decode()
    assert "Called: still cold." in page
