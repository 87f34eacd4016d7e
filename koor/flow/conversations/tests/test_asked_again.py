"""What people ask in the contact form and on their direct line stands among What they ask, for who may read it."""

from datetime import timedelta
from uuid import UUID

import pytest

from koor.flow.conversations.actions.wishing import note_wish_of_message
from koor.flow.conversations.choices import FORM, LINE
from koor.flow.conversations.models import Conversation, Message
from koor.flow.hub.models import Voice, Wish
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Mention, NoQuestion
from koor.flow.listening.queries.elsewhere import read_elsewhere, wished
from koor.flow.listening.tests.conftest import forget_wanted
from koor.ground.contacts import actions as contacts
from koor.ground.governance.models import RolePermission
from koor.ground.governance.queries import personal
from koor.ground.people.choices import Role
from koor.kernel import clock
from koor.kernel.access import SYSTEM, NotFound
from koor.kernel.personal import erasing

pytestmark = pytest.mark.django_db
ASKED = (
    ("Els", FORM, "Hoeveel geluid maakt zo'n buitenunit?"),
    ("Piet", LINE, "Is het geluid van de buitenunit 's nachts te horen?"),
    ("Jo", "telephone", "Geeft zo'n buitenunit veel geluid?"),
)


@pytest.fixture(autouse=True)
def _nothing_kept():
    forget_wanted()
    yield
    forget_wanted()


@pytest.fixture
def asked(house, noon, said):
    """Three people ask where the stream does not hear it, and one in the stream."""
    made = []
    for name, channel, text in ASKED:
        contact = contacts.meet_contact(by=SYSTEM, name=name, platform="email", handle=f"{name.lower()}@x.example")
        talk = Conversation.objects.create(contact=contact, channel=channel, last_at=noon, made_at=noon)
        message = Message(
            direction="in", text=text, channel=channel, at=noon - timedelta(hours=1), stored_at=clock.now()
        )
        message.conversation, message.contact = talk, contact
        message.save()
        made.append(message)
    heard = {"direction": "in", "conversation": talk, "at": noon, "stored_at": noon, "kind": "reply"}
    for number, channel in enumerate(("mastodon", "whatsapp"), 1):  # its mention went with the source
        text = "Geeft de buitenunit veel geluid, buur?"
        Message.objects.create(text=text, channel=channel, external_id=f"p{number}", **heard)
    said("Maakt de buitenunit veel geluid bij vorst?", by="Truus Bos")
    return made


def test_a_wish_of_all_of_them_in_one_step(asked, marloes, bram, visit, django_assert_max_num_queries):
    browser = visit(marloes)
    Conversation.objects.filter(pk=asked[0].conversation_id).update(channel="mail")  # by now they write another way
    with django_assert_max_num_queries(15):
        page = browser.get("/listen/wanted/").content.decode()
    assert "asked by 4 people" in page
    assert all(f"/inbox/{one.conversation_id}/" in page for one in asked)
    assert "Direct line" in page
    assert '<input type="hidden" name="sentence" value="Maakt de buitenunit veel geluid bij vorst?">' in page
    (one,) = listening.wanted(marloes).questions
    sent = {"said": one.ids, "sentence": one.sentence, "once": "o1"}
    for _twice in range(2):
        answer = browser.post("/listen/wanted/wish/", sent)
    wish = Wish.objects.get()
    assert answer.url == f"/wishes/{wish.pk}/"
    assert {one.contact.name for one in Voice.objects.exclude(contact=None)} == {"Els", "Piet", "Jo"}
    assert (wish.voices.count(), listening.wanted(marloes).questions[0].wish) == (4, wish)
    assert {one.said_at for one in Voice.objects.exclude(contact=None)} == {one.at for one in asked}
    assert Voice.objects.get(contact__name="Els").place == "Contact form"
    later = Message.objects.get(pk=asked[0].pk)
    later.pk, later.text = None, "En wat kost de buitenunit?"
    later.save()
    (unwished,) = read_elsewhere(marloes, [("conversations.message", later.pk)]).values()
    assert wished(marloes, [unwished]) == {}, "one wish of a conversation is not that of all that is asked there"
    note_wish_of_message(by=marloes, pk=later.pk, sentence="", into=wish)
    assert wished(marloes, [unwished]) == {unwished.key: [wish]}
    assert wish.voices.count() == 4
    assert f"/inbox/{asked[0].conversation_id}/" in browser.get(answer.url).content.decode()
    visit(bram).post("/listen/wanted/wish/", {"said": one.ids, "sentence": "x"})
    assert Wish.objects.count() == 1


