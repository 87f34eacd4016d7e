"""The capture page and what one showed, through the browser's eyes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.logic import Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.models import Capture, Item, Prompt
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.contacts.models import Contact, Project
from koor.ground.people.models import Person
from koor.kernel import files
from koor.kernel.access import SYSTEM

Visit = Callable[[Person | None], Client]
Show = Callable[..., Item]


def photo(name: str = "IMG_1.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data, "image/jpeg")


def test_photo_sentence_project_and_who(visit: Visit, bram: Person, henk: Person, flat: Project) -> None:
    flat.contact = Contact.objects.create(name="Els Groot", made_at="2026-01-01T00:00Z")
    flat.save()
    browser = visit(bram)
    page = browser.get("/capture/")
    assert page.status_code == 200
    assert 'capture="environment"' in page.content.decode()
    sent = {
        "client_id": str(uuid.uuid4()),
        "photos": [photo(), photo("IMG_2.jpg")],
        "sentence": "All labelled.",
        "project": flat.pk,
        "who": ["henk oonk", "", "Els Groot", "The neighbour"],
        "agrees": ["yes", "ask", "no", "nonsense"],
    }
    answer = browser.post("/capture/", sent)
    made = Capture.objects.get()
    assert answer["Location"] == f"/capture/{made.pk}/"
    assert (made.sentence, made.project, made.media.count()) == ("All labelled.", flat, 2)
    rows = [(one.name, one.agrees, one.person, one.contact) for one in made.portrayed.order_by("pk")]
    assert rows == [
        ("henk oonk", "yes", henk, None),
        ("Els Groot", "no", None, flat.contact),
        ("The neighbour", "ask", None, None),
    ]
    assert "It arrived" in browser.get(answer["Location"]).content.decode()
    again = {**sent, "photos": [photo()]}
    assert browser.post("/capture/", again)["Location"] == answer["Location"]
    assert Capture.objects.count() == 1


def test_its_script_gets_an_address_or_sentences(visit: Visit, bram: Person) -> None:
    browser = visit(bram)
    headers = {"Accept": "application/json"}
    went = browser.post("/capture/", {"photos": [photo()]}, headers=headers)
    assert (went.status_code, went.json()) == (201, {"url": f"/capture/{Capture.objects.get().pk}/"})
    refused = browser.post("/capture/", {"sentence": "x" * 501, "photos": [photo()]}, headers=headers)
    assert refused.status_code == 422
    assert len(refused.json()["sentences"]) == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "Take or choose a photo first"),
        (photo("drawing.svg", b"<svg xmlns='x'/>"), "SVG"),
        (photo("report.pdf", b"%PDF-1.4"), "document"),
        (photo("film.avi", b"RIFF\x00\x00\x00\x00AVI LIST"), "this kind of film"),
        (photo("note.jpg", b"hello"), "not a photo"),
    ],
)
def test_what_is_no_photo_is_said_and_the_rest_is_kept(
    visit: Visit, bram: Person, flat: Project, file: Any, words: str
) -> None:
    sent = {
        "sentence": "My <b>sentence</b>",
        "project": flat.pk,
        "who": ["Els"],
        "agrees": ["no"],
        "client_id": "rubbish",
    }
    page = visit(bram).post("/capture/", {**sent, **({"photos": [file]} if file else {})})
    text = page.content.decode()
    assert page.status_code == 422
    assert words in text
    assert "My &lt;b&gt;sentence&lt;/b&gt;" in text
    assert f'value="{flat.pk}" selected' in text
    assert 'value="Els"' in text
    assert '<option value="no" selected>' in text
    assert not Capture.objects.exists()


def test_an_empty_file_is_no_photo(visit: Visit, bram: Person) -> None:
    page = visit(bram).post("/capture/", {"photos": [photo("empty.jpg", b"")], "sentence": "Kept"})
    assert page.status_code == 422
    assert "Kept" in page.content.decode()


def test_a_photo_that_is_too_large_leaves_the_sentence(
    visit: Visit, bram: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(allowed.MOST_BYTES, Kind.PHOTO, 1000)
    page = visit(bram).post("/capture/", {"photos": [photo("huge.jpg")], "sentence": "Kept"})
    assert page.status_code == 422
    assert "huge.jpg: This photo is larger than 40 MB" in page.content.decode()
    assert "Kept" in page.content.decode()


def test_good_photos_go_when_one_is_bad(visit: Visit, bram: Person) -> None:
    browser = visit(bram)
    answer = browser.post("/capture/", {"photos": [photo(), photo("x.pdf", b"%PDF-1.4")]})
    assert answer.status_code == 302
    assert "x.pdf: This is a document" in browser.get(answer["Location"]).content.decode()
    assert Capture.objects.get().media.count() == 1


def test_a_full_disk_loses_no_words(visit: Visit, bram: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_put", full)
    unique = photo(data=jpeg(333, 77))
    page = visit(bram).post("/capture/", {"photos": [unique], "sentence": "Kept"})
    assert page.status_code == 422
    assert "Kept" in page.content.decode()
    assert not Capture.objects.exists()


def test_eleven_photos_and_a_million_characters(visit: Visit, bram: Person) -> None:
    browser = visit(bram)
    assert browser.post("/capture/", {"photos": [photo(f"{n}.jpg") for n in range(11)]}).status_code == 422
    assert browser.post("/capture/", {"photos": [photo()], "sentence": "x" * 1_000_000}).status_code == 422
    assert not Capture.objects.exists()


def test_a_photo_answers_a_question(visit: Visit, bram: Person, henk: Person, marloes: Person) -> None:
    prompt = actions.ask_colleagues(by=marloes, question="Who can show a pump?", people=[bram])
    browser = visit(bram)
    assert "Who can show a pump?" in browser.get(f"/capture/?prompt={prompt.pk}").content.decode()
    browser.post("/capture/", {"photos": [photo()], "prompt": prompt.pk})
    assert prompt.answers.get().capture == Capture.objects.get()
    assert "Who can show" not in visit(henk).get(f"/capture/?prompt={prompt.pk}").content.decode()
    assert visit(henk).post("/capture/", {"photos": [photo()], "prompt": prompt.pk}).status_code == 302
    assert Prompt.objects.get().answers.count() == 1
    actions.close_prompt(by=marloes, prompt=prompt)  # while a photo for it waits on a phone: it comes in without it
    late = browser.post("/capture/", {"photos": [photo("late.jpg")], "prompt": prompt.pk}, follow=True)
    assert "closed by now" in late.content.decode()
    assert (bram.captures.count(), Prompt.objects.get().answers.count()) == (2, 1)
    for nonsense in ("x", "-1", "9" * 40):
        assert browser.get("/capture/", {"prompt": nonsense}).status_code == 200


def test_its_maker_sees_what_became_of_it(visit: Visit, bram: Person, marloes: Person, show: Show) -> None:
    kept, aside = show(bram, "Kept one"), show(bram, "Put aside")
    actions.keep_item(by=marloes, item=kept, reason="Lovely.")
    actions.shelve_item(by=marloes, item=aside, reason="Twice the same.")
    refused = actions.capture(by=bram, photos=[Photo("a.jpg", b"\xff\xd8\xffnothing")], sentence="Broken")
    actions.develop_capture(by=SYSTEM, capture_id=refused.pk)
    browser = visit(bram)
    mine = browser.get("/capture/mine/").content.decode()
    for words in ("Kept one", "Lovely.", "Twice the same.", "incomplete or damaged"):
        assert words in mine
    page = browser.get(f"/capture/{refused.pk}/").content.decode()
    assert "incomplete or damaged" in page
    assert "Broken" in page
    assert "Lovely." in browser.get(f"/capture/{kept.capture_id}/").content.decode()


def test_taking_back_and_undo(visit: Visit, bram: Person, henk: Person, show: Show) -> None:
    item = show(bram)
    assert visit(henk).post(f"/capture/{item.capture_id}/withdraw/").status_code == 404
    browser = visit(bram)
    page = browser.post(f"/capture/{item.capture_id}/withdraw/", follow=True).content.decode()
    assert f'action="/capture/{item.capture_id}/restore/"' in page
    assert visit(henk).get(f"/library/{item.pk}/").status_code == 404
    browser.post(f"/capture/{item.capture_id}/restore/")
    assert visit(henk).get(f"/library/{item.pk}/").status_code == 200


def test_photos_with_me(visit: Visit, bram: Person, henk: Person, show: Show) -> None:
    item = show(bram, Henk="ask", people={"Henk": henk})
    row = item.portrayed.get()
    browser = visit(henk)
    assert "That is fine" in browser.get("/capture/with-me/").content.decode()
    answer = browser.post(f"/consent/{row.pk}/", {"agrees": "no", "next": "/capture/with-me/"})
    assert answer["Location"] == "/capture/with-me/"
    assert "It is fine after all" in browser.get("/capture/with-me/").content.decode()
    assert visit(bram).post(f"/consent/{row.pk}/", {"agrees": "yes"}).status_code == 403
    for elsewhere in ("https://evil.example/", "foo", "account_login"):
        outside = browser.post(f"/consent/{row.pk}/", {"agrees": "yes", "next": elsewhere})
        assert outside["Location"] == f"/library/{item.pk}/"


@pytest.mark.usefixtures("bare_navigation")
def test_the_list_costs_the_same_for_one_and_for_thirty(
    visit: Visit, bram: Person, show: Show, django_assert_num_queries: Any
) -> None:
    browser = visit(bram)
    show(bram)
    browser.get("/capture/mine/")
    with django_assert_num_queries(6):
        browser.get("/capture/mine/")
    for number in range(29):
        show(bram, f"Number {number}", photos=2)
    with django_assert_num_queries(6):
        browser.get("/capture/mine/")


def test_who_was_in_it_last_time_is_one_tap(
    visit: Visit, show: Show, bram: Person, henk: Person, marloes: Person, flat: Project
) -> None:
    show(bram, "Before", project=flat, **{"Old neighbour": "yes"})
    show(bram, "Last", project=flat, people={"Henk Oonk": henk}, **{"Henk Oonk": "no", "Jan": "yes", "Els": "no"})
    show(bram, "Elsewhere", **{"Piet": "ask"})
    show(marloes, "Hers", project=flat, **{"Somebody of hers": "yes"})
    # a colleague who refused is offered as anyone: refusing is seen by nobody
    assert queries.companions(bram) == {
        str(flat.pk): ["Henk Oonk", "Jan"],
        "": ["Piet"],
        "any": ["Piet"],  # at a project where nobody was shown yet
    }
    page = visit(bram).get("/capture/").content.decode()
    assert "Jan agrees" in page
    assert "Somebody of hers" not in page
    assert visit(bram).get("/capture/phone/?lists=1").json()["companions"][""] == ["Piet"]
    sent = {"photos": [photo()], "project": flat.pk, "agreed": ["Jan", "Jan", "Els"], "who": ["Els"], "agrees": ["no"]}
    visit(bram).post("/capture/", {"client_id": str(uuid.uuid4()), **sent})
    made = Capture.objects.latest("pk")
    assert {(one.name, one.agrees) for one in made.portrayed.all()} == {("Jan", "yes"), ("Els", "no")}
