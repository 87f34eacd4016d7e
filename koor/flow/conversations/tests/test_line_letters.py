"""Somebody with a page of their own hears by mail that an answer stands there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.actions import line_letters
from koor.flow.conversations.models import Conversation, LineLetter
from koor.ground.contacts.models import Handle
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.models import Mail

pytestmark = pytest.mark.django_db
ADDRESS = "fatma@thuis.example"


@pytest.fixture
def line(henk, fatma):
    return actions.open_line(by=henk, person=henk, contact=fatma)


@pytest.fixture
def link(line):
    return line.links.get()


@pytest.fixture
def page(line):
    return queries.address_of(line)


@pytest.fixture
def answered(link, line, henk):
    """An answer stands on the page, and the job for its letter has run."""

    def run(text="I come by on Thursday, and I bring the new filter and a ladder, so that all is done at once."):
        actions.write_on_line(link=link, text="Upstairs it is cold.")
        message = actions.answer(by=henk, conversation=Conversation.objects.get(), text=text)
        line_letters.hear_of_answer(message.pk)
        line_letters.write_letter(by=SYSTEM, line_id=line.pk)
        return message

    return run


def test_one_letter_with_the_way_there_and_the_first_words(page, answered, visit):
    visit(None).post(page + "letters/", {"address": ADDRESS, "lang": "en"})
    answered()
    letter = Mail.objects.get(kind="answer-on-page")
    assert (letter.to, letter.subject) == (ADDRESS, "Henk answered you")
    assert page in letter.text
    assert "I come by on Thursday" in letter.text
    assert "ladder" not in letter.text
    assert letter.off.endswith(page + "letters/off/")


def test_the_address_that_is_known(fatma, page, answered, visit):
    Handle.objects.create(contact=fatma, platform="email", value=ADDRESS)
    assert "f…@thuis.example" in visit(None).get(page).content.decode()
    answered()
    assert Mail.objects.get(kind="answer-on-page").to == ADDRESS


def test_without_an_address_there_is_none(answered):
    answered()
    assert not Mail.objects.filter(kind="answer-on-page").exists()


def test_one_an_hour_and_then_about_what_came_since(line, link, answered):
    actions.leave_address(link=link, address=ADDRESS)
    answered()
    answered("And on Friday too.")
    assert Mail.objects.filter(kind="answer-on-page").count() == 1
    with clock.fixed(clock.now() + timedelta(minutes=61)):
        line_letters.write_letter(by=SYSTEM, line_id=line.pk)
        line_letters.write_letter(by=SYSTEM, line_id=line.pk)
    assert Mail.objects.filter(kind="answer-on-page").count() == 2


def test_who_was_there_since_gets_none(line, link, answered):
    actions.leave_address(link=link, address=ADDRESS)
    answered()
    answered("And on Friday too.")
    actions.write_on_line(link=link, text="Good.")
    with clock.fixed(clock.now() + timedelta(minutes=61)):
        line_letters.write_letter(by=SYSTEM, line_id=line.pk)
    assert Mail.objects.filter(kind="answer-on-page").count() == 1


def test_off_with_one_tap_also_when_it_was_known(fatma, page, answered, visit):
    Handle.objects.create(contact=fatma, platform="email", value=ADDRESS)
    stranger = visit(None)
    assert "Stop them" in stranger.get(page + "letters/off/?lang=en").content.decode()
    assert LineLetter.objects.count() == 0
    assert stranger.post(page + "letters/off/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    answered()
    assert not Mail.objects.filter(kind="answer-on-page").exists()
    stranger.post(page + "letters/", {"address": ADDRESS})
    assert LineLetter.objects.get().off_at is None


def test_what_is_no_address(page, visit):
    refused = visit(None).post(page + "letters/", {"address": "fatma@", "lang": "en"})
    assert refused.status_code == 422
    assert "This is no e-mail address." in refused.content.decode()


def test_a_closed_page_takes_none(line, page, henk, visit):
    actions.close_line(by=henk, line=line)
    assert visit(None).post(page + "letters/", {"address": ADDRESS}).status_code == 410
    assert reverse("conversations:letters_off", args=["nothing"])
    assert visit(None).get(reverse("conversations:letters_off", args=["nothing"])).status_code == 404
