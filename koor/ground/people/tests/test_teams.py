"""Teams and rotas: who belongs together, whose week it is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from koor.ground.people import actions, logic, queries
from koor.ground.people.models import Person, Rota, Team
from koor.kernel.access import Forbidden, Refused

Visit = Callable[[Person | None], Client]
MONDAY = date(2026, 11, 23)


def test_turns_go_round_from_the_first_week() -> None:
    weeks = [logic.on_turn([3, 1, 2], MONDAY, MONDAY + timedelta(days=3 + 7 * n)) for n in range(-1, 4)]
    assert weeks == [None, 3, 1, 2, 3]
    assert logic.on_turn([], MONDAY, MONDAY) is None


def test_a_rota_over_the_year_and_both_changes_of_the_clock() -> None:
    turns = [logic.on_turn([1, 2], date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=n)) for n in range(60)]
    assert turns == [1, 2] * 30


def test_teams_are_made_by_who_manages_people(marloes: Person, bram: Person, henk: Person) -> None:
    with pytest.raises(Forbidden):
        actions.make_team(by=bram, name="Roof crew")
    crew = actions.make_team(by=marloes, name="  Roof   crew ")
    for _twice in range(2):
        actions.join(by=marloes, group=crew, person=bram)
    actions.join(by=marloes, group=crew, person=henk)
    assert [one.name for one in queries.team(bram, crew.pk).people.all()] == ["Bram Wolters", "Henk Oonk"]
    actions.leave(by=henk, group=crew, person=henk)
    with pytest.raises(Forbidden):
        actions.leave(by=henk, group=crew, person=bram)
    with pytest.raises(Refused):
        actions.make_team(by=marloes, name="roof CREW")
    with pytest.raises(Refused):
        actions.make_team(by=marloes, name=" ")


def test_what_is_there_already_or_was_never_there_changes_nothing(
    noon: datetime, marloes: Person, bram: Person, henk: Person
) -> None:
    rota = actions.make_rota(by=marloes, name="Question of the week", first_week=MONDAY)
    actions.join(by=marloes, group=rota, person=bram)
    actions.turn_earlier(by=marloes, rota=rota, person=bram)
    actions.leave(by=marloes, group=rota, person=henk)
    assert list(rota.turns.values_list("person", flat=True)) == [bram.pk]


def test_a_group_has_room_for_so_many(
    marloes: Person, bram: Person, henk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.ground.people.actions.teams.MOST", 1)
    crew = actions.make_team(by=marloes, name="Roof crew")
    actions.join(by=marloes, group=crew, person=bram)
    with pytest.raises(Refused) as refused:
        actions.join(by=marloes, group=crew, person=henk)
    assert refused.value.code == "many"


def test_a_rota_begins_in_another_week(noon: datetime, marloes: Person, bram: Person) -> None:
    rota = actions.make_rota(by=marloes, name="Question of the week", first_week=MONDAY)
    actions.change_rota(by=marloes, rota=rota, name="Question", first_week=MONDAY + timedelta(days=9))
    rota.refresh_from_db()
    assert (rota.name, rota.first_week) == ("Question", MONDAY + timedelta(days=7))
    with pytest.raises(Forbidden):
        actions.change_rota(by=bram, rota=rota, name="Mine", first_week=MONDAY)


def test_the_order_of_a_rota(noon: datetime, marloes: Person, bram: Person, henk: Person, anneke: Person) -> None:
    rota = actions.make_rota(by=marloes, name="Question of the week", first_week=MONDAY + timedelta(days=2))
    assert rota.first_week == MONDAY
    for one in (bram, henk, anneke):
        actions.join(by=marloes, group=rota, person=one)
    actions.turn_earlier(by=marloes, rota=rota, person=anneke)
    found = queries.rota(bram, rota.pk)
    assert [turn.person for turn in found.turns.all()] == [bram, anneke, henk]
    assert [queries.turn_on(found, MONDAY + timedelta(weeks=n)) for n in range(3)] == [bram, anneke, henk]


def test_the_pages(noon: datetime, marloes: Person, bram: Person, newcomer: Person, visit: Visit) -> None:
    browser = visit(marloes)
    browser.post("/teams/add/", {"name": "Roof crew", "about": "On the roof"})
    browser.post("/rotas/add/", {"name": "Phone", "first_week": "2026-11-24"})
    crew, rota = Team.objects.get(), Rota.objects.get()
    browser.post(f"/groups/team/{crew.pk}/join/", {"person": bram.pk})
    browser.post(f"/groups/rota/{rota.pk}/join/", {"person": bram.pk})
    for address in ("/teams/", f"/teams/{crew.pk}/", f"/rotas/{rota.pk}/"):
        assert visit(None).get(address).status_code == 302
        assert "Bram" in visit(newcomer).get(address).content.decode()
        assert "Bram" in browser.get(address).content.decode()
    assert visit(newcomer).get("/teams/add/").status_code == 403
    assert visit(newcomer).post(f"/groups/team/{crew.pk}/join/", {"person": newcomer.pk}).status_code == 403
    assert visit(newcomer).get("/groups/other/1/end/").status_code == 404
    browser.post(f"/teams/{crew.pk}/", {"name": "Roofers"})
    browser.post(f"/groups/rota/{rota.pk}/leave/{bram.pk}/")
    assert Team.objects.get().name == "Roofers"
    assert not rota.turns.exists()
    assert "Is it no more?" in browser.get(f"/groups/team/{crew.pk}/end/").content.decode()
    browser.post(f"/groups/team/{crew.pk}/end/")
    assert not Team.objects.exists()
