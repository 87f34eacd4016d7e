"""Occasions: seasons, phases of a project, the house's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item, Occasion, OccasionPass
from koor.flow.hub.queries import occasions
from koor.ground.contacts.models import Project
from koor.ground.people.models import Discipline, Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.panels import todos_of

Show = Callable[..., Item]
Visit = Callable[[Person | None], Client]


@pytest.mark.parametrize(
    ("day", "first", "last", "there"),
    [
        (date(2026, 11, 23), 1101, 1215, True),
        (date(2026, 12, 16), 1101, 1215, False),
        (date(2026, 12, 30), 1224, 106, True),
        (date(2027, 1, 6), 1224, 106, True),
        (date(2027, 1, 7), 1224, 106, False),
    ],
)
def test_days_come_back_every_year(day: date, first: int, last: int, there: bool) -> None:
    assert occasions.inside(day, first, last) == there


@pytest.mark.parametrize(
    ("first", "last", "phase"),
    [
        (date(2026, 11, 25), None, "phase-before"),
        (date(2026, 6, 1), date(2026, 11, 26), "phase-end"),
        (date(2026, 6, 1), date(2026, 11, 6), "phase-after"),
        (date(2026, 9, 23), date(2027, 1, 23), "phase-middle"),
        (date(2026, 11, 1), None, ""),
        (None, None, ""),
    ],
)
def test_the_phase_of_a_project(first: date | None, last: date | None, phase: str, house: object) -> None:
    assert occasions.phase_of(first, last, date(2026, 11, 23), "De Esch")[0] == phase


def test_ones_own_project_comes_before_the_season(
    noon: datetime, bram: Person, henk: Person, visit: Visit, show: Show
) -> None:
    project = Project.objects.create(name="De Esch", first_day=date(2026, 11, 25))
    project.people.add(bram)
    found = queries.occasion_now(bram)
    assert found is not None
    assert (found.key, found.project) == (f"phase-before:{project.pk}", project.pk)
    assert "De Esch" in found.why
    Project.objects.create(name="Elsewhere").people.add(bram)  # so that it can't be guessed
    page = visit(bram).get("/capture/", {"occasion": found.key}).content.decode()
    assert f'<option value="{project.pk}" selected>De Esch' in page
    other = queries.occasion_now(henk)
    assert other is not None
    assert other.key == "frost:2026"
    actions.pass_occasion(by=henk, key=other.key)
    assert queries.occasion_now(henk, other.key) is None
    assert "De Esch" in str(todos_of(bram))
    assert "frost" not in str(todos_of(bram))
    show(bram)  # a photo of a moment ago: no other is asked for
    assert "De Esch" not in str(todos_of(bram))
    with clock.fixed(noon + timedelta(days=1, minutes=1)):
        assert "De Esch" in str(todos_of(bram))


def test_the_curator_writes_limits_and_switches(noon: datetime, marloes: Person, bram: Person, rob: Person) -> None:
    installers = Discipline.objects.get(name="Installers")
    own = actions.write_occasion(
        by=marloes, sentence="Our birthday: who was there?", first=date(2026, 11, 20), last=date(2026, 11, 24),
        disciplines=[installers],
    )  # fmt: skip
    found = queries.occasion_now(bram)
    assert found is not None
    assert found.sentence == "Our birthday: who was there?"
    other = queries.occasion_now(rob)
    assert other is not None
    assert other.key.startswith("frost")
    actions.switch_occasion(by=marloes, key="frost", on=False)
    assert queries.occasion_now(rob, "frost:2026") is None
    actions.remove_occasion(by=marloes, key="frost")
    assert queries.occasion_now(rob, "frost:2026") is not None
    for words in ({"sentence": ""}, {"sentence": "x" * 201}, {"sentence": "No days"}):
        with pytest.raises(Refused):
            actions.write_occasion(by=marloes, **words)
    with pytest.raises(NotFound):
        actions.switch_occasion(by=marloes, key="nothing", on=False)
    with pytest.raises(Forbidden):
        actions.remove_occasion(by=bram, key=own.key)


def test_the_pages(noon: datetime, visit: Visit, marloes: Person, bram: Person) -> None:
    curator, colleague = visit(marloes), visit(bram)
    assert colleague.get("/occasions/").status_code == 404
    assert "The first frost" in curator.get("/occasions/").content.decode()
    sent = {"sentence": "A day of our own", "first": "2026-11-20", "last": "2026-11-24"}
    assert curator.post("/occasions/add/", {"sentence": "?"}).status_code == 422
    curator.post("/occasions/add/", sent)
    key = Occasion.objects.get().key
    assert "A day of our own" in colleague.get(f"/capture/?occasion={key}:2026").content.decode()
    curator.post(f"/occasions/{key}/switch/", {"on": "0"})
    assert "A day of our own" not in colleague.get(f"/capture/?occasion={key}:2026").content.decode()
    curator.post("/occasions/phase-end/", {"sentence": "The same photo again"})
    assert "The same photo again" in curator.get("/occasions/").content.decode()
    colleague.post("/occasions/pass/", {"key": "frost:2026"})
    assert queries.occasion_now(bram, "frost:2026") is None
    curator.post(f"/occasions/{key}/remove/")
    assert curator.get(f"/occasions/{key}/").status_code == 404


def test_the_same_words_again_change_nothing(noon: datetime, marloes: Person) -> None:
    for _ in range(2):
        actions.write_occasion(by=marloes, key="phase-end", sentence="The same photo again")
        actions.switch_occasion(by=marloes, key="frost", on=False)
    assert AuditEntry.objects.filter(verb="hub.write_occasion").count() == 2


@pytest.mark.parametrize("key", ["", "x" * 61])
def test_what_is_no_occasion_is_not_put_away(noon: datetime, visit: Visit, bram: Person, key: str) -> None:
    assert visit(bram).post("/occasions/pass/", {"key": key}).status_code == 404
    assert not OccasionPass.objects.exists()
