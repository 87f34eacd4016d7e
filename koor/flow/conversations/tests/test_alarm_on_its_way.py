"""The post that makes an alarm reaches who has duty without waiting for any beat: from the door to the phone and the
letter by jobs that each defer the next, counted here hop by hop."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.conversations.models import Alarm
from koor.flow.listening import actions as listening
from koor.flow.listening.actions import storing
from koor.flow.listening.models import Source
from koor.flow.listening.queries import learnt
from koor.ground.channels import actions as channels
from koor.ground.people.choices import Role
from koor.kernel import clock, push
from koor.kernel.access import SYSTEM
from koor.kernel.models import Mail, Push, PushDevice

HOPS = ["read_waiting", "propose", "watch", "pass_on_all", "send_push"]  # reading, thinking, looking, telling, sending


@pytest.fixture
def known(monkeypatch):
    """No model is loaded and nothing is learnt anew at each hop: that is not what is on its way."""
    before = learnt._begun(learnt.words_for(learnt.Question.TRIAGE))
    monkeypatch.setattr(storing, "language_of", lambda _text, _said, _ours: "nl")
    monkeypatch.setattr(learnt, "_taught", lambda _question: before)


@pytest.fixture
def source(house, known, marloes, noon):
    """A system of our own that sends us what people say; listened to for three weeks."""
    account = channels.add_account(
        by=marloes, connector="webhook", name="Shop", owner=marloes, purpose="service", settings={"site": "shop"},
        secrets={"signing_secret": "a long word"},
    )  # fmt: skip
    listening.listen_to_account(by=marloes, account_id=account.pk)
    Source.objects.update(made_at=clock.now() - timedelta(days=20))
    return Source.objects.get(account=account)


@pytest.fixture
def femke(person, settings, monkeypatch):
    """PR on duty, with a phone that asked for messages."""
    settings.EMAIL_HOST = "mail.example"
    femke = person("Femke Vos", Role.PR)
    PushDevice.objects.create(
        owner_id=femke.pk, endpoint="https://push.example/f", digest=b"f" * 32, made_at=clock.now()
    )
    monkeypatch.setattr(push, "_put", lambda _row: (201, ""))
    return femke


def _said(source, number, who):
    at = (clock.now() - timedelta(minutes=20 - number)).isoformat()
    text = f"Schande, het lekt weer en jullie bellen niet terug. Ik ben boos. Klacht {number}."
    event = {"id": f"m{number}", "from": {"id": who, "name": who.title()}, "text": text, "at": at}
    listening.take_delivery(by=SYSTEM, source=source, body=json.dumps(event).encode())


def _hop():
    """All that waits now is done once, as workers do; what those jobs defer waits for the next hop."""
    rows = list(ProcrastinateJob.objects.filter(status="todo").order_by("priority", "id"))
    for row in rows:
        assert row.scheduled_at is None, f"{row.task_name} waits for a moment"
        ProcrastinateJob.objects.filter(pk=row.pk).delete()
    for row in rows:
        app.tasks[row.task_name](**row.args)
    return [row.task_name.rpartition(".")[2] for row in rows]


def _until_calm():
    while ProcrastinateJob.objects.filter(status="todo").exists():
        _hop()


def test_from_the_eighth_post_to_the_phone_in_five_hops(source, femke, django_capture_on_commit_callbacks, monkeypatch):
    ProcrastinateJob.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(7):
            _said(source, number, f"buur{number % 5}")
    _until_calm()
    assert not Alarm.objects.exists()
    Mail.objects.all().delete()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        _said(source, 7, "buur1")
    for task in HOPS:
        done = _hop()
        assert task in done, (task, done)
    assert Push.objects.get(kind="alarm").state == Push.State.SENT
    letters = [one for one in mail.outbox if one.to == [femke.email] and "8" in one.body]
    assert len(letters) == 1
    _until_calm()
    with django_capture_on_commit_callbacks(execute=True):
        _said(source, 8, "buur2")
        _said(source, 9, "buur3")
    _until_calm()
    assert Alarm.objects.count() == 1, "one on each subject in five minutes"
