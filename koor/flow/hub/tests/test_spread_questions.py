"""Questions are spread fairly: over those who know, in turn, and nobody gets more a week than the house allows."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from koor.flow.hub import actions, queries
from koor.flow.hub.queries.knowers import About
from koor.ground.people.models import House, Person, Skill
from koor.kernel import clock


@pytest.fixture
def knowers(marloes: Person) -> set[int]:
    """Eight who know of pumps, and one who does not."""
    pumps = Skill.objects.create(name="Warmtepompen")
    made = [Person.objects.create(email=f"k{number}@reurslag.example", name=f"Kenner {number}") for number in range(9)]
    pumps.people.add(*made[:8])
    House.objects.update(questions_a_week=2)
    return {one.pk for one in made[:8]}


def asked_on(day: int, marloes: Person) -> list[int]:
    """The curator asks what is on people's minds, of whom the house proposes."""
    question = f"Wie weet dit van warmtepompen, dag {day}?"
    people = [one.person for one in queries.who_knows(marloes, About(sentence=question)) if one.ticked]
    if people:
        actions.ask_colleagues(by=marloes, question=question, people=people)
    return [one.pk for one in people]


def test_in_turn_and_never_more_than_allowed(noon: datetime, marloes: Person, knowers: set[int]) -> None:
    given: list[tuple[int, int]] = []
    for day in range(28):
        with clock.fixed(noon + timedelta(days=day)):
            given += [(day, who) for who in asked_on(day, marloes)]
    often = Counter(who for _day, who in given)
    assert set(often) == knowers
    assert max(often.values()) - min(often.values()) <= 1
    for first in range(22):
        week = Counter(who for day, who in given if first <= day < first + 7)
        assert max(week.values()) <= 2
    assert sum(often.values()) >= 8 * 2 * 3  # and who may still be asked is


def test_who_was_asked_last_comes_last(noon: datetime, marloes: Person, knowers: set[int]) -> None:
    first = asked_on(0, marloes)
    with clock.fixed(noon + timedelta(hours=1)):
        assert not set(asked_on(1, marloes)) & set(first)
