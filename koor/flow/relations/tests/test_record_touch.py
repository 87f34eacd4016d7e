"""Every touch from every room, once, on one line."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions as conversations
from koor.flow.hub.models import Capture, Item
from koor.flow.listening.actions.storing import store_entries
from koor.flow.listening.logic.reading import fitted
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.flow.publishing.models import Post, Target
from koor.flow.relations import access, actions, queries
from koor.flow.relations.choices import IN_TOUCH, TouchKind
from koor.flow.relations.models import Touch
from koor.ground.channels.contract import Incoming
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Project
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.panels import todos_of

pytestmark = pytest.mark.django_db


def record(contact, **fields):
    given = {"person": None, "kind": "call", "at": clock.now(), "sentence": "Gebeld", "source": "test:1", **fields}
    return actions.record_touch(by=SYSTEM, contact=contact, **given)


@pytest.fixture
def mention(karin):
    source = Source.objects.create(name="mastodon", kind="file", made_at=clock.now())

    def make(text="Wat een mooie kast", **fields):
        fields.setdefault("handle", "@karin@social.example")
        return Mention.objects.create(
            source=source,
            external_id=str(uuid.uuid4()),
            author="Karin Olthof",
            text=text,
            said_at=clock.now(),
            stored_at=clock.now(),
            **fields,
        )

    return make


def test_the_same_source_is_one_touch_that_follows(karin):
    first = record(karin)
    again = record(karin, sentence="Toch anders")
    assert first.pk == again.pk
    assert Touch.objects.get().sentence == "Toch anders"


def test_a_million_characters_are_one_line(karin):
    assert len(record(karin, sentence="woord\n" * 200_000).sentence) <= 300


def test_with_whom_they_became(karin, marloes):
    other = contacts.meet_contact(by=SYSTEM, name="K. Olthof", platform="email", handle="karin@school.example")
    record(other, source="test:0")
    contacts.merge_contacts(by=marloes, kept=karin, gone=other)
    assert record(other).contact == karin
    assert karin.touches.count() == 2


def test_messages_of_conversations(karin, rob):
    conversation = conversations.tell_by_hand(
        by=rob, contact=karin, channel="telephone", direction="in", text="Wanneer licht Rob het plan toe?"
    )
    said = conversation.messages.get()
    for _ in range(3):
        actions.follow_messages(by=SYSTEM, message_ids=[said.pk])
    touch = Touch.objects.get()
    assert (touch.kind, touch.person, touch.contact) == ("call", rob, karin)
    assert touch.url == f"/talk/{conversation.pk}/"
    answer = conversations.answer(by=rob, conversation=conversation, text="Dinsdag")
    actions.follow_messages(by=SYSTEM, message_ids=[answer.pk])
    assert set(Touch.objects.values_list("sentence", flat=True)) == {"Wanneer licht Rob het plan toe?", "Dinsdag"}
    actions.forget_messages(by=SYSTEM, message_ids=[answer.pk])
    assert Touch.objects.count() == 1


@pytest.mark.parametrize(
    ("channel", "direction", "kind"),
    [
        ("telephone", "in", "call"),
        ("at the door", "note", "visit"),
        ("e-mail", "out", "mail"),
        ("whatsapp", "in", "message_in"),
        ("elsewhere", "in", "met"),
        ("whatsapp", "note", "note"),
    ],
)
def test_what_kind_a_moment_by_hand_is(karin, rob, channel, direction, kind):
    conversation = conversations.tell_by_hand(by=rob, contact=karin, channel=channel, direction=direction, text="x")
    actions.follow_messages(by=SYSTEM, message_ids=[conversation.messages.get().pk])
    assert Touch.objects.get().kind == kind


def test_nobody_and_nothing_leave_no_touch(rob, karin, mention):
    actions.follow_messages(by=SYSTEM, message_ids=[99])
    actions.follow_capture(by=SYSTEM, capture_id=99)
    actions.follow_project(by=SYSTEM, project_id=99)
    actions.follow_mentions(by=SYSTEM, mention_ids=[99])
    actions.forget_messages(by=SYSTEM, message_ids=[99])
    for fields in ({"ours": True}, {"label": "noise"}, {"handle": "@onbekend@social.example"}):
        actions.follow_mentions(by=SYSTEM, mention_ids=[mention(**fields).pk])
    assert not Touch.objects.exists()


def test_a_mention_that_becomes_a_conversation_is_one_moment_in_any_order(karin, mention):
    for order in ((0, 1), (1, 0)):
        heard = mention()
        conversation = conversations.open_from_mention(by=SYSTEM, mention=heard)
        message = conversation.messages.get(mention=heard)
        steps = [
            lambda heard=heard: actions.follow_mentions(by=SYSTEM, mention_ids=[heard.pk]),
            lambda message=message: actions.follow_messages(by=SYSTEM, message_ids=[message.pk]),
        ]
        for step in order:
            steps[step]()
    assert list(Touch.objects.values_list("kind", flat=True)) == ["message_in", "message_in"]


def test_captures_of_their_project(karin, bram):
    project = Project.objects.create(name="De Esch", contact=karin)
    capture = Capture.objects.create(
        client_id=uuid.uuid4(), by=bram, project=project, sentence="Twaalf groepen", received_at=clock.now()
    )
    item = Item.objects.create(kind="photo", capture=capture, made_at=clock.now())
    for _ in range(2):
        actions.follow_capture(by=SYSTEM, capture_id=capture.pk)
    touch = Touch.objects.get()
    assert (touch.kind, touch.person, touch.url) == ("capture", bram, f"/library/{item.pk}/")
    actions.forget_capture(by=SYSTEM, capture_id=capture.pk)
    assert not Touch.objects.exists()


def test_work_begins_and_ends(karin, marloes):
    project = contacts.add_project(by=marloes, name="De Esch", contact=karin, state="coming")
    actions.follow_project(by=SYSTEM, project_id=project.pk)
    assert not Touch.objects.exists()
    project = contacts.edit_project(by=marloes, project=project, state="done", first_day=date(2026, 9, 1))
    for _ in range(2):
        actions.follow_project(by=SYSTEM, project_id=project.pk)
    start, end = Touch.objects.order_by("at")
    assert (start.kind, start.at.date(), end.kind) == ("project_start", date(2026, 9, 1), "project_end")
    before = end.at
    with clock.fixed(clock.now() + timedelta(days=3)):
        actions.follow_project(by=SYSTEM, project_id=project.pk)
    end.refresh_from_db()
    assert end.at == before
    contacts.edit_project(by=marloes, project=project, state="running")
    actions.follow_project(by=SYSTEM, project_id=project.pk)
    assert [touch.kind for touch in Touch.objects.all()] == ["project_start"]


@pytest.mark.django_db(transaction=True)
def test_the_facts_arrive_by_the_worker(karin, rob, run_jobs):
    conversation = conversations.tell_by_hand(
        by=rob, contact=karin, channel="telephone", direction="in", text="Wanneer?"
    )
    conversations.tell_by_hand(by=rob, contact=karin, channel="at the door", direction="note", text="Was er")
    message = conversations.answer(by=rob, conversation=conversation, text="Dinsdag")
    conversations.mark_handed(by=rob, message=message)
    contacts.add_project(by=rob, name="De Esch", contact=karin)
    run_jobs()
    assert sorted(Touch.objects.values_list("kind", flat=True)) == ["call", "call", "project_start", "visit"]


def test_the_line_tells_a_day_of_talk_as_one(karin, rob, knows):
    knows(rob)
    conversation = conversations.tell_by_hand(
        by=rob, contact=karin, channel="whatsapp", direction="in", text="Wanneer?"
    )
    for text in ("Dinsdag kan ook", "Of woensdag"):
        conversations.tell_by_hand(by=rob, contact=karin, channel="whatsapp", direction="in", text=text)
    for message in conversation.messages.all():
        actions.follow_messages(by=SYSTEM, message_ids=[message.pk])
    record(karin, at=clock.now() - timedelta(days=400), sentence="kennismaking", person=rob)
    first, last = queries.line(rob, karin)
    assert first.words == "On the telephone with Rob: kennismaking"
    assert (last.words, last.quote, last.more) == ("", "Wanneer?", 2)


def test_the_words_are_for_whom_they_concern(karin, rob, bram, marloes, newcomer, knows):
    knows(rob)
    conversation = conversations.tell_by_hand(by=rob, contact=karin, channel="whatsapp", direction="in", text="Geheim")
    actions.follow_messages(by=SYSTEM, message_ids=[conversation.messages.get().pk])
    for reader in (rob, marloes):
        assert queries.line(reader, karin)[0].quote == "Geheim"
    for other in (bram, newcomer):
        (told,) = queries.line(other, karin)
        assert (told.words, told.quote) == ("Wrote to us", "")
    Project.objects.create(name="De Esch", contact=karin).people.add(bram)
    assert queries.line(bram, karin)[0].quote == "Geheim"
    newcomer.is_active = False
    assert queries.line(newcomer, karin) == []


@pytest.mark.parametrize("kind", TouchKind.values)
def test_every_kind_has_words(karin, marloes, kind):
    record(karin, kind=kind, person=marloes, sentence="De woorden")
    record(karin, kind=kind, sentence="", source="test:2", at=clock.now() - timedelta(days=1))
    *bare, told = queries.line(marloes, karin)  # likes stand together, whatever day
    assert "De woorden" in told.words + told.quote
    assert all(one.words for one in bare)


def test_the_worker_that_comes_second_adds_nothing(karin, monkeypatch):
    first = record(karin)
    there, asked = Touch.objects.filter, iter([Touch.objects.none()])
    monkeypatch.setattr(
        Touch.objects, "filter", lambda **of: found if (found := next(asked, None)) is not None else there(**of)
    )
    assert record(karin) == first
    assert Touch.objects.count() == 1


def test_who_left_reads_no_words(karin, bram):
    bram.is_active = False
    assert not access.may_read_words(bram, karin)


def test_a_call_that_was_noted_says_hello_on_a_line_that_was_handed_over(karin, rob, anneke):
    conversations.open_line(by=anneke, person=anneke, contact=karin)
    conversations.open_line(by=rob, person=rob, contact=karin)
    title = f"You are there for {karin.name} now"
    for kind, still in (("note", True), ("call", False)):
        touch = actions.note_touch(by=rob, contact=karin, kind=kind, sentence="Kennisgemaakt")
        assert (title in {one.title for one in todos_of(rob)}) == still
    actions.forget_touch(by=rob, touch=touch)
    assert title in {one.title for one in todos_of(rob)}


@pytest.mark.django_db(transaction=True)
def test_likes_shares_and_follows_of_whom_we_know_stand_on_their_line(karin, marloes, run_jobs):
    account = Account.objects.create(connector="mastodon", name="Reurslag", owner=marloes, made_at=clock.now())
    source = Source.objects.create(name="Reurslag", kind="account", account=account, made_at=clock.now())
    for number, title in (("77", "Een kast voor de school"), ("78", "")):
        post = Post.objects.create(by=marloes, title=title, made_at=clock.now(), changed_at=clock.now())
        Target.objects.create(
            post=post, account=account, state="published", remote_id=number, published_at=clock.now(), key=uuid.uuid4()
        )
    told = [
        Incoming(f"{handle}{number}", "Iemand", handle, kind=kind, in_reply_to=about, created_at=clock.now())
        for number, (handle, kind, about) in enumerate(
            [("@karin@social.example", "favourite", "77"), ("@karin@social.example", "favourite", "78"),
             ("@karin@social.example", "boost", "77"), ("@onbekend@social.example", "favourite", "77"),
             ("@karin@social.example", "follow", ""), ("@karin@social.example", "favourite", "of nobody knows what")]
        )
    ]  # fmt: skip
    for _twice in range(2):
        store_entries(source, [fitted(one) for one in told], "jsonl")
    private = Account.objects.create(
        connector="mastodon", name="Marloes", owner=marloes, personal=True, made_at=clock.now()
    )
    hers = Source.objects.create(name="Marloes", kind="account", account=private, made_at=clock.now())
    store_entries(hers, [fitted(told[-2])], "jsonl")
    run_jobs()
    line = [(one.words, one.more) for one in queries.line(marloes, karin)]
    assert line == [("Liked a post of ours", 1), ("Shared a post of ours: Een kast voor de school", 0),
                    ("Began to follow us", 0)]  # fmt: skip
    assert not Touch.objects.filter(contact=karin, kind__in=IN_TOUCH).exists()
    of_hers = dict.fromkeys(RawEvent.objects.values_list("pk", flat=True), karin.pk)
    karin.delete()  # erased before it was heard
    actions.follow_reactions(by=SYSTEM, contacts_of=of_hers)
    assert not Touch.objects.filter(source__startswith="listening.event").exists()


def test_years_of_likes_hide_nothing_that_was_said_and_the_story_goes_back_to_the_first_day(karin, marloes, visit):
    now = clock.now()
    kinds = ["message_in"] * 3 + ["liked"] * 130 + ["note"] * 2
    Touch.objects.bulk_create(
        Touch(contact=karin, kind=kind, person=marloes, at=now - timedelta(days=200 - days), sentence=f"Woord {days}",
              source=f"test:{days}") for days, kind in enumerate(kinds)
    )  # fmt: skip
    assert [one.quote for one in queries.line(marloes, karin)][:3] == ["Woord 0", "Woord 1", "Woord 2"]
    browser, page = visit(marloes), reverse("relations:story", args=[karin.pk])
    latest = browser.get(page).content.decode()
    assert "Woord 134" in latest
    assert "<q>Woord 2</q>" not in latest
    [before] = re.findall(r'rel="prev" href="([^"]+)"', latest)
    earlier = browser.get(page + before).content.decode()
    assert all(f"<q>Woord {days}</q>" in earlier for days in range(3))
    assert 'rel="prev"' not in earlier
    assert f'href="{page}"' in earlier
    assert [browser.get(f"{page}?before={one}").status_code for one in ("x", "9" * 30, "9" * 15)] == [404] * 3
