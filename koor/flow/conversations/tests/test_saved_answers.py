"""Saved answers: of one colleague or for all, with places that are filled in, chosen with and without script."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, logic, queries
from koor.flow.conversations.models import Message, SavedAnswer
from koor.ground.contacts import actions as contacts
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened("Boven blijft het koud.")


def test_places_in_two_languages():
    values = {"first_name": "Fatma", "me": "Henk", "house": "Reurslag"}
    text = "Dag {voornaam}, {First  Name} en {first_name}: {mijn naam} van {our name}, over {project} {iets} {}"
    assert logic.filled(text, values) == "Dag Fatma, Fatma en Fatma: Henk van Reurslag, over {project} {iets} {}"
    assert logic.unknown_places(text) == ["{iets}"]
    assert logic.open_places(logic.filled(text, values)) == ["{project}"]


def test_what_is_filled_in_is_not_read_again():
    assert logic.filled("{naam}", {"name": "{voornaam}", "first_name": "x"}) == "{voornaam}"


def test_kept_for_oneself_and_for_all(henk, marloes, bram):
    mine = actions.save_answer(by=henk, name="Spoelen", text="Dag {voornaam}", once="a")
    assert actions.save_answer(by=henk, name="Spoelen", text="Dag {voornaam}", once="a") == mine
    ours = actions.save_answer(by=marloes, name="Garantie", text="Twee jaar", for_all=True)
    assert list(queries.saved_answers(henk)) == [mine, ours]
    assert list(queries.saved_answers(bram)) == [ours]
    for deed in (
        lambda: actions.save_answer(by=henk, name="x", text="y", for_all=True),
        lambda: actions.change_saved(by=henk, saved=ours, name="x", text="y"),
        lambda: actions.remove_saved(by=marloes, saved=mine),
    ):
        with pytest.raises(Forbidden):
            deed()
    with pytest.raises(NotFound):
        queries.saved_answer(bram, mine.pk)


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [("", "x", "name"), ("x" * 81, "x", "name"), ("x", " ", "text"), ("x", "x" * 2001, "text"), ("x", "{hoi}", "text")],
)
def test_what_can_not_be_kept(henk, name, text, field):
    with pytest.raises(Refused) as refusal:
        actions.save_answer(by=henk, name=name, text=text)
    assert refusal.value.field == field
    assert not SavedAnswer.objects.exists()


def test_a_name_once_and_removed_with_undo(henk, visit):
    saved = actions.save_answer(by=henk, name="Spoelen", text="Dag")
    with pytest.raises(Refused, match="that name"):
        actions.save_answer(by=henk, name="spoelen", text="Anders")
    browser = visit(henk)
    gone = browser.post(reverse("conversations:remove_saved", args=[saved.pk]), follow=True).content.decode()
    assert "put-back" in gone
    assert not queries.saved_answers(henk).exists()
    browser.post(reverse("conversations:put_saved_back", args=[saved.pk]))
    assert list(queries.saved_answers(henk)) == [saved]


@pytest.mark.parametrize("place", ["talk", "inbox"])
def test_chosen_without_script(visit, hers, marloes, place):
    saved = actions.save_answer(by=marloes, name="Dag", text="Dag {voornaam}, groet {mijn naam}", for_all=True)
    browser = visit(marloes)
    page = browser.get(reverse(f"conversations:{place}_one", args=[hers.pk])).content.decode()
    assert f'name="saved" value="{saved.pk}"' in page
    address = reverse("conversations:use_saved", args=[hers.pk])
    page = browser.post(address, {"text": "Eerst dit.", "saved": saved.pk, "place": place}).content.decode()
    assert "\nEerst dit.\n\nDag Fatma, groet Marloes</textarea>" in page
    assert not Message.objects.filter(direction="out").exists()


def test_for_a_script_only_the_words(visit, hers, henk):
    saved = actions.save_answer(by=henk, name="Dag", text="Dag {voornaam} over {project}")
    address = reverse("conversations:use_saved", args=[hers.pk])
    told = visit(henk).post(address, {"saved": saved.pk}, headers={"Accept": "text/plain"})
    assert told["Content-Type"].startswith("text/plain")
    assert told.content.decode() == "Dag Fatma over {project}"
    contacts.add_project(by=SYSTEM, name="Badkamer Kerkstraat", contact=hers.contact)
    assert "over Badkamer Kerkstraat" in visit(henk).post(address, {"saved": saved.pk}).content.decode()
    contacts.add_project(by=SYSTEM, name="Zolder", contact=hers.contact)
    assert "over {project}" in visit(henk).post(address, {"saved": saved.pk}).content.decode()


@pytest.mark.parametrize("chosen", ["", "x", "0", "9" * 30])
def test_a_strange_choice(visit, hers, henk, chosen):
    assert visit(henk).post(reverse("conversations:use_saved", args=[hers.pk]), {"saved": chosen}).status_code == 404


def test_nothing_goes_with_an_open_place(hers, henk):
    with pytest.raises(Refused, match="Fill in"):
        actions.answer(by=henk, conversation=hers, text="Dag Fatma, over {project}")
    assert actions.answer(by=henk, conversation=hers, text="Over {dit} praten we nog")


def test_the_pages(visit, henk, marloes):
    browser = visit(henk)
    assert "Save an answer" in browser.get(reverse("conversations:saved_answers")).content.decode()
    new = reverse("conversations:save_answer")
    assert "For all colleagues" not in browser.get(new).content.decode()
    assert browser.post(new, {"name": "Dag", "text": "{hoi}"}).status_code == 422
    assert browser.post(new, {"name": "Dag", "text": "Dag {voornaam}", "once": "a"}).status_code == 302
    saved = SavedAnswer.objects.get()
    change = reverse("conversations:change_saved", args=[saved.pk])
    assert "Dag {voornaam}" in browser.get(change).content.decode()
    assert browser.post(change, {"name": "Hallo", "text": "Hallo {voornaam}"}).status_code == 302
    assert visit(marloes).get(change).status_code == 404
    visit(marloes).post(new, {"name": "Garantie", "text": "Twee jaar", "for_all": "on", "once": "b"})
    page = browser.get(reverse("conversations:saved_answers")).content.decode()
    assert "Hallo" in page
    assert "Garantie" in page
    assert page.count("Change<") == 1


def test_the_last_one_clicked_twice_is_kept_once(henk):
    now = clock.now()
    SavedAnswer.objects.bulk_create(
        SavedAnswer(owner=henk, name=f"A {number}", text="x", changed_at=now) for number in range(199)
    )
    first, again = (actions.save_answer(by=henk, name="Spoelen", text="Dag", once="k") for _click in range(2))
    assert first == again
    with pytest.raises(Refused) as refused:
        actions.save_answer(by=henk, name="Nog een", text="Dag")
    assert refused.value.code == "too_many"
