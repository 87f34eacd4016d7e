"""The first ten minutes of a real organisation."""

import argparse
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import reverse

from koor.flow.publishing.models import Post
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Invitation, Person
from koor.ground.story.queries import current
from koor.kernel import clock
from koor.kernel.access import Refused
from koor.kernel.panels import todos_of
from koor.shell import beginning
from koor.shell.command_line import init
from koor.shell.views import welcome

Visit = Callable[[Person | None], Client]
FIRST = {
    "organisation": "Bakkerij Vroeg",
    "place": "Lochem",
    "name": "Ineke Vroeg",
    "email": "ineke@vroeg.example",
    "password": "early birds bake bread",
}


def path(link: str) -> str:
    return "/welcome/" + link.split("/welcome/")[1]


@pytest.mark.django_db
def test_from_an_empty_house_to_a_newsroom() -> None:
    client = Client(headers={"Accept-Language": "en"})
    begun = client.post(path(welcome.link()), FIRST)
    assert begun["Location"] == "/welcome/why/"
    assert House.objects.get().name == "Bakkerij Vroeg"
    ineke = Person.objects.get()
    assert set(ineke.roles) == {"administrator", "curator"}
    assert authenticate(None, email=FIRST["email"], password=FIRST["password"]) == ineke

    client.post("/welcome/why/", {"why": "So that the village smells of bread.", "voice": "Plain"})
    written = current()
    assert written is not None
    assert written.why == "So that the village smells of bread."

    assert client.post("/welcome/colleague/", {"name": "Sem Vroeg", "email": "sem@vroeg.example"})["Location"] == (
        "/welcome/channel/"
    )
    assert Invitation.objects.get().email == "sem@vroeg.example"
    page = client.get("/welcome/channel/").content.decode()
    assert "Sem Vroeg is invited." in page
    assert "/invitation/" in page
    assert "News from Bakkerij Vroeg" in page
    assert "/invitation/" not in client.get("/welcome/channel/").content.decode()

    for _twice in range(2):
        client.post("/welcome/channel/", {"name": "News from Bakkerij Vroeg"})
    assert [one.connector for one in Account.objects.order_by("pk")] == ["paper", "newsroom"]  # and where to practise
    posted = client.post("/welcome/post/", {"title": "The oven is warm", "text": "Bread again.", "once": "first"})
    assert posted["Location"] == "/welcome/done/"
    post = Post.objects.get()
    assert (post.title, post.stage) == ("The oven is warm", "released")
    page = client.get("/welcome/done/").content.decode()
    assert "See your newsroom" in page
    assert "1 of 9 steps is done." in page  # the story; the newsroom and the practice stage came with the house
    assert "Done: 1 of 9." in client.get("/").content.decode()
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert not [one for one in todos_of(ineke) if one.url == "/welcome/done/"]


@pytest.mark.django_db
def test_a_double_click_opens_one_newsroom(visit: Visit, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(welcome, "own_newsroom", lambda person: None)  # neither sees that of the other yet
    for _click in range(2):
        visit(ada).post("/welcome/channel/", {"name": "News from Reurslag", "once": "clicked"})
    assert Account.objects.filter(connector="newsroom").count() == 1


def test_a_first_post_needs_a_newsroom(visit: Visit, ada: Person) -> None:
    page = visit(ada).post("/welcome/post/", {"title": "The oven is warm", "text": "Bread again."}).content.decode()
    assert "There is no newsroom yet." in page
    assert "Bread again." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("kort", "Dit wachtwoord is te kort: het moet minstens 10 tekens hebben."),
        ("ineke@vroeg.example", "Dit wachtwoord lijkt te veel op je naam of je e-mailadres."),
    ],
)
def test_a_weak_password_is_told_in_the_language_of_the_page(typed: str, why: str) -> None:
    page = Client(headers={"Accept-Language": "nl"}).post(path(welcome.link()), {**FIRST, "password": typed})
    assert why in page.content.decode()
    assert not House.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "?key=guessed", "?key=welcome:abc:def"])
def test_nobody_begins_without_the_link(key: str) -> None:
    answer = Client(headers={"Accept-Language": "en"}).get(f"/welcome/{key}")
    assert (answer.status_code, "koor init gives a new one" in answer.content.decode()) == (404, True)
    assert not House.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_one_moves_in(at_once: Callable[..., list[int]]) -> None:
    assert at_once(lambda _n: Client().post(path(welcome.link()), FIRST).status_code, 3) == [302, 302, 302]
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_a_weak_password_makes_nothing() -> None:
    page = Client().post(path(welcome.link()), {**FIRST, "password": "1234567890"})
    assert page.status_code == 200
    assert not House.objects.exists()


def test_the_link_is_over_once_somebody_lives_here(house: House) -> None:
    assert Client().get(path(welcome.link()))["Location"] == "/sign-in/login/"


def test_the_other_steps_are_the_administrator_s(visit: Visit, bram: Person, ada: Person) -> None:
    assert visit(bram).get("/welcome/why/").status_code == 403
    assert visit(ada).get("/welcome/why/").status_code == 200
    assert visit(ada).get("/welcome/nothing/").status_code == 404
    steps = visit(ada).get("/welcome/done/").content.decode()
    with clock.fixed(clock.now() + timedelta(days=6)):
        assert "Arrange the house further" in visit(ada).get("/").content.decode()
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert "Arrange the house further" not in visit(ada).get("/").content.decode()
    assert "The curator does this." in steps  # who only administers does not write the story
    for page in [reverse(step.page) for step, done, may in beginning.steps(ada) if may and not done]:
        assert f'href="{page}"' in steps
        assert visit(ada).get(page).status_code == 200


@pytest.mark.django_db
def test_an_empty_house_says_so_at_the_door() -> None:
    page = Client().get("/sign-in/login/").content.decode()
    assert "koor init" in page
    assert 'type="password"' not in page  # which nobody has yet


def asked(**given: str) -> argparse.Namespace:
    return argparse.Namespace(**{"name": "", "place": "", "person": "", "email": "", **given})


@pytest.mark.django_db
def test_init_gives_a_link() -> None:
    assert "/welcome/?key=" in init.init(asked())["link"]
    assert "koor start" in init.words({"link": "x"})


@pytest.mark.django_db
def test_init_without_a_browser() -> None:
    link = init.init(asked(name="Bakkerij Vroeg", person="Ineke Vroeg", email="ineke@vroeg.example"))["link"]
    assert "/invitation/" in link
    assert Person.objects.get().name == "Ineke Vroeg"


@pytest.mark.django_db
def test_init_wants_all_or_nothing() -> None:
    with pytest.raises(Refused):
        init.init(asked(name="Bakkerij Vroeg"))


def test_init_once(house: House) -> None:
    with pytest.raises(Refused):
        init.init(asked())
