"""The library, one item and the idea box as pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub import actions
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Item
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import panels, search
from koor.kernel.access import SYSTEM

Visit = Callable[[Person | None], Client]
Show = Callable[..., Item]


def test_the_curator_finds_filters_and_keeps(
    visit: Visit, bram: Person, marloes: Person, flat: Project, show: Show
) -> None:
    item = show(bram, "Heat pump on the attic", project=flat, Jelle="ask")
    show(bram, "Something else")
    browser = visit(marloes)
    page = browser.get("/library/", {"q": "heat", "project": flat.pk, "state": "new"}).content.decode()
    assert "Heat pump on the attic" in page
    assert "Something else" not in page
    assert "still to be asked" in page
    shown = browser.get(f"/library/{item.pk}/").content.decode()
    assert "We do not know yet whether Jelle agrees." in shown
    answer = browser.post(f"/library/{item.pk}/keep/", {"keep-reason": "Good light."}, follow=True)
    assert f'action="/library/{item.pk}/reconsider/"' in answer.content.decode()
    assert "Good light." in visit(bram).get(f"/library/{item.pk}/").content.decode()
    browser.post(f"/library/{item.pk}/reconsider/")
    item.refresh_from_db()
    assert item.state == "new"


@pytest.mark.parametrize(
    "query",
    [
        "project=x",
        "maker=999999",
        "state=nonsense",
        "kind=%01",
        "page=0",
        "page=99999999999999999999",
        "q=%01",
        "consent=maybe",
    ],
)
def test_nonsense_in_the_address_shows_everything(
    visit: Visit, bram: Person, marloes: Person, show: Show, query: str
) -> None:
    show(bram)
    assert visit(marloes).get(f"/library/?{query}").status_code == 200


def test_an_empty_library_says_what_will_come(visit: Visit, marloes: Person) -> None:
    assert "Show the first photo" in visit(marloes).get("/library/").content.decode()
    assert "Nothing here fits that" in visit(marloes).get("/library/?q=zzz").content.decode()


def test_putting_aside_without_a_reason_keeps_the_page(visit: Visit, bram: Person, marloes: Person, show: Show) -> None:
    item = show(bram)
    page = visit(marloes).post(f"/library/{item.pk}/shelve/", {"shelve-reason": " "})
    assert page.status_code == 422
    assert "Tell the maker kindly why" in page.content.decode()
    assert visit(bram).post(f"/library/{item.pk}/keep/", {}).status_code == 403


def test_words_and_pictures_are_changed(visit: Visit, bram: Person, henk: Person, flat: Project, show: Show) -> None:
    item = show(bram)
    alt = f"alt-{item.media.get().pk}"
    browser = visit(bram)
    assert "Picture 1 in words" in browser.get(f"/library/{item.pk}/edit/").content.decode()
    sent = {"title": "New words", "text": "", "tags": "Zolder, #dak", "project": flat.pk, alt: "A neat cabinet"}
    assert browser.post(f"/library/{item.pk}/edit/", sent).status_code == 302
    page = browser.get(f"/library/{item.pk}/").content.decode()
    for words in ("New words", "zolder", 'alt="A neat cabinet"', flat.name):
        assert words in page
    wrong = browser.post(f"/library/{item.pk}/edit/", {**sent, "title": "x" * 201})
    assert wrong.status_code == 422
    assert "Zolder, #dak" in wrong.content.decode()
    assert visit(henk).post(f"/library/{item.pk}/edit/", sent)["Location"] == f"/library/{item.pk}/"
    item.refresh_from_db()
    assert item.title == "New words"


def test_who_is_in_it(visit: Visit, bram: Person, henk: Person, show: Show) -> None:
    item = show(bram)
    browser = visit(bram)
    browser.post(f"/library/{item.pk}/who/", {"who": "Henk Oonk", "agrees": "yes"})
    row = item.portrayed.get()
    assert (row.person, row.agrees) == (henk, "yes")
    browser.post(f"/library/{item.pk}/who/", {"who": " "})
    assert item.portrayed.count() == 1
    browser.post(f"/consent/{row.pk}/", {"agrees": "ask"})
    browser.post(f"/consent/{row.pk}/remove/")
    assert item.portrayed.count() == 0
    assert visit(henk).post(f"/library/{item.pk}/who/", {"who": "X"}).status_code == 403


def test_the_idea_box(visit: Visit, bram: Person, henk: Person, marloes: Person) -> None:
    browser = visit(bram)
    for _ in range(2):
        browser.post("/ideas/", {"text": "<script>alert(1)</script> Why it hums", "once": "k"})
    assert Item.objects.count() == 1
    page = visit(henk).get("/ideas/").content.decode()
    assert "Why it hums" in page
    assert "<script>alert" not in page
    wrong = browser.post("/ideas/", {"text": "Kept", "url": "javascript:alert(1)"})
    assert wrong.status_code == 422
    assert "Kept" in wrong.content.decode()
    item = Item.objects.get()
    assert visit(henk).post(f"/library/{item.pk}/remove/").status_code == 403
    for _tap in range(2):
        page = browser.post(f"/library/{item.pk}/remove/", follow=True).content.decode()
    back = f"/library/{item.pk}/restore/"
    assert back in page  # undo, beside the message
    assert browser.get(f"/library/{item.pk}/").status_code == 404
    assert [back in visit(who).get("/library/removed/").content.decode() for who in (bram, henk)] == [True, False]
    assert visit(henk).post(back).status_code == 404
    assert "Why it hums" in browser.post(back, follow=True).content.decode()


def test_found_from_everywhere(bram: Person, show: Show) -> None:
    show(bram, "Heat pump on the attic")
    found = dict(search.everywhere(bram, "heat"))
    hit = next(hits for label, hits in found.items() if str(label) == "Library")[0]
    assert hit.title == "Heat pump on the attic"
    assert hit.url.startswith("/library/")
    assert hit.picture_url.startswith("/files/")
    assert "Library" not in {str(label) for label, _hits in search.everywhere(bram, " ")}


def test_on_today(bram: Person, henk: Person, marloes: Person, show: Show) -> None:
    show(bram, Henk="ask", people={"Henk": henk})
    actions.ask_colleagues(by=marloes, question="Who can show a pump?", people=[bram])
    titles = {who.first_name: [todo.title for todo in panels.todos_of(who)] for who in (bram, henk, marloes)}
    assert "Who can show a pump?" in titles["Bram"]
    assert "You are in a photo. Is that all right?" in titles["Henk"]
    assert "1 new in the library" in titles["Marloes"]
    assert panels.counts_of(["hub:library"], marloes)["hub:library"] == 1
    assert panels.counts_of(["hub:library"], bram)["hub:library"] == 0


def test_an_item_shows_one_next_step_first(visit: Visit, bram: Person, marloes: Person, show: Show) -> None:
    item = show(bram, "Heat pump on the attic")

    def steps(person: Person) -> list[str]:
        page = visit(person).get(f"/library/{item.pk}/").content.decode()
        buttons = re.findall(r'<(?:button|a) class="btn first".*?</(?:button|a)>', page, re.S)
        assert page.index('id="facts"') > max(page.rindex(button) for button in buttons)
        return [re.sub(r"<[^>]+>", "", button).strip() for button in buttons]

    assert steps(marloes) == ["Keep it"]
    visit(marloes).post(f"/library/{item.pk}/keep/", {"keep-reason": "Good light."})
    assert steps(marloes) == steps(bram) == ["Make it a post"]


@pytest.mark.usefixtures("bare_navigation")
def test_the_list_costs_the_same_for_one_and_for_thirty(
    visit: Visit, bram: Person, marloes: Person, show: Show, django_assert_num_queries: Any
) -> None:
    browser = visit(marloes)
    show(bram, Jelle="yes")
    browser.get("/library/")
    with django_assert_num_queries(10):
        browser.get("/library/")
    for number in range(29):
        show(bram, f"Number {number}", photos=2, Jelle="yes", Henk="ask")
    with django_assert_num_queries(10):
        browser.get("/library/")


PAGES = ["/capture/", "/capture/mine/", "/capture/with-me/", "/library/", "/ideas/", "/questions/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_signs_in_and_a_newcomer_is_welcome(visit: Visit, newcomer: Person, path: str) -> None:
    assert visit(None).get(path)["Location"].startswith("/sign-in/")
    assert visit(newcomer).get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "get", "post"),
    [
        ("/capture/{capture}/", 404, 405),
        ("/capture/{capture}/withdraw/", 405, 404),
        ("/capture/{capture}/restore/", 405, 404),
        ("/library/{item}/", 200, 405),
        ("/library/{item}/edit/", 302, 302),
        ("/library/{item}/keep/", 405, 403),
        ("/library/{item}/shelve/", 405, 403),
        ("/library/{item}/reconsider/", 405, 403),
        ("/library/{item}/remove/", 405, 403),
        ("/library/{item}/who/", 405, 302),
        ("/consent/{row}/", 405, 403),
        ("/consent/{row}/remove/", 405, 403),
        ("/questions/add/", 403, 403),
        ("/questions/{prompt}/", 404, 405),
        ("/questions/{prompt}/answer/", 405, 404),
        ("/questions/{prompt}/close/", 405, 404),
        ("/answers/{answer}/keep/", 405, 404),
    ],
)
def test_every_address_as_stranger_and_newcomer(
    visit: Visit, newcomer: Person, bram: Person, marloes: Person, show: Show, path: str, get: int, post: int
) -> None:
    item = show(bram, Jelle="ask")
    prompt = actions.ask_colleagues(by=marloes, question="Who?", people=[bram])
    answer = actions.answer_prompt(by=bram, prompt=prompt, sentence="Me")
    row = item.portrayed.get()
    address = path.format(item=item.pk, capture=item.capture_id, row=row.pk, prompt=prompt.pk, answer=answer.pk)
    stranger, new = visit(None), visit(newcomer)
    for page in (stranger.get(address), stranger.post(address)):
        assert page.status_code in (302, 405)
        assert page.status_code == 405 or page["Location"].startswith("/sign-in/")
    assert new.get(address).status_code == get
    assert new.post(address, {"shelve-reason": "no"}).status_code == post


def test_a_refused_photo_is_on_today_and_in_nobodys_way(visit: Visit, bram: Person) -> None:
    made = actions.capture(by=bram, photos=[Photo("a.jpg", b"")], sentence="Empty")
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    todo = panels.todos_of(bram)[0]
    assert (todo.title, todo.quote, todo.url) == ("Your photo could not be used", "Empty", f"/capture/{made.pk}/")
    page = visit(bram).post(f"/capture/{made.pk}/withdraw/", follow=True).content.decode()
    assert "/restore/" not in page
    assert all(todo.quote != "Empty" for todo in panels.todos_of(bram))


def test_taking_somebody_out_who_answered_is_refused(visit: Visit, bram: Person, henk: Person, show: Show) -> None:
    row = show(bram, Henk="ask", people={"Henk": henk}).portrayed.get()
    visit(henk).post(f"/consent/{row.pk}/", {"agrees": "yes"})
    page = visit(bram).post(f"/consent/{row.pk}/remove/", follow=True).content.decode()
    assert "Henk answered this, so it stays." in page
    row.refresh_from_db()  # it is there


def test_thirteen_people_are_too_many(visit: Visit, bram: Person, show: Show) -> None:
    item = show(bram)
    browser = visit(bram)
    for number in range(13):
        page = browser.post(f"/library/{item.pk}/who/", {"who": f"Number {number}"}, follow=True)
    assert "at most 12" in page.content.decode()


def test_an_edit_that_is_refused_keeps_what_was_typed(visit: Visit, bram: Person) -> None:
    item = actions.add_text_item(by=bram, text="Text")
    page = visit(bram).post(f"/library/{item.pk}/edit/", {"text": "Kept", "url": "javascript:x"})
    assert page.status_code == 422
    assert "Kept" in page.content.decode()


def test_the_curators_word_comes_back_on_today(
    visit: Visit, bram: Person, henk: Person, marloes: Person, show: Show
) -> None:
    actions.keep_item(by=marloes, item=show(bram, "The first cabinet"), reason="Lovely light.")
    page = visit(bram).get("/").content.decode()
    assert "Marloes kept it for the library." in page
    assert "Lovely light." in page
    assert "Lovely light." not in visit(henk).get("/").content.decode()


def test_photos_of_a_project_stand_on_its_page(visit: Visit, bram: Person, flat: Project, show: Show) -> None:
    show(bram, "The first cabinet", project=flat)
    page = visit(bram).get(f"/projects/{flat.pk}/")
    assert "The first cabinet" in page.content.decode()
