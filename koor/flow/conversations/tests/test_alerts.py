"""On the phone: somebody waits, so many people answered. Never who, nor what they said."""

import pytest

from koor.flow.conversations import actions
from koor.flow.conversations.events import ConversationAssigned, MessageArrived
from koor.flow.conversations.models import Conversation, Message
from koor.flow.conversations.receivers import it_was_answered, somebody_waits
from koor.flow.publishing import queries as publishing
from koor.kernel.models import Push
from koor.kernel.tests.test_push import FCM, device_at

pytestmark = pytest.mark.django_db


def test_somebody_waits(opened, knows, marloes, bram, henk):
    device_at(FCM, bram.pk)
    conversation = opened("Dit is Fatma Kaya, mijn adres is Dorpsstraat 1")
    somebody_waits([ConversationAssigned(conversation.pk)])
    assert not Push.objects.exists()
    actions.assign(by=marloes, conversation=conversation, person=bram, sentence="Jij plaatste die unit.")
    for _ in range(2):
        somebody_waits([ConversationAssigned(conversation.pk)])
    row = Push.objects.get()
    assert (row.title, row.url, row.kind) == ("Somebody waits for you", f"/talk/{conversation.pk}/#newest", "waits")
    assert not {"Fatma", "Dorpsstraat", "Jij"} & set(f"{row.title} {row.text}".split())


def test_not_who_takes_it_themselves_or_when_it_is_done(opened, marloes, bram):
    device_at(FCM, bram.pk)
    device_at(FCM + "2", marloes.pk)
    conversation = opened()
    actions.assign(by=marloes, conversation=conversation, person=marloes)
    somebody_waits([ConversationAssigned(conversation.pk)])
    actions.assign(by=marloes, conversation=conversation, person=bram)
    actions.finish(by=bram, conversation=conversation)
    somebody_waits([ConversationAssigned(conversation.pk)])
    assert not Push.objects.exists()


def test_each_to_whom_it_is_offered_but_nobody_of_an_exercise(opened, knows, bram, henk, anneke):
    for number, person in enumerate((bram, henk, anneke)):
        device_at(FCM + str(number), person.pk)
    knows(bram)
    knows(henk)
    conversation = opened()
    for _ in range(2):
        somebody_waits([ConversationAssigned(conversation.pk)])
    assert {row.device.owner_id for row in Push.objects.all()} == {bram.pk, henk.pk}
    assert {row.title for row in Push.objects.all()} == {"Somebody waits, and you may know the answer"}
    actions.take(by=henk, conversation=conversation)
    somebody_waits([ConversationAssigned(conversation.pk)])
    assert Push.objects.count() == 2
    Push.objects.all().delete()
    Conversation.objects.update(purpose="practice", assignee=None)
    somebody_waits([ConversationAssigned(conversation.pk)])
    assert not Push.objects.exists()


def test_who_was_offered_it_hears_once_of_a_question(opened, knows, bram, henk, anneke, rob):
    for number, person in enumerate((henk, anneke)):
        device_at(FCM + str(number), person.pk)
    for person in (bram, henk, anneke):
        knows(person)
    conversation = opened()
    somebody_waits([ConversationAssigned(conversation.pk)])
    actions.not_for_me(by=bram, conversation=conversation)
    conversation.refresh_from_db()
    assert conversation.assignee is None
    somebody_waits([ConversationAssigned(conversation.pk)])
    assert Push.objects.count() == 2


def test_three_people_answered(opened, service, bram, monkeypatch):
    device_at(FCM, bram.pk)
    monkeypatch.setattr(publishing, "shown_by", lambda **_: (bram, 4, "/capture/9/"))
    for name in ("Fatma Kaya", "Fatma Kaya", "Piet Smit", "Jan Bos", "Els Vos"):
        opened(by=name, in_reply_to="77")
        for message in Message.objects.all():
            it_was_answered([MessageArrived(message.pk)])
    row = Push.objects.get()
    assert (row.title, row.url) == ("3 people answered what you showed", "/capture/9/")


def test_what_answers_nothing_of_ours_is_told_to_nobody(opened, bram, monkeypatch):
    device_at(FCM, bram.pk)
    monkeypatch.setattr(publishing, "shown_by", lambda **_: (bram, 4, "/capture/9/"))
    for name in ("Fatma Kaya", "Piet Smit", "Jan Bos"):
        opened(by=name, in_reply_to="")
    for message in Message.objects.all():
        it_was_answered([MessageArrived(message.pk)])
    it_was_answered([MessageArrived(999_999_999)])
    assert not Push.objects.exists()


def test_of_what_nobody_showed_nobody_is_told(opened, service, bram, monkeypatch):
    device_at(FCM, bram.pk)
    asked = []
    monkeypatch.setattr(publishing, "shown_by", lambda **about: asked.append(about))
    for name in ("Fatma Kaya", "Piet Smit", "Jan Bos"):
        opened(by=name, in_reply_to="77")
    for message in Message.objects.all():
        it_was_answered([MessageArrived(message.pk)])
    assert asked
    assert not Push.objects.exists()
