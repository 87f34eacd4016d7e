"""Another moment, not at all, or once more."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from koor.flow.calendar import actions as calendar
from koor.flow.calendar.events import SlotRetimed
from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver, follow_the_clocks
from koor.flow.publishing.actions.release import follow_slot
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.receivers import go_at_another_time
from koor.flow.publishing.tests.conftest import again, row
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused

FRIDAY = datetime(2026, 11, 27, 9)
Released = Callable[..., Target]


@pytest.fixture
def planned(noon: datetime, released: Released, news: Account) -> Target:
    return released("Vrijdag.", news, due_local=FRIDAY)


def test_another_moment_moves_the_calendar_too(planned: Target, bram: Person) -> None:
    moved = actions.reschedule(by=bram, target=planned, due_local=datetime(2026, 11, 30, 16, 30))
    assert moved.due_at == moved.wake_at == datetime(2026, 11, 30, 15, 30, tzinfo=UTC)
    assert moved.post.slot is not None
    moved.post.slot.refresh_from_db()
    assert moved.post.slot.day == date(2026, 11, 30)


def test_now_after_all(planned: Target, bram: Person, noon: datetime) -> None:
    moved = actions.reschedule(by=bram, target=planned, due_local=None)
    assert (moved.due_at, moved.due_day) == (noon, None)
    deliver(planned.pk)
    assert again(planned).state == "published"


def test_the_calendar_moves_what_stands_ready(planned: Target, marloes: Person) -> None:
    assert planned.post.slot is not None
    calendar.move_slot(by=marloes, slot=planned.post.slot, day=date(2026, 12, 1))
    follow_slot(planned.post.slot.pk)
    after = again(planned)
    assert (after.due_day, after.due_at) == (date(2026, 12, 1), datetime(2026, 12, 1, 8, tzinfo=UTC))
    calendar.move_slot(by=marloes, slot=planned.post.slot, day=date(2026, 11, 25))
    with clock.fixed(datetime(2026, 11, 25, 9, tzinfo=UTC)):  # the worker stood still until that moment had passed
        follow_slot(planned.post.slot.pk)
    assert again(planned).due_at == after.due_at


def test_the_place_and_what_stands_ready_keep_one_moment(
    planned: Target, marloes: Person, bram: Person, write: Callable[..., Post], news: Account
) -> None:
    place = planned.post.slot
    assert place is not None
    assert place.time == time(9)
    calendar.edit_slot(by=marloes, slot=place, time=time(16))
    go_at_another_time(SlotRetimed(place.pk))
    assert again(planned).due_at == datetime(2026, 11, 27, 15, tzinfo=UTC)
    actions.reschedule(by=bram, target=again(planned), due_local=datetime(2026, 11, 27, 11, 30))
    place.refresh_from_db()
    assert (place.day, place.time) == (date(2026, 11, 27), time(11, 30))
    for day in (date(2026, 11, 24), date(2026, 11, 20)):  # it is noon, one o'clock here
        with pytest.raises(Refused, match="passed"):
            calendar.move_slot(by=marloes, slot=place, day=day)
    with clock.fixed(datetime(2026, 11, 27, 9, tzinfo=UTC)), pytest.raises(Refused, match="passed"):
        calendar.edit_slot(by=marloes, slot=place, time=time(8))
    promise = calendar.plan_slot(by=bram, day=date(2026, 11, 27), person=bram)
    draft = write("Nog niet.", news, slot=promise, due_local=FRIDAY)
    assert draft.slot is not None
    calendar.move_slot(by=marloes, slot=draft.slot, day=date(2026, 12, 1))
    follow_slot(draft.slot.pk)
    assert (row(draft).due_day, row(draft).due_at) == (date(2026, 12, 1), None)


def test_another_time_of_a_place_leaves_other_days_alone(
    noon: datetime, write: Callable[..., Post], bram: Person, marloes: Person, news: Account, stage: Account
) -> None:
    post = write("Twee plekken.", news, stage, due_local=FRIDAY)
    actions.release_post(by=SYSTEM, post=post)
    first, other = row(post, news), row(post, stage)
    actions.reschedule(by=bram, target=other, due_local=datetime(2026, 11, 30, 10))
    place = again(first).post.slot
    assert place is not None
    for at, hour in ((time(16), 15), (time(18), 15)):
        calendar.edit_slot(by=marloes, slot=place, time=at)
        go_at_another_time(SlotRetimed(place.pk))
        assert (again(first).due_at, again(other).due_at) == (
            datetime(2026, 11, 27, hour, tzinfo=UTC),
            datetime(2026, 11, 30, 9, tzinfo=UTC),
        )
        Target.objects.filter(pk=first.pk).update(state="published", wake_at=None, published_at=noon)


def test_what_waits_for_a_yes_moves_along_and_still_waits(planned: Target, marloes: Person) -> None:
    Target.objects.filter(pk=planned.pk).update(due_at=None, wake_at=None, because="owner")
    assert planned.post.slot is not None
    calendar.move_slot(by=marloes, slot=planned.post.slot, day=date(2026, 12, 1))
    follow_slot(planned.post.slot.pk)
    after = again(planned)
    assert (after.due_day, after.due_at, after.because) == (date(2026, 12, 1), None, "owner")


def test_a_draft_only_remembers_its_moment(
    noon: datetime, write: Callable[..., object], bram: Person, news: Account
) -> None:
    draft = row(write("Nog niet.", news))  # type: ignore[arg-type]
    moved = actions.reschedule(by=bram, target=draft, due_local=FRIDAY)
    assert (moved.due_day, moved.due_at, moved.wake_at) == (FRIDAY.date(), None, None)


def test_others_do_not(planned: Target, henk: Person) -> None:
    for verb in (
        lambda: actions.reschedule(by=henk, target=planned, due_local=None),
        lambda: actions.cancel_target(by=henk, target=planned),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_a_moment_long_past(planned: Target, bram: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.reschedule(by=bram, target=planned, due_local=datetime(2026, 11, 1, 9))
    assert refused.value.code == "past"


def test_cancelled_does_not_go_and_can_be_planned_again(planned: Target, bram: Person) -> None:
    actions.cancel_target(by=bram, target=planned)
    actions.cancel_target(by=bram, target=planned)
    with clock.fixed(datetime(2026, 11, 27, 12, tzinfo=UTC)):
        deliver(planned.pk)
    assert again(planned).state == "cancelled"
    assert actions.reschedule(by=bram, target=planned, due_local=FRIDAY).state == "scheduled"


def test_what_missed_its_moment_goes_when_a_person_says_so(planned: Target, bram: Person) -> None:
    with clock.fixed(datetime(2026, 11, 28, 12, tzinfo=UTC)):
        deliver(planned.pk)
        assert (again(planned).state, again(planned).because) == ("missed", "late")
        actions.retry(by=bram, target=again(planned))
        deliver(planned.pk)
    assert again(planned).state == "published"


def test_what_is_up_stays(planned: Target, bram: Person) -> None:
    with clock.fixed(datetime(2026, 11, 27, 8, 1, tzinfo=UTC)):
        deliver(planned.pk)
        for verb in (
            lambda: actions.reschedule(by=bram, target=planned, due_local=None),
            lambda: actions.cancel_target(by=bram, target=planned),
        ):
            with pytest.raises(Refused) as refused:
                verb()
            assert refused.value.code == "published"
        with pytest.raises(Refused):
            actions.retry(by=bram, target=again(planned))


def test_zone_rules_that_change_keep_the_wall_time(planned: Target) -> None:
    Target.objects.filter(pk=planned.pk).update(due_at=FRIDAY.replace(tzinfo=UTC), wake_at=FRIDAY.replace(tzinfo=UTC))
    assert follow_the_clocks() == 1
    assert again(planned).due_at == again(planned).wake_at == datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert follow_the_clocks() == 0


def test_nothing_goes_before_its_moment(planned: Target) -> None:
    with clock.fixed(datetime(2026, 11, 27, 7, 59, 59, tzinfo=UTC)):
        deliver(planned.pk)
        assert again(planned).state == "scheduled"
    with clock.fixed(datetime(2026, 11, 27, 8, 0, tzinfo=UTC) + timedelta(seconds=1)):
        deliver(planned.pk)
    assert again(planned).state == "published"


def test_what_was_brought_days_ago_is_brought_anew(
    noon: datetime, released: Released, bram: Person, news: Account
) -> None:
    refused, waits = released("Geweigerd.", news), released("Wacht.", news)
    brought = {"handle": {"media": ["1"]}, "prepared_at": noon, "key": "k"}
    Target.objects.filter(pk=refused.pk).update(**brought, state="rejected", wake_at=None)
    Target.objects.filter(pk=waits.pk).update(**brought | {"key": "w", "due_at": noon + timedelta(days=1)})
    retried = actions.retry(by=bram, target=again(refused))
    assert (retried.handle, retried.prepared_at, retried.revision, retried.key) == ({}, None, 2, "")
    with clock.fixed(noon + timedelta(days=1)):
        deliver(waits.pk)
    assert (again(waits).state, again(waits).handle, again(waits).key) == ("published", {}, "w")
