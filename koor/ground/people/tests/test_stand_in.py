"""Who is there for somebody who is away."""

from datetime import date

import pytest

from koor.ground.people import actions, logic, queries
from koor.ground.people.models import Person

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)


def test_nobody_stands_in_for_who_is_there(henk: Person) -> None:
    assert not queries.is_away(henk, TUESDAY)
    assert queries.stand_in_for(henk, TUESDAY) is None


def test_the_stand_in(henk: Person, anneke: Person) -> None:
    actions.declare_absence(by=henk, person=henk, first_day=MONDAY, last_day=FRIDAY, stand_in=anneke)
    assert queries.is_away(henk, MONDAY)
    assert queries.is_away(henk, FRIDAY)
    assert queries.stand_in_for(henk, TUESDAY) == anneke
    assert queries.stand_in_for(henk, date(2026, 11, 28)) is None


def test_a_stand_in_who_is_away_too_passes_it_on(henk: Person, anneke: Person, bram: Person) -> None:
    actions.declare_absence(by=henk, person=henk, first_day=MONDAY, last_day=FRIDAY, stand_in=anneke)
    actions.declare_absence(by=anneke, person=anneke, first_day=TUESDAY, last_day=TUESDAY, stand_in=bram)
    assert queries.stand_in_for(henk, MONDAY) == anneke
    assert queries.stand_in_for(henk, TUESDAY) == bram


@pytest.mark.parametrize(
    ("away", "who"),
    [
        ({}, None),
        ({1: None}, None),
        ({1: 2}, 2),
        ({1: 2, 2: None}, None),
        ({1: 2, 2: 1}, None),
        ({1: 2, 2: 3}, 3),
        ({1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7}, None),
    ],
)
def test_chains(away: dict[int, int | None], who: int | None) -> None:
    assert logic.stand_in(1, away) == who
