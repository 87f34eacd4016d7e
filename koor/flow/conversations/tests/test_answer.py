"""Answers: on the channel it came from, once, and never over a colleague's words."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Conversation, Message
from koor.ground.people.choices import Autonomy
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.once import KeyReused

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(said, imported, henk, knows):
    """A conversation that came from a file: an answer goes by hand."""
    knows(henk, direct_line=True)
    mention = said("Op tijd, en ze veegden de stoep.", source=imported, handle="")
    conversation = actions.open_from_mention(by=SYSTEM, mention=mention)
    actions.assign(by=henk, conversation=conversation, person=henk) if conversation.assignee == henk else None
    conversation.assignee = henk
    conversation.save()
    return conversation


def test_by_hand_the_other_waits_until_it_is_handed(review, henk):
    message = actions.answer(by=henk, conversation=review, text="Dank je wel, Fatma.")
    review.refresh_from_db()
    assert (message.delivery, message.direction, message.person, message.account) == ("by_hand", "out", henk, None)
    assert review.waiting_since is not None
    assert review.preview == "Dank je wel, Fatma."
    actions.mark_handed(by=henk, message=message)
    actions.mark_handed(by=henk, message=message)
    review.refresh_from_db()
    message.refresh_from_db()
    assert (message.delivery, review.waiting_since, message.waited) == ("handed", None, timedelta(minutes=12))


def test_what_they_say_before_it_is_handed_still_waits(review, henk, said, imported):
    message = actions.answer(by=henk, conversation=review, text="Dank je wel.")
    later = said("Nog een vraag", source=imported, handle="", minutes=1)
    actions.open_from_mention(by=SYSTEM, mention=later)
    actions.mark_handed(by=henk, message=message)
    review.refresh_from_db()
    assert review.waiting_since == later.said_at


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x00"])
def test_something_must_be_said(review, henk, text):
    with pytest.raises(Refused) as refusal:
        actions.answer(by=henk, conversation=review, text=text)
    assert refusal.value.field == "text"


def test_a_million_characters_is_too_long(review, henk):
    with pytest.raises(Refused) as refusal:
        actions.answer(by=henk, conversation=review, text="x" * 1_000_000)
    assert refusal.value.code == "too_long"
    assert Message.objects.filter(direction="out").count() == 0


def test_twice_the_same_key_is_one_answer(review, henk):
    first = actions.answer(by=henk, conversation=review, text="Dank je.", once="k1")
    again = actions.answer(by=henk, conversation=review, text="Dank je.", once="k1")
    assert first == again
    with pytest.raises(KeyReused):
        actions.answer(by=henk, conversation=review, text="Iets anders.", once="k1")


def test_a_colleague_was_first(review, henk, marloes):
    seen = review.messages.last().pk
    actions.answer(by=marloes, conversation=review, text="Dank je wel namens Henk.", last_message=seen)
    with pytest.raises(Refused) as refusal:
        actions.answer(by=henk, conversation=review, text="Dank je wel.", last_message=seen)
    assert refusal.value.code == "collision"
    assert "Marloes" in str(refusal.value)
    newest = review.messages.order_by("-pk").first().pk
    assert actions.answer(by=henk, conversation=review, text="En ook van mij.", last_message=newest)


def test_oneself_in_two_tabs_is_no_collision(review, henk):
    seen = review.messages.last().pk
    actions.answer(by=henk, conversation=review, text="Een", last_message=seen)
    assert actions.answer(by=henk, conversation=review, text="Twee", last_message=seen)


def test_only_whose_it_is_and_who_conducts(review, bram, anneke, newcomer, marloes, pieter, ada):
    for stranger in (bram, anneke, ada):
        with pytest.raises(Forbidden):
            actions.answer(by=stranger, conversation=review, text="Ik ook")
    for conductor in (marloes, pieter):
        assert actions.answer(by=conductor, conversation=review, text="Dank je")


def test_who_practises_sends_nothing(review, henk):
    henk.autonomy = Autonomy.PRACTISE
    henk.save()
    with pytest.raises(Refused) as refusal:
        actions.answer(by=henk, conversation=review, text="Dag")
    assert refusal.value.code == "practising"
    review.purpose = "practice"
    review.save()
    assert actions.answer(by=henk, conversation=review, text="Dag")


def test_whoever_answers_what_nobody_had_has_it(opened, marloes):
    conversation = opened()
    assert conversation.assignee is None
    actions.answer(by=marloes, conversation=conversation, text="Dag Fatma")
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.ground) == (marloes, "person")


def test_answering_what_was_done_opens_it(review, henk):
    actions.finish(by=henk, conversation=review)
    actions.answer(by=henk, conversation=review, text="Nog iets vergeten")
    review.refresh_from_db()
    assert review.state == "open"


def test_never_went_so_they_wait_again(review, henk):
    message = actions.answer(by=henk, conversation=review, text="Dank je")
    actions.mark_handed(by=henk, message=message)
    actions.mark_failed(by=SYSTEM, message=message)
    review.refresh_from_db()
    message.refresh_from_db()
    assert review.waiting_since is not None
    assert (message.failed, message.waited) == (True, None)
    later = actions.answer(by=henk, conversation=review, text="Nogmaals dank")
    actions.mark_handed(by=henk, message=later)
    actions.mark_failed(by=SYSTEM, message=message)
    review.refresh_from_db()
    assert review.waiting_since is None, "told of in two ways, they wait no second time"


def test_what_koor_sends_is_not_handed(review, henk, bram):
    message = actions.answer(by=henk, conversation=review, text="Dank je")
    with pytest.raises(Forbidden):
        actions.mark_handed(by=bram, message=message)
    Message.objects.filter(pk=message.pk).update(delivery="ledger")
    with pytest.raises(Refused):
        actions.mark_handed(by=henk, message=message)


def test_usual_wait_is_told_from_five_answers_on(review, henk, marloes):
    for number in range(5):
        assert queries.inbox(marloes).usual_wait is None
        Message.objects.create(
            conversation=review,
            direction="out",
            person=henk,
            text="x",
            at=clock.now() - timedelta(hours=number),
            stored_at=clock.now(),
            waited=timedelta(minutes=10 * number),
        )
    assert queries.inbox(marloes).usual_wait == timedelta(minutes=20)


@pytest.mark.django_db(transaction=True)
def test_two_in_the_same_second(review, henk, marloes):
    """Both saw the same page; one goes, the other reads it first."""
    seen = review.messages.last().pk
    outcomes = []
    start = threading.Barrier(2)

    def press(person):
        start.wait()
        try:
            with clock.fixed(review.made_at):
                actions.answer(
                    by=person, conversation=Conversation(pk=review.pk), text=f"Van {person.name}", last_message=seen
                )
            outcomes.append("went")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    both = [threading.Thread(target=press, args=[person]) for person in (henk, marloes)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["collision", "went"]
    assert Message.objects.filter(direction="out").count() == 1


def test_what_was_not_sent_yet_can_be_changed(review, henk, visit):
    message = actions.answer(by=henk, conversation=review, text="Dat is een hele lange")
    page = visit(henk).get(reverse("conversations:talk_one", args=[review.pk])).content.decode()
    assert "Send this to" in page
    assert page.index("to-send") < page.index('name="text"')
    answered = visit(henk).post(reverse("conversations:change", args=[message.pk]))
    assert "Dat is een hele lange" in answered.content.decode()
    review.refresh_from_db()
    assert not review.messages.filter(direction="out").exists()
    assert (review.ours_last, review.waiting_since is None) == (False, False)
    with pytest.raises(Refused, match="sent already"):
        actions.take_back(by=henk, message=message)


def test_only_whose_it_is_takes_it_back(review, henk, bram, visit):
    message = actions.answer(by=henk, conversation=review, text="Dag")
    with pytest.raises(Forbidden):
        actions.take_back(by=bram, message=message)
    actions.mark_handed(by=henk, message=message)
    answered = visit(henk).post(reverse("conversations:change", args=[message.pk]), follow=True)
    assert "This was sent already." in answered.content.decode()
