"""A customer explains once: the summary is kept up, read when it changes hands, and looked at before we ask."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.actions import answering
from koor.flow.conversations.models import Conversation, Message, Repeat, Told
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
TOLD = "Ik woon op Lindelaan 14 in Borculo, de Remeha Avanta geeft storing F28."


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened(TOLD)


def summary(person, conversation):
    thread = queries.thread(person, conversation)
    return queries.summary(person, conversation, thread.messages, thread.on_behalf_of)


def promised_for(person):
    return [*queries.promised_before(person).rows(), *queries.promised_today(person).rows()]


def test_messages_propose_what_is_worth_a_line(hers, henk):
    found = {one.found.text for one in summary(henk, hers).proposals}
    assert found == {"Lindelaan 14 in Borculo", "Remeha Avanta", "storing F28"}


def test_one_tap_keeps_it_and_another_puts_it_aside(hers, henk):
    by_subject = {one.found.subject: one for one in summary(henk, hers).proposals}
    address, device = by_subject["address"], by_subject["device"]
    actions.keep_found(by=henk, message=address.message, key=address.found.key)
    actions.put_aside(by=henk, message=device.message, key=device.found.key)
    shown = summary(henk, hers)
    assert [one.text for one in shown.facts] == ["Lindelaan 14 in Borculo"]
    assert {one.found.subject for one in shown.proposals} == {"code"}


def test_what_stands_on_their_page_is_not_proposed(hers, henk, fatma):
    fatma.street, fatma.place = "Lindelaan 14", "Borculo"
    fatma.save()
    fresh = queries.conversation(henk, hers.pk)
    assert "address" not in {one.found.subject for one in summary(henk, fresh).proposals}


def test_a_day_that_is_promised_in_an_answer_is_kept_and_says_so(hers, henk, visit):
    browser, page = visit(henk), reverse("conversations:talk_one", args=[hers.pk])
    words = "Dag Fatma, ik kom vrijdag langs. Ik hoor graag of je morgen kunt bellen. Als het lekt kom ik morgen."
    browser.post(reverse("conversations:answer", args=[hers.pk]), {"text": words})
    [row] = Told.objects.all()
    assert (row.text, row.due, row.by) == ("Dag Fatma, ik kom vrijdag langs.", clock.now().date() + timedelta(3), henk)
    undo = reverse("conversations:told_one", args=[row.pk])
    shown = browser.get(page).content.decode()
    assert "Promised for Friday" in shown
    assert f'<form method="post" action="{undo}"' in shown
    browser.post(undo)
    assert summary(henk, hers).promises == []
    browser.post(reverse("conversations:answer", args=[hers.pk]), {"text": words + " Echt."})
    assert (summary(henk, hers).promises, undo in browser.get(page).content.decode()) == ([row], True)


def test_what_never_reached_them_was_not_promised(hers, henk, fatma, visit):
    message = actions.answer(by=henk, conversation=hers, text="Ik bel je vrijdag.")
    assert Told.objects.get().dropped_at is None
    answering.mark_failed(by=SYSTEM, message=message)
    assert Told.objects.get().dropped_at
    said = {"channel": "telephone", "direction": "out", "text": "Ik bel je vrijdag.", "contact": fatma.pk}
    assert visit(henk).post(reverse("conversations:begin"), said).status_code == 302
    assert Told.objects.get().dropped_at is None


def test_a_promise_stays_while_one_answer_that_says_it_reached_them(hers, henk, fatma):
    words = "Ik bel je vrijdag, Fatma."
    first = actions.answer(by=henk, conversation=hers, text=words)
    again = actions.answer(by=henk, conversation=hers, text=words)
    row = Told.objects.get()
    assert (queries.promised_with(henk, first), queries.promised_with(henk, again)) == ([row], [])
    answering.mark_failed(by=SYSTEM, message=again)
    last = actions.answer(by=henk, conversation=hers, text=f"Dag! {words}")
    for message, kept in ((first, True), (last, False)):
        answering.mark_failed(by=SYSTEM, message=message)
        assert (Told.objects.get().dropped_at is None) is kept
    moment = {"contact": fatma, "channel": "telephone", "direction": "out", "at": clock.now() - timedelta(days=30)}
    actions.tell_by_hand(by=henk, text="Ik bel je donderdag terug.", **moment)
    assert Told.objects.get() == row  # nothing that is past already


def test_what_may_be_a_promise_is_seen_in_our_answer(hers, henk):
    actions.answer(by=henk, conversation=hers, text="Vrijdag komt Jelle langs, Fatma.")
    promise = next(one for one in summary(henk, hers).proposals if one.found.kind == "promise")
    promise.message.delivery = "by_hand"  # put ready, and not sent yet: nobody heard it
    promise.message.save(update_fields=["delivery"])
    assert not [one for one in summary(henk, hers).proposals if one.found.kind == "promise"]
    row = actions.keep_found(by=henk, message=promise.message, key=promise.found.key)
    assert row.due == clock.now().date() + timedelta(days=3)
    for _twice in range(2):
        actions.keep_promise(by=henk, told=row)
    assert summary(henk, hers).promises[0].done_at
    assert AuditEntry.objects.filter(verb="conversations.keep_promise").count() == 1


def test_the_same_words_a_week_later_are_another_promise(hers, henk):
    for words, week in (("We komen vrijdag langs, Fatma.", 0), ("Dat kijken we na.", 0), ("Dat kijken we na.", 1)):
        with clock.fixed(clock.now() + timedelta(weeks=week)):
            row = actions.tell(by=henk, conversation=hers, kind="promise", text=words)
            actions.keep_promise(by=henk, told=row)
    with clock.fixed(clock.now() + timedelta(weeks=1)):
        again = actions.tell(by=henk, conversation=hers, kind="promise", text="Dat kijken we na.")
        actions.answer(by=henk, conversation=hers, text="We komen vrijdag langs, Fatma.")
        row = Told.objects.latest("pk")
        assert (row.due, row.done_at, again.done_at) == (clock.now().date() + timedelta(days=3), None, None)


def test_a_promised_day_that_came_or_passed_is_on_today_until_one_tap(hers, henk, anneke, visit):
    row = actions.tell(by=henk, conversation=hers, kind="promise", text="Ik bel je vrijdag")
    page, one = reverse("conversations:talk_one", args=[hers.pk]), reverse("conversations:told_one", args=[row.pk])
    assert "Ik bel je vrijdag" not in visit(henk).get("/").content.decode()
    for later, says in ((3, "Promised to Fatma Kaya for today"), (5, "not done yet")):
        with clock.fixed(clock.now() + timedelta(days=later)):
            assert says in (today := visit(henk).get("/").content.decode())
            assert f'action="{one}"' in today
            assert "Ik bel je vrijdag</q>" in visit(henk).get(page).content.decode()
    actions.assign(by=henk, conversation=hers, person=anneke)
    with clock.fixed(clock.now() + timedelta(days=3)):
        assert f'action="{one}"' not in visit(henk).get("/").content.decode()
        browser = visit(anneke)
        assert f'action="{one}"' in browser.get("/").content.decode()
        assert browser.post(one, {"done": "1", "place": "today"})["Location"] == "/"
        assert f'action="{one}"' not in (done := browser.get("/").content.decode())
        undo = reverse("conversations:told_not_done", args=[row.pk])
        assert undo in done
        browser.post(undo)
        assert f'action="{one}"' in browser.get("/").content.decode()
    with clock.fixed(clock.now() + timedelta(days=30)):
        assert f'action="{one}"' not in visit(anneke).get("/").content.decode()


def test_what_stands_on_today_can_be_ticked_off_there(opened, hers, henk, bram, visit):
    late, later = (actions.tell(by=henk, conversation=hers, kind="promise", text=one)
                   for one in ("Ik bel je vandaag", "Ik bel je morgen"))  # fmt: skip
    with clock.fixed(clock.now() + timedelta(days=2)):
        new = actions.tell(by=henk, conversation=hers, kind="promise", text="Ik stuur het vandaag")
        assert [one.pk for one in promised_for(henk)] == [late.pk, later.pk, new.pk]
        today = visit(henk).get("/").content.decode()
        shown = [one.pk for one in (late, later, new) if reverse("conversations:told_one", args=[one.pk]) in today]
        assert shown == [late.pk, new.pk]  # those of today hide none that was missed
        assert "One more promise waits behind it." in today
        more = {"conversation": hers, "kind": "promise", "by": henk, "at": late.at, "due": late.due}
        rows = Told.objects.bulk_create(Told(text=f"Ik bel {n}", key=f"promise:{n}", **more) for n in range(30))
        today = visit(henk).get("/").content.decode()
        assert reverse("conversations:told_one", args=[new.pk]) in today
        assert "31 more promises wait behind it." in today
        Told.objects.filter(pk__in=[one.pk for one in rows]).delete()
        Conversation.objects.filter(pk=hers.pk).update(assignee=None, contact=None)
        assert promised_for(henk) == []  # who does not see it any more is not told of it
        onward = opened("Nog iets", by="Noor")
        Conversation.objects.filter(pk=hers.pk).update(joined_into=onward)
        Conversation.objects.filter(pk=onward.pk).update(assignee=bram)
        browser = visit(bram)
        for one in (new, later, late):
            assert one.pk in [row.pk for row in promised_for(bram)]
            done = reverse("conversations:told_one", args=[one.pk])
            assert f'action="{done}"' in browser.get("/").content.decode()
            assert browser.post(done, {"done": "1", "place": "today"}).status_code == 302
        undone = browser.post(reverse("conversations:told_not_done", args=[late.pk]))
        assert undone["Location"] == reverse("conversations:talk_one", args=[onward.pk]) + "#told"


def test_the_summary_of_a_person_is_kept_up_from_each_conversation_with_them(opened, hers, fatma, henk, bram, visit):
    row = actions.tell(by=henk, conversation=hers, kind="promise", text="Ik bel je vandaag")
    browser, done = visit(bram), reverse("conversations:told_one", args=[row.pk])
    assert browser.post(done, {"done": "1"}).status_code == 404
    other = opened("Iets anders", by="Noor")
    Conversation.objects.filter(pk=other.pk).update(contact=fatma, assignee=bram)
    page = reverse("conversations:talk_one", args=[other.pk])
    assert f'action="{done}"' in browser.get(page).content.decode()
    assert browser.post(done, {"done": "1", "here": other.pk})["Location"] == f"{page}#told"
    row.refresh_from_db()
    assert row.done_at


def test_a_line_in_own_words(hers, henk, bram):
    actions.tell(by=henk, conversation=hers, kind="fact", text="  De poort is\n op slot ")
    actions.tell(by=henk, conversation=hers, kind="fact", text="De poort is op slot")
    assert [one.text for one in summary(henk, hers).facts] == ["De poort is op slot"]
    for kind, text in (("fact", " "), ("fact", "x" * 301), ("nothing", "x")):
        with pytest.raises(Refused):
            actions.tell(by=henk, conversation=hers, kind=kind, text=text)
    with pytest.raises(Forbidden):
        actions.tell(by=bram, conversation=hers, kind="fact", text="x")


def test_it_goes_along_to_the_next_conversation(hers, henk, opened):
    actions.tell(by=henk, conversation=hers, kind="tried", text="Gereset, hielp niet")
    actions.finish(by=henk, conversation=hers)
    later = opened("Weer koud.")
    assert later.pk != hers.pk
    assert [one.text for one in summary(henk, later).tried] == ["Gereset, hielp niet"]


# --- it changes hands ---


def test_whoever_gets_it_reads_it_first(hers, henk, anneke):
    actions.tell(by=henk, conversation=hers, kind="fact", text="Lindelaan 14")
    assert not summary(henk, hers).must_read
    actions.assign(by=henk, conversation=hers, person=anneke)
    assert summary(anneke, hers).must_read
    with pytest.raises(Refused) as refused:
        actions.answer(by=anneke, conversation=hers, text="Ik kom eraan.")
    assert refused.value.code == "unread"
    actions.confirm_read(by=anneke, conversation=hers)
    assert not summary(anneke, hers).must_read
    actions.answer(by=anneke, conversation=hers, text="Ik kom eraan.")
    actions.assign(by=anneke, conversation=hers, person=henk)
    assert summary(henk, hers).must_read


def test_without_a_summary_there_is_nothing_to_read(hers, henk, anneke):
    done = actions.tell(by=henk, conversation=hers, kind="promise", text="Ik bel je vandaag")
    actions.keep_promise(by=henk, told=done)
    actions.assign(by=henk, conversation=hers, person=anneke)
    assert actions.answer(by=anneke, conversation=hers, text="Ik kom eraan.")


def test_one_tap_on_the_page_and_what_was_typed_stays(hers, henk, anneke, visit):
    actions.tell(by=henk, conversation=hers, kind="fact", text="De poort is op slot")
    actions.assign(by=henk, conversation=hers, person=anneke)
    client, page = visit(anneke), reverse("conversations:talk_one", args=[hers.pk])
    assert "I read it" in client.get(page).content.decode()
    sent = client.post(reverse("conversations:answer", args=[hers.pk]), {"text": "Ik kom morgen."})
    assert sent.status_code == 422
    assert "Ik kom morgen." in sent.content.decode()
    assert "I read it, send" in sent.content.decode()
    client.post(reverse("conversations:answer", args=[hers.pk]), {"text": "Ik kom morgen.", "read": "1"})
    assert Message.objects.filter(text="Ik kom morgen.").exists()
    client.post(reverse("conversations:read", args=[hers.pk]))
    assert "This came to you" not in client.get(page).content.decode()


def test_the_sentence_of_who_gives_it_is_read_first_and_nobody_reads_their_own_lines(hers, henk, anneke, visit):
    actions.assign(by=henk, conversation=hers, person=anneke)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        actions.tell(by=anneke, conversation=hers, kind="fact", text="De poort is op slot")
    assert not summary(anneke, hers).must_read
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        actions.assign(by=anneke, conversation=hers, person=henk)
        actions.assign(by=henk, conversation=hers, person=anneke, sentence="Vraag naar het paneel")
    client, page = visit(anneke), reverse("conversations:talk_one", args=[hers.pk])
    assert "Henk asks you to answer Fatma Kaya" in (today := client.get("/").content.decode())
    assert "Vraag naar het paneel" in today
    gate = client.get(page).content.decode().partition("This came to you")[2].partition("</form>")[0]
    assert "Henk says: “Vraag naar het paneel”" in gate
    sent = client.post(reverse("conversations:answer", args=[hers.pk]), {"text": "Ik kom morgen."}).content.decode()
    refused = sent.partition('class="reply field"')[2].partition("I read it, send")[0]
    assert "Henk says: “Vraag naar het paneel”" in refused
    assert "De poort is op slot" in refused
    with clock.fixed(clock.now() + timedelta(minutes=3)):
        client.post(reverse("conversations:read", args=[hers.pk]))
    assert "This came to you" not in client.get(page).content.decode()


# --- asked again ---


def test_what_is_held_is_not_asked_again(hers, henk):
    with pytest.raises(Refused) as refused:
        actions.answer(by=henk, conversation=hers, text="Wat is je adres?")
    assert refused.value.code == "held"
    assert "Lindelaan 14 in Borculo" in str(refused.value)
    assert not Repeat.objects.exists()
    actions.answer(by=henk, conversation=hers, text="Wat is je adres?", anyway=True)
    assert Repeat.objects.get().kind == "asked"
    assert Repeat.objects.get().message is None  # so that nobody counts a colleague


def test_what_is_not_held_may_be_asked(hers, henk):
    assert actions.answer(by=henk, conversation=hers, text="Op welk nummer kunnen we je bellen?")


def test_the_page_warns_before_it_goes(hers, henk, visit):
    client = visit(henk)
    sent = client.post(reverse("conversations:answer", args=[hers.pk]), {"text": "Welke ketel heb je?"})
    assert "We know the device already: “Remeha Avanta”." in sent.content.decode().replace("&quot;", '"')
    assert "Ask it all the same" in sent.content.decode()
    client.post(reverse("conversations:answer", args=[hers.pk]), {"text": "Welke ketel heb je?", "anyway": "1"})
    assert Message.objects.filter(text="Welke ketel heb je?").exists()


# --- they say so ---


def test_who_has_to_repeat_is_noticed(hers, said, henk):
    again = actions.open_from_mention(by=SYSTEM, mention=said("Dat heb ik al verteld, voor de derde keer."))
    message = Message.objects.latest("pk")
    for _time in range(2):
        actions.notice_repeats(by=SYSTEM, message_ids=[message.pk])
    assert Repeat.objects.get().kind == "said"
    assert summary(henk, again).said_again
    now = clock.now()
    counted = queries.told_in(now - timedelta(days=1), now + timedelta(minutes=1))
    assert [rows.count() for rows in counted] == [1, 1]


def test_a_colleague_who_notes_it_is_no_repeat(hers, henk, fatma):
    actions.tell_by_hand(by=henk, contact=fatma, channel="telephone", direction="in", text="Dat had ze al verteld.")
    actions.notice_repeats(by=SYSTEM, message_ids=[Message.objects.latest("pk").pk])
    assert not Repeat.objects.exists()


def test_the_summary_on_the_page(hers, henk, visit):
    client = visit(henk)
    page = client.get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
    assert "Told already" in page
    message = Message.objects.get()
    key = next(one.found.key for one in summary(henk, hers).proposals if one.found.subject == "code")
    client.post(reverse("conversations:told_found", args=[message.pk]), {"key": key})
    client.post(reverse("conversations:tell", args=[hers.pk]), {"kind": "promise", "line": "Jelle belt vrijdag"})
    assert set(Told.objects.values_list("text", flat=True)) == {"storing F28", "Jelle belt vrijdag"}
    row = Told.objects.get(kind="promise")
    client.post(reverse("conversations:told_one", args=[row.pk]), {"done": "1"})
    row.refresh_from_db()
    assert row.done_at
    assert Conversation.objects.count() == 1


def test_what_others_may_not_see_they_cannot_change(hers, henk, bram, visit):
    row = actions.tell(by=henk, conversation=hers, kind="fact", text="x")
    for name, number in (("told_one", row.pk), ("told_found", Message.objects.get().pk), ("tell", hers.pk)):
        answer = visit(bram).post(
            reverse(f"conversations:{name}", args=[number]), {"kind": "fact", "line": "y", "key": "z"}
        )
        assert answer.status_code == 404


def test_who_only_says_again_what_they_told_is_noticed(hers, said, henk):
    actions.open_from_mention(by=SYSTEM, mention=said("Ik woon op Spoorstraat 8, de ketel geeft storing F28."))
    conversation = Conversation.objects.get()
    actions.answer(by=henk, conversation=conversation, text="Mag ik weten waar je woont?", anyway=True)
    again = actions.open_from_mention(by=SYSTEM, mention=said("Spoorstraat 8", minutes=1))
    message = again.messages.latest("pk")
    Repeat.objects.all().delete()
    actions.notice_repeats(by=SYSTEM, message_ids=[message.pk])
    assert Repeat.objects.get().message == message


def test_of_a_message_that_is_gone_nothing_is_noticed(hers):
    actions.notice_repeats(by=SYSTEM, message_ids=[999_999_999])
    actions.notice_repeats(by=SYSTEM, message_ids=[hers.messages.get().pk])
    assert not Repeat.objects.exists()
