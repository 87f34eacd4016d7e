"""What comes in becomes a conversation: once, threaded, with whom it fits."""

import itertools
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError

from koor.flow.conversations import actions
from koor.flow.conversations.actions import arriving
from koor.flow.conversations.models import Assignment, Conversation, Message
from koor.flow.listening.models import Mention
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Absence, Skill
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.personal import tombstones

pytestmark = pytest.mark.django_db


def test_becomes_a_conversation_with_its_author(said, service):
    mention = said("Boven blijft het koud.", kind="direct")
    conversation = actions.open_from_mention(by=SYSTEM, mention=mention)
    message = conversation.messages.get()
    assert conversation.contact.name == "Fatma Kaya"
    assert (conversation.account, conversation.purpose, conversation.channel) == (service, "service", "mastodon")
    assert (conversation.state, conversation.preview) == ("open", "Boven blijft het koud.")
    assert conversation.waiting_since == mention.said_at
    assert (message.direction, message.external_id, message.kind) == ("in", mention.external_id, "direct")
    assert AuditEntry.objects.filter(verb="conversations.open_from_mention", target_id=conversation.pk).exists()


def test_what_was_taken_back_meanwhile_is_not_found(said):
    mention = said()
    Mention.objects.filter(pk=mention.pk).delete()
    with pytest.raises(NotFound):
        actions.open_from_mention(by=SYSTEM, mention=mention)
    assert not Conversation.objects.exists()


def test_what_has_no_number_of_its_own_is_like_nothing_else(said):
    for mention in (said("Boven blijft het koud."), said("Beneden ook.", external_id="")):
        actions.open_from_mention(by=SYSTEM, mention=mention)
    assert Message.objects.count() == 2


def test_five_times_the_same_is_one_message(said):
    mention = said()
    found = {actions.open_from_mention(by=SYSTEM, mention=mention).pk for _ in range(5)}
    assert len(found) == 1
    assert Message.objects.count() == 1
    assert Contact.objects.count() == 1


def test_the_same_thing_heard_by_two_roads_is_one_message(said, service):
    from koor.flow.listening.models import Source

    other = Source.objects.create(name="#warmtepomp", kind="account", account=service, made_at=clock.now())
    first = actions.open_from_mention(by=SYSTEM, mention=said(external_id="7"))
    again = actions.open_from_mention(by=SYSTEM, mention=said(external_id="7", source=other))
    assert first == again
    assert Message.objects.count() == 1


def test_another_worker_was_first(said, monkeypatch):
    """It looks, finds nothing, and then cannot store what the other stored in the meantime."""
    mention = said()
    first = actions.open_from_mention(by=SYSTEM, mention=mention)
    looked = iter([{}])
    really = arriving._heard_before
    monkeypatch.setattr(arriving, "_heard_before", lambda mentions: next(looked, really(mentions)))
    assert actions.open_from_mention(by=SYSTEM, mention=mention) == first
    assert (Message.objects.count(), Conversation.objects.count()) == (1, 1)


def test_what_cannot_be_stored_for_another_reason_is_told(said, monkeypatch):
    def broken(*_arguments, **_fields):
        raise IntegrityError("a rule of the database")

    monkeypatch.setattr(arriving, "_message", broken)
    with pytest.raises(IntegrityError, match="a rule"):
        actions.open_from_mention(by=SYSTEM, mention=said())
    assert not Conversation.objects.exists()


def test_goes_on_in_what_is_open(opened):
    first = opened("Boven blijft het koud.", minutes=30)
    second = opened("Ligt het aan mij?", minutes=5)
    assert first == second
    second.refresh_from_db()
    assert second.preview == "Ligt het aan mij?"
    assert clock.now() - second.waiting_since == timedelta(minutes=30)


def test_any_order_gives_the_same(said, opened):
    """Three things said, heard in every order, each one to three times."""
    states = set()
    for order in itertools.permutations(range(3)):
        mentions = [said(f"bericht {n}", by=f"Els {order}", minutes=60 - n, handle=f"@els{order}") for n in range(3)]
        for number in order:
            for _ in range(number + 1):
                conversation = actions.open_from_mention(by=SYSTEM, mention=mentions[number])
        conversation.refresh_from_db()
        texts = tuple(conversation.messages.values_list("text", flat=True))
        states.add((conversation.preview, conversation.waiting_since, conversation.last_at, texts, conversation.ground))
    assert len(states) == 1


def test_a_reply_in_a_finished_conversation_opens_it_again(opened, said, marloes, henk, knows):
    knows(henk, direct_line=True)
    conversation = opened(external_id="1")
    actions.finish(by=henk, conversation=conversation)
    again = opened("Toch weer koud", in_reply_to="1")
    assert again.pk == conversation.pk
    assert again.state == "open"
    assert again.assignee == henk
    assert again.waiting_since is not None


