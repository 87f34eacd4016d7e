"""A photo or a voice without words is told in a list as what it is; only where nothing was said it tells of notes."""

import pytest

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Message
from koor.flow.listening.models import Enclosure

pytestmark = pytest.mark.django_db


def test_what_was_sent_without_words(opened, marloes, visit):
    sent = {"Els Bos": ["photo"], "Jan Bos": ["voice", "photo"], "Ida Bos": [""], "Bob Bos": []}
    for minutes, (name, kinds) in enumerate(sent.items()):
        talk = opened("", by=name, minutes=minutes + 1, kind="direct")
        for order, kind in enumerate(kinds):
            Enclosure.objects.create(mention=talk.messages.get().mention, order=order, kind=kind)
        actions.note(by=marloes, conversation=talk, text="Belt vanmiddag terug.")
    told = {row.conversation.contact.name: row.wordless for row in queries.inbox(marloes).rows}
    assert told == {
        "Els Bos": "A photo", "Jan Bos": "A voice note and more", "Ida Bos": "A file", "Bob Bos": "Without words",
    }  # fmt: skip
    page = visit(marloes).get("/inbox/").content.decode()
    assert all(one in page for one in told.values())
    assert "Only notes" not in page
    Message.objects.exclude(direction="note").delete()
    assert "Only notes" in visit(marloes).get("/inbox/").content.decode()


def test_a_list_in_which_all_have_words_asks_nothing_more(opened, django_assert_num_queries):
    talk = opened("Boven blijft het koud.")
    with django_assert_num_queries(0):
        assert queries.lists.wordless.told([talk]) == {}
