"""The rhythm of a channel gives places, each once; a promise takes the open one."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from django.test import Client

from koor.flow.calendar import actions, queries
from koor.flow.calendar.models import Slot
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.fixture
def newsroom(noon: datetime, marloes: Person) -> Account:
    return Account.objects.create(connector="paper", name="Newsroom", owner=marloes, made_at=noon)


def test_each_beat_is_a_place_once(newsroom: Account, marloes: Person) -> None:
    actions.add_posting_time(by=marloes, account=newsroom, weekday=1, at=time(9))
    actions.add_posting_time(by=marloes, account=newsroom, weekday=3, at=time(9))
    assert Slot.objects.count() == 9 + 8
    assert actions.roll_all() == 0
    assert {slot.time for slot in Slot.objects.all()} == {time(9)}
    with pytest.raises(Refused):
        actions.add_posting_time(by=marloes, account=newsroom, weekday=1, at=time(9))


def test_a_promise_takes_the_open_beat(newsroom: Account, marloes: Person, bram: Person) -> None:
    actions.add_posting_time(by=marloes, account=newsroom, weekday=3, at=time(9))
    promise = actions.propose_agreement(
        by=marloes, person=bram, content="work", first_day=TODAY, weekday=3, accounts=[newsroom]
    )
    actions.agree(by=bram, agreement=promise)
    assert Slot.objects.count() == 8
    assert {(slot.person, slot.time) for slot in Slot.objects.all()} == {(bram, time(9))}
    assert actions.roll_all() == 0


def test_an_agreed_time_goes_before_that_of_the_beat_and_the_beat_comes_back(
    newsroom: Account, marloes: Person, bram: Person
) -> None:
    for hour in (9, 16):
        actions.add_posting_time(by=marloes, account=newsroom, weekday=3, at=time(hour))
    terms = {"content": "work", "first_day": TODAY, "weekday": 3, "accounts": [newsroom]}
    for hour in (16, 11):
        promise = actions.propose_agreement(by=marloes, person=bram, time=time(hour), **terms)  # type: ignore[arg-type]
        actions.agree(by=bram, agreement=promise)
    assert Slot.objects.count() == 16
    assert {(slot.agreement_id == promise.pk, slot.time) for slot in Slot.objects.all()} == {
        (True, time(11)),
        (False, time(16)),
    }
    actions.end_agreement(by=bram, agreement=promise)
    there = Slot.objects.filter(dropped_at=None)
    assert {(slot.person, slot.time) for slot in there} == {(bram, time(16)), (None, time(9))}
    assert (there.count(), actions.roll_all()) == (16, 0)


def test_a_promise_for_another_day_than_the_beat_is_a_place_of_its_own(
    newsroom: Account, marloes: Person, bram: Person
) -> None:
    actions.add_posting_time(by=marloes, account=newsroom, weekday=3, at=time(9))
    promise = actions.propose_agreement(
        by=marloes, person=bram, content="work", first_day=TODAY, weekday=4, accounts=[newsroom]
    )
    actions.agree(by=bram, agreement=promise)
    assert Slot.objects.filter(agreement=promise, posting_time=None).count() == 8
    assert Slot.objects.filter(agreement=None, person=None).count() == 8


def test_one_channel_has_only_so_many_beats(
    newsroom: Account, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.flow.calendar.actions.rhythm.MOST", 1)
    actions.add_posting_time(by=marloes, account=newsroom, weekday=1, at=time(9))
    with pytest.raises(Refused) as refused:
        actions.add_posting_time(by=marloes, account=newsroom, weekday=2, at=time(9))
    assert refused.value.code == "many"


def test_a_beat_is_not_made_where_a_promise_stands(newsroom: Account, marloes: Person, bram: Person) -> None:
    other = Account.objects.create(connector="paper", name="Other", owner=marloes, made_at=newsroom.made_at)
    promise = actions.propose_agreement(
        by=marloes, person=bram, content="work", first_day=TODAY, weekday=3, accounts=[newsroom, other]
    )
    actions.agree(by=bram, agreement=promise)
    actions.add_posting_time(by=marloes, account=newsroom, weekday=3, at=time(9))
    assert Slot.objects.count() == 8
    assert queries.channels_of(Slot.objects.all()[0]) == [newsroom, other]


def test_what_goes_with_a_beat_and_what_stays(newsroom: Account, marloes: Person, bram: Person) -> None:
    beat = actions.add_posting_time(by=marloes, account=newsroom, weekday=1, at=time(9))
    first = Slot.objects.order_by("day")[0]
    actions.take_slot(by=bram, slot=first)
    actions.remove_posting_time(by=marloes, posting_time=beat)
    assert list(Slot.objects.filter(dropped_at=None)) == [first]


def test_who_plans_sets_it(newsroom: Account, bram: Person, marloes: Person, visit: Callable[..., Client]) -> None:
    with pytest.raises(Forbidden):
        actions.add_posting_time(by=bram, account=newsroom, weekday=1, at=time(9))
    assert visit(bram).get(f"/calendar/rhythm/{newsroom.pk}/").status_code == 403
    browser = visit(marloes)
    page = browser.post(f"/calendar/rhythm/{newsroom.pk}/", {"weekday": "1", "at": "09:00"}, follow=True)
    assert "Once a week." in page.content.decode()
    beat = newsroom.posting_times.get()
    page = browser.post(f"/calendar/rhythm/{beat.pk}/remove/", follow=True)
    assert "Tuesday 09:00 is no set day here any more. 9 open places went with it" in page.content.decode()
    assert not newsroom.posting_times.exists()


def test_ten_thousand_agreements_roll_out_once(noon: datetime, marloes: Person, bram: Person) -> None:
    """In parts of a thousand; here three of them."""
    from koor.flow.calendar.models import Agreement

    Agreement.objects.bulk_create(
        Agreement(person=bram, content="work", first_day=TODAY, state="agreed", made_at=noon, weekday=n % 7)
        for n in range(2100)
    )
    made = actions.roll_all()
    assert made == Slot.objects.count() > 2100 * 8 - 1
    assert actions.roll_all() == 0
