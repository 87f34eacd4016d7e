"""Whose something is, and until when we may use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_httpserver import HTTPServer

from koor.flow.hub import actions, queries
from koor.flow.hub.actions.links import title_in
from koor.flow.hub.models import Item
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM

Visit = Callable[[Person | None], Client]
Show = Callable[..., Item]


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (-1, False), (400, True)])
def test_a_licence_holds_until_its_last_day(
    visit: Visit, bram: Person, marloes: Person, show: Show, days: int, allowed: bool
) -> None:
    item = show(bram)
    until = people.today() + timedelta(days=days)
    sent = {"title": "A van in the rain", "rights_kind": "licence", "rights": "Bureau Zicht", "rights_until": until}
    browser = visit(marloes)
    assert browser.post(f"/library/{item.pk}/edit/", sent).status_code == 302
    found = queries.item(marloes, item.pk)
    assert (found.rights_kind, found.rights_until) == ("licence", until)
    assert queries.publishable(marloes, found)[0] is allowed
    assert queries.publishable_items(marloes).filter(pk=item.pk).exists() is allowed
    page = browser.get(f"/library/{item.pk}/").content.decode()
    assert "Bought licence: Bureau Zicht" in page
    assert ("Our right to use it has ended." in page) is not allowed
    assert ("right has ended" in browser.get("/library/").content.decode()) is not allowed


def test_pictures_to_link_to_only_are_not_shown_outside(bram: Person, show: Show) -> None:
    item = actions.edit_item(by=bram, item=show(bram), rights_kind="link")
    assert queries.publishable(bram, queries.item(bram, item.pk)) == (
        False,
        ["It is somebody else's: we may link to it, not show it."],
    )
    assert not queries.publishable_items(bram).exists()


@pytest.mark.parametrize(
    ("url", "whose", "kind"),
    [
        ("", "own", "text"),
        ("https://example.org/a", "own", "link"),
        ("https://example.org/a", "link", "find"),
        ("https://example.org/a", "permit", "find"),
        ("https://example.org/a", "licence", "link"),
    ],
)
def test_texts_links_and_finds_are_added_by_hand(visit: Visit, bram: Person, url: str, whose: str, kind: str) -> None:
    sent = {"url": url, "text": "Worth following", "rights_kind": whose, "tags": "Bron, dak", "once": "k"}
    browser = visit(bram)
    assert "Add a text, a link or a document" in browser.get("/library/").content.decode()
    for _ in range(2):
        assert browser.post("/library/add/", sent).status_code == 302
    item = Item.objects.get()
    assert (item.kind, item.rights_kind, item.tags, item.by) == (kind, whose, ["bron", "dak"], bram)


@pytest.mark.parametrize("sent", [{}, {"url": "javascript:alert(1)"}, {"text": "x", "rights_until": "soon"}])
def test_what_can_not_be_added_keeps_what_was_typed(visit: Visit, bram: Person, sent: dict[str, Any]) -> None:
    page = visit(bram).post("/library/add/", {"rights_kind": "own", "rights": "Kept words", **sent})
    assert page.status_code == 422
    assert "Kept words" in page.content.decode()
    assert not Item.objects.exists()


def test_a_link_gets_the_title_of_its_page(
    bram: Person, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port}")
    page = "<html><head><title>Warm   houses\n&amp; more</title></head><script>alert(1)</script></html>"
    httpserver.expect_request("/page").respond_with_data(page, content_type="text/html; charset=utf-8")
    httpserver.expect_request("/file").respond_with_data(b"\x00" * 50, content_type="image/png")
    named = {}
    for path in ("/page", "/file", "/gone"):
        item = actions.add_text_item(by=bram, url=httpserver.url_for(path))
        actions.name_link(by=SYSTEM, item_id=item.pk)
        item.refresh_from_db()
        named[path] = item.title
    assert named == {"/page": "Warm houses & more", "/file": "", "/gone": ""}


def test_a_link_into_the_house_itself_is_not_called(bram: Person, httpserver: HTTPServer) -> None:
    item = actions.add_text_item(by=bram, url=httpserver.url_for("/inside"))
    actions.name_link(by=SYSTEM, item_id=item.pk)
    item.refresh_from_db()
    assert item.title == ""
    assert not httpserver.log


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ('<meta property="og:title" content="For sharing"><title>Window</title>', "For sharing"),
        ("<title>One</title><svg><title>Two</title></svg>", "One"),
        ("<title>" + "x" * 500, "x" * 200),
        ("<title>\u202e\x00Odd</title>", "Odd"),
        ("no page at all", ""),
    ],
)
def test_titles_of_pages(page: str, title: str) -> None:
    assert title_in(page) == title


def test_a_find_says_it_is_somebody_elses(bram: Person) -> None:
    found = actions.keep_find(by=bram, title="Seen", url="https://example.org/1", rights="Anna")
    assert (found.rights_kind, found.rights_until) == ("link", None)
