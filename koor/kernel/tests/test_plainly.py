"""What a line met is said to people in plain words, in their language; what the system calls it is for the log."""

from __future__ import annotations

import errno
import logging
import smtplib
import socket
import ssl
from typing import Any

import pytest
from django.utils import translation

from koor.kernel import imap, notices, plainly, smtp
from koor.kernel.identity import COPIED, RESTORED
from koor.kernel.imap import MailboxTrouble, Server
from koor.kernel.models import Mail


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "whatever"
    return error


def behind(error: BaseException) -> Exception:
    try:
        try:
            raise error
        except BaseException as met:
            raise RuntimeError("[Errno 111] Connection refused") from met
    except RuntimeError as wrapped:
        return wrapped


def test_why_a_restored_house_is_held_is_said_in_the_language_of_the_page() -> None:
    """As `identity` and a restore write it down, without Django."""
    restored = f"{RESTORED}2026-11-21T09:30:00+00:00: look at what was due since then before you publish."
    with translation.override("nl"):
        assert plainly.in_words(COPIED).startswith("Dit huis")
        assert "2026-11-21, 09:30" in plainly.in_words(restored)
        assert plainly.in_words(restored).startswith("Teruggezet")
        assert plainly.in_words("Een brandoefening.") == "Een brandoefening."


MET = [
    (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), plainly.NO_NAME),
    (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), plainly.NOT_LOOKED_UP),
    (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), plainly.NOBODY),
    (OSError(errno.EHOSTUNREACH, "No route to host"), plainly.NO_WAY),
    (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), plainly.BROKE_OFF),
    (TimeoutError("timed out"), plainly.IN_TIME),
    (certificate(10), plainly.EXPIRED),
    (certificate(18), plainly.UNKNOWN_SIGNER),
    (certificate(62), plainly.OTHER_NAME),
    (certificate(1), plainly.CERTIFICATE),
    (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), plainly.NO_TLS),
    (OSError("something else"), plainly.NOT_MADE),
]


@pytest.mark.parametrize(("error", "words"), MET)
def test_said_plainly_also_from_behind(error: Exception, words: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert plainly.why(error, "mail.example") == plainly.why(behind(error)) == words
    assert f"mail.example: {type(error).__name__}: {error}" in caplog.text
    assert words in plainly.WORDS


def test_every_word_has_its_dutch() -> None:
    with translation.override("nl"):
        assert not [word for word in plainly.WORDS if plainly.in_words(word) == word]


def test_told_in_the_readers_language() -> None:
    sentence, refused = "The server could not be reached: %(answer)s", "a.example is not called: not a public address."
    with translation.override("nl"):
        assert plainly.told(sentence, {"answer": plainly.NOBODY}).startswith("De server was niet te bereiken: op dit")
        told = plainly.in_words(f"{refused} An administrator can allow it with KOOR_ALLOW_HOSTS.")
        assert told.startswith("Koor maakt geen verbinding met a.example")
        assert plainly.told("%(gone)s", {}) == "%(gone)s"
        sentence = "The server could not be reached."
        told = plainly.in_words(plainly.with_why(sentence, plainly.ANSWERED % {"status": 503}))
        assert told == "De server was niet te bereiken: de server antwoordt met een fout (503)."
        assert plainly.in_words(plainly.with_why(sentence, plainly.EXPIRED)).startswith(
            "De server was niet te bereiken: "
        )
        assert plainly.with_why(sentence, "what nobody says") == sentence
    assert plainly.told("It said %(said)s", {"said": "422 no"}) == "It said 422 no"


def test_a_mailbox_and_a_mail_server_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"127.0.0.1:{port}")
    server = Server("127.0.0.1", port, "us", "word")
    with pytest.raises(MailboxTrouble, match=plainly.NOBODY), imap.opened(server):
        pass
    with pytest.raises(smtp.NotTaken, match=plainly.NOBODY):
        smtp.look(server)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connection refused"), plainly.NOBODY),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), plainly.BROKE_OFF),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such user")}), "550 no such user"),
    ],
)
def test_a_letter_that_waits_says_why(
    db: None, error: Exception, words: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def sends(_letter: object) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", sends)
    settings.EMAIL_HOST = "mail.example"
    letter = notices.mail(to="a@b.example", subject="Dag", text="Dag", kind="test")
    notices.deliver(letter.pk)
    assert Mail.objects.get().problem == words
