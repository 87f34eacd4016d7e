"""What people change and take back is followed together in a few statements, and as one after the other."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from koor.flow.conversations import actions
from koor.flow.conversations.actions.changing import follow_changes
from koor.flow.conversations.models import Conversation, Fire, FireTie, Message, Told
from koor.flow.listening.models import Change, Mention
from koor.kernel import clock, memory
from koor.kernel.access import SYSTEM, Forbidden
from koor.kernel.models import AuditEntry, ToldFact


@pytest.fixture
def talks(said, heard, marloes):
    """Twenty people who said some things; a part of it answered, noted on, summed up, or part of a fire."""
    chance = random.Random(3)
    for number in range(36):
        who = chance.randrange(20)
        said(
            f"Vraag {number}",
            by=f"Wie {who}",
            handle=f"@w{who}@s.example",
            external_id=f"m{number}",
            minutes=99 - number,
        )
    with memory.streaming():
        actions.hear_all(Mention.objects.order_by("pk").values_list("pk", flat=True))
    talks = list(Conversation.objects.order_by("pk"))
    for one in talks[:5]:
        actions.note(by=marloes, conversation=one, text="Even kijken.")
    for one in talks[4:8]:
        actions.answer(by=marloes, conversation=one, text="Ik bel je.", last_message=None)
    for one in Message.objects.filter(direction="in").order_by("pk")[::5]:
        told = {"kind": "fact", "text": one.text, "key": f"{one.pk}", "message": one, "at": clock.now()}
        Told.objects.create(conversation=one.conversation, **told)
    fire = Fire.objects.create(title="Lek", alarm_at=clock.now(), opened_at=clock.now())
    FireTie.objects.create(fire=fire, conversation=talks[9], how="hand", at=clock.now())


def _changed(source, share):
    """Some say it differently, some take it back, and two of what nobody here ever heard; the numbers of it all."""
    chance, several = random.Random(5), list(Mention.objects.order_by("pk"))
    alone = set(Message.objects.filter(conversation__fire_ties__isnull=False).values_list("external_id", flat=True))
    found = []
    for one in several:
        if one.external_id not in alone and chance.random() > share:
            continue
        deleted = one.external_id in alone or chance.random() < 0.5
        row = {"source": source, "external_id": one.external_id, "deleted": deleted, "at": clock.now()}
        found.append(Change.objects.create(stored_at=clock.now(), event=f"e{one.pk}", **row).pk)
        if deleted:
            one.delete()
        else:
            Mention.objects.filter(pk=one.pk).update(text=one.text + " (anders)", edited_at=clock.now())
    for number in range(2):
        row = {"source": source, "external_id": f"never-{number}", "deleted": number == 0, "at": clock.now()}
        found.append(Change.objects.create(stored_at=clock.now(), event=f"n{number}", **row).pk)
    return found


def _picture():
    talks = list(Conversation.objects.order_by("pk").values())
    said = list(Message.objects.order_by("pk").values())
    deeds = AuditEntry.objects.filter(verb__contains="they_").order_by("detail__message")
    told = ToldFact.objects.filter(kind__endswith="MessageTakenBack").order_by("data__message_id")
    return {
        "conversations": talks,
        "messages": said,
        "summaries": list(Told.objects.order_by("pk").values()),
        "deeds": list(deeds.values_list("verb", "target_id", "detail")),
        "told": list(told.values_list("data", flat=True)),
    }


def _followed_in(parts):
    with transaction.atomic():
        for part in parts:
            follow_changes(by=SYSTEM, change_ids=part)
        found = _picture()
        transaction.set_rollback(True)
    return found


@pytest.mark.broad
@pytest.mark.parametrize("share", [0.4, 1.0])
def test_together_as_one_by_one(talks, heard, share):
    before = _picture()
    numbers = _changed(heard, share)
    alone = _followed_in([pk] for pk in numbers)
    assert len(alone["conversations"]) < len(before["conversations"])
    assert any(row["taken_back_at"] for row in alone["messages"])
    assert any("(anders)" in row["text"] for row in alone["messages"])
    left = {row["conversation_id"] for row in alone["messages"]}
    bare = [row for row in alone["conversations"] if row["id"] not in left]
    assert bare, "the one that is part of the fire"
    assert not any(row["preview"] or row["asked"] or row["ours_last"] for row in bare)
    for size in (200, 7):
        together = _followed_in(numbers[place : place + size] for place in range(0, len(numbers), size))
        for part, found in alone.items():
            if part != "deeds":
                assert together[part] == found, part
    assert {row[1] for row in together["deeds"]} >= {row["id"] for row in alone["conversations"]} & {
        row[1] for row in alone["deeds"]
    }


def test_few_statements_whatever_the_number(talks, heard):
    numbers = _changed(heard, 1.0)
    with memory.streaming(), CaptureQueriesContext(connection) as few:
        follow_changes(by=SYSTEM, change_ids=numbers[:5])
    with memory.streaming(), CaptureQueriesContext(connection) as many:
        follow_changes(by=SYSTEM, change_ids=numbers[5:])
    assert len(few) <= 23
    asked = [one["sql"].split("WHERE")[0] for one in many]
    assert max(map(asked.count, asked)) <= 3, "each is asked for all of them"
    assert len(many) <= 53
    state = _picture()
    follow_changes(by=SYSTEM, change_ids=numbers)  # again changes nothing
    assert _picture()["messages"] == state["messages"]


def test_one_message_changed_on_two_roads(said, heard, service):
    """The same thing heard of by two sources of one account: the later one counts."""
    mention = said("Eerst", external_id="m")
    actions.hear_all([mention.pk])
    other = type(heard).objects.create(name="#koud", kind="account", account=service, made_at=clock.now())
    numbers = []
    for source, text, minutes in ((heard, "Toen", 2), (other, "Nu", 1)):
        if source == other:
            said(text, external_id="m", source=other, edited_at=clock.now() - timedelta(minutes=minutes))
        else:
            Mention.objects.filter(pk=mention.pk).update(text=text, edited_at=clock.now() - timedelta(minutes=minutes))
        row = {"source": source, "external_id": "m", "at": clock.now(), "stored_at": clock.now(), "event": text}
        numbers.append(Change.objects.create(**row).pk)
    follow_changes(by=SYSTEM, change_ids=numbers)
    assert Message.objects.get().text == "Nu"
    assert Conversation.objects.get().preview == "Nu"


def test_only_koor_follows(marloes, house):
    with pytest.raises(Forbidden):
        follow_changes(by=marloes, change_ids=[])
