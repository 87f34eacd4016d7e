"""A system of one's own sends messages, changes them and takes them back: in any order and more than once."""

import itertools
import json
import random
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.conversations import actions
from koor.flow.conversations.models import Conversation, Message, Told
from koor.flow.listening import actions as listening
from koor.flow.listening.actions import delivered
from koor.flow.listening.models import Change, Mention, RawEvent, Source
from koor.ground.channels import actions as channels
from koor.kernel import clock, events, locks, signed
from koor.kernel.access import SYSTEM
from koor.kernel.http import Unclear
from koor.kernel.models import Heard, ToldFact

SECRET = {"signing_secret": "a long word"}
AT = datetime.fromisoformat("2026-11-24T09:00:00+01:00")


@pytest.fixture(autouse=True)
def _now():
    with clock.fixed(AT + timedelta(hours=1)):
        yield


@pytest.fixture
def account(house, marloes):
    made = channels.add_account(
        by=marloes, connector="webhook", name="Shop", owner=marloes, purpose="service", settings={"site": "shop"},
        secrets=SECRET,
    )  # fmt: skip
    listening.listen_to_account(by=marloes, account_id=made.pk)
    return made


def pass_on():
    """What listening told is heard, in its order."""
    for row in ToldFact.objects.filter(kind__startswith="koor.flow.listening").order_by("pk"):
        for name in [one for one in events.receivers_of(row.kind) if "conversations" in one]:
            if not Heard.objects.filter(fact=row, receiver=name).exists():
                events.pass_on(row.pk, name)


@pytest.fixture
def send(account, monkeypatch):
    """A delivery comes in, signed, and is read: `send(event, …)`; gives how it was answered."""
    monkeypatch.setattr("koor.connectors.webhook.receive.datetime", _Clock)

    def run(*several, secret=b"a long word", **headers):
        body = json.dumps({"events": several}).encode()
        headers = signed.headers(secret, "k", int(clock.now().timestamp()), body) | headers
        address = reverse("listening:hook", args=["webhook", account.pk])
        answer = Client().post(address, body, content_type="application/json", headers=headers)
        for event in RawEvent.objects.filter(form="hook"):
            listening.read_delivered(event.pk)
        pass_on()
        return answer.status_code

    return run


class _Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return clock.now()


def test_many_are_read_together(account, send, monkeypatch):
    """A hundred at a time; one that spoils them is read by itself and stops nothing."""
    source = Source.objects.get(account=account)
    for number in range(7):
        body = json.dumps(said(f"m{number}", f"Message {number}")).encode()
        listening.take_delivery(by=SYSTEM, source=source, body=body)
        listening.take_delivery(by=SYSTEM, source=source, body=body)
    listening.take_delivery(by=SYSTEM, source=source, body=b"{")
    monkeypatch.setattr(delivered, "A_READ", 3)
    assert listening.read_waiting(source.pk) == 8
    assert Mention.objects.count() == 7
    assert RawEvent.objects.filter(state="quarantined").count() == 1
    assert not RawEvent.objects.filter(form="hook").exists()
    assert listening.read_waiting(source.pk) == 0


def test_what_spoils_a_hundred_is_read_by_itself(account, send, monkeypatch):
    source = Source.objects.get(account=account)
    listening.take_delivery(by=SYSTEM, source=source, body=json.dumps(said("m")).encode())
    monkeypatch.setattr(delivered, "store_batch", lambda *_all: 1 / 0)
    assert listening.read_waiting(source.pk) == 0
    assert RawEvent.objects.filter(form="hook").count() == 1
    assert ProcrastinateJob.objects.filter(task_name="koor:listening.read_delivered").exists()


def test_large_ones_are_not_loaded_together(account, monkeypatch):
    source = Source.objects.get(account=account)
    for number in range(5):
        body = json.dumps(said(f"m{number}", "x" * 400)).encode()
        listening.take_delivery(by=SYSTEM, source=source, body=body)
    together = []
    read = delivered._read_together
    monkeypatch.setattr(delivered, "_read_together", lambda pk, rows: (together.append(len(rows)), read(pk, rows)))
    monkeypatch.setattr(delivered, "A_LOAD", 1200)
    assert listening.read_waiting(source.pk) == 5
    assert together == [2, 2, 1, 0]
    listening.take_delivery(by=SYSTEM, source=source, body=json.dumps(said("larger", "x" * 2000)).encode())
    assert listening.read_waiting(source.pk) == 1


def test_what_comes_while_somebody_reads_is_read_too(account, monkeypatch):
    """Who brings it sees that somebody reads, and has nobody else read it: whoever reads looks once more."""
    source, read = Source.objects.get(account=account), delivered.read_waiting

    def meanwhile(pk):
        found = read(pk)
        monkeypatch.setattr(delivered, "read_waiting", read)
        monkeypatch.setattr("koor.kernel.locks.is_busy", lambda _name: True)
        listening.take_delivery(by=SYSTEM, source=source, body=json.dumps(said("late")).encode())
        return found

    monkeypatch.setattr(delivered, "read_waiting", meanwhile)
    listening.read_while_it_storms(source.pk)
    assert list(Mention.objects.values_list("external_id", flat=True)) == ["late"]