def test_something_new_after_done_is_a_new_conversation(opened, henk, knows):
    knows(henk, direct_line=True)
    conversation = opened()
    actions.finish(by=henk, conversation=conversation)
    again = opened("Iets heel anders")
    assert again.pk != conversation.pk
    assert again.ground == "direct_line"


def test_a_reply_to_somebody_elses_words_is_their_own_conversation(opened):
    first = opened(external_id="1")
    other = opened("Bij mij ook", by="Gerben Slotboom", in_reply_to="1")
    assert other.pk != first.pk


def test_wakes_what_was_put_off(opened, henk, knows):
    knows(henk, direct_line=True)
    conversation = opened()
    actions.snooze(by=henk, conversation=conversation, until=clock.now() + timedelta(days=2))
    conversation = opened("Nog iets")
    assert (conversation.state, conversation.snoozed_until) == ("open", None)


def test_the_direct_line_has_it(opened, henk, knows):
    knows(henk, direct_line=True)
    conversation = opened()
    assert (conversation.assignee, conversation.ground) == (henk, "direct_line")
    row = Assignment.objects.get()
    assert (row.person, row.by, row.ground, row.corrected) == (henk, None, "direct_line", False)


def test_the_stand_in_while_away(opened, henk, anneke, knows):
    knows(henk, direct_line=True)
    today = clock.now().date()
    Absence.objects.create(person=henk, first_day=today, last_day=today + timedelta(days=5), stand_in=anneke)
    conversation = opened()
    assert (conversation.assignee, conversation.ground) == (anneke, "stand_in")
    assert conversation.reasons == [["stand_in", henk.pk], ["until", "2026-11-29"], ["direct_line", henk.pk]]


def test_an_open_conversation_goes_to_the_stand_in_when_they_write_again(opened, henk, anneke, knows):
    knows(henk, direct_line=True)
    assert opened().assignee == henk
    today = clock.now().date()
    Absence.objects.create(person=henk, first_day=today, last_day=today, stand_in=anneke)
    conversation = opened("Hallo?")
    assert (conversation.assignee, conversation.ground) == (anneke, "stand_in")
    assert conversation.reasons[-1] == ["thread", henk.pk]


def test_who_knows_them_and_several_are_offered_it(opened, henk, bram, knows):
    knows(henk)
    knows(bram)
    conversation = opened("Is er iemand?")
    assert conversation.assignee is None
    assert set(conversation.offered) == {henk.pk, bram.pk}
    asked = opened("Dag Bram, kom je nog?", by="Fatma Kaya")
    assert asked.pk == conversation.pk


def test_asked_for_by_name(opened, bram, henk):
    conversation = opened("Dag Bram, de unit bromt.", by="Els Wiggers")
    assert (conversation.assignee, conversation.ground) == (bram, "asked")


def test_who_answered_before(opened, henk, anneke, knows, marloes):
    conversation = opened()
    actions.assign(by=marloes, conversation=conversation, person=anneke)
    actions.note(by=anneke, conversation=conversation, text="telt niet als antwoord")
    Message.objects.create(
        conversation=conversation,
        direction="out",
        person=anneke,
        contact=conversation.contact,
        text="Dag Fatma",
        at=clock.now(),
        stored_at=clock.now(),
    )
    actions.finish(by=anneke, conversation=conversation)
    assert opened("Nog een vraag").ground == "before"


def test_an_ohoh_of_a_stranger_goes_to_pr(opened, pieter):
    conversation = opened("Jullie hebben mijn kelder onder water gezet", label="ohoh")
    assert (conversation.assignee, conversation.ground, conversation.ohoh) == (pieter, "fire", True)


def test_an_ohoh_that_is_seen_later_goes_to_pr(said, pieter):
    mention = said("Kelder onder water")
    conversation = actions.open_from_mention(by=SYSTEM, mention=mention)
    assert conversation.ground == "unsure"
    mention.label = "ohoh"
    mention.save()
    actions.hear_all([mention.pk])
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.ohoh) == (pieter, True)
    assert Message.objects.count() == 1


def test_seen_later_it_goes_on_to_pr_but_not_from_who_knows_or_answered_them(said, knows, pieter, bram):
    bram.skills.add(Skill.objects.create(name="warmtepompen", kind="subject"))
    asked = [said("Mijn warmtepomp lekt, de kelder staat blank", by=by) for by in ("Jan Bos", "Els Vos", "Fatma Kaya")]
    knows(bram)
    stranger, answered, known = [actions.open_from_mention(by=SYSTEM, mention=one) for one in asked]
    assert (stranger.ground, answered.ground, known.ground) == ("skill", "skill", "knows")
    actions.answer(by=bram, conversation=answered, text="Zet de kraan dicht.")
    reply = said("En nu is de gang ook nat, schande", by="Els Vos")
    actions.open_from_mention(by=SYSTEM, mention=reply)
    for mention in (asked[0], asked[2], reply):
        mention.label = "ohoh"
        mention.save()
        actions.hear_all([mention.pk])
    for one in (stranger, answered, known):
        one.refresh_from_db()
    assert (stranger.assignee, stranger.ground) == (pieter, "fire")
    assert (answered.assignee, known.assignee) == (bram, bram)
    assert all(one.ohoh for one in (stranger, answered, known))


