"""The demo organisation, loaded once for all of these: it fills an empty house and empties it again; its pages are for
everyone; and every page asks the database at most fifteen times, sign-in and navigation included, and not more often
when there is much more (twenty times in `make test-long`)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.enlarge import enlarge
from koor.flow.conversations.models import Conversation
from koor.flow.hub.media import renditions
from koor.flow.hub.media.tests.pictures import opened_here
from koor.flow.listening.models import Mention
from koor.flow.publishing.models import Post, Target
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.shell.demo import load, remove, showing
from tests.database import empty_tables
from tests.journeys.conftest import Visitor
from tests.journeys.lived_in import live_in
from tests.journeys.test_every_page import Found, kind_of, reachable, view_of, wrong_on
from tests.plugin import ALL

WALKERS = ("Marloes", "Bram", "Erik")  # curator, technician, administrator
LOOKERS = [
    pytest.param(WALKERS, True, id="each page by one"),
    pytest.param(WALKERS, False, id="each page by each", marks=pytest.mark.long),
    pytest.param(("Hanna", "Anneke"), False, id="captain and service", marks=pytest.mark.long),
]
OWN = {"/", "/talk/", "/talk/0/", "/me/"}  # for each person another page, so counted for each
MORE = ("/search/?q=warmtepomp", "/people/?q=an", "/people/?show=all", "/inbox/?state=done", "/listen/?q=de")
SOME = 1 if ALL else 4  # one in so many of what stands behind a thing is looked at, and of all pages counted twice
TIMES = 20 if ALL else 5  # as much
Page = tuple[str, Client, str]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Committed, for tests that undo what they do; the one that commits something comes last."""
    with django_db_blocker.unblock():
        fill()
        yield
        empty_tables()


def fill() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renditions, "_run", opened_here)  # instead of in forty processes
        patch.setattr(showing, "WIDTH", 480)  # pixels: small pictures are soon made
        assert load.load()


pytestmark = pytest.mark.usefixtures("demo")


@pytest.mark.django_db
def test_it_fills_an_empty_house_once_and_empties_it_again() -> None:
    counts = [model.objects.count() for model in (Person, Contact, Target, Mention, Conversation)]
    assert counts[0] == 60
    assert all(count >= 5 for count in counts)
    assert Post.objects.count() == Post.objects.values("by", "text").distinct().count()  # one idea is one post
    assert Post.objects.alias(places=Count("targets")).filter(places__gt=1).exists()
    assert not load.load()
    assert [model.objects.count() for model in (Person, Contact, Target, Mention, Conversation)] == counts
    assert any("password" in line for line in load.sign_in_lines())
    assert remove.remove()
    assert load.is_empty()
    assert not remove.remove()


@pytest.mark.django_db
@pytest.mark.parametrize(("lookers", "once"), LOOKERS)
def test_a_page_asks_few_times_however_much_there_is(
    visit: Callable[[Person | None], Client], lookers: tuple[str, ...], once: bool
) -> None:
    pages = list(pages_of(visit, lookers, once=once))
    asked = {(name, path): count(client, path) for name, client, path in pages[::SOME]}
    enlarge(TIMES)
    more = {(name, path): count(client, path) for name, client, path in pages}
    assert {page: number for page, number in more.items() if number > 15} == {}
    grown = {page: (number, more[page]) for page, number in asked.items() if more[page] > number}
    assert grown == {}


def pages_of(visit: Callable[[Person | None], Client], lookers: tuple[str, ...], *, once: bool) -> Iterator[Page]:
    """What these people can open, opened already: what a process asks once is asked. `once`: each kind of page by the
    first of them who comes there."""
    things, kinds, most = live_in(), set[str](), 1 if once else 2
    for name in lookers:
        client = visit(Person.objects.get(name__startswith=f"{name} "))
        paths = [found.path for found in reachable(client, "nl", kinds, most)]
        more = [path for path in (*MORE, *things.get(name, ())) if kind_of(path) not in kinds]
        for path in more:
            assert client.get(path).status_code in {200, 302}, path
        each = one_of_each([*more, *paths], most)
        kinds |= set(map(kind_of, each)) - OWN if once else set()
        yield from ((name, client, path) for path in each)
    stranger = visit(None)
    yield from (("", stranger, path) for path in things[""])


def one_of_each(paths: list[str], most: int) -> list[str]:
    """Of each kind of page the first that are met, not all of them."""
    kinds: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        kinds.setdefault(kind_of(path), []).append(path)
    return [path for alike in kinds.values() for path in alike[:most]]


def count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


@pytest.mark.browser(400)
@pytest.mark.django_db(transaction=True)
def test_a_page_with_something_on_it_is_for_everyone(screen: Callable[..., Visitor]) -> None:
    """What stands behind a thing, an address or a letter: each for whoever comes there; from outside, all of it."""
    if load.is_empty():  # a second try
        fill()
    wrong: list[str] = []
    for name, paths in live_in().items():
        person = Person.objects.get(name__startswith=f"{name} ") if name else None
        visitor = screen(person)
        for path in list(dict.fromkeys(paths))[:: SOME if name else 1]:
            wrong += [f"{name} at {path}: {line}" for line in wrong_on(visitor, Found(path, view_of(path)))]
    assert not wrong, "\n".join(["", *wrong])
