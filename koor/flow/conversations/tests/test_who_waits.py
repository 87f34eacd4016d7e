"""Who waits: since when, with what words, and counted in one way everywhere."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.kernel import clock, panels
from koor.kernel.access import SYSTEM
from koor.kernel.together import numbers

pytestmark = pytest.mark.django_db
MONTH = 60 * 24 * 30


def test_today_quotes_who_waits_and_not_ourselves(opened, said, knows, henk, marloes):
    knows(henk, direct_line=True)
    conversation = opened("Ligt het aan mij?")
    actions.answer(by=henk, conversation=conversation, text="Ik kijk het na.")
    assert not [todo for todo in panels.todos_of(henk) if todo.rank <= 20]
    opened("En nu doet hij niets meer.")
    conversation.refresh_from_db()
    conversation.preview, conversation.ours_last = "Ik kom zo langs.", True  # an answer that did not go yet
    conversation.save()
    [todo] = (todo for todo in panels.todos_of(henk) if todo.rank <= 20)
    assert todo.quote == "En nu doet hij niets meer."


def test_an_answer_that_still_has_to_be_sent_leaves_their_question_in_the_list(imported, said, henk, marloes, visit):
    conversation = actions.open_from_mention(by=marloes, mention=said("Hoe zwaar moet mijn kast?", source=imported))
    actions.answer(by=marloes, conversation=conversation, text="Driemaal vijfentwintig.")
    conversation.refresh_from_db()
    assert (conversation.asked, conversation.ours_last) == ("Hoe zwaar moet mijn kast?", True)
    actions.mark_handed(by=marloes, message=conversation.messages.latest("pk"))
    conversation.refresh_from_db()
    assert (conversation.asked, conversation.preview) == ("", "Driemaal vijfentwintig.")
    page = visit(marloes).get(reverse("conversations:inbox")).content.decode()
    assert '<span class="quiet">We:</span> Driemaal vijfentwintig.' in page


def test_the_inbox_counts_who_waits_once(opened, knows, henk, marloes, visit):
    knows(henk, direct_line=True)
    answered = opened("Dank je", by="Fatma Kaya")
    actions.answer(by=henk, conversation=answered, text="Graag gedaan.")
    for name in ("Els Wiggers", "Joost Abbink"):
        actions.assign(by=marloes, conversation=opened("Bromt dat?", by=name), person=henk)
    queue = queries.inbox(marloes)
    assert (queue.waiting, queue.counts) == (2, {"theirs": 2, "calm": 1})
    assert queue.waiting == numbers(queries.how_many_wait(marloes))[0]
    assert [row.conversation.pk for row in queue.calm] == [answered.pk]
    page = visit(marloes).get(reverse("conversations:inbox")).content.decode()
    assert "Open, nobody waits" in page
    calm = visit(marloes).get(reverse("conversations:inbox"), {"group": "calm"}).content.decode()
    assert "Fatma Kaya" in calm
    assert "Els Wiggers" not in calm


@pytest.mark.parametrize("minutes", [5, 60 * 24 * 8, MONTH - 60])
def test_they_wait_since_they_said_it(said, marloes, minutes, noon):
    mention = said(minutes=minutes)
    conversation = actions.open_from_mention(by=SYSTEM, mention=mention)
    assert conversation.waiting_since == mention.said_at


def test_an_archive_waits_since_somebody_took_it_up(said, imported, marloes, noon):
    mention = said("My bag is lost", minutes=60 * 24 * 365 * 11, source=imported, kind="mention")
    later = noon + timedelta(days=3)
    with clock.fixed(later):
        conversation = actions.open_from_mention(by=marloes, mention=mention)
    assert conversation.waiting_since == later


def test_talk_tells_who_waits_and_who_may(opened, visit, henk, marloes, fatma, knows):
    knows(henk)
    knows(marloes)
    opened("Boven blijft het koud.")
    page = visit(henk).get(reverse("conversations:talk")).content.decode()
    assert "One may be for you." in page
