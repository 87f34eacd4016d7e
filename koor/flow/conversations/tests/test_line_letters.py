"""Somebody with a page of their own hears by mail that an answer stands there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.conversations import actions, queries
from koor.flow.conversations.actions import line_letters
from koor.flow.conversations.models import Conversation, LineLetter
from koor.ground.contacts.models import Contact, Handle
from koor.ground.people.choices import Autonomy
from koor.kernel import clock, personal
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry, Mail
from koor.kernel.personal import erasing

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


def letters():
    return Mail.objects.filter(kind="answer-on-page")


def test_a_new_link_never_goes_to_who_had_the_old_one(line, link, henk):
    actions.leave_address(link=link, address="x@evil.example")
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    actions.new_link(by=henk, line=line)
    message = actions.answer(by=henk, conversation=Conversation.objects.get(), text="I come by on Thursday.")
    line_letters.hear_of_answer(message.pk)
    line_letters.write_letter(by=SYSTEM, line_id=line.pk)
    assert not letters().exists()
    assert not LineLetter.objects.exists()
    link.line.refresh_from_db()
    with pytest.raises(Refused):  # also when the page was read just before
        actions.leave_address(link=link, address="x@evil.example")


def test_a_new_link_keeps_that_they_were_stopped(line, link, fatma, henk, answered):
    Handle.objects.create(contact=fatma, platform="email", value=ADDRESS)
    actions.leave_address(link=link, address="x@evil.example")
    actions.stop_letters(link=link)
    actions.new_link(by=henk, line=line)
    answered()
    assert LineLetter.objects.get().address == ""
    assert not letters().exists()


def test_stopped_stays_stopped_when_the_line_is_opened_again(line, link, fatma, henk):
    Handle.objects.create(contact=fatma, platform="email", value=ADDRESS)
    actions.stop_letters(link=link)
    actions.close_line(by=henk, line=line)
    again = actions.open_line(by=henk, person=henk, contact=fatma)
    assert queries.letter_of(again).off_at is not None
    actions.leave_address(link=again.links.get(), address=ADDRESS)
    assert queries.letter_of(again).off_at is None


def test_stopped_stays_stopped_for_whom_was_made_one(line, link, fatma, henk):
    Handle.objects.create(contact=fatma, platform="email", value=ADDRESS)
    actions.stop_letters(link=link)
    other = Contact.objects.create(name="Fatma Y.", made_at=clock.now())
    line.contact = other
    line.save()
    Contact.objects.filter(pk=other.pk).update(merged_into=fatma)
    again = actions.open_line(by=henk, person=henk, contact=fatma)
    assert queries.letter_of(again).off_at is not None


def test_an_answer_that_a_buddy_let_stand_after_a_later_one(line, link, henk, anneke, marloes):
    actions.leave_address(link=link, address=ADDRESS)
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    henk.autonomy, henk.buddy = Autonomy.BUDDY, anneke
    henk.save()
    first = actions.answer(by=henk, conversation=Conversation.objects.get(), text="I come by on Thursday.")
    henk.autonomy = Autonomy.OWN
    henk.save()
    actions.answer(by=henk, conversation=Conversation.objects.get(), text="Put it at 19 degrees for now.")
    line_letters.write_letter(by=SYSTEM, line_id=line.pk)
    with clock.fixed(clock.now() + timedelta(hours=2)):
        Conversation.objects.get().messages.filter(pk=first.pk).update(delivery="page", at=clock.now())
        line_letters.write_letter(by=SYSTEM, line_id=line.pk)
    assert [("Thursday" in one.text) for one in letters().order_by("pk")] == [False, True]


def test_in_the_language_of_who_gets_it(line, link, fatma, answered):
    Handle.objects.create(contact=fatma, platform="email", value=ADDRESS)
    fatma.language = "nl"
    fatma.save()
    answered()
    assert letters().get().subject == "Henk antwoordde je"


def test_a_second_too_early_asks_again(line, link, answered):
    actions.leave_address(link=link, address=ADDRESS)
    answered()
    row = LineLetter.objects.get()
    ProcrastinateJob.objects.all().delete()
    with clock.fixed(row.sent_at + timedelta(minutes=59, seconds=59)):
        line_letters.write_letter(by=SYSTEM, line_id=line.pk)
    job = ProcrastinateJob.objects.get(task_name="koor:conversations.write_to_page")
    assert job.scheduled_at == row.sent_at + timedelta(hours=1)


def test_letters_go_with_who_left_the_address(fatma, page, answered, visit):
    visit(None).post(page + "letters/", {"address": ADDRESS, "lang": "en"})
    answered()
    now = clock.now()
    Mail.objects.create(to=ADDRESS, subject="Sign in", text="x", kind="sign-in", made_at=now)
    erasing.erase(personal.subject("outside", fatma.pk))
    assert list(Mail.objects.filter(to=ADDRESS).values_list("kind", flat=True)) == ["sign-in"]


def test_letters_to_an_address_that_two_left_stay(fatma, henk, knows, page, answered, visit):
    visit(None).post(page + "letters/", {"address": ADDRESS, "lang": "en"})
    answered()
    other = Contact.objects.create(name="Mehmet", made_at=clock.now())
    second = actions.open_line(by=henk, person=henk, contact=other)
    LineLetter.objects.create(line=second, address=ADDRESS, made_at=clock.now())
    erasing.erase(personal.subject("outside", fatma.pk))
    assert Mail.objects.filter(to=ADDRESS).exists()


def test_stopped_twice_is_stopped_once(line, link):
    actions.leave_address(link=link, address=ADDRESS, language="nl")
    for _time in range(2):
        actions.stop_letters(link=link)
    assert LineLetter.objects.get().off_at is not None
    assert AuditEntry.objects.filter(verb="conversations.stop_letters").count() == 1
