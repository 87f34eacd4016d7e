"""@name in a note: that colleague hears of it, and may read along."""

import pytest
from django.urls import reverse

from koor.flow.conversations import access, actions, logic, panels, queries
from koor.flow.conversations.actions import mentioning
from koor.flow.conversations.models import Mentioned
from koor.kernel.access import NotFound, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db

HOUSE = [(1, "Bram de Wit"), (2, "Bram Jansen"), (3, "Henk Wolters"), (4, "Zoë van Dam"), (5, "Jan-Willem Bos")]


@pytest.mark.parametrize(
    ("text", "people", "unclear"),
    [
        ("@Henk, bel jij?", [3], []),
        ("Dag @henk wolters en @Zoe", [3, 4], []),
        ("@Bram de Wit weet het", [1], []),
        ("@bram weet het", [], ["bram"]),
        ("@Jan-Willem en @Jan", [5], []),
        ("henk@wolters.example en @@Henk", [], []),
        ("@fatma@social.example schreef", [], []),
        ("Twee keer @Henk @Henk", [3], []),
        ("@", [], []),
        ("@\uff9e", [], []),
    ],
)
def test_who_is_meant(text, people, unclear):
    named = logic.named_in(text, HOUSE)
    assert (named.people, named.unclear) == (people, unclear)


@pytest.fixture
def hers(opened, marloes):
    return actions.take(by=marloes, conversation=opened())


def test_who_is_named_may_read_along_and_not_more(hers, marloes, anneke):
    assert not access.may_see(anneke, hers)
    actions.note(by=marloes, conversation=hers, text="@Anneke, weet jij dit?")
    assert access.may_see(anneke, hers)
    assert not access.may_handle(anneke, hers)
    assert AuditEntry.objects.get(verb="conversations.name_colleagues").detail == {"people": [anneke.pk]}


def test_it_goes_along_when_conversations_come_together(hers, opened, marloes, anneke):
    nameless = actions.take(by=marloes, conversation=opened("Dag", by="", handle=""))
    actions.note(by=marloes, conversation=nameless, text="@Anneke?")
    actions.merge(by=marloes, conversation=hers, other=nameless)
    assert access.may_see(anneke, hers)


def test_asked_on_today_until_seen(hers, marloes, anneke):
    actions.note(by=marloes, conversation=hers, text="@Anneke, weet jij dit?")
    [todo] = panels.named_in_a_note(anneke, list(queries.asked_of(anneke)))
    assert "Marloes" in todo.title
    assert todo.quote == "@Anneke, weet jij dit?"
    for _ in range(2):
        actions.mark_noticed(by=anneke, conversation=hers)
    assert not queries.asked_of(anneke).exists()
    assert AuditEntry.objects.filter(verb="conversations.mark_noticed").count() == 1
    assert access.may_see(anneke, hers)


def test_a_note_back_says_that_it_was_seen(hers, marloes, anneke):
    actions.note(by=marloes, conversation=hers, text="@Anneke?")
    actions.note(by=anneke, conversation=hers, text="Ja.")
    assert not queries.asked_of(anneke).exists()


def test_told_on_the_phone_without_what_was_said(hers, marloes, anneke, monkeypatch):
    said = []
    monkeypatch.setattr("koor.kernel.notices.push", lambda **push: said.append(push))
    note = actions.note(by=marloes, conversation=hers, text="@Anneke, Fatma belde.")
    mentioning.tell_who_was_named(note.pk)
    [push] = said
    assert push["to"] == anneke.pk
    assert "Fatma" not in push["title"]


def test_two_of_that_name_is_refused_and_nobody_is_told(hers, marloes, anneke, henk):
    henk.name = "Anneke Wolters"
    henk.save()
    with pytest.raises(Refused, match="Several colleagues are called Anneke"):
        actions.note(by=marloes, conversation=hers, text="@Anneke?")
    assert not Mentioned.objects.exists()
    assert not hers.messages.filter(direction="note").exists()


def test_nobody_who_left_and_not_oneself(hers, marloes, anneke):
    anneke.is_active = False
    anneke.save()
    actions.note(by=marloes, conversation=hers, text="@Anneke @Marloes")
    assert not Mentioned.objects.exists()
    assert not access.may_see(anneke, hers)


def test_names_as_one_types(visit, marloes, anneke):
    address = reverse("conversations:names")
    assert visit(marloes).get(address, {"q": "ann"}).json() == {"names": [{"name": anneke.name, "job": anneke.job}]}
    assert visit(marloes).get(address, {"q": "(.*["}).json() == {"names": []}
    assert visit(marloes).get(address, {"q": "marl"}).json() == {"names": []}


def test_the_page_tells_and_takes_seen(visit, hers, marloes, anneke):
    actions.note(by=marloes, conversation=hers, text="@Anneke, weet jij dit?")
    page = reverse("conversations:talk_one", args=[hers.pk])
    seen = reverse("conversations:noticed", args=[hers.pk])
    browser = visit(anneke)
    assert seen in browser.get(page).content.decode()
    assert browser.post(seen)["Location"] == page
    assert seen not in browser.get(page).content.decode()
    assert "Anneke" in visit(marloes).get(page).content.decode()


def test_not_for_others(visit, hers, henk):
    assert visit(henk).post(reverse("conversations:noticed", args=[hers.pk])).status_code == 404
    with pytest.raises(NotFound):
        queries.conversation(henk, hers.pk)
