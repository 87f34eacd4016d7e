"""What comes in together is heard in a few statements, and as one after the other: the same conversations, the same
colleagues, for the same reasons."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from koor.flow.conversations import actions
from koor.flow.conversations.actions import arriving, threads
from koor.flow.conversations.models import Assignment, Conversation, Message, OwnLimit
from koor.flow.conversations.receivers import answer_who_speaks_to_us
from koor.flow.listening.events import MentionStored
from koor.flow.listening.models import Mention, Source
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact, Handle
from koor.ground.people.models import Absence
from koor.kernel import clock, events, memory
from koor.kernel.access import SYSTEM
from koor.kernel.models import AuditEntry, Heard, ToldFact

SAID = [
    "Boven blijft het koud.", "Dag Bram, kun je bellen?", "Wat kost een warmtepomp?", "Mijn factuur klopt niet.",
    "De zonnepanelen geven niets.", "Bedankt", "Hoi Anneke, weet jij dit?", "Schande, alweer te laat!", "Hello, when?",
]  # fmt: skip


@pytest.fixture
def year(said, service, heard, bram, anneke, marloes, henk, knows):
    """Messages of people whom we know and of others, some of which go on in what is done or replied to."""
    chance, known = random.Random(7), []
    for number in range(6):
        who = contacts.meet_contact(
            by=SYSTEM, name=f"Klant {number}", platform="mastodon", handle=f"@k{number}@s.example"
        )
        known.append(who)
    knows(bram, known[0], direct_line=True)
    knows(anneke, known[1])
    knows(bram, known[1])
    knows(henk, known[2], direct_line=True)
    today = clock.now().date()
    Absence.objects.create(person=henk, first_day=today, last_day=today + timedelta(days=3), stand_in=anneke)
    OwnLimit.objects.create(person=bram, most=2)
    for number in range(4):
        before = said(SAID[number], by=f"Oud {number}", handle=f"@k{number}@s.example", external_id=f"old-{number}")
        conversation = actions.open_from_mention(by=SYSTEM, mention=before)
        if number % 2:
            actions.answer(by=marloes, conversation=conversation, text="Ik kijk even.", last_message=None)
        if number > 1:
            actions.finish(by=marloes, conversation=conversation)
    other = Source.objects.create(name="#warmtepomp", kind="account", account=service, made_at=clock.now())
    return [_one(said, chance, number, other) for number in range(300)]


def _one(said, chance, number, other):
    who, fields = chance.randrange(40), {}
    if chance.random() < 0.2:
        fields["in_reply_to"] = chance.choice(["old-0", "old-3", f"m-{max(number - 3, 0)}", "nothing"])
    if chance.random() < 0.1:
        fields["label"] = chance.choice(["ohoh", "aha", "noise"])
    if chance.random() < 0.05:
        fields |= {"handle": "", "by": ""}
    if chance.random() < 0.04 and number:
        fields |= {"external_id": f"m-{number - 1}", "source": other}
    if chance.random() < 0.03:
        fields["kind"] = chance.choice(["automatic", "mention"])
    fields = {"external_id": f"m-{number}", "by": f"Wie {who}", "handle": f"@k{who}@s.example"} | fields
    return said(chance.choice(SAID), minutes=chance.randrange(1, 600), **fields).pk


def _picture():
    """All that came of it, in words that do not depend on numbers of rows."""
    named = {row.pk: (row.external_id, row.mention_id, row.text) for row in Message.objects.order_by("pk")}
    first = dict(Message.objects.order_by("-pk").values_list("conversation", "pk"))
    rows = Conversation.objects.annotate(who=F("contact__name")).values()
    told = Assignment.objects.order_by("pk").values_list("conversation", "person", "ground", "reasons", "by")
    said = Message.objects.order_by("pk").annotate(who=F("contact__name")).values()
    unlike = {"id": 0, "contact_id": 0, "conversation_id": 0, "made_at": 0}  # numbers of rows
    return {
        "conversations": {named[first[row["id"]]]: row | unlike for row in rows},
        "messages": [(named[first[row["conversation_id"]]], row | unlike) for row in said],
        "assignments": [(named[first[one]], *rest) for one, *rest in told],
        "people": list(Contact.objects.order_by("pk").values_list("name", "handles__value", "handles__url")),
        "deeds": sorted(map(str, AuditEntry.objects.values_list("verb", "actor_name", "via"))),
        "told": sorted(set(ToldFact.objects.values_list("kind", flat=True))),
    }


def _heard_in(parts):
    with transaction.atomic():
        with memory.streaming():
            for part in parts:
                actions.hear_all(part)
        found = _picture()
        transaction.set_rollback(True)
    return found


@pytest.mark.broad
def test_together_as_one_by_one(year):
    alone = _heard_in([pk] for pk in year)
    assert len(alone["messages"]) > 250
    for size in (300, 37):
        together = _heard_in(year[place : place + size] for place in range(0, len(year), size))
        for part, found in alone.items():
            assert together[part] == found, (size, part)


def test_few_statements_whatever_the_number(said):
    numbers = [said(f"Dag {n}", by=f"Wie {n}", handle=f"@w{n}@s.example").pk for n in range(60)]
    spent = []
    for some in (numbers[:10], numbers[10:]):
        with (
            memory.streaming(),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            actions.hear_all(some)
        spent.append(len(asked))
    assert spent[1] <= spent[0] <= 45
    assert Message.objects.count() == 60


def test_a_bad_one_stops_no_other(said, monkeypatch):
    numbers = [said(f"Dag {n}", by=f"Wie {n}", handle=f"@w{n}@s.example").pk for n in range(9)]
    really = arriving._message

    def broken(mention, *rest, **fields):
        if mention.pk == numbers[4]:
            raise ValueError("a message that can't be read")
        return really(mention, *rest, **fields)

    monkeypatch.setattr(arriving, "_message", broken)
    with transaction.atomic():
        events.tell_all(MentionStored(pk) for pk in numbers)
    told = ",".join(map(str, ToldFact.objects.order_by("pk").values_list("pk", flat=True)))
    with pytest.raises(ValueError, match="can't be read"):
        events.pass_on_all(facts=told)
    assert list(Message.objects.order_by("pk").values_list("mention", flat=True)) == numbers[:4] + numbers[5:]
    monkeypatch.setattr(arriving, "_message", really)
    events.pass_on_all(facts=told)  # tried again: only what was not heard
    events.pass_on_all(facts=told)
    assert sorted(Message.objects.values_list("mention", flat=True)) == numbers
    assert Heard.objects.filter(receiver__endswith="answer_who_speaks_to_us").count() == 9


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half(said, monkeypatch):
    numbers = [said(f"Dag {n}", by=f"Wie {n}", handle=f"@w{n}@s.example").pk for n in range(5)]
    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr(Assignment.objects, "bulk_create", _die)
        with pytest.raises(KeyboardInterrupt):
            answer_who_speaks_to_us([MentionStored(pk) for pk in numbers])
    assert not Conversation.objects.exists()
    assert not Handle.objects.exists()
    answer_who_speaks_to_us([MentionStored(pk) for pk in numbers])
    answer_who_speaks_to_us([MentionStored(pk) for pk in numbers])
    assert (Conversation.objects.count(), Mention.objects.count()) == (5, 5)


def _die(*_rows):
    raise KeyboardInterrupt


def test_the_order_of_a_conversation_is_kept(said):
    numbers = [said(f"{n}", by="Fatma Kaya", minutes=5).pk for n in range(20)]
    actions.hear_all(numbers)
    assert Conversation.objects.count() == 1
    assert list(Message.objects.order_by("pk").values_list("mention", flat=True)) == numbers
    assert Conversation.objects.get().preview == "19"


def test_all_conversations_are_held_at_once(said, opened, heard, service, monkeypatch):
    """A later part that held a lower number would wait for somebody who waits for an earlier part."""
    other = Source.objects.create(name="#koud", kind="account", account=service, made_at=clock.now())
    low, high = opened("Dag", by="Els Wiggers"), opened("Dag", by="Fatma Kaya")
    before = Mention.objects.get(message__conversation=high)
    several = [
        said("Nog iets", external_id="m"),
        before,
        said("Nog iets", external_id="m", source=other),
        said("En dan", by="Els Wiggers"),
    ]
    held, really, one = [], threads.held_all, threads.held
    monkeypatch.setattr(threads, "held_all", lambda numbers: held.append(set(numbers)) or really(numbers))
    monkeypatch.setattr(threads, "held", lambda pk: held.append({pk}) or one(pk))
    actions.hear_all([mention.pk for mention in several])
    assert len(held) > 2
    assert held[0] == {low.pk, high.pk}
    assert set().union(*held) == held[0]
    assert list(Message.objects.order_by("pk").values_list("text", flat=True)) == ["Dag", "Dag", "Nog iets", "En dan"]
