"""Every page of the room: who sees it, in both languages, with what a query costs."""

import pytest
from django.urls import reverse
from django.utils import timezone

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Conversation, Message
from koor.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened("Boven blijft het weer koud. Ligt het aan mij?")


LISTS = ("conversations:talk", "conversations:begin", "conversations:inbox")
ONES = ("conversations:talk_one", "conversations:inbox_one")
DEEDS = ("answer", "note", "by_hand", "known", "assign", "take", "not_for_me", "snooze", "finish", "reopen")


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_is_asked_to_sign_in(visit, house, name):
    answered = visit(None).get(reverse(name))
    assert answered.status_code == 302
    assert "sign-in" in answered["Location"]


@pytest.mark.parametrize("name", ONES)
def test_a_stranger_sees_no_conversation(visit, hers, name):
    assert visit(None).get(reverse(name, args=[hers.pk])).status_code == 302


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_does_nothing(visit, hers, deed):
    assert visit(None).post(reverse(f"conversations:{deed}", args=[hers.pk])).status_code == 302
    hers.refresh_from_db()
    assert hers.state == "open"


@pytest.mark.parametrize("deed", DEEDS)
def test_a_newcomer_finds_nothing_to_do(visit, hers, newcomer, deed):
    assert visit(newcomer).post(reverse(f"conversations:{deed}", args=[hers.pk])).status_code == 404


def test_a_newcomer_sees_their_own_list_and_nobody_elses(visit, hers, newcomer):
    browser = visit(newcomer)
    assert browser.get(reverse("conversations:talk")).status_code == 200
    assert browser.get(reverse("conversations:begin")).status_code == 200
    for name in ONES:
        assert browser.get(reverse(name, args=[hers.pk])).status_code == 404
    assert browser.get(reverse("conversations:inbox")).status_code == 404
    assert browser.get(reverse("conversations:talk_one", args=[999_999])).status_code == 404


def test_deeds_are_no_links(visit, hers, henk):
    for deed in set(DEEDS) - {"assign"}:
        assert visit(henk).get(reverse(f"conversations:{deed}", args=[hers.pk])).status_code == 405


def test_whose_it_is_sees_it_on_the_phone(visit, hers, henk):
    page = visit(henk).get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
    assert "Fatma Kaya" in page
    assert "Boven blijft het weer koud" in page
    assert "With you, because you are the direct line of Fatma." in page
    assert "Fatma Kaya" in visit(henk).get(reverse("conversations:talk")).content.decode()


def test_the_direct_line_reads_along_while_somebody_stands_in(visit, hers, henk, anneke, marloes):
    actions.assign(by=marloes, conversation=hers, person=anneke)
    page = visit(henk).get(reverse("conversations:talk_one", args=[hers.pk]))
    assert page.status_code == 200
    assert reverse("conversations:answer", args=[hers.pk]) not in page.content.decode()
    assert "Fatma" not in visit(henk).get(reverse("conversations:talk")).content.decode()


def test_offered_is_seen_until_somebody_takes_it(visit, opened, knows, henk, bram):
    knows(henk)
    knows(bram)
    conversation = opened()
    for colleague in (henk, bram):
        assert "Fatma" in visit(colleague).get(reverse("conversations:talk")).content.decode()
    visit(henk).post(reverse("conversations:take", args=[conversation.pk]))
    assert visit(bram).get(reverse("conversations:talk_one", args=[conversation.pk])).status_code == 404


@pytest.mark.parametrize("role", ["marloes", "pieter", "ada"])
def test_backstage_sees_all(visit, hers, role, request):
    browser = visit(request.getfixturevalue(role))
    page = browser.get(reverse("conversations:inbox")).content.decode()
    assert "One asks something" in page
    assert browser.get(reverse("conversations:inbox_one", args=[hers.pk])).status_code == 200
    assert browser.get(reverse("conversations:inbox_one", args=[hers.pk]) + "?look=relation").status_code == 200


