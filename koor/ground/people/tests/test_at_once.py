"""Two at the same moment: one is made, and the house keeps a key."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from koor.ground.people import actions
from koor.ground.people.models import Absence, Person, Skill
from koor.kernel.access import SYSTEM, Refused

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6
Together = Callable[..., list[Any]]


def test_a_colleague_is_written_down_once(at_once: Together, marloes: Person) -> None:
    made = at_once(lambda n: actions.add_person(by=marloes, email="kees@reurslag.example", name=f"Kees {n}"))
    assert sum(isinstance(one, Person) for one in made) == 1
    assert {one.code for one in made if isinstance(one, Refused)} == {"exists"}


def test_an_invitation_lets_in_one(at_once: Together, marloes: Person) -> None:
    _invitation, link = actions.invite(by=marloes, email="sanne@reurslag.example", name="Sanne")
    secret = link.rstrip("/").rsplit("/", 1)[1]
    came = at_once(
        lambda n: actions.accept_invitation(by=SYSTEM, secret=secret, name="Sanne", password="een lange zin is goed")
    )
    assert sum(isinstance(one, Person) for one in came) == 1


def test_a_skill_is_made_once(at_once: Together, person: Callable[..., Person]) -> None:
    colleagues = [person(f"C{n} X", email=f"c{n}@reurslag.example") for n in range(TIMES)]
    at_once(lambda n: actions.declare_skill(by=colleagues[n], person=colleagues[n], name="Solderen"))
    assert Skill.objects.get().people.count() == TIMES


def test_days_away_do_not_overlap(at_once: Together, bram: Person) -> None:
    day = date(2026, 11, 24)
    told = at_once(lambda n: actions.declare_absence(by=bram, person=bram, first_day=day, last_day=day))
    assert sum(isinstance(one, Absence) for one in told) == 1


def test_the_last_administrators_can_not_both_leave(at_once: Together, person: Callable[..., Person]) -> None:
    keys = [person(f"A{n} X", "administrator", email=f"a{n}@reurslag.example") for n in range(TIMES)]
    at_once(lambda n: actions.change_roles(by=SYSTEM, person=keys[n], roles=[]))
    assert Person.objects.filter(roles__contains=["administrator"]).count() == 1


def test_a_discipline_is_added_once(at_once: Together, marloes: Person) -> None:
    made = at_once(lambda n: actions.add_discipline(by=marloes, name="Leerlingen"))
    assert sum(not isinstance(one, Refused) for one in made) == 1
