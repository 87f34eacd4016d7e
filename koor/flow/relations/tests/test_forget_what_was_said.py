"""What somebody took back, said otherwise, or was erased with, stands on no line and in no story."""

import pytest

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.events import MessageTakenBack
from koor.flow.listening.events import MentionChanged
from koor.flow.listening.models import Mention, Source
from koor.flow.relations import actions, receivers
from koor.flow.relations.models import Touch
from koor.ground.governance import actions as governance
from koor.ground.people import actions as people
from koor.kernel import clock, personal
from koor.kernel.access import SYSTEM
from koor.kernel.personal import erasing

pytestmark = pytest.mark.django_db
WANTS = "a heat pump for the school"


@pytest.fixture
def talk(karin, anneke, rob):
    governance.set_responsibility(by=SYSTEM, purpose="sales", person=rob, agreed="Rob belt terug")
    said = "Wat kost een warmtepomp?"
    return conversations.tell_by_hand(by=anneke, contact=karin, channel="telephone", direction="in", text=said)


def test_an_erased_colleague_is_not_in_the_story_any_more(karin, talk, anneke, rob, marloes):
    conversations.answer(by=anneke, conversation=talk, text=f"{rob.name} en {anneke.name} komen langs.")
    row = actions.make_lead(by=anneke, contact=karin, conversation=talk, wants=WANTS)
    name = anneke.name
    assert [one["who"] for one in row.story][-1] == name
    people.let_go(by=marloes, person=anneke)
    erasing.erase(personal.subject("colleague", anneke.pk))
    row.refresh_from_db()
    assert [one["who"] for one in row.story][-1] == "[…]"
    assert row.story[-1]["said"] == f"{rob.name} en […] komen langs."


def test_a_line_follows_what_its_writer_made_of_it(karin):
    now = clock.now()
    source = Source.objects.create(name="mastodon", kind="file", made_at=now)
    mention = Mention.objects.create(
        source=source, external_id="1", author="Karin Olthof", handle="@karin@social.example", text="Wat een kast",
        said_at=now, stored_at=now,
    )  # fmt: skip
    actions.follow_mentions(by=SYSTEM, mention_ids=[mention.pk])
    assert Touch.objects.get().sentence == "Wat een kast"
    Mention.objects.update(text="Wat een mooie kast")
    receivers.they_said_it_differently([MentionChanged(1, mention.pk)])
    assert Touch.objects.get().sentence == "Wat een mooie kast"
    receivers.they_said_it_differently([MentionChanged(1)])
    mention_id = mention.pk
    mention.delete()
    receivers.they_said_it_differently([MentionChanged(1, mention_id)])
    assert not Touch.objects.exists()


def test_a_message_that_was_taken_back_leaves_their_line(talk):
    message = talk.messages.get()
    actions.follow_messages(by=SYSTEM, message_ids=[message.pk])
    assert Touch.objects.count() == 1
    message.text, message.taken_back_at = "", clock.now()
    message.save()
    receivers.they_took_it_back([MessageTakenBack(message.pk)])
    actions.follow_messages(by=SYSTEM, message_ids=[message.pk])
    assert not Touch.objects.exists()
    actions.forget_messages(by=SYSTEM, message_ids=[0])
