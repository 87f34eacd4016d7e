"""A PDF comes into the library: with a title and words, made ready once, shown page by page, and only saved."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.choices import Rights
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.tests.documents import SECRET, pdf_of, talks
from koor.flow.hub.models import Item, Medium, Page
from koor.ground.people.models import Person
from koor.kernel import clock, files
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import StoredFile

WORDS = {"title": "Jaarverslag", "alt": "Wat we dit jaar deden, in twee bladen"}


def kept(by: Person, data: bytes, **more: Any) -> Item:
    return actions.add_document(by=by, document=Photo("jaarverslag.pdf", data), **{**WORDS, **more})


def test_a_document_is_clean_shown_by_page_and_only_saved(marloes: Person, client: Client) -> None:
    client.force_login(marloes)
    upload = SimpleUploadedFile("jaarverslag.pdf", pdf_of(2, talks), "text/html")
    said = {**WORDS, "rights_kind": "own", "once": "a", "document": upload}
    answer = client.post("/library/add/", said)
    item = Item.objects.get(kind="document")
    assert answer["Location"] == f"/library/{item.pk}/"
    assert "still being made ready" in client.get(answer["Location"]).content.decode()
    medium = item.media.get()
    for _ in range(2):
        actions.develop_medium(by=SYSTEM, medium_id=medium.pk)
    medium.refresh_from_db()
    assert (medium.kind, medium.page_count, medium.upload, Page.objects.count()) == ("document", 2, None, 2)
    page = client.get(answer["Location"]).content.decode()
    assert 'alt="Page 2 of 2"' in page
    assert "Document of 2 pages (PDF)" in page
    assert WORDS["alt"] in page
    whole = medium.renditions.get(format="pdf").file
    assert SECRET not in files.read(whole)
    sent = client.get(files.url_of(whole))
    assert sent["Content-Type"] == "application/octet-stream"
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent["Content-Security-Policy"]
    found = client.get("/library/?kind=document").content.decode()
    assert "2 pages" in found
    assert "Jaarverslag" in found
    assert queries.publishable(marloes, item)[0]
    actions.remove_item(by=marloes, item=item)
    actions.remove_item(by=marloes, item=kept(marloes, pdf_of(1)))  # before it was ready
    assert StoredFile.objects.exists()
    with clock.fixed(clock.now() + timedelta(days=8)):
        actions.erase_removed(by=SYSTEM)
    assert not StoredFile.objects.exists()


def test_it_comes_in_once_and_with_words_only(bram: Person, client: Client) -> None:
    with pytest.raises(Refused, match="title"):
        kept(bram, pdf_of(1), title=" ")
    with pytest.raises(Refused, match="few words") as refused:
        kept(bram, pdf_of(1), alt=" ")
    assert refused.value.field == "alt"
    with pytest.raises(Refused, match="as PDF") as refused:
        kept(bram, b"PK\x03\x04 a letter")
    assert refused.value.field == "document"
    assert not Item.objects.exists()
    assert not StoredFile.objects.exists()
    first, again = (kept(bram, pdf_of(1), once="a") for _ in range(2))
    assert first == again
    client.force_login(bram)
    upload = SimpleUploadedFile("x.pdf", b"<html>", "application/pdf")
    answer = client.post("/library/add/", {**WORDS, "rights_kind": "own", "document": upload})
    assert answer.status_code == 422
    assert "Save it as PDF" in answer.content.decode()
    upload = SimpleUploadedFile("x.pdf", pdf_of(1), "application/pdf")
    linked = {**WORDS, "rights_kind": "own", "document": upload, "url": "https://reurslag.example/"}
    assert "has no link beside it" in client.post("/library/add/", linked).content.decode()


def test_a_file_that_the_browser_forgot_is_asked_for_again(bram: Person, client: Client) -> None:
    """A form that comes back has an empty file field: its words never become a text without the document."""
    client.force_login(bram)
    upload = SimpleUploadedFile("x.pdf", pdf_of(1), "application/pdf")
    for forgot in ({"title": "", "document": upload}, {}):
        answer = client.post("/library/add/", {**WORDS, "rights_kind": "own", **forgot})
        assert answer.status_code == 422
        assert answer.context["form"].errors["document"] == ["Choose the document again."]
        assert WORDS["alt"] in answer.content.decode()
    assert not Item.objects.exists()


def test_one_that_cant_be_used_says_why_and_is_not_offered(marloes: Person, client: Client) -> None:
    item = kept(marloes, pdf_of(1)[:400])
    actions.develop_medium(by=SYSTEM, medium_id=item.media.get().pk)
    assert item.media.get().refused == "document_broken"
    client.force_login(marloes)
    assert "incomplete or damaged" in client.get(f"/library/{item.pk}/").content.decode()
    assert not queries.publishable(marloes, Item.objects.get(pk=item.pk))[0]


def test_its_pages_become_pictures_once_with_the_same_rights(marloes: Person) -> None:
    item = kept(marloes, pdf_of(3), rights_kind=Rights.LICENCE)
    medium = item.media.get()
    actions.develop_medium(by=SYSTEM, medium_id=medium.pk)
    first, again = (actions.pages_as_pictures(by=marloes, medium=medium, most=2) for _ in range(2))
    assert [one.pk for one in first] == [one.pk for one in again]
    assert len(first) == 2
    assert {one.item_id for one in first} == {item.pk}
    assert first[1].alt == f"Page 2: {WORDS['alt']}"
    assert first[1].kind == "photo"
    assert first[1].width == 1600
    shown = Item.objects.get(pk=item.pk).shows
    assert [one.pk for one in shown] == [medium.pk]


def test_who_shows_work_is_told_to_send_a_picture(bram: Person, client: Client) -> None:
    client.force_login(bram)
    answer = client.post("/capture/", {"photos": [SimpleUploadedFile("x.pdf", pdf_of(1))]})
    assert "document" in answer.content.decode()
    assert not Medium.objects.exists()
    assert ".pdf" not in json.dumps(client.get("/capture/").content.decode())
