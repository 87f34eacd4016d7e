"""Two conversations of one person brought together by hand, and apart again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Conversation, Message, Told
from koor.kernel import clock
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.personal import OUTSIDE, erasing, subject

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
