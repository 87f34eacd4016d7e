"""A colleague says that it is an oh-oh, wherever it came in."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.models import CalledIn, Conversation
from koor.kernel.access import Forbidden

pytestmark = pytest.mark.django_db


def test_on_a_direct_line_pr_is_asked_beside(henk, bram, fatma, pieter, visit):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    actions.write_on_line(link=line.links.get(), text="The boiler burns.")
    conversation = Conversation.objects.get()
    with pytest.raises(Forbidden):
        actions.mark_ohoh(by=bram, conversation=conversation)
    browser, page = visit(henk), reverse("conversations:talk_one", args=[conversation.pk])
    assert "This is an oh-oh: ask PR" in browser.get(page).content.decode()
    deed = reverse("conversations:mark_ohoh", args=[conversation.pk])
    for _twice in range(2):
        assert browser.post(deed, {"wanted": "yes"}).status_code == 302
    conversation.refresh_from_db()
    assert (conversation.ohoh, conversation.assignee) == (True, henk)
    assert CalledIn.objects.get(over_at=None).person == pieter
    assert "Pieter was asked too, for this is an oh-oh." in browser.get(page).content.decode()
    inbox = visit(pieter).get(reverse("conversations:inbox_one", args=[conversation.pk])).content.decode()
    assert "This burns: open a fire" in inbox
    actions.mark_ohoh(by=pieter, conversation=conversation, wanted=False)
    assert "This is an oh-oh: ask PR" in browser.get(page).content.decode()
    assert not CalledIn.objects.filter(over_at=None).exists()


def test_of_what_was_answered_nobody_is_asked(henk, fatma, pieter):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    actions.write_on_line(link=line.links.get(), text="The boiler burns.")
    actions.answer(by=henk, conversation=Conversation.objects.get(), text="I am at your door.")
    actions.mark_ohoh(by=henk, conversation=Conversation.objects.get())
    assert Conversation.objects.get().ohoh
    assert not CalledIn.objects.exists()


def test_whom_nobody_knows_goes_to_pr(opened, marloes, pieter, visit):
    conversation = opened("Alles staat onder water.")
    actions.take(by=marloes, conversation=conversation)
    Conversation.objects.filter(pk=conversation.pk).update(ground="skill")
    actions.mark_ohoh(by=marloes, conversation=conversation)
    conversation.refresh_from_db()
    assert (conversation.ground, conversation.assignee) == ("fire", pieter)
    assert conversation.messages.get().mention.label == "ohoh"
    assert not CalledIn.objects.exists()


def test_while_one_burns_another_can_be_opened(opened, marloes, visit):
    actions.mark_ohoh(by=marloes, conversation=(conversation := opened("Er is brand.")))
    visit(marloes).post(reverse("conversations:fire_open"), {"title": "Something else"})
    page = visit(marloes).get(reverse("conversations:inbox_one", args=[conversation.pk])).content.decode()
    assert "This is about “Something else”" in page
    assert "This is another fire: open it" in page
