"""A reply that collides is stopped before it leaves: what is new is shown, the text stays, sending asks once more."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.models import Conversation, Message
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened("Boven blijft het koud.")


def send(browser, conversation, **fields):
    return browser.post(reverse("conversations:answer", args=[conversation.pk]), {"place": "talk", **fields})


def last_on(page):
    return page.split('name="last_message" id="last-message" value="')[1].split('"')[0]


def test_what_they_wrote_meanwhile_is_read_first(visit, hers, henk, said):
    seen = hers.messages.get().pk
    actions.open_from_mention(by=SYSTEM, mention=said("Het is al <b>opgelost</b>!", minutes=1))
    browser = visit(henk)
    answered = send(browser, hers, text="Ik kom maandag.", last_message=seen, once="een")
    page = answered.content.decode()
    assert answered.status_code == 409
    assert "Fatma wrote again meanwhile." in page
    assert "Het is al &lt;b&gt;opgelost&lt;/b&gt;!" in page.split('class="newer"')[1]
    assert "\nIk kom maandag.</textarea>" in page
    assert not Message.objects.filter(direction="out").exists()
    confirmed = send(browser, hers, text="Ik kom toch even.", last_message=last_on(page), once="twee")
    assert confirmed.status_code == 302
    assert Message.objects.get(direction="out").text == "Ik kom toch even."


def test_a_note_stops_nobody(hers, henk, marloes):
    seen = hers.messages.get().pk
    actions.note(by=marloes, conversation=hers, text="Hij is er maandag")
    assert actions.answer(by=henk, conversation=hers, text="Ik kom maandag.", last_message=seen)


def test_what_was_noted_by_oneself_stops_nobody(hers, henk):
    seen = hers.messages.get().pk
    actions.tell_by_hand(by=henk, contact=hers.contact, channel="telephone", direction="in", text="Belde even")
    assert actions.answer(by=henk, conversation=hers, text="Ik kom maandag.", last_message=seen)


def test_what_came_late_but_was_said_long_ago_does_not_ask_for_ever(visit, hers, henk, said):
    Message.objects.bulk_create(
        Message(
            conversation=hers, contact=hers.contact, direction="in", text="x", at=clock.now(), stored_at=clock.now()
        )
        for _ in range(40)
    )
    actions.open_from_mention(by=SYSTEM, mention=said("Van gisteren", minutes=2000))
    page = visit(henk).get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
    assert "Van gisteren" not in page.split('id="log"')[1].split('id="answer"')[0]
    assert send(visit(henk), hers, text="Ik kom.", last_message=last_on(page)).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_in_the_same_second_by_their_pages(visit, hers, henk, marloes):
    """Through the whole of it, ten times: exactly one goes, the other is asked and keeps the text."""
    for turn in range(10):
        seen = hers.messages.order_by("-pk").first().pk
        browsers = {person.first_name: visit(person) for person in (henk, marloes)}
        start, answers = threading.Barrier(2), {}

        def press(name, turn=turn, seen=seen, browsers=browsers, start=start, answers=answers):
            start.wait()
            try:
                answers[name] = send(browsers[name], hers, text=f"{name} {turn}", last_message=seen, once=f"{turn}")
            finally:
                connection.close()

        both = [threading.Thread(target=press, args=[name]) for name in browsers]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(answered.status_code for answered in answers.values()) == [302, 409]
        first, second = sorted(answers, key=lambda name: answers[name].status_code)
        page = answers[second].content.decode()
        assert f"{first} just answered." in page
        assert f"\n{second} {turn}</textarea>" in page
        assert Message.objects.filter(direction="out").count() == turn + 1


def test_what_was_joined_to_another_meanwhile_goes_on_there(hers, opened, henk):
    other = opened("Nog iemand", by="Els Wiggers")
    Conversation.objects.filter(pk=hers.pk).update(joined_into=other)
    with pytest.raises(Refused) as refusal:
        actions.answer(by=henk, conversation=hers, text="Ik kom.")
    assert refusal.value.code == "collision"
