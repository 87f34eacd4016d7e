"""`koor key rotate`: everything that is sealed opens with the new key, so that the old one may go."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import BinaryField

from koor.flow.conversations import actions as conversations
from koor.flow.conversations import queries as lines
from koor.flow.hub.actions.mailbox import CONTEXT, make_address
from koor.flow.hub.models import Mailbox
from koor.flow.hub.queries.mailed import own_address
from koor.flow.relations import actions as relations
from koor.flow.relations import queries as ambassadors
from koor.ground.contacts import actions as contacts
from koor.ground.people.models import Provider
from koor.kernel import push, seals, secrets
from koor.kernel.access import SYSTEM
from koor.shell import findings
from koor.shell.command_line import frame, key

NOT_SEALED = {("kernel.DayKey", "key")}  # of a day, gone with it


def run(*words: str) -> int:
    arguments = frame.parser(key.COMMANDS).parse_args(["key", *words])
    return frame.spoken(arguments.chosen, arguments)


def test_every_sealed_column_is_declared() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("koor.")]
    fields = [(model._meta.label, field) for model in ours for field in model._meta.get_fields()]
    binary = {(label, field.name) for label, field in fields if isinstance(field, BinaryField)}
    assert binary - NOT_SEALED == {(one.table._meta.label, one.field) for one in seals.columns()}


@pytest.mark.django_db
def test_what_an_old_key_sealed_opens_without_it(
    house: Any, henk: Any, marloes: Any, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KOOR_HOME = tmp_path
    secrets.ring()
    assert run("rotate", "--json") == 0  # the second key of three, which will go
    fatma, karin = (
        contacts.meet_contact(by=SYSTEM, name=name, platform="mastodon", handle=f"@{name}@social.example")
        for name in ("fatma", "karin")
    )
    password = secrets.seal(b"secret", CONTEXT)
    Mailbox.objects.create(pk=1, host="imap.x.example", user="u", password=password, address="k@x.example", is_on=True)
    make_address(by=henk)
    number = push.house_key()
    line = conversations.open_line(by=henk, person=henk, contact=fatma)
    invited = relations.invite_ambassador(by=marloes, contact=karin, gets="Coffee")
    before = own_address(henk), lines.address_of(line), ambassadors.address_of(invited)
    shut = Provider.objects.create(pk=1, secret=b"of a key that is gone")
    capsys.readouterr()
    assert run("rotate", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["keys"], said["sealed_anew"], said["cannot_be_opened"]) == (3, 5, 1)
    (told,) = findings.sealed()
    assert (told.state, told.says.partition(" ")[0]) == (findings.State.WRONG, "1"), "the doctor sees it too"
    key = tmp_path / "key"
    rows = key.read_text().splitlines(keepends=True)
    key.write_text("".join([*rows[:2], rows[3]]))
    invited.refresh_from_db()
    assert (own_address(henk), lines.address_of(line), ambassadors.address_of(invited)) == before
    assert push.house_key() == number
    shut.delete()
    assert seals.reseal() == seals.Resealed(0, 0)
