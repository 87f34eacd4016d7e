"""What a machine sends stands beside our answer, and nobody waits for it; a letter that came back is a failure."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.actions import machines
from koor.flow.conversations.models import Conversation, Message
from koor.flow.publishing.models import Target
from koor.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(opened, marloes):
    """An answer of ours that went out."""
    talk = opened("Boven blijft het koud.")
    message = actions.answer(by=marloes, conversation=talk, text="Ik kom morgen, Fatma.")
    message.target.remote_id = "77"
    message.target.save()
    return message


def test_an_absence_stands_beside_the_answer_and_nobody_waits(answered, said):
    mention = said("Ik ben er maandag weer.", kind="automatic", in_reply_to="77", minutes=0)
    for _time in range(2):
        actions.hear_all([mention.pk])
    (heard,) = Message.objects.filter(mention=mention)
    assert (heard.conversation_id, heard.waits_from) == (answered.conversation_id, None)
    assert Conversation.objects.get().waiting_since is None


def test_a_letter_that_came_back_was_never_answered(answered, said, visit, marloes):
    Target.objects.filter(pk=answered.target_id).update(state="published", published_at=clock.now(), wake_at=None)
    for _time in range(2):
        actions.hear_all([said("No such mailbox.", kind="bounce", in_reply_to="77", minutes=0).pk])
    answered.refresh_from_db()
    assert answered.failed
    assert Conversation.objects.get().waiting_since is not None  # their question still stands
    page = visit(marloes).get(reverse("conversations:inbox_one", args=[answered.conversation_id])).content.decode()
    assert "the letter came back" in page
    assert "is up" not in page


@pytest.mark.parametrize("about", ["", "78"])
def test_what_answers_nothing_of_ours_makes_no_conversation(answered, said, about):
    actions.hear_all([said("Onze nieuwsbrief", kind="automatic", in_reply_to=about).pk])
    actions.hear_all([999_999_999])
    assert (Conversation.objects.count(), Message.objects.filter(kind="automatic").count()) == (1, 0)


def test_it_follows_to_where_the_conversation_went(answered, opened, said):
    """Joined to another since; and done it stays done."""
    other = opened("Een ander", by="Joost Wender")
    Conversation.objects.filter(pk=answered.conversation_id).update(joined_into=other)
    Conversation.objects.filter(pk=other.pk).update(state="done")
    actions.hear_all([said("Ik ben er maandag weer.", kind="automatic", in_reply_to="77").pk])
    assert Message.objects.get(kind="automatic").conversation == other
    other.refresh_from_db()
    assert other.state == "done"


def test_another_worker_heard_it_first(answered, said, monkeypatch):
    mention, really = said("Ik ben weg.", kind="automatic", in_reply_to="77"), machines.threads.held

    def meanwhile(pk):
        machines._message(mention, pk, answered)
        return really(pk)

    monkeypatch.setattr(machines.threads, "held", meanwhile)
    actions.hear_all([mention.pk])
    assert Message.objects.filter(mention=mention).count() == 1
