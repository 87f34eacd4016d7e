"""What nobody meant: the same thing again and again, ten thousand messages of one person, one who left meanwhile."""

import itertools
from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.models import Conversation, Message
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, Refused

pytestmark = pytest.mark.django_db

MANY = 10_000


@pytest.mark.parametrize("order", [(0, 1, 2, 0, 1), (2, 1, 0, 2, 0), (1, 1, 1, 1, 1, 0, 2), (2, 0, 2, 1, 2)])
def test_the_same_event_five_times_in_any_order(said, order):
    heard = [said(f"Bericht {number}", minutes=30 - number) for number in range(3)]
    for number in order:
        actions.hear_all([heard[number].pk])
    one = Conversation.objects.get()
    assert list(one.messages.order_by("at").values_list("text", flat=True)) == ["Bericht 0", "Bericht 1", "Bericht 2"]
    assert (one.asked, one.preview) == ("Bericht 2", "Bericht 2")
    assert one.waiting_since == clock.now() - timedelta(minutes=30)


def test_any_order_ends_the_same(said):
    """Every order of three gives the same conversation."""
    ends = set()
    for order in itertools.permutations(range(3)):
        Conversation.objects.all().delete()
        heard = [said(f"Bericht {number}", minutes=30 - number) for number in range(3)]
        for number in order:
            actions.hear_all([heard[number].pk])
        one = Conversation.objects.get()
        ends.add((one.asked, one.preview, one.waiting_since, one.last_at, one.messages.count()))
    assert len(ends) == 1


def test_what_is_gone_before_it_was_heard(said):
    """A mention that was taken away before its fact came: nothing, and no fault."""
    gone = said("Weg")
    pk = gone.pk
    gone.delete()
    actions.hear_all([pk])
    assert not Conversation.objects.exists()


def test_other_words_before_it_was_heard(said):
    """It was put right before its fact came: the latest words stand there."""
    changed = said("Boven is het kuod.")
    changed.text = "Boven is het koud."
    changed.save(update_fields=["text"])
    for _ in range(2):
        actions.hear_all([changed.pk])
    assert Message.objects.get().text == "Boven is het koud."


@pytest.fixture
def endless(opened, marloes):
    """Somebody who wrote ten thousand times, all unanswered."""
    one = actions.take(by=marloes, conversation=opened())
    now = clock.now()
    Message.objects.bulk_create(
        [
            Message(conversation=one, direction="in", contact=one.contact, account=one.account, text=f"Nog {number}",
                    at=now - timedelta(seconds=number), stored_at=now, waits_from=now - timedelta(seconds=number),
                    channel="mastodon", external_id=f"many-{number}")
            for number in range(MANY)
        ],
        batch_size=2000,
    )  # fmt: skip
    return one


def test_ten_thousand_messages_are_a_page_like_any(visit, endless, marloes, django_assert_max_num_queries):
    for place in ("inbox_one", "talk_one"):
        browser = visit(marloes)
        with django_assert_max_num_queries(15):
            page = browser.get(reverse(f"conversations:{place}", args=[endless.pk]))
        assert "9971 earlier messages" in page.content.decode()
        assert len(page.content) < 120_000
    message = actions.answer(by=marloes, conversation=endless, text="Ik lees alles.")
    endless.refresh_from_db()
    assert (endless.waiting_since, message.waited is not None) == (None, True)


def test_who_left_while_writing_answers_nothing(opened, henk, knows):
    knows(henk, direct_line=True)
    one = opened()
    Person.objects.filter(pk=henk.pk).update(is_active=False)
    assert henk.is_active
    with pytest.raises(Forbidden):
        actions.answer(by=henk, conversation=one, text="Ik kom maandag.")
    assert not Message.objects.filter(direction="out").exists()


def test_two_in_the_same_second_are_one_answer_and_one_question(opened, marloes, bram, henk, knows):
    knows(henk, direct_line=True)
    one = opened()
    seen = one.messages.get().pk
    actions.answer(by=henk, conversation=one, text="Ik kom maandag.", last_message=seen)
    with pytest.raises(Refused, match="Henk just answered"):
        actions.answer(by=marloes, conversation=one, text="Henk komt maandag.", last_message=seen)
    assert Message.objects.filter(direction="out").count() == 1
