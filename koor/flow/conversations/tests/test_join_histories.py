"""Two contacts are one: their open conversations go on as one, nobody who waits is forgotten, and it can be undone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Conversation
from koor.ground.contacts import actions as contacts
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.together import numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(opened, marloes, henk, anneke):
    """The same person under two names, with each of whom a colleague talks."""
    kept = opened("Boven blijft het koud.", by="Fatma Kaya", minutes=50)
    gone = opened("En de app doet niets.", by="F. Kaya", minutes=30, handle="@fk@elders.example")
    actions.assign(by=marloes, conversation=kept, person=henk)
    actions.assign(by=marloes, conversation=gone, person=anneke)
    return fresh(kept), fresh(gone)


def fresh(conversation):
    return Conversation.objects.get(pk=conversation.pk)


def merged(two, marloes):
    kept, gone = two
    merge = contacts.merge_contacts(by=marloes, kept=kept.contact, gone=gone.contact)
    actions.join_histories(by=SYSTEM, merge_id=merge.pk)
    return merge, fresh(kept), fresh(gone)


def texts(conversation):
    return [one.text for one in conversation.messages.all() if one.text]


def test_they_go_on_as_one(two, marloes, henk, visit):
    _merge, kept, gone = merged(two, marloes)
    assert texts(kept) == ["Boven blijft het koud.", "En de app doet niets."]
    assert (kept.state, kept.assignee, kept.asked) == ("open", henk, "En de app doet niets.")
    assert kept.waiting_since == clock.now() - timedelta(minutes=50)
    assert (gone.state, gone.joined_into, gone.waiting_since) == ("done", kept, None)
    assert numbers(queries.how_many_wait(marloes))[0] == 1
    assert gone not in queries.listed(marloes, state="done")
    assert len(queries.of_contact(marloes, kept.contact)) == 1
    page = visit(marloes).get(reverse("conversations:inbox_one", args=[gone.pk])).content.decode()
    assert "from here on this is one conversation" in page
    assert reverse("conversations:answer", args=[kept.pk]) in page


def test_twice_is_once(two, marloes):
    merge, kept, _gone = merged(two, marloes)
    actions.join_histories(by=SYSTEM, merge_id=merge.pk)
    assert kept.joins.count() == 1
    assert kept.messages.count() == 3


def test_undone_before_it_was_heard_of_joins_nothing(two, marloes):
    kept, gone = two
    merge = contacts.merge_contacts(by=marloes, kept=kept.contact, gone=gone.contact)
    contacts.undo_merge(by=marloes, merge=merge)
    actions.join_histories(by=SYSTEM, merge_id=merge.pk)
    assert (fresh(kept).state, fresh(gone).state) == ("open", "open")
    assert not kept.joins.exists()


def test_nobody_has_either(opened, marloes, henk, knows):
    kept = opened("Hallo", by="Fatma Kaya")
    gone = opened("En nog iets.", by="F. Kaya", handle="@fk@elders.example")
    assert (kept.assignee, gone.assignee) == (None, None)
    knows(henk, kept.contact, direct_line=True)
    _merge, kept, _gone = merged((kept, gone), marloes)
    assert (kept.assignee, kept.ground) == (henk, "direct_line")


def test_whoever_had_the_other_is_here_no_more(two, marloes, henk, anneke):
    kept, gone = two
    Conversation.objects.filter(pk=kept.pk).update(assignee=None)
    anneke.is_active = False
    anneke.save()
    assert merged((kept, gone), marloes)[1].assignee is None


def test_what_either_told_need_not_be_asked_again(two, marloes):
    kept, gone = two
    Conversation.objects.filter(pk=kept.pk).update(known="Klant sinds 2024.")
    Conversation.objects.filter(pk=gone.pk).update(known="Woont in Eibergen.")
    assert merged((kept, gone), marloes)[1].known == "Klant sinds 2024. Woont in Eibergen."


def test_a_joined_one_with_nothing_but_notes(two, marloes, henk, visit):
    """Somebody noted what it is about; nothing was said yet."""
    kept, gone = two
    kept.messages.all().delete()
    actions.note(by=henk, conversation=kept, text="Belt vanmiddag terug.")
    gone.messages.all().delete()
    _merge, kept, _gone = merged((fresh(kept), fresh(gone)), marloes)
    assert (kept.preview, kept.waiting_since) == ("", None)
    assert "Only notes" in visit(marloes).get("/inbox/").content.decode()


def test_an_answer_to_the_one_is_no_answer_to_the_other(two, marloes, henk):
    actions.answer(by=henk, conversation=two[0], text="Ik kom kijken.")
    _merge, kept, _gone = merged(two, marloes)
    assert kept.asked == "En de app doet niets."
    assert kept.waiting_since == clock.now() - timedelta(minutes=30)
    actions.answer(by=henk, conversation=kept, text="Zet hem even uit en aan.")
    assert fresh(kept).waiting_since is None


def test_done_is_done_for_both(two, marloes, henk):
    _merge, kept, _gone = merged(two, marloes)
    actions.finish(by=henk, conversation=kept)
    assert fresh(kept).waiting_since is None


def test_two_again(two, marloes, henk, anneke):
    merge, kept, gone = merged(two, marloes)
    contacts.undo_merge(by=marloes, merge=merge)
    actions.part_again(by=SYSTEM, merge_id=merge.pk)
    kept, gone = fresh(kept), fresh(gone)
    assert texts(kept) == ["Boven blijft het koud."]
    assert texts(gone) == ["En de app doet niets."]
    assert kept.messages.count() == 1
    assert [(one.state, one.assignee, one.joined_into) for one in (kept, gone)] == [
        ("open", henk, None),
        ("open", anneke, None),
    ]
    assert gone.waiting_since == clock.now() - timedelta(minutes=30)
    assert gone.contact.name == "F. Kaya"
    actions.part_again(by=SYSTEM, merge_id=merge.pk)
    assert fresh(gone).state == "open"


def test_what_was_answered_together_does_not_wait_again(two, marloes, henk):
    merge, kept, gone = merged(two, marloes)
    actions.answer(by=henk, conversation=kept, text="Ik kom voor allebei.")
    contacts.undo_merge(by=marloes, merge=merge)
    actions.part_again(by=SYSTEM, merge_id=merge.pk)
    assert fresh(gone).waiting_since is None
    assert texts(fresh(kept))[-1] == "Ik kom voor allebei."


def test_what_was_finished_together_stays_finished(two, marloes, henk):
    merge, kept, gone = merged(two, marloes)
    actions.finish(by=henk, conversation=kept)
    contacts.undo_merge(by=marloes, merge=merge)
    actions.part_again(by=SYSTEM, merge_id=merge.pk)
    assert (fresh(gone).state, fresh(gone).waiting_since) == ("done", None)


def test_whoever_had_the_one_has_both(opened, marloes, henk):
    kept = opened("Hallo", by="Fatma Kaya")
    gone = opened("En nog iets.", by="F. Kaya", handle="@fk@elders.example")
    Conversation.objects.filter(pk=kept.pk).update(assignee=None)
    actions.assign(by=marloes, conversation=gone, person=henk)
    assert merged((kept, gone), marloes)[1].assignee == henk


def test_three_become_one_and_two_again(two, opened, marloes):
    third = opened("Hallo?", by="Fatma", minutes=10, handle="@f@derde.example")
    first, kept, gone = merged((two[1], third), marloes)
    assert texts(kept) == ["En de app doet niets.", "Hallo?"]
    _second, all_of_it, _went = merged((two[0], kept), marloes)
    assert len(texts(all_of_it)) == 3
    contacts.undo_merge(by=marloes, merge=first)
    actions.part_again(by=SYSTEM, merge_id=first.pk)
    assert texts(fresh(gone)) == ["Hallo?"]
    assert fresh(gone).waiting_since is not None
    assert len(texts(fresh(all_of_it))) == 2


def test_the_last_merge_is_undone_first(two, opened, marloes):
    """Of three that became one the two that were one before are that again, each message where it was."""
    third = opened("Hallo?", by="Fatma", minutes=10, handle="@f@derde.example")
    first, kept, gone = merged((two[1], third), marloes)
    second, everything, _went = merged((two[0], kept), marloes)
    contacts.undo_merge(by=marloes, merge=second)
    actions.part_again(by=SYSTEM, merge_id=second.pk)
    assert texts(fresh(everything)) == ["Boven blijft het koud."]
    assert texts(fresh(kept)) == ["En de app doet niets.", "Hallo?"]
    contacts.undo_merge(by=marloes, merge=first)
    actions.part_again(by=SYSTEM, merge_id=first.pk)
    assert (texts(fresh(kept)), texts(fresh(gone))) == (["En de app doet niets."], ["Hallo?"])
    assert fresh(gone).waiting_since == clock.now() - timedelta(minutes=10)


def test_only_one_of_them_was_talking(opened, marloes, fatma):
    alone = opened("Boven blijft het koud.", by="F. Kaya", handle="@fk@elders.example")
    merge = contacts.merge_contacts(by=marloes, kept=fatma, gone=alone.contact)
    actions.join_histories(by=SYSTEM, merge_id=merge.pk)
    assert (fresh(alone).contact, fresh(alone).state) == (fatma, "open")
