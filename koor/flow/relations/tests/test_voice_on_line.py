"""What was said to a phone about a call plays on the line of who it was with, for who may read it."""

import pytest

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.models import Message, Recording
from koor.flow.relations import actions, queries
from koor.ground.contacts.models import Contact
from koor.kernel import clock, files

pytestmark = pytest.mark.django_db


def test_it_plays_on_the_line(house, marloes, noon):
    fatma = Contact.objects.create(name="Fatma Kaya", made_at=clock.now())
    conversations.tell_by_hand(
        by=marloes, contact=fatma, channel="telephone", direction="note", text="", voice=b"OggS" + bytes(60)
    )
    message, row = Message.objects.get(), Recording.objects.get()
    row.file = files.store(b"clean", mime="audio/mp4", name="note.m4a")
    row.save()
    actions.follow_messages(by=marloes, message_ids=[message.pk])
    (told,) = queries.line(marloes, fatma, may_read=True)
    assert [one.address for one in told.recordings] == [row.address]
    assert queries.line(marloes, fatma, may_read=False)[0].recordings == ()
