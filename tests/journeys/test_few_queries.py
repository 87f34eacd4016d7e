"""Every page asks the database at most fifteen times, sign-in and navigation included, and not more often when there is
twenty times as much."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.enlarge import enlarge
from koor.ground.people.models import Person
from tests.journeys.lived_in import live_in
from tests.journeys.test_every_page import reachable

LOOKERS = [  # the captain and the service desk see little that these three don't
    ("Marloes", "Bram", "Erik"),  # curator, technician, administrator
    pytest.param(("Hanna", "Anneke"), marks=pytest.mark.long),
]
MORE = ("/search/?q=warmtepomp", "/people/?q=an", "/people/?show=all", "/inbox/?state=done", "/listen/?q=de")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("lookers", LOOKERS, ids=" and ".join)
def test_a_page_asks_few_times_however_much_there_is(
    visit: Callable[[Person | None], Client], lookers: tuple[str, ...]
) -> None:
    pages: list[tuple[str, Client, str]] = []
    things = live_in()
    for name in lookers:
        client = visit(Person.objects.get(name__startswith=f"{name} "))
        paths = [found.path for found in reachable(client, "nl")]  # also what a process asks once
        for path in MORE:
            client.get(path)
        for path in things.get(name, ()):
            assert client.get(path).status_code in {200, 302}, path
        more = [*MORE, *things.get(name, ())]
        pages += [(name, client, path) for path in one_of_each([*more, *paths])]
    stranger = visit(None)
    pages += [("", stranger, path) for path in things[""]]
    asked = {(name, path): count(client, path) for name, client, path in pages}
    assert {page: number for page, number in asked.items() if number > 15} == {}
    enlarge(20)
    more = {(name, path): count(client, path) for name, client, path in pages}
    assert {page: number for page, number in more.items() if number > 15} == {}
    grown = {page: (asked[page], number) for page, number in more.items() if number > asked[page]}
    assert grown == {}


def one_of_each(paths: list[str]) -> list[str]:
    """Of each kind of page the first two that are met: `/posts/1/` and `/posts/2/`, not all of them."""
    kinds: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        kinds.setdefault(re.sub(r"[0-9][0-9-]*", "0", path), []).append(path)
    return [path for alike in kinds.values() for path in alike[:2]]


def count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)
