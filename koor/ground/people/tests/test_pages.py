"""Every page of the room, as a stranger, a newcomer, the curator and the administrator; lists cost the same at any
length: counted are the queries on the room's own tables, for the frame around a page may ask more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from koor.ground.people import actions
from koor.ground.people.models import Person
from koor.kernel import panels
from koor.kernel.access import SYSTEM

EVERYONE = ["me", "me_edit", "me_skills", "me_absence", "me_keys", "colleagues", "skills", "away"]
MANAGERS = ["manage", "bring_in", "disciplines", "invitations"]
ONE = ["manage_person", "let_go", "tell_absence"]
POSTS = ["invite_person", "let_back"]


@pytest.mark.parametrize("name", EVERYONE)
def test_for_everyone(name: str, visit: Callable[..., Any], newcomer: Person, marloes: Person) -> None:
    address = reverse(f"people:{name}")
    assert visit(None).get(address).status_code == 302
    for person in (newcomer, marloes):
        answer = visit(person).get(address)
        assert answer.status_code == 200
        assert b"<h1" in answer.content


@pytest.mark.parametrize("name", MANAGERS)
def test_for_who_manages(name: str, visit: Callable[..., Any], newcomer: Person, marloes: Person, ada: Person) -> None:
    address = reverse(f"people:{name}")
    assert visit(None).get(address).status_code == 302
    assert visit(newcomer).get(address).status_code in {403, 404}
    assert visit(marloes).get(address).status_code == visit(ada).get(address).status_code == 200


@pytest.mark.parametrize("name", ONE)
def test_of_one_colleague(name: str, visit: Callable[..., Any], newcomer: Person, bram: Person, ada: Person) -> None:
    address = reverse(f"people:{name}", args=[bram.pk])
    assert visit(None).get(address).status_code == 302
    assert visit(newcomer).get(address).status_code in {403, 404}
    assert visit(ada).get(address).status_code == 200
    assert visit(ada).get(reverse(f"people:{name}", args=[999_999])).status_code == 404


@pytest.mark.parametrize("name", POSTS)
def test_deeds_are_not_for_a_newcomer(name: str, visit: Callable[..., Any], newcomer: Person, bram: Person) -> None:
    address = reverse(f"people:{name}", args=[bram.pk])
    assert visit(newcomer).post(address).status_code in {403, 404}
    assert visit(newcomer).get(address).status_code == 405


def test_a_colleague_as_colleagues_see_them(visit: Callable[..., Any], newcomer: Person, henk: Person) -> None:
    actions.edit_profile(by=henk, person=henk, knows="warmtepompen", voice="Kort en droog", phone="0612345678")
    actions.declare_skill(by=henk, person=henk, name="Solderen")
    page = visit(newcomer).get(reverse("people:colleague", args=[henk.pk])).content.decode()
    assert "warmtepompen" in page
    assert "Solderen" in page
    assert "Kort en droog" not in page  # the voice is one's own
    assert "own" not in page.split("<main")[1].split("</main")[0].split()  # nor is the step shown


def test_who_left_is_still_somebody(visit: Callable[..., Any], newcomer: Person, henk: Person, ada: Person) -> None:
    actions.let_go(by=ada, person=henk)
    page = visit(newcomer).get(reverse("people:colleague", args=[henk.pk])).content.decode()
    assert "no longer works here" in page
    assert "Henk" not in visit(newcomer).get(reverse("people:colleagues")).content.decode()


def test_found_by_what_they_know(visit: Callable[..., Any], newcomer: Person, henk: Person, bram: Person) -> None:
    actions.edit_profile(by=henk, person=henk, knows="Warmtepompen van elk merk")
    actions.declare_skill(by=bram, person=bram, name="Zoölogie")
    for words, who in (("warmte", henk), ("HENK oo", henk), ("zoolog", bram), ("service", None), ("%", None)):
        page = visit(newcomer).get(reverse("people:colleagues"), {"q": words}).content.decode()
        assert [person for person in (henk, bram) if person.name in page] == ([who] if who else [])


LISTS = {"colleagues": 6, "manage": 4, "skills": 4, "away": 3, "invitations": 4}


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what higher rooms put on these pages: they count their own queries."""
    monkeypatch.setattr(panels, "_slots", {})
    monkeypatch.setattr(panels, "_counts", {})


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("name", "queries"), LISTS.items())
def test_a_list_costs_the_same_at_any_length(
    name: str, queries: int, visit: Callable[..., Any], marloes: Person, person: Callable[..., Person]
) -> None:
    client = visit(marloes)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(f"people:{name}")).status_code == 200
        return sum('"people_' in query["sql"] for query in caught)

    _add(person, 1)
    first = cost()
    for number in range(2, 31):
        _add(person, number)
    assert (first, cost()) == (queries, queries)


def _add(person: Callable[..., Person], number: int) -> None:
    from koor.ground.people import queries

    one = person(f"P{number} Colleague", email=f"p{number}@reurslag.example")
    other = person(f"S{number} Colleague", email=f"s{number}@reurslag.example")
    today = queries.today()
    actions.declare_absence(by=one, person=one, first_day=today, last_day=today, stand_in=other)
    actions.declare_skill(by=one, person=one, name=f"skill {number}")
    actions.invite(by=SYSTEM, email=f"new{number}@reurslag.example", name="New")
