"""Chosen messages become a conversation of their own, and go back."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.models import Conversation, Message, Split
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(opened, marloes):
    """Fatma's boiler, answered, and then her invoice and her boiler again."""
    opened("De ketel tikt.", minutes=60)
    one = actions.take(by=marloes, conversation=Conversation.objects.get())
    actions.answer(by=marloes, conversation=one, text="Welke ketel is het?")
    opened("De factuur klopt niet.", minutes=20)
    opened("Het is een Intergas.", minutes=10)
    return Conversation.objects.get()


def fresh(one):
    return Conversation.objects.get(pk=one.pk)


def said(conversation, text):
    return conversation.messages.get(text=text).pk


def texts(conversation):
    return list(conversation.messages.exclude(direction="note").order_by("pk").values_list("text", flat=True))


def taken(mixed, marloes, *what):
    return actions.split(by=marloes, conversation=mixed, messages=[said(mixed, text) for text in what])


def test_the_invoice_is_a_conversation_of_its_own(mixed, marloes):
    split = taken(mixed, marloes, "De factuur klopt niet.")
    assert texts(split.made) == ["De factuur klopt niet."]
    assert texts(mixed) == ["De ketel tikt.", "Welke ketel is het?", "Het is een Intergas."]
    made, source = fresh(split.made), fresh(mixed)
    assert (made.asked, made.assignee, made.contact) == ("De factuur klopt niet.", marloes, mixed.contact)
    assert (source.asked, source.preview) == ("Het is een Intergas.", "Welke ketel is het?")
    assert AuditEntry.objects.get(verb="conversations.split").detail["made"] == made.pk


def test_nobody_begins_to_wait_who_had_an_answer(mixed, marloes):
    """What was answered goes without the answer, or the answer goes without what it answered."""
    assert fresh(taken(mixed, marloes, "De ketel tikt.").made).waiting_since is None
    split = taken(mixed, marloes, "Welke ketel is het?", "Het is een Intergas.")
    assert fresh(split.made).asked == "Het is een Intergas."
    assert fresh(mixed).asked == "De factuur klopt niet."


def test_undone_at_once_it_is_as_before(mixed, marloes):
    before = fresh(mixed)
    split = taken(mixed, marloes, "De factuur klopt niet.")
    actions.unsplit(by=marloes, split=split)
    after, gone = fresh(mixed), fresh(split.made)
    same = ("state", "asked", "preview", "waiting_since", "settled", "last_at", "assignee")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert (gone.state, gone.joined_into) == ("done", after)
    assert not Message.objects.filter(kind__in=["split", "merged"]).exists()
    actions.unsplit(by=marloes, split=split)
    assert AuditEntry.objects.filter(verb="conversations.unsplit").count() == 1


def test_asked_again_after_it_was_undone_it_says_so(mixed, marloes):
    """A page that was left open splits nothing a second time."""
    chosen = [Message.objects.get(text="De factuur klopt niet.").pk]
    split = actions.split(by=marloes, conversation=mixed, messages=chosen, once="a")
    actions.unsplit(by=marloes, split=split)
    with pytest.raises(Refused) as refused:
        actions.split(by=marloes, conversation=mixed, messages=chosen, once="a")
    assert refused.value.code == "undone"


def test_undone_after_more_was_said_they_go_on_together(mixed, marloes):
    split = taken(mixed, marloes, "De factuur klopt niet.")
    actions.answer(by=marloes, conversation=split.made, text="Ik stuur een nieuwe.")
    actions.unsplit(by=marloes, split=split)
    assert len(texts(mixed)) == 5
    assert fresh(mixed).asked == "Het is een Intergas."
    assert fresh(mixed).waiting_since is not None


def test_something_stays_and_something_goes(mixed, marloes):
    note = actions.note(by=marloes, conversation=mixed, text="Bel haar.")
    with pytest.raises(Refused, match="Choose"):
        actions.split(by=marloes, conversation=mixed, messages=[note.pk])
    with pytest.raises(Refused, match="Leave"):
        taken(mixed, marloes, *texts(mixed))
    assert not Split.objects.exists()


def test_asked_twice_done_once(mixed, marloes):
    pk = said(mixed, "De factuur klopt niet.")
    for _ in range(2):
        actions.split(by=marloes, conversation=mixed, messages=[pk], once="a")
    assert Split.objects.count() == 1


def test_only_who_handles_it(mixed, henk):
    with pytest.raises(Forbidden):
        actions.split(by=henk, conversation=mixed, messages=[said(mixed, "De factuur klopt niet.")])


def page(name, pk):
    return reverse(f"conversations:{name}", args=[pk])


def test_chosen_on_the_page_and_undone_from_the_log(visit, mixed, marloes):
    browser = visit(marloes)
    assert "De factuur klopt niet." in browser.get(page("split", mixed.pk)).content.decode()
    pk = said(mixed, "De factuur klopt niet.")
    answered = browser.post(page("split", mixed.pk), {"messages": [pk, "x"], "place": "inbox", "once": "a"})
    split = Split.objects.get()
    assert answered["Location"] == page("inbox_one", split.made_id)
    shown = browser.get(page("inbox_one", mixed.pk)).content.decode()
    assert page("unsplit", split.note_id) in shown
    assert browser.post(page("unsplit", split.note_id))["Location"] == page("talk_one", mixed.pk)
    assert Split.objects.get().undone_at is not None


def test_what_belongs_to_the_other_conversation_says_so(visit, mixed, marloes):
    made = taken(mixed, marloes, "De factuur klopt niet.").made
    page = reverse("conversations:inbox_one", args=[mixed.pk])
    there = f'<a href="{reverse("conversations:inbox_one", args=[made.pk])}">in another conversation that is open</a>'
    assert visit(marloes).get(page).content.decode().count(there) == 1
    actions.finish(by=marloes, conversation=made)
    assert there not in visit(marloes).get(page).content.decode()


def test_nothing_chosen_comes_back(visit, mixed, marloes):
    answered = visit(marloes).post(page("split", mixed.pk), {})
    assert answered.status_code == 422
    assert "Choose at least one message" in answered.content.decode()


def test_one_message_cannot_be_taken_apart(visit, opened, marloes):
    one = opened("Dag")
    assert "nothing to take apart" in visit(marloes).get(page("split", one.pk)).content.decode()


def test_on_the_phone_it_stands_open_under_its_heading(mixed, marloes, visit):
    """In the inbox it is behind three dots; a section that has a name of its own needs no fold in it."""
    talk, inbox = (
        visit(marloes).get(reverse(f"conversations:{page}", args=[mixed.pk])).content.decode()
        for page in ("talk_one", "inbox_one")
    )
    section = talk.split("Together or apart")[1].split("</section>")[0]
    assert "Take apart" in section
    assert "<summary" not in section
    assert "More with this conversation" in inbox
