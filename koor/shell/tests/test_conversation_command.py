"""What `koor conversation list` tells."""

import argparse
import json

import pytest

from koor.flow.conversations import actions
from koor.ground.contacts import actions as contacts
from koor.kernel.access import SYSTEM
from koor.shell.command_line import conversation as command

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(anneke, noon):
    """Somebody called: `called("Fatma Kaya")`."""

    def make(name="Fatma Kaya"):
        contact = contacts.meet_contact(by=SYSTEM, name=name, platform="mastodon", handle=f"@{name.lower()}@x.example")
        return actions.tell_by_hand(
            by=anneke, contact=contact, channel="telephone", direction="in", text="Boven blijft het koud.", waits=True
        )

    return make


def told(state=None):
    return command.conversation_list(argparse.Namespace(state=state))


def test_tells_each_with_its_reason(called, anneke):
    conversation = called()
    (row,) = told()
    assert row["id"] == conversation.pk
    assert row["contact"]["name"] == "Fatma Kaya"
    assert row["assignee"] == {"id": anneke.pk, "name": "Anneke Boschker"}
    assert (row["account"], row["channel"], row["ground"]) == (None, "telephone", "person")
    assert row["reason"] == "With Anneke, who took it."
    assert (row["state"], row["last_message"]) == ("open", "Boven blijft het koud.")
    assert row["waiting_since"]
    assert json.dumps(row)
    assert "Fatma Kaya" in command.in_words([row])


def test_of_one_state(called, anneke):
    conversation = called()
    called("Els Wiggers")
    actions.finish(by=anneke, conversation=conversation)
    assert [row["id"] for row in told("done")] == [conversation.pk]
    assert len(told("open")) == 1
    assert len(told()) == 2


def test_costs_the_same_for_one_and_thirty(called, django_assert_num_queries):
    called()
    with django_assert_num_queries(3):
        told()
    for number in range(30):
        called(f"Klant {number}")
    with django_assert_num_queries(3):
        told()
