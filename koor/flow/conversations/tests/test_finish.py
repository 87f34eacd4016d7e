"""Later, done, open again; and what is known."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from koor.flow.conversations import actions, logic
from koor.flow.conversations.models import Conversation
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened()


def test_done_asks_for_nothing_any_more(hers, henk, bram):
    with pytest.raises(Forbidden):
        actions.finish(by=bram, conversation=hers)
    for _ in range(2):
        actions.finish(by=henk, conversation=hers)
    hers.refresh_from_db()
    assert (hers.state, hers.waiting_since) == ("done", None)


def test_what_was_done_is_not_counted_again_when_they_reply(hers, henk, opened):
    actions.finish(by=henk, conversation=hers)
    again = opened("Dank je wel", minutes=2, in_reply_to=hers.messages.get().external_id)
    assert again.pk == hers.pk
    assert clock.now() - again.waiting_since == timedelta(minutes=2)


def test_taken_back_it_waits_as_before(hers, henk):
    before = hers.messages.get().waits_from
    actions.finish(by=henk, conversation=hers)
    for _ in range(2):
        actions.reopen(by=henk, conversation=hers)
    hers.refresh_from_db()
    assert (hers.state, hers.waiting_since) == ("open", before)


def test_not_when_a_newer_one_is_open(hers, henk, opened):
    actions.finish(by=henk, conversation=hers)
    opened("Iets nieuws")
    with pytest.raises(Refused) as refusal:
        actions.reopen(by=henk, conversation=hers)
    assert refusal.value.code == "newer"


def test_later_and_back_by_itself(hers, henk, bram, before_held):
    until = clock.now() + timedelta(hours=1)
    with pytest.raises(Forbidden):
        actions.snooze(by=bram, conversation=hers, until=until)
    with pytest.raises(Refused):
        actions.snooze(by=henk, conversation=hers, until=clock.now())
    actions.snooze(by=henk, conversation=hers, until=until)
    assert actions.wake_due(by=SYSTEM) == 0
    with clock.fixed(until):
        assert actions.wake_due(by=SYSTEM) == 1
    hers.refresh_from_db()
    assert (hers.state, hers.snoozed_until) == ("open", None)
    actions.snooze(by=henk, conversation=hers, until=until)
    with clock.fixed(until), before_held(Conversation, lambda: actions.finish(by=henk, conversation=hers)):
        assert actions.wake_due(by=SYSTEM) == 0
    hers.refresh_from_db()
    assert hers.state == "done"  # what a colleague finished in that moment does not come back


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("hour", "2026-11-24T14:00"),
        ("afternoon", "2026-11-24T16:00"),
        ("tomorrow", "2026-11-25T08:00"),
        ("monday", "2026-11-30T08:00"),
        ("week", "2026-12-01T08:00"),
    ],
)
def test_what_later_means(choice, expected):
    now = datetime(2026, 11, 24, 13, 0, tzinfo=AMSTERDAM)
    moment = logic.snooze_until(choice, now, time(8))
    assert moment == datetime.fromisoformat(expected).replace(tzinfo=AMSTERDAM)


def test_late_in_the_afternoon_is_two_hours_on():
    now = datetime(2026, 11, 24, 15, 45, tzinfo=AMSTERDAM)
    assert logic.snooze_until("afternoon", now, time(8)) == now + timedelta(hours=2)


def test_tomorrow_over_the_end_of_summer_time():
    now = datetime(2026, 10, 24, 20, 0, tzinfo=AMSTERDAM)
    moment = logic.snooze_until("tomorrow", now, time(8))
    assert moment.astimezone(UTC).hour == 7


def test_what_nobody_asks_again(hers, henk, bram):
    actions.keep_known(by=henk, conversation=hers, text=" Beneden is het warm,\n de knop staat open. ")
    hers.refresh_from_db()
    assert hers.known == "Beneden is het warm, de knop staat open."
    with pytest.raises(Refused):
        actions.keep_known(by=henk, conversation=hers, text="x" * 501)
    with pytest.raises(Forbidden):
        actions.keep_known(by=bram, conversation=hers, text="x")


def test_known_goes_along_to_the_next_conversation(hers, henk, opened):
    actions.keep_known(by=henk, conversation=hers, text="Filter is schoon.")
    actions.finish(by=henk, conversation=hers)
    assert opened("Weer iets").known == "Filter is schoon."
    assert Conversation.objects.count() == 2
