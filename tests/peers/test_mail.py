"""Letters of the house through a real mail server: over TLS, with a password, and what happens when it says no."""

from typing import Any

import pytest

from koor.kernel import notices, plainly
from koor.kernel.models import Mail
from tests.peers.mail_server import PASSWORD, USER, MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def through(mail_server: MailServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """The house knows this server, as with SMTP_HOST and what belongs to it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.certificate))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail_server.host, mail_server.port
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = True, 5
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, PASSWORD
    settings.DEFAULT_FROM_EMAIL = f"Reurslag <{USER}>"
    return mail_server


def sent(text: str = "Kom binnen: https://koor.example/é\n", to: str = "jelle@reurslag.example") -> Mail:
    letter = notices.mail(to=to, subject="Je plek bij Reurslag – één klik", text=text, kind="invitation")
    notices.deliver(letter.pk)
    letter.refresh_from_db()
    return letter


def test_a_letter_arrives_whole(through: MailServer) -> None:
    assert sent().state == Mail.State.SENT
    (letter,) = through.letters
    assert letter["to"] == "jelle@reurslag.example"
    assert letter["from"] == f"Reurslag <{USER}>"
    assert letter["subject"] == "Je plek bij Reurslag – één klik"
    assert letter.get_content().replace("\r\n", "\n") == "Kom binnen: https://koor.example/é\n"


def test_it_goes_once(through: MailServer) -> None:
    notices.deliver(sent().pk)
    assert len(through.letters) == 1


def test_a_wrong_password_is_seen_and_the_letter_waits(through: MailServer, settings: Any) -> None:
    settings.EMAIL_HOST_PASSWORD = "another"
    letter = sent()
    assert letter.state == Mail.State.WAITING
    assert letter.problem.startswith("535 ")
    assert "another" not in letter.problem
    assert through.letters == []


def test_an_address_that_is_not_there_is_seen(through: MailServer) -> None:
    through.refuses.add("gone@reurslag.example")
    letter = sent(to="gone@reurslag.example")
    assert letter.state == Mail.State.WAITING
    assert "nobody of that name here" in letter.problem


def test_a_certificate_of_a_stranger_is_not_believed(through: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", "/nonexistent")
    assert sent().problem == plainly.UNKNOWN_SIGNER
    assert through.letters == []


def test_nothing_listens_so_the_letter_waits_and_goes_later(through: MailServer, settings: Any) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 9  # discard(9): nobody listens there
    letter = sent()
    assert letter.state == Mail.State.WAITING
    settings.EMAIL_PORT = there
    notices.try_again(letter.pk)
    notices.deliver(letter.pk)
    assert len(through.letters) == 1
