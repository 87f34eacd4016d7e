"""What somebody takes back while a colleague splits or joins their conversation is followed where it went."""

import threading

import pytest
from django.db import connection

from koor.flow.conversations import actions
from koor.flow.conversations.actions import changing, threads
from koor.flow.conversations.actions.changing import follow_changes
from koor.flow.conversations.models import Conversation, Message
from koor.flow.listening.models import Change, Mention
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile(do)`: over a connection of its own, once, after the messages are read and before anything is held."""
    really = threads.held_all

    def at_once(do):
        def run():
            try:
                do()
            finally:
                connection.close()

        def held_all(numbers):
            monkeypatch.setattr(threads, "held_all", really)
            other = threading.Thread(target=run)
            other.start()
            other.join()
            return really(numbers)

        monkeypatch.setattr(threads, "held_all", held_all)

    return at_once


def _taken_back(source, mention):
    mention.delete()
    row = {"source": source, "external_id": mention.external_id, "deleted": True, "event": "e"}
    return Change.objects.create(at=clock.now(), stored_at=clock.now(), **row).pk


@pytest.mark.django_db(transaction=True)
def test_a_split_takes_it_along(meanwhile, opened, said, heard, marloes):
    talk = opened("Boven blijft het koud.")
    secret = said("Mijn code is 1234.", minutes=5)
    assert actions.open_from_mention(by=SYSTEM, mention=secret) == talk
    row = Message.objects.get(mention=secret)
    change = _taken_back(heard, Mention.objects.get(pk=secret.pk))
    meanwhile(lambda: actions.split(by=marloes, conversation=talk, messages=[row.pk]))
    follow_changes(by=SYSTEM, change_ids=[change])
    assert not Message.objects.filter(text__contains="1234").exists()
    assert not Conversation.objects.filter(preview__contains="1234").exists()


@pytest.mark.django_db(transaction=True)
def test_a_join_takes_it_along(meanwhile, opened, heard, marloes):
    into, gone = opened("Boven blijft het koud."), opened("Mijn code is 1234.", by="Els Wiggers", minutes=5)
    Conversation.objects.filter(pk=gone.pk).update(contact=into.contact)
    mention = gone.messages.get().mention
    change = _taken_back(heard, mention)
    meanwhile(lambda: actions.merge(by=marloes, conversation=into, other=gone))
    follow_changes(by=SYSTEM, change_ids=[change])
    assert not Message.objects.filter(text__contains="1234").exists()
    assert not Conversation.objects.filter(preview__contains="1234").exists()
    assert AuditEntry.objects.get(verb="conversations.they_took_back").target_id == into.pk


def test_many_are_found_by_their_numbers(service, opened):
    talk, now = opened(), clock.now()
    Message.objects.bulk_create(
        Message(
            conversation=talk, account=service, direction="in", text="x", at=now, stored_at=now, external_id=f"m{n}",
            channel="mastodon" if n % 2 else "import",
        )
        for n in range(5000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE conversations_message")
    keys = {(service.pk, "mastodon" if n % 2 else "import", f"m{n}") for n in range(600)}
    rows = changing._said_as({*keys, (service.pk, "mastodon", ""), (None, "mastodon", "m1")})
    assert len(rows) == 600
    plan = rows.explain()
    assert "heard_from_once" in plan, plan
    assert "Seq Scan" not in plan, plan
