"""Who knows about something: reasons in words, in turn, and corrections that are remembered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from koor.flow.hub import actions, logic, queries
from koor.flow.hub.actions import Ground
from koor.flow.hub.logic import Knower
from koor.flow.hub.queries import About
from koor.ground.contacts.models import Acquaintance, Contact, Project
from koor.ground.people.models import Absence, House, Person, Skill
from koor.kernel import clock
from koor.kernel.access import Refused


@pytest.fixture
def pumps(bram: Person, henk: Person) -> Skill:
    made = Skill.objects.create(name="warmtepompen")
    made.people.add(bram, henk)
    return made


QUESTION = "Hoe klinkt een warmtepomp als het vriest?"


def names(person: Person, about: About) -> list[str]:
    return [one.person.first_name for one in queries.who_knows(person, about)]


@pytest.mark.parametrize(
    ("sentence", "name", "found"),
    [
        (QUESTION, "warmtepompen", True),
        ("Warmtepompinstallatie bekijken", "warmtepomp", True),
        ("What does a heat pump cost?", "heat pumps", True),
        ("The heat of summer", "heat pumps", False),
        ("CO₂ in de klas", "CO₂", True),
        ("Nothing", "", False),
    ],
)
def test_a_sentence_speaks_of_a_subject(sentence: str, name: str, found: bool) -> None:
    assert bool(logic.meant(sentence, [(1, name)])) == found


def test_whoever_was_asked_least_lately_comes_first(bram: Person, henk: Person, rob: Person) -> None:
    now = clock.now()
    asked = [Knower(bram, skills=("a",), asked_at=now), Knower(henk, skills=("a",), asked_at=now - timedelta(days=9))]
    best = Knower(rob, skills=("a",), project="b", asked_at=now)
    assert [one.person for one in logic.by_turn([*asked, best, Knower(rob)])] == [rob, henk, bram]


def test_each_with_reasons(
    marloes: Person, bram: Person, henk: Person, rob: Person, anneke: Person, pumps: Skill
) -> None:
    project, contact = Project.objects.create(name="De Esch"), Contact.objects.create(name="Els", made_at=clock.now())
    project.people.add(rob)
    Acquaintance.objects.create(person=anneke, contact=contact)
    found = queries.who_knows(marloes, About(QUESTION, project=project, contacts=(contact.pk,)))
    told = {one.person.first_name: " ".join(one.reasons) for one in found}
    assert "warmtepompen" in told["Bram"]
    assert "De Esch" in told["Rob"]
    assert "knows who asked" in told["Anneke"]
    assert "Els" not in str(told)


def test_nobody_who_is_away_or_had_enough(
    noon: datetime, marloes: Person, bram: Person, henk: Person, pumps: Skill
) -> None:
    Absence.objects.create(person=henk, first_day=date(2026, 11, 20), last_day=date(2026, 12, 20))
    assert names(marloes, About(QUESTION)) == ["Bram"]
    with pytest.raises(Refused, match="away"):
        actions.ask_colleagues(by=marloes, question="?", people=[henk])
    House.objects.update(questions_a_week=1)
    actions.ask_colleagues(by=marloes, question=QUESTION, people=[bram, henk])
    assert names(marloes, About(QUESTION)) == []


def test_a_correction_is_remembered_and_taken_back(
    marloes: Person, bram: Person, henk: Person, rob: Person, pumps: Skill
) -> None:
    House.objects.update(questions_a_week=50)

    def ask(people: list[Person], proposed: list[Person]) -> None:
        ground = Ground(subjects=(pumps,), proposed=tuple(one.pk for one in proposed))
        actions.ask_colleagues(by=marloes, question=QUESTION, people=people, ground=ground)

    ask([henk, rob], [bram, henk])
    found = {one.person.first_name: one for one in queries.who_knows(marloes, About(QUESTION))}
    assert list(found) == ["Henk", "Rob", "Bram"]
    assert "left them out" in " ".join(found["Bram"].reasons)
    assert "thought of them" in " ".join(found["Rob"].reasons)
    assert [one.ticked for one in found.values()] == [True, True, False]
    ask([henk, rob, bram], [henk, rob])
    assert "left them out" not in str(queries.who_knows(marloes, About(QUESTION)))
