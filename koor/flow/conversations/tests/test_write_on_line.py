"""Somebody outside writes on the page of a direct line, and reads the answer there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, logic, queries
from koor.flow.conversations.models import Conversation, Line, Message
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact, Project
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Absence
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(henk, fatma):
    return actions.open_line(by=henk, person=henk, contact=fatma, about="Heat pumps", answers="day")


@pytest.fixture
def link(line):
    return line.links.get()


@pytest.fixture
def address(line):
    return queries.address_of(line)


def away(person, stand_in=None, days=3):
    today = clock.now().date()
    return Absence.objects.create(
        person=person, first_day=today, last_day=today + timedelta(days=days), stand_in=stand_in
    )


def test_it_is_with_whose_line_it_is(link, henk, fatma):
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    one = Conversation.objects.get()
    assert (one.assignee, one.ground, one.contact) == (henk, "direct_line", fatma)
    assert one.waiting_since is not None
    assert one.reasons == [["direct_line", henk.pk]]


def test_a_page_for_everybody_without_an_account(address, visit):
    page = visit(None).get(address, headers={"accept-language": "en"})
    said = page.content.decode()
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    for words in ("Henk Oonk", "Heat pumps", "usually answers the same day", "Write to Henk"):
        assert words in said
    assert "Schrijf aan Henk" in visit(None).get(address, headers={"accept-language": "nl"}).content.decode()


def test_the_answer_stands_on_the_same_page(address, henk, visit):
    stranger = visit(None)
    sent = stranger.post(address, {"text": "Upstairs <b>it is</b> cold.", "lang": "en", "once": "a"}, follow=True)
    assert "Upstairs &lt;b&gt;it is&lt;/b&gt; cold." in sent.content.decode()
    assert "Henk has your message" in sent.content.decode()
    listed = visit(henk).get(reverse("conversations:talk")).content.decode()
    assert ("Direct line" in listed, "Direct line, direct line" in listed) == (True, False)
    answer = actions.answer(by=henk, conversation=Conversation.objects.get(), text="I come by on Thursday.")
    assert answer.delivery == "page"
    page = stranger.get(address, headers={"accept-language": "en"}).content.decode()
    assert "I come by on Thursday." in page
    assert "has your message" not in page
    assert Conversation.objects.get().waiting_since is None


def test_a_colleague_writes_first(line, address, henk, anneke, fatma, visit):
    line.before, line.since = anneke, clock.now()
    line.save()
    browser, hello = visit(henk), reverse("conversations:first_word", args=[line.pk])
    assert hello in browser.get("/").content.decode()
    assert hello in browser.get(reverse("contacts:contact", args=[fatma.pk])).content.decode()
    assert "A word to Fatma Kaya" in browser.get(hello).content.decode()
    assert visit(anneke).get(hello).status_code == 404
    said = {"text": "Hello, I am Henk. I am there for you now.", "once": "a"}
    for _twice in range(2):
        assert browser.post(hello, said).status_code == 302
    message = Message.objects.get()
    conversation = message.conversation
    assert (message.delivery, message.channel, conversation.assignee) == ("page", "direct line", henk)
    assert conversation.waiting_since is None
    assert "I am there for you now" in visit(None).get(address).content.decode()
    assert hello not in browser.get("/").content.decode()
    assert browser.get(hello)["Location"] == reverse("conversations:talk_one", args=[conversation.pk])
    assert actions.answer(by=henk, conversation=conversation, text="Ask me anything.").delivery == "page"


def test_a_first_word_on_a_page_that_was_closed_meanwhile_is_not_lost(line, henk, visit):
    browser, hello = visit(henk), reverse("conversations:first_word", args=[line.pk])
    assert browser.get(hello).status_code == 200
    actions.close_line(by=henk, line=line)
    assert browser.get(hello).status_code == 404
    sent = browser.post(hello, {"text": "Ask me anything."})
    assert sent.status_code == 422
    assert [words in sent.content.decode() for words in ("This page is closed.", "Ask me anything.")] == [True, True]
    assert not Message.objects.exists()


def test_who_spoke_with_them_need_not_say_hello(line, henk, anneke, visit):
    line.before, line.since = anneke, clock.now()
    line.save()
    browser, greet = visit(henk), reverse("conversations:greet", args=[line.pk])
    assert greet in browser.get("/").content.decode()
    assert visit(anneke).post(greet).status_code == 404
    assert browser.post(greet, {"place": "today"})["Location"] == "/"
    assert greet not in browser.get("/").content.decode()


def test_on_a_public_holiday_the_page_says_that_we_are_closed(line, address, visit):
    line.answers = "hour"
    line.save()
    with clock.fixed(datetime(2026, 12, 25, 10, tzinfo=UTC)):  # a Friday; the day after is one too
        page = visit(None).get(f"{address}?lang=en").content.decode()
    assert "Today is a public holiday, and we are closed." in page
    assert "Read again" in page
    assert "Monday 28" in page
    assert "within the hour" not in page


def test_a_first_word_goes_no_other_way_than_the_page(line, opened, henk, visit):
    """They wrote on Mastodon before it was sent: it is no reply there, and the text is not lost."""
    begun = opened()
    sent = visit(henk).post(reverse("conversations:first_word", args=[line.pk]), {"text": "Ask me anything."})
    shown = sent.content.decode()
    assert sent.status_code == 422
    assert "Ask me anything." in shown
    assert reverse("conversations:talk_one", args=[begun.pk]) in shown
    assert not Message.objects.filter(direction="out").exists()


def test_a_buddy_reads_it_before_it_stands_on_the_page(link, address, line, henk, anneke, visit):
    actions.write_on_line(link=link, text="Is it ready?")
    conversation = Conversation.objects.get(contact=line.contact)
    henk.autonomy, henk.buddy = Autonomy.BUDDY, anneke
    henk.save()
    message = actions.answer(by=henk, conversation=conversation, text="Nearly, on Thursday.")
    conversation.refresh_from_db()
    assert (message.delivery, message.buddy) == ("buddy", anneke)
    assert conversation.waiting_since is not None
    assert "on Thursday" not in visit(None).get(address).content.decode()
    with pytest.raises(Forbidden):
        actions.let_stand(by=henk, message=message)
    reader = visit(anneke)
    page = reader.get(reverse("conversations:read_first", args=[message.pk])).content.decode()
    assert "Is it ready?" in page
    reader.post(reverse("conversations:read_first", args=[message.pk]), {"yes": "1"})
    reader.post(reverse("conversations:read_first", args=[message.pk]), {"yes": "1"})
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert "on Thursday" in visit(None).get(address).content.decode()


def test_a_buddy_gives_it_back_with_a_word(link, line, henk, anneke, visit):
    actions.write_on_line(link=link, text="Is it ready?")
    conversation = Conversation.objects.get(contact=line.contact)
    henk.autonomy, henk.buddy = Autonomy.BUDDY, anneke
    henk.save()
    message = actions.answer(by=henk, conversation=conversation, text="No idea.")
    assert [one.pk for one in queries.waiting_to_be_read(anneke)] == [message.pk]
    address = reverse("conversations:read_first", args=[message.pk])
    assert visit(anneke).post(address, {"back": "1", "word": " "}).status_code == 422
    visit(anneke).post(address, {"back": "1", "word": "Ask Bram when he goes."})
    assert not conversation.messages.filter(direction="out").exists()
    (named,) = queries.asked_of(henk)
    assert "Ask Bram when he goes." in named.message.text
    assert "No idea." in named.message.text
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None
    assert visit(anneke).get(address).status_code == 404


@pytest.fixture
def kept(link, line, henk, anneke):
    """An answer of Henk that Anneke reads first."""
    actions.write_on_line(link=link, text="Is it ready?")
    henk.autonomy, henk.buddy = Autonomy.BUDDY, anneke
    henk.save()
    return actions.answer(by=henk, conversation=Conversation.objects.get(contact=line.contact), text="On Thursday.")


def test_what_stands_there_or_was_taken_back_is_not_given_back(kept, henk, anneke):
    """The words that others read stay theirs; what its writer has again needs no word."""
    actions.let_stand(by=anneke, message=kept)
    with pytest.raises(Refused) as stands:
        actions.give_back(by=anneke, message=kept, word="Liever niet zo.")
    again = actions.answer(by=henk, conversation=kept.conversation, text="Or on Friday.")
    actions.give_back(by=anneke, message=again, word="Ask Bram first.")
    with pytest.raises(Refused) as taken_back:
        actions.give_back(by=anneke, message=again, word="Ask Bram first.")
    assert (stands.value.code, taken_back.value.code) == ("sent", "taken_back")
    notes = kept.conversation.messages.filter(direction="note", text__contains="Ask Bram first.")
    assert (notes.count(), kept.conversation.messages.filter(pk=again.pk).exists()) == (1, False)


@pytest.mark.parametrize("ours", [True, False])
def test_what_was_said_meanwhile_is_read_before_it_stands_there(kept, link, anneke, marloes, visit, ours):
    reader, address = visit(anneke), reverse("conversations:read_first", args=[kept.pk])
    seen = reader.get(address).context["found"].last
    if ours:
        talk = kept.conversation
        Message.objects.create(
            conversation=talk, contact=talk.contact, person=marloes, direction="out", delivery="page",
            text="It is ready now.", at=clock.now(), stored_at=clock.now(),
        )  # fmt: skip
    else:
        actions.write_on_line(link=link, text="It is ready now.")
    refused = reader.post(address, {"yes": "1", "last_message": seen})
    assert refused.status_code == 409
    assert "It is ready now." in refused.content.decode()
    kept.refresh_from_db()
    assert kept.delivery == "buddy"
    assert reader.post(address, {"yes": "1"}).status_code == 409
    assert reader.post(address, {"yes": "1", "last_message": refused.context["found"].last}).status_code == 302
    kept.refresh_from_db()
    assert kept.delivery == "page"


def test_when_the_page_closed_its_writer_hears_that_they_send_it(kept, line, henk, anneke, visit):
    actions.close_line(by=henk, line=line)
    told = visit(anneke).post(reverse("conversations:read_first", args=[kept.pk]), {"yes": "1"}, follow=True)
    kept.refresh_from_db()
    assert kept.delivery == "by_hand"
    assert [str(one) for one in told.context["messages"]] == [
        "Their page is closed, so Henk sends it by hand and hears so."
    ]
    (named,) = queries.asked_of(henk)
    assert "On Thursday." in named.message.text


def test_whose_buddy_left_is_read_by_who_reads_for_others(kept, anneke, marloes):
    assert not queries.waiting_to_be_read(marloes).exists()
    anneke.is_active = False
    anneke.save()
    assert [one.pk for one in queries.waiting_to_be_read(marloes)] == [kept.pk]


def test_nobody_else_reads_along(link, line, henk, anneke, bram, visit):
    actions.write_on_line(link=link, text="Is it ready?")
    henk.autonomy, henk.buddy = Autonomy.BUDDY, anneke
    henk.save()
    message = actions.answer(by=henk, conversation=Conversation.objects.get(contact=line.contact), text="Nearly.")
    for person in (bram, henk):
        assert visit(person).get(reverse("conversations:read_first", args=[message.pk])).status_code == 404
    assert actions.take_back(by=henk, message=message) == "Nearly."


def test_nothing_else_of_what_we_know(address, link, henk, fatma, visit):
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    one = Conversation.objects.get()
    actions.note(by=henk, conversation=one, text="She pays late.")
    actions.tell_by_hand(by=henk, contact=fatma, channel="telephone", direction="in", text="About her neighbour.")
    page = visit(None).get(address).content.decode()
    assert "Upstairs it is cold." in page
    assert "She pays late." not in page
    assert "neighbour" not in page


def test_it_goes_on_in_the_open_conversation(link, opened, henk):
    one = opened("Hello, upstairs it is cold.")
    actions.write_on_line(link=link, text="Still cold.")
    assert Conversation.objects.count() == 1
    one.refresh_from_db()
    assert one.assignee == henk


def test_what_was_given_to_a_colleague_stays_there(link, henk, anneke):
    actions.write_on_line(link=link, text="What does it cost?")
    actions.assign(by=henk, conversation=Conversation.objects.get(), person=anneke)
    actions.write_on_line(link=link, text="Including the boiler.")
    assert Conversation.objects.get().assignee == anneke


def test_while_away_the_stand_in_answers(link, line, address, henk, anneke, visit):
    away(henk, anneke)
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    one = Conversation.objects.get()
    assert (one.assignee, one.ground) == (anneke, "stand_in")
    assert one.reasons == [["stand_in", henk.pk], ["until", "2026-11-27"], ["direct_line", henk.pk]]
    page = visit(None).get(address, headers={"accept-language": "en"}).content.decode()
    assert "Henk is away until Friday 27 November." in page
    assert "Answers for Henk" in page
    assert anneke.name in page


def test_the_line_has_a_stand_in_of_its_own(link, line, henk, anneke):
    actions.change_line(by=henk, line=line, stand_in=anneke)
    away(henk)
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    assert Conversation.objects.get().assignee == anneke


def test_back_again_it_is_theirs(link, henk, anneke):
    absence = away(henk, anneke)
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    absence.delete()
    actions.write_on_line(link=link, text="Still cold.")
    assert Conversation.objects.get().assignee == henk


def test_with_full_hands_the_stand_in_helps(link, line, henk, anneke, opened, address, visit):
    contacts.introduce(by=SYSTEM, person=henk, contact=opened("Hi", by="Els Bos").contact, direct_line=True)
    Conversation.objects.update(assignee=henk)
    actions.change_line(by=henk, line=line, limit=1, stand_in=anneke)
    assert "has many people waiting" in visit(None).get(address, headers={"accept-language": "en"}).content.decode()
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    one = Conversation.objects.order_by("-pk").first()
    assert one.assignee == anneke
    assert "Henk has many people waiting now." in str(queries.why(one, None, {henk.pk: henk}))


def test_twice_the_same_is_once(link):
    for _time in range(2):
        actions.write_on_line(link=link, text="Upstairs it is cold.", once="k")
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \x00\n ", "empty"), ("x" * (logic.LONGEST_ON_A_LINE + 1), "too_long")]
)
def test_what_is_not_a_message(link, text, code):
    with pytest.raises(Refused) as refused:
        actions.write_on_line(link=link, text=text)
    assert refused.value.code == code
    assert not Message.objects.exists()


def test_what_is_pasted_too_long_comes_back_whole(address, visit):
    sent = visit(None).post(address, {"text": (long := "x" * 4000 + " until here"), "lang": "en"})
    page = sent.content.decode()
    assert (sent.status_code, "too long for one message" in page, long in page) == (422, True, True)
    box = page[page.index("<textarea") : page.index(long)]
    assert "maxlength" not in box  # with it a browser leaves out the end, unseen


def test_more_than_a_person_writes_is_refused(link, address, visit):
    for number in range(logic.MOST_AN_HOUR):
        actions.write_on_line(link=link, text=f"Message {number}")
    late = visit(None).post(address, {"text": "One more", "lang": "en"})
    assert late.status_code == 429
    assert "One more" in late.content.decode()
    assert Message.objects.count() == logic.MOST_AN_HOUR


def test_a_machine_thinks_that_it_went(address, visit):
    answer = visit(None).post(address, {"text": "Buy now", "website": "https://spam.example"})
    assert answer.status_code == 302
    assert not Message.objects.exists()


HOSTILE = [
    "<script>alert(1)</script>", "'; drop table line;--", "\u202egnp.exe", "{{ 7|add:7 }}", "javascript:alert(1)",
    "💧" * 500, "a" * 4000, "ЗАЯВКА № 1", "مرحبا", "\ud800 lone".encode("utf-8", "replace").decode(),
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_written_is_only_text(address, henk, visit, text):
    assert visit(None).post(address, {"text": text}).status_code == 302
    page = visit(None).get(address).content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert Message.objects.get().text == text


@pytest.mark.parametrize("token", ["x", "line_" + "a" * 43, "a" * 5000, "..%2f..", "%00"])
def test_an_address_that_is_none(house, visit, token):
    answer = visit(None).get(f"/line/{token}/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    if token.isalpha() or token.startswith("line_"):  # else it is no address of such a page at all
        assert "There is no page at this address" in answer.content.decode()
        assert reverse("publishing:newsroom") in answer.content.decode()


@pytest.fixture
def school(henk):
    return Project.objects.create(name="School in Ruurlo")


def test_at_a_project_everybody_gets_a_page_of_their_own(henk, school, visit):
    door = actions.open_line(by=henk, person=henk, project=school, limit=4)
    address = queries.address_of(door)
    stranger = visit(None)
    assert stranger.post(address, {"text": "It leaks", "name": ""}).status_code == 422
    first = stranger.post(address, {"text": "It leaks in room 4", "name": "Juf Ans", "lang": "en"})
    own = first["Location"]
    assert address not in own
    assert "It leaks in room 4" in stranger.get(own).content.decode()
    assert "It leaks in room 4" not in stranger.get(address).content.decode()
    one = Conversation.objects.get()
    assert (one.contact.name, one.assignee) == ("Juf Ans", henk)
    assert Line.objects.get(contact=one.contact).limit == 4


def test_at_a_project_many_at_once_are_refused(henk, school):
    door = actions.open_line(by=henk, person=henk, project=school).links.get()
    for number in range(logic.NEW_AN_HOUR):
        actions.write_on_line(link=door, text="It leaks", name=f"Somebody {number}")
    with pytest.raises(Refused) as refused:
        actions.write_on_line(link=door, text="It leaks", name="One more")
    assert refused.value.code == "too_many"
    assert Contact.objects.count() == logic.NEW_AN_HOUR


def test_another_colleague_of_their_own_keeps_the_address(address, line, fatma, anneke, visit):
    contacts.introduce(by=SYSTEM, person=anneke, contact=fatma, direct_line=True)
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=anneke.pk)
    page = visit(None).get(address, headers={"accept-language": "en"}).content.decode()
    assert "You knew Henk Oonk. From now on Anneke is there for you" in page


def test_at_a_project_the_stand_in_answers_when_the_colleague_left(henk, anneke, school):
    door = actions.open_line(by=henk, person=henk, project=school, stand_in=anneke)
    henk.is_active = False
    henk.save()
    own = actions.write_on_line(link=door.links.get(), text="It leaks", name="Juf Ans")
    assert (own.line.person, own.line.stand_in) == (anneke, None)
    anneke.is_active = False
    anneke.save()
    with pytest.raises(Refused, match="call us"):
        actions.write_on_line(link=door.links.get(), text="It leaks", name="Meester Bob")


def test_a_page_that_was_closed_takes_nothing_in(line, link, henk):
    actions.close_line(by=henk, line=line)
    link.refresh_from_db()
    with pytest.raises(Refused) as refused:
        actions.write_on_line(link=link, text="Upstairs it is cold.")
    assert refused.value.code == "closed"
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["", "x", " \0 ", "x" * 500])
def test_at_a_project_one_says_who_one_is(henk, school, visit, name):
    door = actions.open_line(by=henk, person=henk, project=school)
    with pytest.raises(Refused) as refused:
        actions.write_on_line(link=door.links.get(), text="May I come and look?", name=name)
    assert refused.value.field == "name"
    answer = visit(None).post(queries.address_of(door), {"text": "May I come and look?", "name": name})
    assert answer.status_code == 422
    assert "May I come and look?" in answer.content.decode()
    assert not Contact.objects.filter(lines__isnull=False).exists()
