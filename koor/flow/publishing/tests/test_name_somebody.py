"""Naming somebody in a post: people whose address on that platform the house knows, and who the platform finds."""

import dataclasses
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from koor.flow.publishing.models import Post
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Health, Named
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.ground.people.models import House, Person
from koor.kernel.access import SYSTEM

Visit = Callable[[Person | None], Client]


@pytest.fixture
def fatma(house: House, noon: datetime) -> Any:
    return contacts.meet_contact(by=SYSTEM, name="Fatma Kaya", platform="mastodon", handle="@fatma@social.example")


@pytest.mark.usefixtures("fatma")
def test_somebody_we_know_there_is_found_and_put_in_the_words_of_that_place(
    marloes: Person, on_mastodon: Account, news: Account, visit: Visit
) -> None:
    browser, pk = visit(marloes), on_mastodon.pk
    sent = {"text": "Kijk eens.", "accounts": [pk, news.pk], "when": "now"}
    page = browser.post("/posts/new/", {**sent, f"name-{pk}": "fat", "do": f"name-{pk}"}).content.decode()
    assert f'value="named-{pk}:@fatma@social.example"' in page
    assert 'value="fat"' in page
    page = browser.post("/posts/new/", {**sent, "do": f"named-{pk}:@fatma@social.example"}).content.decode()
    assert ">Kijk eens. @fatma@social.example</textarea>" in page
    assert "\nKijk eens.</textarea>" in page
    assert f'id="name-{news.pk}"' not in page  # where nobody can be named
    for do in (f"name-{pk}", "enter"):  # the button, and the key in any line of the page
        page = browser.post("/posts/new/", {**sent, f"name-{pk}": "Zeynep", "do": do}).content.decode()
        assert "Nobody is found" in page
    for odd in (f"named-{pk}:", "named-", "named-999:@x", f"named-{pk}:{'@' * 5000}", "name-x", "name-"):
        assert browser.post("/posts/new/", {**sent, "do": odd}).status_code == 200
    assert not Post.objects.exists()


@pytest.mark.usefixtures("fatma")
def test_what_the_platform_finds_stands_beside_it_or_why_it_finds_nobody(
    marloes: Person, on_mastodon: Account, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = [(Named("Reurslag", "@[Reurslag](urn:li:organization:5)", "a page"),), Health(False, "Wait")]
    asked = SimpleNamespace(written=lambda *_told: "", look_up=lambda session, words: answers.pop(0))
    made = dataclasses.replace(channels.connector("mastodon"), mention=asked)
    monkeypatch.setitem(channels.connectors(), "mastodon", made)
    browser, pk = visit(marloes), on_mastodon.pk
    sent = {"text": "Kijk eens.", "accounts": pk, "when": "now", f"name-{pk}": "reurslag", "do": f"name-{pk}"}
    assert "@[Reurslag](urn:li:organization:5)" in browser.post("/posts/new/", sent).content.decode()
    assert "Wait" in browser.post("/posts/new/", sent).content.decode()
