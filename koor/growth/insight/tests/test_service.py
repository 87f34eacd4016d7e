"""How soon who shows something hears of it: about the service, and only about five makers or more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from koor.flow.hub import actions as hub
from koor.flow.hub.models import Capture, Item
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.growth.insight import logic, queries
from koor.kernel import clock

Visit = Callable[[Person | None], Client]
ZONE = ZoneInfo("Europe/Amsterdam")
FRIDAY = datetime(2026, 3, 13, 15, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("came", "free", "until"),
    [
        (FRIDAY, (), datetime(2026, 3, 16, 15, 0, tzinfo=ZONE)),
        (FRIDAY, (date(2026, 3, 16),), datetime(2026, 3, 17, 15, 0, tzinfo=ZONE)),
        (FRIDAY + timedelta(days=1), (), datetime(2026, 3, 17, tzinfo=ZONE)),
        (
            datetime(2026, 3, 27, 15, 0, tzinfo=ZONE),
            (),
            datetime(2026, 3, 30, 15, 0, tzinfo=ZONE),
        ),  # summer time between
        (datetime(2026, 3, 11, 23, 30, tzinfo=UTC), (), datetime(2026, 3, 13, 0, 30, tzinfo=ZONE)),
    ],
)
def test_a_working_day_later(came: datetime, free: tuple[date, ...], until: datetime) -> None:
    assert logic.working_day_after(came, free, ZONE) == until


def test_median_and_nine_of_ten() -> None:
    waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    shown = [logic.Shown(FRIDAY, n % 5 + 1, FRIDAY + timedelta(hours=n), FRIDAY if n == 1 else None) for n in waits]
    found = logic.service([*shown, logic.Shown(FRIDAY, 1, None, None)], (), ZONE)
    assert (found.half, found.most) == (timedelta(hours=5), timedelta(hours=9))
    assert (found.number, found.reacted, found.soon, found.used, found.told) == (11, 10, 9, 1, True)
    none = logic.service([], (), ZONE)
    assert (none.half, none.most, none.told) == (None, None, False)


@pytest.fixture
def five(person: Callable[..., Person]) -> list[Person]:
    return [person(f"{name} Maker", Role.HELPER) for name in ("Aa", "Bb", "Cc", "Dd", "Ee")]


def _show(by: Person, number: int) -> Item:
    capture = Capture.objects.create(
        client_id=f"00000000-0000-4000-8000-{by.pk:06d}{number:06d}", by=by, received_at=clock.now(), state="ready"
    )
    return Item.objects.create(kind="photo", by=by, capture=capture, made_at=clock.now(), title=f"{by.pk} {number}")


def test_the_page_tells_what_it_counts(visit: Visit, marloes: Person, bram: Person, five: list[Person]) -> None:
    browser = visit(marloes)
    shown = [_show(one, 1) for one in five[:4]]
    page = browser.get("/insight/service/").content.decode()
    assert "fewer than 5 makers" in page
    assert "within a working day" not in page.split("<table")[0]
    shown.append(_show(five[4], 1))
    hub.keep_item(by=marloes, item=shown[0], reason="Good")
    hub.reconsider_item(by=marloes, item=shown[0])
    found = queries.served(marloes)
    assert (found.photos.number, found.photos.reacted, found.photos.soon, found.photos.told) == (5, 1, 1, True)
    assert "1 of 5" in browser.get("/insight/service/").content.decode()
    assert 'href="/insight/service/"' in browser.get("/library/").content.decode()


def test_a_maker_who_decides_about_their_own_is_no_reaction(marloes: Person) -> None:
    item = hub.keep_item(by=marloes, item=_show(marloes, 1))
    assert item.reacted_at is None
    assert item.decided_at is not None


WEEKS = [date(2026, 3, 2) + timedelta(days=7 * n) for n in range(6)]


@pytest.mark.parametrize(
    ("makers", "ends"),
    [
        (["abcde", "abcde", "abcde", "abcde", "abcde", "abcde"], [0, 1, 2, 3, 4, 5]),
        (["abcde", "ab", "bcd", "efg", "", "abcdef"], [0, 3, 4, 5]),
        (["abcde", "", "", "abcde", "", "ab"], [0, 2, 5]),
        (["abcde", "ab", "ab", "ab", "ba", ""], [5]),
        (["a", "b", "c", "d", "", ""], []),
        (["", "", "", "", "", ""], [5]),
    ],
)
def test_no_week_of_few_makers_follows_from_the_others(makers: list[str], ends: list[int]) -> None:
    each = [[logic.Shown(FRIDAY, ord(one), FRIDAY, None) for one in week] for week in makers]
    found = logic.spans(each, WEEKS)
    assert [WEEKS.index(span.last) for span in found] == ends
    assert all(not span.shown or logic.service(span.shown, (), ZONE).told for span in found)
    if found:  # with what is told, every week is told: nothing is left over to subtract
        assert sum(len(span.shown) for span in found) == sum(len(week) for week in makers)
        assert found[0].first == WEEKS[0]


def test_a_wait_of_few_makers_is_not_told() -> None:
    shown = [logic.Shown(FRIDAY, n, FRIDAY + timedelta(hours=n) if n < 5 else None, None) for n in range(1, 8)]
    found = logic.service(shown, (), ZONE)
    assert (found.told, found.reacted, found.half, found.most) == (True, 4, None, None)
    assert logic.service([*shown, logic.Shown(FRIDAY, 5, FRIDAY, None)], (), ZONE).half is not None