def test_the_purpose_of_the_account(opened, anneke):
    from koor.ground.governance.models import Responsibility

    Responsibility.objects.create(purpose="service", person=anneke)
    conversation = opened(by="Iemand Onbekend")
    assert (conversation.assignee, conversation.ground, conversation.reasons) == (
        anneke,
        "purpose",
        [["purpose", "service"]],
    )


def test_a_personal_account_is_its_owners(said, rob, heard):
    heard.account.owner, heard.account.personal = rob, True
    heard.account.save()
    mention = Mention.objects.select_related("source__account").get(pk=said().pk)
    conversation = actions.open_from_mention(by=SYSTEM, mention=mention)
    assert (conversation.assignee, conversation.ground) == (rob, "own_account")


def test_nobody_known_is_not_sure(opened):
    conversation = opened()
    assert (conversation.assignee, conversation.ground) == (None, "unsure")


def test_hear_leaves_alone_what_is_not_said_to_us(said, imported):
    for fields in (
        {"kind": "hashtag"},
        {"ours": True},
        {"label": "noise"},
        {"source": imported},
        {"kind": "article", "source": imported},
    ):
        actions.hear_all([said(**fields).pk])
    actions.hear_all([999_999])
    assert Conversation.objects.count() == 0


def test_hear_takes_what_is_said_to_us_and_what_is_labelled(said, imported):
    for fields in ({"kind": "mention"}, {"kind": "direct"}, {"source": imported, "label": "aha"}):
        actions.hear_all([said(by=f"Iemand {fields}", handle=f"@{sorted(fields.items())!r}"[:60], **fields).pk])
    assert Conversation.objects.count() == 3


def test_what_was_brought_in_long_after_waits_from_now(said, imported):
    mention = said(source=imported, minutes=60 * 24 * 400)
    conversation = actions.open_from_mention(by=SYSTEM, mention=mention)
    assert conversation.waiting_since == clock.now()
    assert conversation.channel == "Reviews"
    assert conversation.account is None


def test_praise_that_was_not_said_to_us_does_not_wait(said, imported, marloes):
    praise = said("Ze veegden de stoep.", source=imported, label="aha")
    conversation = actions.open_from_mention(by=SYSTEM, mention=praise)
    assert (conversation.state, conversation.waiting_since) == ("open", None)
    other = said("Zo kan het dus ook.", source=imported, label="aha", by="Gerben Slotboom")
    assert actions.open_from_mention(by=marloes, mention=other).waiting_since is not None


def test_somebody_without_a_name_is_nobody(said):
    conversation = actions.open_from_mention(by=SYSTEM, mention=said(by="", handle=""))
    assert conversation.contact is None


def test_a_person_does_it_when_they_may(said, marloes, newcomer, anneke):
    with pytest.raises(Forbidden):
        actions.open_from_mention(by=newcomer, mention=said())
    with pytest.raises(Refused):
        actions.open_from_mention(by=marloes, mention=said(ours=True))
    assert actions.open_from_mention(by=anneke, mention=said()).pk


def test_hostile_text_is_kept_as_it_is(opened):
    text = "<script>alert(1)</script> \u202e '; drop table -- 💥" + "a" * 90_000
    conversation = opened(text, by="<b>Robert'); DROP</b>")
    assert conversation.messages.get().text == text
    assert len(conversation.preview) <= 200


def test_what_was_said_before_somebody_was_erased_is_nobodys(said, noon):
    stone = tombstones.Stone(uuid.uuid4(), noon, (tombstones.digest("mastodon", "fatma@social.example"),), True)
    tombstones.keep(stone)
    before = actions.open_from_mention(by=SYSTEM, mention=said(minutes=12))
    assert (before.contact, Contact.objects.exists()) == (None, False)
    after = actions.open_from_mention(by=SYSTEM, mention=said("Daar ben ik weer", minutes=-1))
    assert after.contact.name == "Fatma Kaya"


@pytest.mark.parametrize("handle", ["@", "\u200b", " @ "])
def test_who_can_not_be_recognised_is_heard_all_the_same(said, handle):
    conversation = actions.open_from_mention(by=SYSTEM, mention=said("Is daar iemand?", by="", handle=handle))
    assert (conversation.contact, conversation.preview) == (None, "Is daar iemand?")
