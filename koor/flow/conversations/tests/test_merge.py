"""Two conversations of one person brought together by hand, and apart again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.actions import fires
from koor.flow.conversations.models import Conversation, Join, Message, Told
from koor.flow.conversations.queries.fires import waiting_ties
from koor.kernel import clock
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.personal import OUTSIDE, declared, erasing, subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(opened, marloes, henk):
    """One that was done and one that came later, both with Fatma."""
    first = actions.take(by=marloes, conversation=opened("De ketel tikt.", minutes=60))
    first = actions.finish(by=marloes, conversation=first)
    second = opened("Hij tikt nog steeds.", minutes=5)
    assert first.pk != second.pk
    return Conversation.objects.get(pk=first.pk), Conversation.objects.get(pk=second.pk)


def texts(conversation):
    return list(conversation.messages.exclude(direction="note").values_list("text", flat=True))


def fresh(one):
    return Conversation.objects.get(pk=one.pk)


def test_they_go_on_as_one_and_who_waits_still_waits(two, marloes):
    first, second = two
    actions.merge(by=marloes, conversation=second, other=first)
    one, gone = fresh(second), fresh(first)
    assert texts(one) == ["De ketel tikt.", "Hij tikt nog steeds."]
    assert (one.asked, one.state) == ("Hij tikt nog steeds.", "open")
    assert (gone.joined_into, gone.state) == (one, "done")
    assert queries.conversation(marloes, gone.pk) == one
    assert AuditEntry.objects.filter(verb="conversations.merge").count() == 1


def test_who_waits_still_waits_in_the_fire(two, marloes):
    first, second = two
    fire = fires.open_fire_from_conversation(by=marloes, conversation=second)
    told = actions.merge(by=marloes, conversation=first, other=second)
    assert [tie.conversation for tie in waiting_ties(fire)] == [first]
    actions.unmerge(by=marloes, message=told)
    assert [tie.conversation for tie in waiting_ties(fire)] == [second]
    assert not fire.ties.filter(conversation=first).exists()


def test_into_the_one_that_was_done_opens_it(two, marloes):
    first, second = two
    actions.merge(by=marloes, conversation=first, other=second)
    assert (fresh(first).state, fresh(first).asked) == ("open", "Hij tikt nog steeds.")


def test_what_was_put_off_stays_put_off(two, marloes):
    first, second = two
    actions.snooze(by=marloes, conversation=second, until=clock.now() + timedelta(days=1))
    actions.merge(by=marloes, conversation=first, other=second)
    assert (fresh(first).state, fresh(first).snoozed_until) == ("snoozed", clock.now() + timedelta(days=1))


def test_undo_puts_each_back(two, marloes):
    first, second = two
    told = actions.merge(by=marloes, conversation=second, other=first)
    actions.unmerge(by=marloes, message=told)
    assert (texts(first), texts(second)) == (["De ketel tikt."], ["Hij tikt nog steeds."])
    assert (fresh(first).state, fresh(first).joined_into, fresh(first).waiting_since) == ("done", None, None)
    assert fresh(second).asked == "Hij tikt nog steeds."
    assert not Message.objects.filter(kind="merged").exists()
    actions.unmerge(by=marloes, message=told)
    assert AuditEntry.objects.filter(verb="conversations.unmerge").count() == 1


def test_one_of_before_it_was_noted_what_stays_comes_apart_as_well(two, marloes):
    first, second = two
    told = actions.merge(by=marloes, conversation=second, other=first)
    Join.objects.update(stayed={})
    actions.unmerge(by=marloes, message=told)
    assert (texts(first), texts(second)) == (["De ketel tikt."], ["Hij tikt nog steeds."])
    assert fresh(second).state == "open"


def held(one):
    one = fresh(one)
    return one.known, one.ohoh, one.state, one.snoozed_until


def test_undo_gives_the_one_that_stayed_what_it_had(two, opened, marloes):
    """What was known, and urgent, of a stranger does not stay with her; and hers is done again."""
    Conversation.objects.filter(pk=two[0].pk).update(known="Klant sinds 2024.")
    actions.finish(by=marloes, conversation=two[1])
    nameless = opened("Help!", by="", handle="")
    Conversation.objects.filter(pk=nameless.pk).update(known="Woont in Eibergen.", ohoh=True)
    told = actions.merge(by=marloes, conversation=two[0], other=nameless)
    assert held(two[0])[:3] == ("Klant sinds 2024. Woont in Eibergen.", True, "open")
    actions.unmerge(by=marloes, message=told)
    assert held(two[0]) == ("Klant sinds 2024.", False, "done", None)
    assert held(nameless) == ("Woont in Eibergen.", True, "open", None)
    assert not Join.objects.get().stayed


def test_undo_puts_off_again_until_then(two, opened, marloes):
    then = clock.now() + timedelta(days=3)
    actions.snooze(by=marloes, conversation=two[1], until=then)
    told = actions.merge(by=marloes, conversation=two[1], other=opened("Hij tikt.", by="", handle=""))
    assert held(two[1])[2:] == ("open", None)
    actions.unmerge(by=marloes, message=told)
    assert held(two[1])[2:] == ("snoozed", then)


def test_undo_does_not_put_off_until_what_has_passed(two, opened, marloes):
    actions.snooze(by=marloes, conversation=two[1], until=clock.now() + timedelta(days=1))
    told = actions.merge(by=marloes, conversation=two[1], other=opened("Hij tikt.", by="", handle=""))
    with clock.fixed(clock.now() + timedelta(days=2)):
        actions.unmerge(by=marloes, message=told)
    assert held(two[1])[2:] == ("open", None)


def test_undo_leaves_what_somebody_changed_since(two, opened, marloes):
    actions.snooze(by=marloes, conversation=two[1], until=clock.now() + timedelta(days=1))
    told = actions.merge(by=marloes, conversation=two[1], other=opened("Hij tikt.", by="", handle=""))
    later = clock.now() + timedelta(days=2)
    actions.snooze(by=marloes, conversation=two[1], until=later)
    actions.keep_known(by=marloes, conversation=two[1], text="Heeft een hond.")
    actions.unmerge(by=marloes, message=told)
    assert held(two[1]) == ("Heeft een hond.", False, "snoozed", later)


def test_undo_leaves_open_what_went_on_since(two, opened, marloes):
    """She said something since: she waits, and stays in sight."""
    actions.finish(by=marloes, conversation=two[1])
    told = actions.merge(by=marloes, conversation=two[1], other=opened("Hij tikt.", by="", handle=""))
    assert opened("En nu lekt hij.", minutes=1).pk == two[1].pk
    actions.unmerge(by=marloes, message=told)
    assert (fresh(two[1]).state, fresh(two[1]).asked) == ("open", "En nu lekt hij.")


def test_undo_of_the_first_of_two_leaves_what_the_second_brought(two, opened, marloes):
    others = [opened(text, by="", handle="") for text in ("Een.", "Twee.")]
    for pk, known in ((two[1].pk, "A."), (others[0].pk, "B."), (others[1].pk, "C.")):
        Conversation.objects.filter(pk=pk).update(known=known, ohoh=known != "A.")
    told = [actions.merge(by=marloes, conversation=two[1], other=one) for one in others]
    assert held(two[1])[:2] == ("A. B. C.", True)
    actions.unmerge(by=marloes, message=told[0])
    assert held(two[1])[:2] == ("A. C.", True)
    actions.unmerge(by=marloes, message=told[1])
    assert held(two[1])[:2] == ("A.", False)


def test_undo_of_what_went_on_elsewhere_since(two, opened, marloes):
    nameless = opened("Een.", by="", handle="")
    for pk, known in ((two[0].pk, "A."), (two[1].pk, "B."), (nameless.pk, "C.")):
        Conversation.objects.filter(pk=pk).update(known=known)
    inner = actions.merge(by=marloes, conversation=two[1], other=nameless)
    outer = actions.merge(by=marloes, conversation=two[0], other=two[1])
    assert held(two[0])[:1] == ("A. B. C.",)
    actions.unmerge(by=marloes, message=inner)
    assert (held(two[0])[0], held(two[1])[0]) == ("A. B.", "B.")
    actions.unmerge(by=marloes, message=outer)
    assert [held(one)[::2] for one in two] == [("A.", "done"), ("B.", "open")]


def test_a_name_in_what_is_kept_for_undo_is_erased_too(two, opened, marloes):
    Conversation.objects.filter(pk=two[1].pk).update(known="Kent Ravindra Bosman goed.")
    actions.merge(by=marloes, conversation=two[1], other=two[0])
    erasing.erase(subject(OUTSIDE, opened("Dag", by="Ravindra Bosman").contact_id))
    assert "Ravindra" not in str(Join.objects.get().stayed) + fresh(two[1]).known


def test_one_without_a_name_becomes_theirs_until_undone(two, opened, marloes):
    nameless = opened("Anoniem: hij tikt.", by="", handle="")
    told = actions.merge(by=marloes, conversation=nameless, other=two[1])
    assert told.conversation == two[1]
    assert set(fresh(two[1]).messages.exclude(direction="note").values_list("contact", flat=True)) == {
        two[1].contact_id
    }
    actions.unmerge(by=marloes, message=told)
    assert fresh(nameless).contact is None
    assert nameless.messages.get().contact is None


def test_two_people_stay_two(two, opened, marloes):
    other = opened("Dag", by="Jan Smit")
    with pytest.raises(Refused, match="two people"):
        actions.merge(by=marloes, conversation=two[1], other=other)
    with pytest.raises(Refused, match="one conversation"):
        actions.merge(by=marloes, conversation=two[1], other=two[1])


def test_asked_twice_done_once(two, marloes):
    for _ in range(2):
        actions.merge(by=marloes, conversation=two[1], other=two[0], once="a")
    assert Message.objects.filter(kind="merged").count() == 1


def test_done_undone_and_the_same_form_once_more(two, marloes):
    told = actions.merge(by=marloes, conversation=two[1], other=two[0], once="a")
    actions.unmerge(by=marloes, message=told)
    with pytest.raises(Refused, match="undone"):
        actions.merge(by=marloes, conversation=two[1], other=two[0], once="a")


def test_an_exercise_and_the_real_thing_stay_two(two, opened, marloes):
    nameless = opened("Anoniem: hij tikt.", by="", handle="")
    Conversation.objects.filter(pk=nameless.pk).update(purpose="practice")
    with pytest.raises(Refused, match="exercise"):
        actions.merge(by=marloes, conversation=two[1], other=nameless)


def test_what_had_no_name_is_found_with_theirs(two, opened, marloes):
    """Erasing Fatma takes along what was told in the nameless one that went on with hers."""
    nameless = opened("Anoniem: hij tikt.", by="", handle="")
    Told.objects.create(conversation=nameless, kind="fact", text="Kerkstraat 4", at=clock.now())
    actions.merge(by=marloes, conversation=two[1], other=nameless)
    erasing.erase(subject(OUTSIDE, fresh(two[1]).contact_id))
    assert not Told.objects.exists()
    assert not Conversation.objects.filter(pk=nameless.pk).exists()


def test_only_who_handles_both(two, henk):
    with pytest.raises(Forbidden):
        actions.merge(by=henk, conversation=two[1], other=two[0])


def test_undone_only_from_what_tells_of_it(two, marloes):
    with pytest.raises(NotFound):
        actions.unmerge(by=marloes, message=two[1].messages.first())


def page(name, pk):
    return reverse(f"conversations:{name}", args=[pk])


def test_the_page_offers_theirs_and_what_was_found(visit, two, opened, marloes, django_assert_max_num_queries):
    opened("Anoniem: hij tikt.", by="", handle="")
    opened("Jan hoort tikken.", by="Jan Smit")
    browser = visit(marloes)
    with django_assert_max_num_queries(15):
        shown = browser.get(page("merge", two[1].pk)).content.decode()
    assert "De ketel tikt." in shown
    assert "Anoniem" not in shown
    found = browser.get(page("merge", two[1].pk), {"q": "tikt"}).content.decode()
    assert "Anoniem: hij tikt." in found
    assert "Jan hoort" not in found
    assert "No other conversation" in browser.get(page("merge", two[1].pk), {"q": "giraffe"}).content.decode()


def test_chosen_on_the_page_and_undone_from_the_log(visit, two, marloes):
    browser = visit(marloes)
    answered = browser.post(page("merge", two[1].pk), {"other": two[0].pk, "once": "a", "place": "inbox"})
    assert answered["Location"] == page("inbox_one", two[1].pk)
    undo = page("unmerge", Message.objects.get(kind="merged").pk)
    assert undo in browser.get(answered["Location"]).content.decode()
    assert browser.post(undo, {"place": "inbox"})["Location"] == page("inbox_one", two[1].pk)
    assert not Message.objects.filter(kind="merged").exists()


def test_refused_on_the_page_in_words(visit, two, opened, marloes):
    other = opened("Dag", by="Jan Smit")
    answered = visit(marloes).post(page("merge", two[1].pk), {"other": other.pk})
    assert answered.status_code == 422
    assert "two people" in answered.content.decode()
    assert visit(marloes).post(page("merge", two[1].pk), {"other": "x"}).status_code == 404


def test_not_for_who_only_reads_along(visit, two, knows, bram, henk):
    knows(henk, direct_line=True)
    assert visit(henk).get(page("merge", two[1].pk)).status_code == 404


def test_joined_twice_it_goes_on_at_once_and_parts_again(two, opened, marloes, henk):
    """What hangs on it (promises on Today, what is erased of somebody) is found however often it was joined."""
    nameless = [opened(text, by="", handle="") for text in ("Een.", "Twee.")]
    row = actions.tell(by=marloes, conversation=nameless[0], kind="promise", text="Ik bel je vandaag")
    inner = actions.merge(by=marloes, conversation=nameless[1], other=nameless[0])
    outer = actions.merge(by=marloes, conversation=two[1], other=nameless[1])
    assert [fresh(one).joined_into for one in nameless] == [two[1], two[1]]
    actions.assign(by=marloes, conversation=fresh(two[1]), person=henk)
    assert [one.pk for one in queries.promised_today(henk).rows()] == [row.pk]
    [lines] = (one for one in declared() if one.model == "conversations.Told")
    assert row in lines.of(subject(OUTSIDE, two[1].contact_id))
    actions.unmerge(by=marloes, message=outer)
    assert [fresh(one).joined_into for one in nameless] == [nameless[1], None]
    actions.unmerge(by=marloes, message=inner)
    assert fresh(nameless[0]).joined_into is None


def test_what_was_joined_anew_stays_there_when_the_rest_parts(two, opened, marloes):
    one, other = (opened(text, by="", handle="") for text in ("Een.", "Twee."))
    inner = actions.merge(by=marloes, conversation=other, other=one)
    outer = actions.merge(by=marloes, conversation=two[1], other=other)
    actions.unmerge(by=marloes, message=inner)
    actions.merge(by=marloes, conversation=two[1], other=fresh(one))
    actions.unmerge(by=marloes, message=outer)
    assert (fresh(one).joined_into, fresh(other).joined_into) == (two[1], None)