def test_who_may_not_read_a_conversation_sees_how_often_it_was_asked(asked, said, pieter, marloes, visit, monkeypatch):
    RolePermission.objects.create(role=Role.PR, permission="conversations.see_all", allowed=False)
    page = visit(pieter).get("/listen/wanted/").content.decode()
    assert "asked by 4 people" in page
    assert "3 times it was asked in conversations that others read." in page
    assert "nachts" not in page
    assert "Els" not in page
    theirs = [f"conversations.message:{one.pk}" for one in asked]
    visit(pieter).post("/listen/wanted/away/", {"said": theirs})
    visit(pieter).post("/listen/wanted/wish/", {"said": theirs, "sentence": "Geluid"})
    for number in (asked[0].pk, 0):  # what is not theirs and what is not there look the same
        with pytest.raises(NotFound):
            note_wish_of_message(by=pieter, pk=number, sentence="Geluid")
    assert not NoQuestion.objects.exists()
    assert not Wish.objects.exists()
    Mention.objects.all().delete()
    forget_wanted()
    page = visit(pieter).get("/listen/wanted/").content.decode()
    assert "One more question was asked three times or more, only in conversations that others read." in page
    page = visit(marloes).get("/listen/wanted/").content.decode()
    assert '<textarea name="sentence"' in page, "what was written to us alone is not sent on unseen"
    for name in ("Anna", "Ben", "Cor"):
        said("Wanneer komt de monteur voor onderhoud?", by=name)
    monkeypatch.setitem(listening.wanted.__globals__, "GROUPS", 1)
    forget_wanted()
    assert [one.people for one in listening.wanted(pieter).questions] == [3], "what they read is not crowded out"
    for text in ("Wanneer komt de monteur langs?", "Wat kost een laadpaal?", "Zijn er zonnepanelen op voorraad?"):
        for name in ("Dirk", "Eva", "Fred", "Gijs"):
            said(text, by=name)
    monkeypatch.setitem(listening.wanted.__globals__, "GROUPS", 3)
    forget_wanted()
    shown = listening.wanted(marloes).questions
    assert [one.people for one in shown] == [7, 4, 3]
    assert "geluid" in shown[-1].sentence, "a flood in the stream leaves a place for what is asked of us directly"


def test_who_puts_away_a_part_hides_nothing_that_others_read(asked, said, pieter, marloes, visit):
    RolePermission.objects.create(role=Role.PR, permission="conversations.see_all", allowed=False)
    browser = visit(pieter)
    part = "What you read of it is put away. What others read of it stays with them, until they put it away too."
    for more in ([], ["Hoort de buurman het geluid van de buitenunit?", "Is zo'n buitenunit stil, qua geluid?"]):
        NoQuestion.objects.all().delete()
        for text in more:
            said(text, by=f"Buur{len(text)}")
        forget_wanted()
        (one,) = listening.wanted(pieter).questions
        assert (len(one.ids), one.unread) == (1 + len(more), 3)
        assert 'name="unread" value="1"' in browser.get("/listen/wanted/").content.decode()
        page = browser.post("/listen/wanted/away/", {"said": one.ids, "unread": "1"}, follow=True).content.decode()
        assert part in page
        assert (listening.wanted(pieter).questions, listening.wanted(pieter).unread) == ([], 1)
        (theirs,) = listening.wanted(marloes).questions
        assert {one.key[1] for one in [*theirs.said, *theirs.others]} == {one.pk for one in asked}
    visit(marloes).post("/listen/wanted/away/", {"said": theirs.ids})
    assert (listening.wanted(marloes).questions, listening.wanted(pieter).unread) == ([], 0)


