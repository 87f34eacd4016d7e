"""The pages of connecting: from the catalogue to the platform and back, in one browser."""

import re
from html import unescape

from django.test import Client

from koor.ground.channels.models import Account, Application, Connecting
from koor.ground.channels.tests.platform import CLIENT, SECRET, Platform
from koor.ground.people.models import Person

ENGLISH = {"Accept-Language": "en"}


def signed_in(person: Person) -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(person)
    return client


def off(client: Client, page: str) -> str:
    """Press the button; the address that the page goes on to."""
    answer = client.post(page)
    assert answer.status_code == 200
    assert answer["Cache-Control"].find("no-store") >= 0
    there = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())
    assert there
    return unescape(there[1])


def back(client: Client, choir: Platform, address: str, name: str = "els", **changed: str) -> str:
    answer = client.get("/accounts/add/choir/back/", choir.agree(address, name, **changed), follow=True)
    return answer.content.decode()


def test_first_an_administrator(choir: Platform, ada: Person, rob: Person) -> None:
    page = signed_in(rob).get("/accounts/add/choir/").content.decode()
    assert "An administrator does that once" in page
    assert "/platforms/choir/application/" not in page
    client = signed_in(ada)
    assert "/platforms/choir/application/" in client.get("/platforms/choir/").content.decode()
    page = client.get("/platforms/choir/application/").content.decode()
    assert "/accounts/add/choir/back/" in page
    assert "sing read" in page
    answer = client.post("/platforms/choir/application/", {"client_id": CLIENT, "client_secret": SECRET}, follow=True)
    assert SECRET not in answer.content.decode()
    assert Application.objects.get().client_id == CLIENT
    assert client.post("/platforms/choir/application/", {"client_id": "x"}).status_code == 200
    assert signed_in(rob).get("/platforms/choir/application/").status_code == 403
    client.post("/platforms/choir/application/forget/")
    assert not Application.objects.exists()


def test_a_colleague_connects_her_own(choir: Platform, registered: Application, rob: Person) -> None:
    client = signed_in(rob)
    assert "Go to Choir" in client.get("/accounts/add/choir/").content.decode()
    page = back(client, choir, off(client, "/accounts/add/choir/go/"), "rob")
    assert "Is this the one?" in page
    assert "access-" not in page
    row = Connecting.objects.get()
    client.post(f"/accounts/places/{row.pk}/", {"places": ["9"], "purpose": "work"})
    account = Account.objects.get()
    assert (account.name, account.owner, account.personal) == ("Rob", rob, True)
    page = client.get(f"/accounts/{account.pk}/").content.decode()
    assert f"/accounts/{account.pk}/again/" in page
    assert "agreed" in page


def test_choosing_nothing_or_something_else(
    choir: Platform, registered: Application, marloes: Person, rob: Person
) -> None:
    client = signed_in(marloes)
    assert "Where may Koor speak?" in back(client, choir, off(client, "/accounts/add/choir/go/"))
    place = f"/accounts/places/{Connecting.objects.get().pk}/"
    for sent in ({}, {"places": [], "purpose": "work", "whose": "house"}, {"places": ["99"], "purpose": "work"}):
        assert client.post(place, sent).status_code == 200
    assert not Account.objects.exists()
    assert signed_in(rob).get(place).status_code == 404
    client.post(place, {"places": ["1", "7"], "purpose": "work", "whose": "house"})
    assert Account.objects.count() == 2


def test_again(choir: Platform, on_choir: Account, marloes: Person) -> None:
    client = signed_in(marloes)
    page = f"/accounts/{on_choir.pk}/again/"
    assert "everything else about the account stays" in client.get(page).content.decode()
    assert "is connected again" in back(client, choir, off(client, page))
    assert "which is not Reurslag" in back(client, choir, off(client, page), "rob")


def test_in_words_when_it_did_not_work(choir: Platform, registered: Application, marloes: Person) -> None:
    client = signed_in(marloes)
    address = off(client, "/accounts/add/choir/go/")
    assert "not yours" in back(signed_in(marloes), choir, address)
    assert "did not agree" in back(client, choir, address, error="access_denied")
    assert client.get("/accounts/add/choir/back/").status_code == 400
    assert client.get("/accounts/add/paper/back/").status_code == 404
    stranger = Client(headers=ENGLISH).get("/accounts/add/choir/back/", choir.agree(address))
    assert (stranger.status_code, "not signed in" in stranger.content.decode()) == (401, True)
    assert not Account.objects.exists()
