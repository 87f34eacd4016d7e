"""All that is kept on a person, taken along as a file that a program and a person can read."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub.models import Letter
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.flow.relations.models import Touch
from koor.ground.contacts.models import Contact, Handle
from koor.ground.governance import actions
from koor.ground.governance.models import PersonalExport
from koor.ground.people.models import Person
from koor.kernel import clock, files
from koor.kernel.access import SYSTEM
from koor.kernel.models import AuditEntry, StoredFile
from koor.kernel.personal import OUTSIDE, Subject, subject

pytestmark = [pytest.mark.broad, pytest.mark.django_db]
Visit = Callable[[Person | None], Client]
RAW = {"id": "m", "author": "Els", "text": "It hums again", "created_at": "2026-11-01T09:30:00+00:00"}


@pytest.fixture
def els(house: object) -> Subject:
    made = Contact.objects.create(name="Els Grootenhuis", email="els@mail.example", note="Goat", made_at=clock.now())
    Handle.objects.create(contact=made, platform="email", value="els@mail.example")
    letter = files.store(b"From: els@mail.example\r\n\r\nHello", mime="message/rfc822", name="letter.eml")
    Letter.objects.create(
        key="k", validity=1, uid=1, sender="Els@mail.example", state="held", raw=letter, at=clock.now(),
        digest="not for anybody",
    )  # fmt: skip
    heard(made)
    found = subject(OUTSIDE, made.pk)
    assert found is not None
    return found


def heard(contact: Contact) -> None:
    """What she said on a platform: once as we know it, once as nobody could read it."""
    Handle.objects.create(contact=contact, platform="mastodon", value="els@social.example")
    source = Source.objects.create(name="Old", kind="file", settings={"platform": "mastodon"}, made_at=clock.now())
    event = RawEvent.objects.create(source=source, external_id="m", body=json.dumps(RAW), received_at=clock.now())
    Mention.objects.create(
        source=source, event=event, external_id="m", author="Els", handle="@els@social.example", text="It hums again",
        said_at=clock.now(), stored_at=clock.now(),
    )  # fmt: skip
    sent = json.dumps([json.dumps({"note": "<p>Els Grootenhuis saw it hum</p>", "id": "87"})])
    RawEvent.objects.create(source=source, external_id="n", body=sent, form="live", received_at=clock.now())
    Touch.objects.create(contact=contact, kind="message", at=clock.now(), sentence="It hums again", source="t")


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    packed = zipfile.ZipFile(io.BytesIO(content))
    inside = {name: packed.read(name) for name in packed.namelist()}
    return json.loads(inside["data.json"]), inside


def table(parts: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [row for part in parts if part["table"] == name for row in part["rows"]]


def test_the_file_holds_rows_a_page_and_files(visit: Visit, ada: Person, els: Subject) -> None:
    client = visit(ada)
    client.post(f"/personal/outside/{els.pk}/export/", {"once": "a"})
    client.post(f"/personal/outside/{els.pk}/export/", {"once": "a"})
    made = PersonalExport.objects.get()
    answer = client.get(f"/personal/exports/{made.pk}/")
    told, inside = unpacked(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert {"contacts.Contact", "contacts.Handle", "hub.Letter"} <= {part["table"] for part in told["held"]}
    page = inside["index.html"].decode()
    assert "Goat" in page
    assert "Ada Mulder" in page
    assert "governance." not in page
    words = re.sub(r"<[^>]+>", "", page)
    assert "Els (@els@social.example) on Old: It hums again" in words
    assert "Old: Els Grootenhuis saw it hum" in words
    assert not re.search(r"\d{4}-\d\d-\d\dT|created_at", words)
    assert any("created_at" in row["body"] for row in table(told["held"], "listening.RawEvent"))
    assert inside[told["files"][0]["path"]].endswith(b"Hello")
    assert "not for anybody" not in json.dumps(told)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["governance.export_personal", "governance.take_personal_along"]


def test_only_who_may_see_them_takes_it(visit: Visit, ada: Person, marloes: Person, els: Subject) -> None:
    made = actions.personal.ask_export(by=ada, subject=els)
    assert visit(marloes).get(f"/personal/exports/{made.pk}/").status_code == 404
    assert visit(marloes).post(f"/personal/outside/{els.pk}/export/").status_code == 404
    assert visit(None).get(f"/personal/exports/{made.pk}/").status_code == 302


def test_a_colleague_takes_their_own_along(visit: Visit, bram: Person) -> None:
    assert visit(bram).post(f"/personal/colleague/{bram.pk}/export/")["Location"] == "/personal/me/"
    answer = visit(bram).get(f"/personal/exports/{PersonalExport.objects.get().pk}/")
    told, _inside = unpacked(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    people = next(part for part in told["held"] if part["table"] == "people.Person")
    assert people["rows"][0]["email"] == bram.email
    assert "password" not in people["rows"][0]


def test_much_is_made_by_the_worker(monkeypatch: pytest.MonkeyPatch, ada: Person, els: Subject) -> None:
    monkeypatch.setattr(actions.personal, "AT_ONCE", 0)
    made = actions.personal.ask_export(by=ada, subject=els)
    assert made.ready_at is None
    actions.personal.make_export(by=SYSTEM, export_id=made.pk)
    actions.personal.make_export(by=SYSTEM, export_id=made.pk)
    made.refresh_from_db()
    assert made.ready_at is not None
    assert made.rows >= 3


def test_it_goes_after_a_week(ada: Person, els: Subject) -> None:
    made = actions.personal.ask_export(by=ada, subject=els)
    kept = made.file_id
    assert actions.personal.forget_exports(by=SYSTEM) == 0
    PersonalExport.objects.update(ends_at=clock.now() - timedelta(seconds=1))
    assert actions.personal.forget_exports(by=SYSTEM) == 1
    assert not StoredFile.objects.filter(pk=kept).exists()
