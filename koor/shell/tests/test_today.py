"""Today: three things at most, one first button, and a kind word when there is nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from koor.ground.people.models import Person
from koor.kernel import panels
from koor.shell.views.today import answer

Visit = Callable[[Person | None], Client]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Only these things to do, whatever the rooms know."""

    def set_todos(*todos: panels.Todo) -> None:
        monkeypatch.setattr(panels, "todos_of", lambda person: list(todos))

    return set_todos


def todo(title: str, minutes: int = 2) -> panels.Todo:
    return panels.Todo(
        rank=10, title=title, text="About something.", button=f"Do {title}", url="/somewhere/", minutes=minutes
    )


def test_at_most_three_with_one_first_button(visit: Visit, bram: Person, only: Callable[..., None]) -> None:
    only(*(todo(f"thing {n}") for n in range(5)))
    page = visit(bram).get("/").content.decode()
    assert page.count('class="todo"') == 3
    assert page.count('class="btn first"') == 1
    assert "Hello Bram" in page
    assert "Three things today, six minutes altogether." in page


def test_nothing_to_do_says_so(visit: Visit, bram: Person, only: Callable[..., None]) -> None:
    only()
    assert "Nothing is waiting for you." in visit(bram).get("/").content.decode()


def test_in_dutch(visit: Visit, bram: Person, only: Callable[..., None]) -> None:
    bram.language = "nl"
    bram.save()
    only(todo("a"), todo("b"), todo("c", 1))
    page = visit(bram).get("/").content.decode()
    assert "Dag Bram" in page
    assert "Drie dingen vandaag, samen vijf minuten." in page


def test_one_thing_alone() -> None:
    with translation.override("en"):
        assert answer([todo("a", 1)]) == "One thing today, one minute."


def test_a_stranger_signs_in_first(visit: Visit, house: object) -> None:
    answered = visit(None).get("/")
    assert (answered.status_code, answered["Location"]) == (302, "/sign-in/login/?next=/")
