"""Reading a mailbox of a real IMAP server: over TLS, by its numbers, and in words when it does not go."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from koor.kernel import clock
from koor.kernel.imap import STARTTLS, MailboxTrouble, Server, opened
from tests.peers.mailbox_server import MailboxServer

pytestmark = pytest.mark.peers("dovecot")
LETTER = b"Subject: %d\r\n\r\nThe letter itself.\r\n"


@pytest.fixture
def box_server(mailbox_server: MailboxServer, monkeypatch: pytest.MonkeyPatch) -> MailboxServer:
    monkeypatch.setenv("SSL_CERT_FILE", str(mailbox_server.certificate))
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", mailbox_server.places)
    return mailbox_server


def met(server: Server, folder: str = "INBOX") -> str:
    with pytest.raises(MailboxTrouble) as error, opened(server, folder, seconds=10):
        pass
    return error.value.code


@pytest.mark.parametrize("secure", ["tls", "starttls"])
def test_letters_are_read_by_number_and_stay_unread(box_server: MailboxServer, secure: str) -> None:
    for number in (1, 2, 3):
        box_server.put(LETTER % number, f"{number}.koor.test")
    with opened(box_server.server(secure)) as box:
        assert (box.following, [one.uid for one in box.after(0)]) == (4, [1, 2, 3])
        assert [(one.uid, one.size) for one in box.after(2)] == [(3, len(LETTER % 3))]
        assert box.after(3) == []
        assert box.letter(1) == LETTER % 1
        assert box.head(1) == b"Subject: 1\r\n\r\n"
        assert box.letter(99) == b""
        assert len(box.since(clock.now().date() - timedelta(days=2))) == 3
    assert all("S" not in file.name.partition(":2,")[2] for file in (box_server.folder / "mail").glob("*/*.koor.test*"))


def test_a_letter_is_moved_to_a_folder_that_is_made_for_it(box_server: MailboxServer) -> None:
    box_server.put(LETTER % 1)
    with opened(box_server.server()) as box:
        first = box.validity
        box.move(1, "Koor & gelezen é")
        assert box.after(0) == []
    with opened(box_server.server(), "Koor & gelezen é") as box:
        assert box.letter(1) == LETTER % 1
    with opened(box_server.server()) as box:
        assert box.validity == first


def test_without_move_it_is_copied_and_taken_away(box_server: MailboxServer) -> None:
    box_server.put(LETTER % 1)
    with opened(box_server.server()) as box:
        box.line.capabilities = tuple(one for one in box.line.capabilities if one != "MOVE")
        box.move(1, "Koor")
        assert box.after(0) == []


def test_what_does_not_go_is_said(box_server: MailboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert met(box_server.server(password="another")) == "login"
    assert met(box_server.server(), "Nowhere") == "folder"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{box_server.places},localhost:{nobody}")
    assert met(Server("localhost", nobody, "x", "y")) == "away"
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", "/nonexistent")
    assert met(box_server.server()) == "certificate"
    assert met(box_server.server(STARTTLS)) == "certificate"
    monkeypatch.delenv("KOOR_ALLOW_HOSTS")
    assert met(box_server.server()) == "closed"
