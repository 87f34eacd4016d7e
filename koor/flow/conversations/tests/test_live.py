"""An open page follows what happens, and shows who else looks; cheaply, and only to those who may know."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Conversation, Looking
from koor.kernel import clock, pulse
from koor.kernel.access import SYSTEM, Forbidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened("Boven blijft het koud.")


def ask(browser, **fields):
    return browser.post(reverse("conversations:live"), fields)


def test_a_mark_changes_with_everything_that_happens(visit, hers, henk, marloes, said):
    browser = visit(henk)
    marks = [ask(browser, of=hers.pk).json()]
    assert ask(browser, of=hers.pk).json() == marks[0]
    deeds = (
        lambda: actions.open_from_mention(by=SYSTEM, mention=said("Nog iets", minutes=1)),
        lambda: actions.note(by=marloes, conversation=hers, text="Ik kijk even mee"),
        lambda: actions.assign(by=marloes, conversation=hers, person=henk, sentence="Voor jou"),
        lambda: actions.snooze(by=henk, conversation=hers, until=clock.now() + timedelta(hours=1)),
        lambda: actions.finish(by=henk, conversation=hers),
    )
    for deed in deeds:
        deed()
        marks.append(ask(browser, of=hers.pk).json())
    assert len({one["mark"] for one in marks}) == len(deeds) + 1
    assert len({one["list"] for one in marks}) == len(deeds) + 1


def test_the_answer_carries_what_was_heard_before_it_was_read(visit, hers, henk):
    pulse.note("7")
    try:
        assert ask(visit(henk), of=hers.pk).json()["pulse"] == pulse.mark() != ""
    finally:
        pulse.note("")


def test_what_was_put_off_and_comes_back_is_seen(visit, hers, marloes):
    actions.snooze(by=marloes, conversation=hers, until=clock.now() + timedelta(hours=1))
    before = ask(visit(marloes)).json()["list"]
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert actions.wake_due(by=SYSTEM) == 1
    assert ask(visit(marloes)).json()["list"] != before


def test_the_page_carries_the_marks_that_it_was_made_with(visit, hers, henk):
    page = visit(henk).get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
    mark = ask(visit(henk), of=hers.pk).json()["mark"]
    assert f'data-mark="{mark}"' in page


def test_other_peoples_conversations_change_nothing_in_my_list(visit, hers, bram, opened):
    before = ask(visit(bram)).json()["list"]
    opened("Iets anders", by="Els Wiggers")
    assert ask(visit(bram)).json()["list"] == before


def test_who_looks_and_who_writes_is_seen_by_the_others(visit, hers, henk, marloes):
    ask(visit(marloes), of=hers.pk, look="1")
    assert ask(visit(henk), of=hers.pk).json()["beside"] == {str(hers.pk): "Marloes looks too"}
    ask(visit(marloes), of=hers.pk, look="1", writes="1")
    assert ask(visit(henk), of=hers.pk).json()["beside"] == {str(hers.pk): "Marloes is writing"}
    assert ask(visit(marloes), of=hers.pk).json()["beside"] == {}
    page = visit(henk).get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
    assert "Marloes is writing" in page
    ask(visit(marloes), of=hers.pk, away="1")
    assert ask(visit(henk), of=hers.pk).json()["beside"] == {}


def test_it_is_over_in_seconds_and_nothing_stays(visit, hers, henk, marloes):
    ask(visit(marloes), of=hers.pk, look="1", writes="1")
    with clock.fixed(clock.now() + timedelta(seconds=10)):
        assert queries.live(henk, hers.pk).beside[0].writes is False
    with clock.fixed(clock.now() + timedelta(seconds=20)):
        assert queries.live(henk, hers.pk).beside == []
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        actions.forget_who_looked()
    assert not Looking.objects.exists()


def test_who_may_not_see_it_sees_nobody_and_is_not_seen(visit, hers, marloes, newcomer):
    ask(visit(marloes), of=hers.pk, look="1")
    told = ask(visit(newcomer), of=hers.pk, look="1").json()
    assert (told["mark"], told["beside"]) == ("", {})
    assert Looking.objects.count() == 1
    with pytest.raises(Forbidden):
        actions.look(by=newcomer, conversation=hers)


def test_a_stranger_and_a_wrong_number(visit, hers, henk):
    assert ask(visit(None), of=hers.pk).status_code == 302
    for wrong in ("x", "9" * 30, "²", "-1"):
        assert ask(visit(henk), of=wrong).status_code == 400
    assert visit(henk).get(reverse("conversations:live")).status_code == 405


def test_the_page_hears_what_asking_cost(visit, hers, henk):
    """It asks less often where that is much; a stranger has nothing to measure."""
    assert ask(visit(henk), of=hers.pk).headers["Server-Timing"].startswith("work;dur=")
    assert "Server-Timing" not in ask(visit(None), of=hers.pk).headers


@pytest.mark.parametrize("many", [1, 30])
def test_it_costs_the_same_however_much_there_is(visit, opened, henk, marloes, many):
    for number in range(many):
        one = opened(f"Vraag {number}", by=f"Klant{number} Jansen")
        actions.look(by=marloes, conversation=one)
    browser = visit(marloes)
    ask(browser)
    with CaptureQueriesContext(connection) as asked:
        ask(browser, of=one.pk)
    assert len(asked) <= 4


def test_the_table_is_not_logged():
    with connection.cursor() as cursor:
        cursor.execute("select relpersistence from pg_class where relname = 'conversations_looking'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.django_db(transaction=True)
def test_what_happens_to_a_conversation_is_heard_once_a_transaction():
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as line:
        pulse.follow(line, stop_after=1)
        assert (began := pulse.mark()) != ""
        with transaction.atomic():
            Conversation.objects.filter(pk=0).update(contact=None)
            Conversation.objects.filter(pk=0).delete()
            Conversation.objects.filter(pk=0).update(contact=None)
        told = list(line.notifies(timeout=5, stop_after=1))
        assert len(told) + len(list(line.notifies(timeout=0))) == 1
        pulse.note(told[0].payload)
        assert pulse.mark() != began
    pulse.note("")
