"""The main forms pressed twice at the same moment, and two people who move one slot: done once, and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from koor.flow.calendar.models import Slot
from koor.flow.conversations import actions as conversations
from koor.flow.conversations.models import Message
from koor.flow.hub.models import Capture
from koor.flow.listening.models import Mention, Source
from koor.flow.publishing.models import Post
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
Together = Callable[..., list[Any]]
Visit = Callable[[Person | None], Client]


@pytest.fixture
def press(at_once: Together, visit: Visit) -> Callable[..., list[Any]]:
    """`press(bram, "/capture/", lambda: {…})`: two requests of one click, at the same moment; what each got."""

    def run(person: Person, address: str, filled: Callable[[], dict[str, Any]]) -> list[Any]:
        browsers = [visit(person), visit(person)]
        return at_once(lambda number: browsers[number].post(address, filled()), times=2)

    return run


def where(answers: list[Any]) -> str:
    """The page to which both lead."""
    assert [answer.status_code for answer in answers] == [302, 302]
    (place,) = {answer.headers["Location"] for answer in answers}
    return str(place)


def test_a_photo_is_shown_once(press: Callable[..., list[Any]], bram: Person) -> None:
    out, key = io.BytesIO(), str(uuid4())
    Image.new("RGB", (60, 40)).save(out, "JPEG")

    def filled() -> dict[str, Any]:
        photo = SimpleUploadedFile("IMG_1.jpg", out.getvalue(), "image/jpeg")
        return {"client_id": key, "photos": [photo], "sentence": "All labelled."}

    assert where(press(bram, "/capture/", filled)) == f"/capture/{Capture.objects.get().pk}/"
    assert Capture.objects.get().media.count() == 1


def test_a_post_is_written_and_goes_once(press: Callable[..., list[Any]], bram: Person, marloes: Person) -> None:
    news = channels.add_account(by=SYSTEM, connector="newsroom", name="Newsroom", owner=marloes)
    sent = {"text": "Acht lokalen hebben frisse lucht.", "accounts": [news.pk], "when": "now", "do": "go", "once": "k"}
    assert where(press(bram, "/posts/new/", lambda: sent)) == f"/posts/{Post.objects.get().pk}/"
    assert Post.objects.get().targets.count() == 1
    assert AuditEntry.objects.filter(verb="publishing.create_post").count() == 1


def test_an_answer_is_given_once(press: Callable[..., list[Any]], marloes: Person) -> None:
    account = Account.objects.create(
        connector="mastodon", name="Reurslag helpt", purpose="service", owner=marloes, made_at=clock.now()
    )
    source = Source.objects.create(name="Reurslag helpt", kind="account", account=account, made_at=clock.now())
    said = Mention.objects.create(
        source=source, kind="reply", external_id="1", author="Fatma Kaya", handle="@fatma@social.example",
        text="Boven blijft het koud.", said_at=clock.now(), stored_at=clock.now(),
    )  # fmt: skip
    hers = conversations.take(by=marloes, conversation=conversations.open_from_mention(by=SYSTEM, mention=said))
    newest = hers.messages.latest("pk").pk
    sent = {"text": "Ik kom maandag.", "last_message": newest, "once": "k", "place": "inbox"}
    where(press(marloes, f"/conversations/{hers.pk}/answer/", lambda: sent))
    assert [one.text for one in Message.objects.filter(direction="out")] == ["Ik kom maandag."]
    assert Post.objects.filter(text__contains="Ik kom maandag.").count() == 1


def test_of_two_who_move_one_slot_one_does_and_the_other_reads_where_it_stands(
    at_once: Together, visit: Visit, marloes: Person, bram: Person
) -> None:
    slot = Slot.objects.create(day=date(2026, 11, 27), title="Cabinet with Jelle", person=bram)
    movers = [(visit(marloes), "2026-11-28"), (visit(bram), "2026-11-30")]
    page = f"/calendar/slots/{slot.pk}/move/"
    answers = at_once(lambda n: movers[n][0].post(page, {"day": movers[n][1], "version": "0"}), times=2)
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    first = next(day for (_browser, day), answer in zip(movers, answers, strict=True) if answer.status_code == 302)
    late = next(answer for answer in answers if answer.status_code == 409)
    slot.refresh_from_db()
    assert (str(slot.day), slot.version) == (first, 1)
    assert f"{slot.day:%A} {slot.day.day} {slot.day:%B}" in late.content.decode()
    assert AuditEntry.objects.filter(verb="calendar.move_slot").count() == 1
