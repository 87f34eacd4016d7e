"""Notes, and moments outside Koor's channels, in one line."""

from datetime import timedelta

import pytest

from koor.flow.conversations import actions
from koor.flow.conversations.models import Conversation, Message
from koor.kernel import clock
from koor.kernel.access import Forbidden, Refused

pytestmark = pytest.mark.django_db


def test_a_call_begins_a_conversation_with_whoever_notes_it(fatma, anneke):
    conversation = actions.tell_by_hand(
        by=anneke, contact=fatma, channel="telephone", direction="in", text="Slaapkamer wordt niet warm."
    )
    message = conversation.messages.get()
    assert (conversation.assignee, conversation.contact, conversation.channel) == (anneke, fatma, "telephone")
    assert (message.person, message.direction, message.contact) == (anneke, "in", fatma)
    assert conversation.waiting_since is None


def test_it_goes_on_in_what_is_open(opened, fatma, henk, knows):
    knows(henk, direct_line=True)
    conversation = opened()
    same = actions.tell_by_hand(
        by=henk, contact=fatma, channel="at the door", direction="note", text="Gespoeld, veel slib."
    )
    assert same.pk == conversation.pk
    assert same.preview == "Boven blijft het koud."


def test_they_wait_when_they_expect_to_hear_from_us(fatma, anneke):
    conversation = actions.tell_by_hand(
        by=anneke, contact=fatma, channel="telephone", direction="in", text="Wil een offerte", waits=True
    )
    conversation.refresh_from_db()
    assert conversation.waiting_since == clock.now()


def test_what_we_told_them_answers(opened, fatma, henk, knows):
    knows(henk, direct_line=True)
    opened()
    conversation = actions.tell_by_hand(
        by=henk, contact=fatma, channel="telephone", direction="out", text="Gebeld: ik kom maandag."
    )
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert conversation.messages.last().delivery == "handed"


def test_once(fatma, anneke):
    for _ in range(3):
        actions.tell_by_hand(by=anneke, contact=fatma, channel="telephone", direction="in", text="Koud", once="sleutel")
    assert Message.objects.count() == 1
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"channel": "duif"}, "channel"),
        ({"direction": "sideways"}, "direction"),
        ({"at": "tomorrow"}, "at"),
    ],
)
def test_what_can_not_be(fatma, anneke, fields, field):
    told = {"channel": "telephone", "direction": "in", "text": "Koud", **fields}
    if told.get("at"):
        told["at"] = clock.now() + timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        actions.tell_by_hand(by=anneke, contact=fatma, **told)
    assert refusal.value.field == field
    assert not Conversation.objects.exists()


def test_in_a_colleagues_conversation_it_is_kept_too(opened, fatma, henk, bram, knows):
    """So that the story is whole; it stays with the colleague."""
    knows(henk, direct_line=True)
    opened()
    conversation = actions.tell_by_hand(
        by=bram, contact=fatma, channel="at the door", direction="in", text="Ze vroeg naar het rode klepje."
    )
    assert conversation.assignee == henk
    assert conversation.messages.last().person == bram


def test_a_note_stays_inside(opened, henk, knows, bram, marloes):
    knows(henk, direct_line=True)
    conversation = opened()
    waits = conversation.waiting_since
    note = actions.note(by=marloes, conversation=conversation, text="Het ligt aan de groep op zolder.", once="n")
    assert note == actions.note(
        by=marloes, conversation=conversation, text="Het ligt aan de groep op zolder.", once="n"
    )
    conversation.refresh_from_db()
    assert (note.direction, note.person, conversation.waiting_since) == ("note", marloes, waits)
    assert conversation.preview == "Boven blijft het koud."
    with pytest.raises(Forbidden):
        actions.note(by=bram, conversation=conversation, text="x")
    with pytest.raises(Refused):
        actions.note(by=henk, conversation=conversation, text="")


def test_an_earlier_moment_does_not_become_the_latest(opened, fatma, henk, knows):
    knows(henk, direct_line=True)
    conversation = opened()
    actions.tell_by_hand(
        by=henk,
        contact=fatma,
        channel="telephone",
        direction="in",
        text="Vorige maand gebeld",
        at=clock.now() - timedelta(days=30),
    )
    conversation.refresh_from_db()
    assert conversation.preview == "Boven blijft het koud."
    assert conversation.messages.first().text == "Vorige maand gebeld"