def test_only_one_reads_at_a_time_and_only_once(account, monkeypatch):
    source = Source.objects.get(account=account)
    listening.take_delivery(by=SYSTEM, source=source, body=json.dumps(said("m")).encode())
    with locks.held(delivered.waiting_name(source.pk)):
        listening.read_while_it_storms(source.pk)
    event = RawEvent.objects.get(form="hook")
    read = delivered._read

    def another_was_first(*all_of_it):
        RawEvent.objects.filter(pk=event.pk).delete()
        return read(*all_of_it)

    monkeypatch.setattr(delivered, "_read", another_was_first)
    for _time in range(2):
        listening.read_delivered(event.pk)
    assert not Mention.objects.exists()


@pytest.mark.parametrize(("error", "tries"), [(Unclear("later"), delivered.MOST_TRIES), (KeyError("id"), 1)])
def test_what_can_not_be_read_is_kept_for_a_person(account, monkeypatch, error, tries):
    """What could not be had is asked for again first."""
    source = Source.objects.get(account=account)
    listening.take_delivery(by=SYSTEM, source=source, body=json.dumps(said("m")).encode())
    event = RawEvent.objects.get(form="hook")

    def broken(*_all):
        raise error

    monkeypatch.setattr("koor.connectors.webhook.receive.read", broken)
    for _time in range(tries - 1):
        with pytest.raises(Unclear):
            listening.read_delivered(event.pk)
        assert RawEvent.objects.get().state == "stored"
    listening.read_delivered(event.pk)
    assert RawEvent.objects.get().state == "quarantined"


def test_what_ended_the_process_was_counted_and_is_read_by_itself(account, monkeypatch):
    source = Source.objects.get(account=account)
    for number in range(3):
        listening.take_delivery(by=SYSTEM, source=source, body=json.dumps(said(f"m{number}")).encode())

    def ends(*_all):
        raise KeyboardInterrupt

    read = delivered._read_together
    monkeypatch.setattr(delivered, "_read_together", ends)
    with pytest.raises(KeyboardInterrupt):
        listening.read_waiting(source.pk)
    assert list(RawEvent.objects.values_list("tries", flat=True)) == [1, 1, 1]
    together = []
    monkeypatch.setattr(delivered, "_read_together", lambda pk, rows: (together.append(len(rows)), read(pk, rows)))
    assert listening.read_waiting(source.pk) == 3
    assert together == [1, 1, 1, 0]


def said(number, text="Is it in stock?", who="els", minute=0):
    at = (AT + timedelta(minutes=minute)).isoformat()
    return {"id": number, "from": {"id": who, "name": who.title()}, "text": text, "at": at}


def edited(number, text, minute=1):
    return {"type": "edited", "id": number, "text": text, "at": (AT + timedelta(minutes=minute)).isoformat()}


def deleted(number):
    return {"type": "deleted", "id": number}


def test_kept_before_it_is_answered_and_visible(send, marloes):
    assert send(said("1")) == 200
    message = Message.objects.get()
    assert (message.text, message.channel, message.contact.name) == ("Is it in stock?", "webhook", "Els")


def test_refused_at_the_door(send, account, marloes, visit, monkeypatch):
    for wrong in ({"secret": b"another"}, {"Webhook-Timestamp": "1764000000"}, {"Webhook-Signature": ""}):
        assert send(said("1"), **wrong) == 403
    for seconds in (0, 2):  # within a second one is counted: anybody may send
        with clock.fixed(AT + timedelta(hours=1, seconds=seconds)):
            assert send(said("1"), secret=b"another") == 403
    for address in (f"/accounts/{account.pk}/", f"/listen/sources/{Source.objects.get().pk}/"):
        page = " ".join(visit(marloes).get(address).content.decode().split())
        assert "What was sent last was refused." in page
        assert 'another secret, or something changed it on its way. <span class="quiet">2 times since' in page
        assert "signed more than five minutes ago" in page
        assert "Webhook-Signature is missing" in page
    for seconds, told in ((None, "was sent last was refused"), (3, "came after it was taken"), (1, "some was taken")):
        taken = AT + timedelta(hours=1, seconds=seconds) if seconds else None
        Source.objects.update(last_success_at=AT + timedelta(days=1), delivered_at=taken)  # a visit says nothing of it
        page = visit(marloes).get(f"/accounts/{account.pk}/").content.decode()
        assert told in page
        assert ("Something came in last" in page) is bool(seconds)
    channels.change_secrets(by=marloes, account=account, secrets={"signing_secret": "new"})
    assert send(said("1")) == 403
    assert not RawEvent.objects.exists()
    with clock.fixed(AT + timedelta(days=8)):
        page = visit(marloes).get(f"/accounts/{account.pk}/").content.decode()
        assert "refused" not in page, "what was a week ago is told no more"
        send(said("1"), secret=b"another")
        assert "Once:" in visit(marloes).get(f"/accounts/{account.pk}/").content.decode()
    Source.objects.update(active=False)
    assert send(said("1"), secret=b"new") == 200
    assert not Mention.objects.exists()
    monkeypatch.setattr(delivered, "MOST_WAITING", 0)
    assert send(said("2"), secret=b"new") == 503
    assert "too much waits for it already" in visit(marloes).get(f"/accounts/{account.pk}/").content.decode()
    assert RawEvent.objects.count() == 1, "paused: it is kept until somebody lets it go on"


