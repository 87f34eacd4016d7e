"""From one colleague to another, with what is learnt from it."""

import pytest

from koor.flow.conversations import actions
from koor.flow.conversations.models import Assignment, Refusal
from koor.flow.listening.models import Lesson
from koor.ground.contacts import queries as contacts
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Discipline
from koor.kernel.access import Forbidden, Refused

pytestmark = pytest.mark.django_db


def test_the_curator_gives_it_with_a_sentence(opened, marloes, bram):
    conversation = opened()
    actions.assign(by=marloes, conversation=conversation, person=bram, sentence="Jij plaatste die unit.")
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.ground, conversation.reasons) == (
        bram,
        "person",
        [["person", marloes.pk]],
    )
    given, decided = Assignment.objects.all()
    assert (given.person, given.by, given.sentence) == (bram, marloes, "Jij plaatste die unit.")
    assert (decided.ground, decided.by, decided.corrected) == ("unsure", None, True)


def test_who_practises_is_told_apart_and_leaves_a_note(opened, marloes, bram, visit):
    bram.autonomy = Autonomy.PRACTISE
    bram.save()
    conversation = opened()
    page = visit(marloes).get(f"/conversations/{conversation.pk}/assign/").content.decode()
    assert "still practises" in page
    actions.assign(by=marloes, conversation=conversation, person=bram)
    talk = visit(bram).get(f"/talk/{conversation.pk}/").content.decode()
    assert '<details class="more all-acts" open><summary>Note, hand over, later' in talk


def test_the_correction_becomes_a_direct_line_that_routing_uses(opened, marloes, bram):
    conversation = opened()
    actions.assign(by=marloes, conversation=conversation, person=bram, direct_line=True)
    assert contacts.direct_line_of(conversation.contact) == bram
    actions.finish(by=bram, conversation=conversation)
    again = opened("Een nieuwe vraag")
    assert (again.assignee, again.ground) == (bram, "direct_line")


def test_a_colleague_gives_on_their_own_but_not_others(opened, knows, henk, bram, anneke):
    knows(henk, direct_line=True)
    conversation = opened()
    with pytest.raises(Forbidden):
        actions.assign(by=bram, conversation=conversation, person=anneke)
    actions.assign(by=henk, conversation=conversation, person=bram)
    with pytest.raises(Forbidden):
        actions.assign(by=bram, conversation=conversation, person=anneke, direct_line=True)
    conversation.refresh_from_db()
    assert conversation.assignee == bram


def test_not_to_who_left_and_in_one_sentence(opened, marloes, bram):
    conversation = opened()
    with pytest.raises(Refused):
        actions.assign(by=marloes, conversation=conversation, person=bram, sentence="x" * 301)
    bram.is_active = False
    bram.save()
    with pytest.raises(Refused):
        actions.assign(by=marloes, conversation=conversation, person=bram)


def test_to_whom_it_is_with_changes_nothing(opened, marloes, bram):
    conversation = opened()
    for _ in range(2):
        actions.assign(by=marloes, conversation=conversation, person=bram)
    assert Assignment.objects.filter(person=bram).count() == 1


def test_not_for_me_goes_to_whom_it_should_have_gone(opened, knows, henk, anneke):
    knows(henk)
    conversation = opened()
    actions.not_for_me(by=henk, conversation=conversation, belongs_to=anneke, sentence="Dit gaat over de rekening.")
    conversation.refresh_from_db()
    assert conversation.assignee == anneke
    refusal = Refusal.objects.get()
    assert (refusal.person, refusal.belongs_to) == (henk, anneke)
    with pytest.raises(Forbidden):
        actions.not_for_me(by=henk, conversation=conversation)


def test_not_for_me_in_one_tap_finds_another_and_is_remembered(opened, knows, henk, bram):
    knows(henk)
    conversation = opened()
    assert conversation.assignee == henk
    actions.not_for_me(by=henk, conversation=conversation)
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.ground) == (None, "unsure")
    actions.take(by=_curator(conversation), conversation=conversation)
    actions.finish(by=_curator(conversation), conversation=conversation)
    assert opened("Nieuwe vraag").assignee_id != henk.pk


def _curator(conversation):
    from koor.ground.people.models import Person

    return Person.objects.filter(roles__contains=["curator"]).first()


def test_a_refusal_is_forgotten_when_they_are_asked_again_by_a_person(opened, knows, henk, marloes):
    knows(henk)
    conversation = opened()
    actions.not_for_me(by=henk, conversation=conversation)
    actions.assign(by=marloes, conversation=conversation, person=henk)
    assert not Refusal.objects.exists()
    assert opened("Nog iets").assignee == henk


def test_one_of_several_passes(opened, knows, henk, bram):
    knows(henk)
    knows(bram)
    conversation = opened()
    actions.not_for_me(by=henk, conversation=conversation)
    conversation.refresh_from_db()
    assert conversation.assignee == bram


def test_not_to_oneself(opened, knows, henk):
    knows(henk)
    with pytest.raises(Refused) as refusal:
        actions.not_for_me(by=henk, conversation=opened(), belongs_to=henk)
    assert refusal.value.field == "belongs_to"


def test_the_first_who_takes_it_has_it(opened, knows, henk, bram, anneke):
    knows(henk)
    knows(bram)
    conversation = opened()
    with pytest.raises(Forbidden):
        actions.take(by=anneke, conversation=conversation)
    actions.take(by=henk, conversation=conversation)
    actions.take(by=henk, conversation=conversation)
    with pytest.raises(Refused) as refusal:
        actions.take(by=bram, conversation=conversation)
    assert refusal.value.code == "taken"
    conversation.refresh_from_db()
    assert (conversation.assignee, len(conversation.offered)) == (henk, 0)


def test_the_direct_line_needs_somebody_we_know(opened, marloes, bram):
    conversation = opened(by="", handle="")
    with pytest.raises(Refused) as refusal:
        actions.assign(by=marloes, conversation=conversation, person=bram, direct_line=True)
    assert refusal.value.code == "no_contact"
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_of_a_discipline_that_was_renamed_just_now_nothing_is_learnt(opened, marloes, bram):
    """It goes to them all the same."""
    one = opened("Boven blijft het koud.")
    Discipline.objects.filter(pk=bram.discipline_id).update(name="Warmte")
    assert bram.discipline.name == "Installers"
    actions.assign(by=marloes, conversation=one, person=bram)
    one.refresh_from_db()
    assert one.assignee == bram
    assert not Lesson.objects.exists()
    bram.refresh_from_db()
    actions.assign(by=marloes, conversation=opened("Beneden ook.", by="Joost Wender"), person=bram)
    assert Lesson.objects.get().label == "warmte"