def test_what_a_colleague_put_off_or_did_is_found_again(visit, hers, opened, henk, marloes, monkeypatch):
    other = opened("En de rekening?", by="Ria Dam")
    browser, talk = visit(henk), reverse("conversations:talk")
    for state, deed in (("snoozed", "snooze"), ("done", "finish")):
        browser.post(reverse(f"conversations:{deed}", args=[hers.pk]))
        assert "Fatma Kaya" not in browser.get(talk).content.decode()
        listed = browser.get(talk, {"state": state}).content.decode()
        assert "Fatma Kaya" in listed
        assert ("back " in listed) == (state == "snoozed")
        assert "Ria Dam" not in listed
    browser.post(reverse("conversations:reopen", args=[hers.pk]))
    actions.assign(by=marloes, conversation=other, person=henk)
    monkeypatch.setattr(queries, "IN_TALK", 2)  # as if the list held no more
    page = browser.get(talk).content.decode()
    assert "2 people wait for you." in page
    assert page.count("data-row") == 2
    assert "All that is with you" in page
    assert browser.get(talk, {"state": "open"}).content.decode().count("data-row") == 2


def test_an_empty_house_has_pages_too(visit, marloes, noon):
    for address in ("", "?state=done", "?state=snoozed", "?group=mine", "?group=theirs", "?group=unsure", "?state=x"):
        for place in ("inbox", "talk"):
            assert visit(marloes).get(reverse(f"conversations:{place}") + address).status_code == 200


def test_dutch(visit, hers, henk, marloes):
    for person, name in ((henk, "talk_one"), (marloes, "inbox_one")):
        person.language = "nl"
        person.save()
        page = visit(person).get(reverse(f"conversations:{name}", args=[hers.pk])).content.decode()
        assert "Al verteld" in page
    assert (
        "Bij jou, omdat je de directe lijn van Fatma bent."
        in visit(henk).get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
    )


def test_hostile_words_are_only_words(visit, opened, marloes):
    conversation = opened("<script>alert(1)</script><img src=x onerror=alert(1)>", by="<b>Els</b>")
    actions.note(by=marloes, conversation=conversation, text="</textarea><script>alert(2)</script>")
    for name in ("inbox_one", "talk_one"):
        page = visit(marloes).get(reverse(f"conversations:{name}", args=[conversation.pk])).content.decode()
        assert "<script>alert" not in page
        assert "<b>Els" not in page
        assert "<img src=x" not in page


def test_a_hundred_thousand_characters_are_folded_away(visit, opened, marloes):
    conversation = opened("woord " * 16_000)
    page = visit(marloes).get(reverse("conversations:inbox_one", args=[conversation.pk]))
    assert page.status_code == 200
    assert page.content.decode().count("Read on") == 1


def many(conversation, number):
    for count in range(number):
        Conversation.objects.create(
            contact_id=conversation.contact_id if count % 2 else None,
            assignee=conversation.assignee if count % 3 else None,
            ground="direct_line" if count % 3 else "unsure",
            reasons=[["direct_line", conversation.assignee_id]] if count % 3 else [["unsure", 0]],
            waiting_since=clock.now(),
            last_at=clock.now(),
            made_at=timezone.now(),
            preview="Koud",
        )


@pytest.mark.parametrize(
    ("who", "address", "cost"),
    [
        ("marloes", "/inbox/{pk}/", 15),
        ("marloes", "/inbox/?state=done", 15),
        ("marloes", "/inbox/?group=theirs", 15),
        ("henk", "/talk/", 15),
        ("henk", "/talk/{pk}/", 15),
    ],
)
def test_costs_the_same_for_one_and_thirty(visit, hers, request, who, address, cost, django_assert_max_num_queries):
    browser = visit(request.getfixturevalue(who))
    path = address.format(pk=hers.pk)
    browser.get(path)
    with django_assert_max_num_queries(cost) as one:
        assert browser.get(path).status_code == 200
    many(hers, 30)
    for number in range(30):
        Message.objects.create(
            conversation=hers,
            contact_id=hers.contact_id,
            person=hers.assignee if number % 2 else None,
            direction="out" if number % 2 else "in",
            text=f"bericht {number}",
            at=clock.now(),
            stored_at=clock.now(),
        )
    with django_assert_max_num_queries(cost) as thirty:
        assert browser.get(path).status_code == 200
    assert len(one) == len(thirty), "\n".join(q["sql"][:200] for q in thirty.captured_queries)


def test_the_stream_says_with_whom_a_conversation_is(visit, hers, marloes, henk, said):
    said("Nog niet bekeken", by="Els Wiggers", kind="hashtag")
    page = visit(marloes).get(reverse("listening:stream")).content.decode()
    assert f">With {henk.first_name}</a>" in page
    assert "Answer this" in page