def test_a_change_says_so(send, client, marloes):
    send(said("1"))
    send(edited("1", "Is the small one in stock?"))
    message = Message.objects.get()
    assert message.text == "Is the small one in stock?"
    assert message.conversation.preview == message.conversation.asked == "Is the small one in stock?"
    client.force_login(marloes)
    page = client.get(reverse("conversations:inbox_one", args=[message.conversation_id])).content.decode()
    assert "changed by them" in page
    assert "Is it in stock?" not in page


def test_an_older_change_that_comes_later_changes_nothing(send):
    send(said("1"))
    send(edited("1", "third", 3))
    send(edited("1", "second", 2))
    assert Message.objects.get().text == Mention.objects.get().text == "third"


def test_taken_back_is_gone(send):
    send(said("1", "my number is 06-12345678"))
    send(deleted("1"))
    assert not Message.objects.exists()
    assert not Conversation.objects.exists()
    assert not Mention.objects.exists()
    assert not RawEvent.objects.filter(body__contains="06-12345678").exists()
    send(said("1", "my number is 06-12345678"))
    assert not Mention.objects.exists()


def test_taken_back_after_our_answer_leaves_a_line(send, client, marloes):
    send(said("1"))
    conversation = Conversation.objects.get()
    actions.note(by=marloes, conversation=conversation, text="Two left.")
    send(deleted("1"))
    message = Message.objects.get(direction="in")
    assert (message.text, message.waits_from) == ("", None)
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    client.force_login(marloes)
    page = client.get(reverse("conversations:inbox_one", args=[conversation.pk])).content.decode()
    assert "that they took back" in page


def state():
    rows = Message.objects.order_by("external_id").values_list("external_id", "text", "edited_at", "contact__name")
    talks = Conversation.objects.order_by("contact__name").values_list("contact__name", "asked", "waiting_since")
    return list(rows), list(talks)


EVENTS = (said("a"), edited("a", "A2", 2), edited("a", "A3", 3), said("b", "B", "koen"), deleted("b"),
          edited("b", "B2", 4), said("c", "C", "wim"))  # fmt: skip


@pytest.mark.broad
@pytest.mark.parametrize("seed", range(6))
def test_any_order_one_to_five_times(send, seed):
    """Alone and together in one delivery; what stands in the end is the same."""
    chance = random.Random(seed)
    many = [one for one in EVENTS for _time in range(chance.randint(1, 5))]
    chance.shuffle(many)
    while many:
        size = chance.randint(1, 4)
        send(*many[:size])
        many = many[size:]
    rows, talks = state()
    assert [row[:2] for row in rows] == [("a", "A3"), ("c", "C")]
    assert [row[0] for row in talks] == ["Els", "Wim"]
    assert [row[1] for row in talks] == ["A3", "C"]
    assert Change.objects.exclude(text="").filter(deleted=False).count() == 0


def test_every_order_of_three(send):
    for number, order in enumerate(itertools.permutations(range(3))):
        events = (said(f"x{number}", "first", f"w{number}"), edited(f"x{number}", "second"), deleted(f"x{number}"))
        for place in order:
            send(events[place])
        assert not Message.objects.exists()


def test_words_for_a_message_that_never_came_are_forgotten(send):
    send(edited("9", "something private"))
    with clock.fixed(AT + timedelta(days=8)):
        assert listening.forget_old_changes() == 1
    assert not Change.objects.exclude(text="").exists()


def test_who_said_what_was_changed_is_not_kept_with_the_change(send):
    """Also where the message never came."""
    send(said("1"))
    send({**edited("1", "Is it there?"), "from": {"id": "els", "name": "Els"}}, deleted("2"))
    Change.objects.filter(external_id="2").update(author="Els", handle="els")
    applied = Change.objects.get(external_id="1")
    assert (applied.author, applied.handle, applied.text) == ("", "", "")
    with clock.fixed(AT + timedelta(days=8)):
        assert listening.forget_old_changes() == 1
    assert not Change.objects.exclude(author="", handle="").exists()


def test_what_was_taken_back_is_in_no_summary_and_on_no_line(send, marloes):
    send(said("1"))
    message, mention = Message.objects.get(), Mention.objects.get()
    actions.note(by=marloes, conversation=message.conversation, text="Ask in the shop.")
    Told.objects.create(conversation=message.conversation, kind="fact", text="In stock?", key="k", message=message,
                        at=clock.now())  # fmt: skip
    send(deleted("1"))
    assert Message.objects.get(pk=message.pk).taken_back_at is not None
    assert not Told.objects.exists()
    told = ToldFact.objects.filter(kind__endswith="MentionChanged").get()
    assert told.data["mention_id"] == mention.pk
    assert ToldFact.objects.filter(kind__endswith="MessageTakenBack", data__message_id=message.pk).exists()