def test_how_many_put_something_away_costs_nothing(
    asked, said, marloes, pieter, bram, hanna, visit, django_assert_max_num_queries
):
    browser, at = visit(marloes), clock.now()
    RolePermission.objects.create(role=Role.PR, permission="conversations.see_all", allowed=False)
    for number, by in enumerate((pieter, bram, hanna, marloes)):
        for name in ("Anna", "Ben"):
            heard = said("Maakt de buitenunit veel geluid bij vorst?", by=f"{name} {number}")
            NoQuestion.objects.create(group=UUID(int=number), mention=heard, by=by, at=at)
        forget_wanted()
        with django_assert_max_num_queries(14):
            browser.get("/listen/wanted/")
    assert listening.wanted(marloes).questions == []  # she reads all, and put it away
    NoQuestion.objects.filter(by=marloes).delete()
    forget_wanted()
    (theirs,) = listening.wanted(marloes).questions
    assert {one.key[1] for one in [*theirs.said, *theirs.others] if one.key[0] != "listening.mention"} == {
        one.pk for one in asked
    }


def test_a_word_rises_for_who_reads_enough_of_those_who_say_it(asked, said, pieter, marloes, fatma):
    said("Mooi weer vandaag", by="Truus Bos", minutes=20 * 24 * 60)
    said("De buitenunit staat er", by="Fatma Kaya")
    RolePermission.objects.create(role=Role.PR, permission="conversations.see_all", allowed=False)
    Message.objects.filter(pk=asked[0].pk).update(text="De buitenunit lekt")
    said("Weer de buitenunit", by="Piet Buur")
    assert [(one.theme.word, one.people) for one in listening.wanted(marloes).rising] == [("buitenunit", 6)]
    known = contacts.meet_contact(by=SYSTEM, name="Piet", platform="mastodon", handle="@piet@social.example")
    Message.objects.filter(pk=asked[1].pk).update(contact=known)
    (one,) = listening.wanted(marloes).rising
    assert (one.people, one.theme.people) == (5, 6), "on two roads one"
    assert listening.wanted(pieter).rising == []
    talk = Conversation.objects.filter(contact__name="Els").get()
    Message.objects.filter(conversation=talk).update(contact=fatma)
    assert listening.wanted(marloes).rising == [], "who is known on two roads is one"


def test_one_old_message_makes_no_everyday_word_rise(asked, said, marloes, noon, monkeypatch):
    Mention.objects.all().delete()
    Message.objects.filter(pk=asked[0].pk).update(at=noon - timedelta(days=20))
    for n in range(13):
        said("De warmtepomp bromt", by=f"Buur{n}", minutes=n * 60)
    monkeypatch.setitem(listening.wanted.__globals__, "MOST", 12)
    assert listening.wanted(marloes).rising == [], "of the mentions before those that were read nobody counted the word"
    storm = [(("m", n), f"m{n}", "De pomp bromt", noon - timedelta(minutes=n)) for n in range(40)]
    form = [(("f", n), f"f{n}", "Een offerte", noon - timedelta(days=n)) for n in range(1, 28)]
    form += [(("f", 90 + n), f"g{n}", "Legionella?", noon - timedelta(days=n)) for n in range(6)]
    rising = listening.wanted.__globals__["_themes"]([(form, 1000), (storm, 40)])
    assert [one.word for one in rising] == ["legionella"], "a storm of mentions leaves the contact form its weeks"


def test_put_away_and_brought_back_and_gone_with_who_asked(asked, marloes, visit):
    browser, (one,) = visit(marloes), listening.wanted(marloes).questions
    for _twice in range(2):
        page = browser.post("/listen/wanted/away/", {"said": one.ids}, follow=True).content.decode()
        assert "Put away. What is like it does not come back either." in page
    found = listening.wanted(marloes)
    assert (found.questions, len(found.away), NoQuestion.objects.count()) == ([], 1, 4)
    back = f"/listen/wanted/back/{found.away[0].group}/"
    browser.post(back)
    assert len(listening.wanted(marloes).questions[0].ids) == 4
    browser.post("/listen/wanted/away/", {"said": one.ids})
    erasing.erase(personal.subject("outside", asked[0].contact_id))
    assert NoQuestion.objects.filter(origin="conversations.message").count() == 2
