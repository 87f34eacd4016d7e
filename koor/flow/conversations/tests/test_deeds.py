"""What one does on the pages: each form goes once, comes back with its text when refused, and leads on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import access, actions
from koor.flow.conversations.actions import arriving
from koor.flow.conversations.models import Conversation, Message
from koor.ground.contacts import queries as contacts
from koor.ground.governance.models import RolePermission
from koor.ground.people.choices import Autonomy
from koor.kernel import clock
from koor.kernel.access import SYSTEM, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened("Boven blijft het koud.")


def to(name, pk):
    return reverse(f"conversations:{name}", args=[pk])


def post(browser, name, conversation, **fields):
    return browser.post(to(name, conversation.pk), fields)


def test_answer_on_the_phone(visit, hers, henk):
    answered = post(
        visit(henk), "answer", hers, text="Ik kom maandag.", once="een", last_message=hers.messages.get().pk
    )
    assert answered["Location"] == to("talk_one", hers.pk) + "#newest"
    assert hers.messages.last().text == "Ik kom maandag."
    page = visit(henk).get(to("talk_one", hers.pk)).content.decode()
    assert "on its way" in page


def test_a_double_click_goes_once(visit, hers, henk):
    for _ in range(2):
        post(visit(henk), "answer", hers, text="Ik kom maandag.", once="een")
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize("place", ["inbox", "talk"])
def test_a_collision_shows_theirs_and_keeps_mine(visit, hers, marloes, henk, place):
    seen = hers.messages.get().pk
    actions.answer(by=henk, conversation=hers, text="Wat vervelend.")
    answered = post(
        visit(marloes), "answer", hers, text="Henk komt <maandag>.", once="b", last_message=seen, place=place
    )
    page = answered.content.decode()
    assert answered.status_code == 409
    assert "Henk just answered" in page
    assert "Wat vervelend." in page
    assert "Henk komt &lt;maandag&gt;." in page
    newest = hers.messages.order_by("-pk").first().pk
    assert f'name="last_message" id="last-message" value="{newest}"' in page
    again = post(visit(marloes), "answer", hers, text="Ook van mij.", once="c", last_message=newest, place=place)
    assert again.status_code == 302


@pytest.mark.parametrize("text", ["", " ", "x" * 20_001])
def test_a_wrong_answer_comes_back(visit, hers, henk, text):
    answered = post(visit(henk), "answer", hers, text=text)
    assert answered.status_code == 422
    assert text.strip()[:100] in answered.content.decode()
    assert not Message.objects.filter(direction="out").exists()


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "１"])
def test_a_strange_last_message_is_no_message(visit, hers, henk, seen):
    assert post(visit(henk), "answer", hers, text="Dag", last_message=seen).status_code == 302


def test_who_practises_gets_the_way_to_do_it(visit, hers, henk):
    henk.autonomy = Autonomy.PRACTISE
    henk.save()
    page = visit(henk).get(to("talk_one", hers.pk)).content.decode()
    assert "You are practising" in page
    assert to("answer", hers.pk) not in page
    assert post(visit(henk), "answer", hers, text="Dag").status_code == 422
    assert post(visit(henk), "note", hers, text="Ik zou zeggen: maandag").status_code == 302


def test_by_hand_from_beginning_to_end(visit, said, imported, marloes):
    browser = visit(marloes)
    mention = said("Op tijd.", source=imported, handle="")
    made = browser.post(reverse("conversations:of_mention", args=[mention.pk]))
    conversation = Conversation.objects.get()
    assert made["Location"] == to("inbox_one", conversation.pk)
    page = browser.get(to("inbox_one", conversation.pk)).content.decode()
    assert "Put it ready" in page
    post(browser, "answer", conversation, text="Dank je wel.", place="inbox")
    page = browser.get(to("inbox_one", conversation.pk)).content.decode()
    assert 'data-copy="Dank je wel."' in page
    form = page.split(to("handed", conversation.messages.last().pk))[1].split("</form>")[0]
    assert 'name="place" value="inbox"' in form  # backstage it leads on backstage
    answer = conversation.messages.last()
    sent = browser.post(to("handed", answer.pk), {"place": "inbox"})
    assert sent["Location"] == to("inbox_one", conversation.pk)
    conversation.refresh_from_db()
    assert conversation.waiting_since is None


def test_only_who_sees_a_mention_makes_a_conversation_of_it(visit, said, newcomer):
    mention = said()
    assert visit(newcomer).post(reverse("conversations:of_mention", args=[mention.pk])).status_code in {403, 404}
    assert visit(None).post(reverse("conversations:of_mention", args=[mention.pk])).status_code == 302
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:x", "account_login"],
)
def test_the_way_back_stays_in_the_house(visit, said, marloes, knows, henk, back):
    """Where the curator does not see every conversation, she goes back to where she was, never to another house."""
    RolePermission.objects.create(role="curator", permission="conversations.see_all", allowed=False)
    knows(henk, direct_line=True)
    answered = visit(marloes).post(reverse("conversations:of_mention", args=[said().pk]), {"back": back})
    assert answered["Location"] == "/"
    assert Conversation.objects.get().assignee == henk


def test_a_note_once(visit, hers, henk):
    for _ in range(2):
        assert post(visit(henk), "note", hers, text="Groep op zolder.", once="n").status_code == 302
    assert hers.messages.filter(direction="note").count() == 1
    assert post(visit(henk), "note", hers, text="").status_code == 422


def test_a_call_in_one_line(visit, hers, henk):
    told = {"text": "Ze belde weer.", "channel": "telephone", "direction": "in", "once": "h"}
    for _ in range(2):
        assert post(visit(henk), "by_hand", hers, **told).status_code == 302
    assert hers.messages.filter(channel="telephone").count() == 1
    assert post(visit(henk), "by_hand", hers, text="x", channel="duif", direction="in").status_code == 422


def test_what_nobody_asks_again(visit, hers, henk):
    assert post(visit(henk), "known", hers, known="Filter is schoon.").status_code == 302
    assert "Filter is schoon." in visit(henk).get(to("talk_one", hers.pk)).content.decode()
    assert post(visit(henk), "known", hers, known="x" * 501).status_code == 422


def test_hand_over(visit, hers, henk, bram, marloes):
    browser = visit(marloes)
    page = browser.get(to("assign", hers.pk) + "?place=inbox").content.decode()
    assert "Bram Wolters" in page
    assert "From now on the direct line of Fatma" in page
    wrong = post(browser, "assign", hers, person="", place="inbox")
    assert wrong.status_code == 422
    done = post(browser, "assign", hers, person=bram.pk, sentence="Jij plaatste hem.", direct_line="on", place="inbox")
    assert done["Location"] == reverse("conversations:inbox")
    hers.refresh_from_db()
    assert hers.assignee == bram
    assert contacts.direct_line_of(hers.contact) == bram
    page = visit(bram).get(to("talk_one", hers.pk)).content.decode()
    assert "because Marloes asks you" in page
    assert "Jij plaatste hem." in page


def test_a_colleague_does_not_arrange_the_lines_of_others(visit, hers, henk, bram):
    page = visit(henk).get(to("assign", hers.pk)).content.decode()
    assert "direct_line" not in page
    post(visit(henk), "assign", hers, person=bram.pk, direct_line="on")
    assert contacts.direct_line_of(hers.contact) == henk


def test_not_for_me_in_one_tap_and_with_whom(visit, hers, henk, anneke, bram, knows):
    knows(bram)
    told = post(visit(henk), "not_for_me", hers)
    assert told["Location"] == reverse("conversations:talk")
    hers.refresh_from_db()
    assert hers.assignee == bram
    post(visit(bram), "not_for_me", hers, person=anneke.pk, sentence="Gaat over de rekening.")
    hers.refresh_from_db()
    assert hers.assignee == anneke
    assert post(visit(anneke), "not_for_me", hers, person=anneke.pk).status_code == 302
    assert post(visit(anneke), "not_for_me", hers, person="999999").status_code == 404
    hers.refresh_from_db()
    assert hers.assignee == anneke


def test_take(visit, opened, marloes, pieter):
    conversation = opened(by="Iemand Anders")
    post(visit(pieter), "take", conversation, place="inbox")
    conversation.refresh_from_db()
    assert conversation.assignee == pieter


@pytest.mark.parametrize("until", ["hour", "afternoon", "tomorrow", "monday", "week", "", "x"])
def test_later(visit, hers, henk, until):
    post(visit(henk), "snooze", hers, until=until)
    hers.refresh_from_db()
    assert hers.state == "snoozed"
    assert hers.snoozed_until > clock.now()
    browser = visit(henk)
    assert "Back now" in browser.get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
    browser.post(to("reopen", hers.pk))
    hers.refresh_from_db()
    assert (hers.state, hers.snoozed_until) == ("open", None)


def test_done_and_back(visit, hers, henk, opened):
    browser = visit(henk)
    browser.post(to("finish", hers.pk))
    page = browser.get(reverse("conversations:talk")).content.decode()
    assert to("reopen", hers.pk) in page
    browser.post(to("reopen", hers.pk))
    hers.refresh_from_db()
    assert hers.state == "open"
    browser.post(to("finish", hers.pk))
    opened("Iets nieuws")
    assert "go on there" in browser.post(to("reopen", hers.pk), follow=True).content.decode()


def test_begin_with_somebody_known_and_somebody_new(visit, fatma, anneke):
    browser = visit(anneke)
    begin = reverse("conversations:begin")
    assert "Fatma Kaya" in browser.get(begin, {"q": "fat"}).content.decode()
    told = {"text": "Slaapkamer koud", "channel": "telephone", "direction": "in"}
    made = browser.post(begin, {"contact": fatma.pk, **told})
    conversation = Conversation.objects.get()
    assert made["Location"] == to("talk_one", conversation.pk)
    for _ in range(2):
        browser.post(begin, {"name": "Nieuwe <b>Klant</b>", "once": "k", **told})
    assert Conversation.objects.count() == 2
    assert browser.post(begin, {"contact": fatma.pk, "text": ""}).status_code == 422
    assert browser.get(begin, {"contact": "99999"}).status_code == 404
    assert browser.get(begin, {"contact": "x" * 400}).status_code == 200


def test_older_messages_page_by_page(visit, hers, henk):
    Message.objects.bulk_create(
        Message(
            conversation=hers,
            contact=hers.contact,
            direction="in",
            text=f"bericht {number}",
            at=clock.now() - timedelta(days=3, minutes=number),
            stored_at=clock.now(),
        )
        for number in range(300)
    )
    browser = visit(henk)
    page = browser.get(to("talk_one", hers.pk)).content.decode()
    assert "271 earlier messages" in page
    page = browser.get(to("talk_one", hers.pk) + "?earlier=1").content.decode()
    assert "71 earlier messages" in page
    page = browser.get(to("talk_one", hers.pk) + "?earlier=2").content.decode()
    assert "earlier messages" not in page
    assert browser.get(to("talk_one", hers.pk) + "?earlier=99999999").status_code == 200


def test_on_today_and_in_the_bar(visit, hers, henk, marloes):
    page = visit(henk).get("/").content.decode()
    assert "Fatma Kaya asks for you" in page
    assert "Answer Fatma" in page
    assert to("talk_one", hers.pk) in page
    actions.finish(by=henk, conversation=hers)
    assert "Fatma" not in visit(henk).get("/").content.decode()


def test_the_curator_is_told_what_fits_nobody(visit, opened, marloes, newcomer):
    opened(by="Iemand Anders")
    assert "One conversation fits nobody yet" in visit(marloes).get("/").content.decode()
    assert "fits nobody" not in visit(newcomer).get("/").content.decode()


def test_search_finds_what_one_may_see(visit, hers, henk, newcomer):
    from koor.kernel import search

    def hits(person, words):
        return [
            hit.title
            for label, found in search.everywhere(person, words)
            if str(label) == "Conversations"
            for hit in found
        ]

    assert hits(henk, "koud boven") == ["Fatma Kaya"]
    assert hits(newcomer, "koud") == []
    assert hits(henk, "!!!") == []


def test_on_the_page_of_a_person_outside(visit, hers, henk, newcomer):
    address = reverse("contacts:contact", args=[hers.contact_id])
    assert to("talk_one", hers.pk) in visit(henk).get(address).content.decode()
    assert to("talk_one", hers.pk) not in visit(newcomer).get(address).content.decode()


def test_a_conversation_that_is_gone_is_not_found(opened, marloes):
    hers = opened("Dag")
    Conversation.objects.filter(pk=hers.pk).delete()
    with pytest.raises(NotFound):
        actions.finish(by=marloes, conversation=hers)


def test_who_left_sees_no_conversation(opened, marloes):
    opened("Dag")
    assert Conversation.objects.filter(access.visible_to(marloes)).exists()
    marloes.is_active = False
    assert not Conversation.objects.filter(access.visible_to(marloes)).exists()


def test_what_is_with_nobody_finds_somebody_when_it_is_opened_again(opened, marloes):
    hers = opened("Dag")
    actions.finish(by=marloes, conversation=hers)
    Conversation.objects.filter(pk=hers.pk).update(assignee=None)
    assert actions.reopen(by=marloes, conversation=hers).state == "open"


def test_what_was_put_off_comes_back_when_it_is_given_to_somebody(opened, marloes, bram):
    hers = opened("Dag")
    actions.snooze(by=marloes, conversation=hers, until=clock.now() + timedelta(days=1))
    actions.assign(by=marloes, conversation=hers, person=bram)
    hers.refresh_from_db()
    assert (hers.state, hers.snoozed_until, hers.assignee) == ("open", None, bram)


def test_the_worker_that_comes_second_opens_nothing(opened, said, monkeypatch):
    mention = said("Dag")
    first = actions.open_from_mention(by=SYSTEM, mention=mention)
    actions.finish(by=SYSTEM, conversation=first)
    known, heard = arriving._heard_before, iter([{}])
    monkeypatch.setattr(arriving, "_heard_before", lambda mentions: next(heard, known(mentions)))
    assert actions.open_from_mention(by=SYSTEM, mention=mention) == first
    assert Conversation.objects.count() == 1
