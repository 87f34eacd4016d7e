"""A photo by mail, the whole road: through a real mailbox into the library, with a letter back; each letter once."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.hub import actions, queries
from koor.flow.hub.choices import LetterState
from koor.flow.hub.models import Capture, Item, Letter, Mailbox, PromptAnswer
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from koor.kernel.models import Mail
from tests.peers.mailbox_server import PASSWORD, USER, MailboxServer

pytestmark = [pytest.mark.peers("dovecot"), pytest.mark.django_db]

Visit = Callable[[Person | None], Client]
OWN = "photos@reurslag.example"


@pytest.fixture
def box_server(
    mailbox_server: MailboxServer, monkeypatch: pytest.MonkeyPatch, house: object, ada: Person, visit: Visit
) -> MailboxServer:
    """The administrator fills in the page, tries it, and keeps it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mailbox_server.certificate))
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", mailbox_server.places)
    filled = {
        "address": OWN, "host": mailbox_server.host, "port": mailbox_server.port, "secure": "tls", "user": USER,
        "password": PASSWORD, "folder": "INBOX", "done_folder": "Koor", "is_on": "on",
    }  # fmt: skip
    administrator, page = visit(ada), reverse("hub:mailbox")
    assert "The mailbox opens" in administrator.post(page, filled | {"try": "1"}).content.decode()
    assert administrator.post(page, filled).status_code == 302
    return mailbox_server


def letter(to: str, text: str, *photos: bytes, sender: str = "bram@private.example", known_as: str = "1") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = sender, to, "Photo", f"<{known_as}@phone>"
    made.set_content(text)
    for photo in photos:
        made.add_attachment(photo, "image", "jpeg", filename="IMG_1.jpg")
    return made.as_bytes()


def address_of(person: Person) -> str:
    actions.make_address(by=person)
    return queries.own_address(person)[1]


def test_a_photo_comes_in_once_and_its_maker_says_who_is_in_it(
    box_server: MailboxServer, bram: Person, visit: Visit
) -> None:
    sent = letter(address_of(bram), "Hi,\n\nThe pump runs.\n\nBest,\nBram", jpeg())
    box_server.put(sent, "1.koor.test")
    assert actions.read_mailbox(by=SYSTEM) == 1
    shown = Capture.objects.get()
    actions.develop_capture(by=SYSTEM, capture_id=shown.pk)
    item = Item.objects.get()
    assert (item.by, item.title) == (bram, "The pump runs.")
    assert reverse("hub:item", args=[item.pk]) in Mail.objects.get(to=bram.email).text
    box_server.put(sent, "2.koor.test")
    box_server.forget_numbers()
    actions.read_mailbox(by=SYSTEM)
    assert (Capture.objects.count(), Letter.objects.count(), Mail.objects.count()) == (1, 1, 1)
    assert not queries.publishable_items(bram).exists()
    visit(bram).post(reverse("hub:told", args=[item.pk]))
    assert queries.publishable_items(bram).exists()
    taken = list((box_server.folder / "mail" / ".Koor").glob("cur/*"))
    assert len(taken) == 2


def test_a_reply_answers_and_a_stranger_waits(
    box_server: MailboxServer, bram: Person, marloes: Person, anneke: Person, visit: Visit
) -> None:
    actions.ask_colleagues(by=marloes, question="Who can show a heat pump?", people=[bram])
    box_server.put(letter(Mail.objects.get().reply_to, "At the Lindelaan.", known_as="1"), "1.koor.test")
    box_server.put(letter(OWN, "Your van.", jpeg(), sender="x@elsewhere.example", known_as="2"), "2.koor.test")
    box_server.put(letter(OWN, "Mine.", jpeg(), sender=anneke.email, known_as="3"), "3.koor.test")
    assert actions.read_mailbox(by=SYSTEM) == 3
    assert PromptAnswer.objects.get().sentence == "At the Lindelaan."
    states = dict(Letter.objects.values_list("sentence", "state"))
    assert (states["Your van."], states["Mine."]) == (LetterState.HELD, LetterState.ASKED)
    assert Mail.objects.filter(to=anneke.email, kind="hub.mailed").count() == 1
    assert "Your van." in visit(marloes).get(reverse("hub:held_letters")).content.decode()
    left = list((box_server.folder / "mail").glob("*/*.koor.test*"))
    assert len([file for file in left if file.parent.name in ("cur", "new")]) == 1  # the stranger's


def test_a_mailbox_that_is_gone_is_seen(box_server: MailboxServer, ada: Person, visit: Visit) -> None:
    box_server.__exit__()
    assert actions.read_mailbox(by=SYSTEM) == 0
    assert Mailbox.objects.get().problem == "away"
    assert "Nobody answers there" in visit(ada).get(reverse("hub:mailbox")).content.decode()
    box_server.__enter__()
    actions.read_mailbox(by=SYSTEM)
    assert Mailbox.objects.get().problem == ""
