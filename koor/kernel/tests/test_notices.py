"""A letter is written down first; what can't go is seen, tried again and in the end told."""

from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import DNS_NAME, EmailMessage

from koor.kernel import clock, identity, notices, plainly
from koor.kernel.access import NotFound
from koor.kernel.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(noon: datetime, settings: Any) -> Mail:
    settings.EMAIL_HOST = "mail.example"
    return notices.mail(to="els@example.org", subject="Kom\nerbij", text="Dag Els", kind="invitation")


def now(letter: Mail) -> Mail:
    return Mail.objects.get(pk=letter.pk)


def broken(self: object) -> None:
    raise OSError("nobody at the door")


def test_it_goes_once(letter: Mail) -> None:
    for _run in range(2):
        notices.send_mail(letter=letter.pk)
    (sent,) = outbox.outbox
    assert (sent.to, sent.subject, sent.body) == (["els@example.org"], "Kom erbij", "Dag Els")
    assert (now(letter).state, now(letter).problem, now(letter).next_at) == ("sent", "", None)
    with pytest.raises(NotFound):
        notices.try_again(letter.pk)


def test_a_letter_that_lets_somebody_in_is_not_kept_once_it_went(letter: Mail, settings: Any) -> None:
    way_in = notices.mail(to="ada@reurslag.example", subject="Sign in", text="Here", kind="x", off="/off", way_in=True)
    settings.EMAIL_HOST = ""
    notices.deliver(way_in.pk)
    assert now(way_in).text == "Here", "until it goes it may be handed over by hand"
    settings.EMAIL_HOST = "mail.example"
    with clock.fixed(clock.now() + timedelta(days=1)):
        notices.deliver(way_in.pk)
        notices.deliver(letter.pk)
    assert [one.body for one in outbox.outbox] == ["Here", "Dag Els"]
    assert (now(way_in).text, now(way_in).off, now(letter).text) == ("", "", "Dag Els")


def test_without_a_mail_server_it_waits_however_long(letter: Mail, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    for day in range(20):
        with clock.fixed(clock.now() + timedelta(days=day)):
            notices.sweep_mail(0)
    assert (now(letter).state, now(letter).attempts) == ("waiting", 20)
    assert "SMTP_HOST" in now(letter).problem
    assert not outbox.outbox


def test_what_does_not_go_is_tried_again_later_and_told_in_the_end(
    letter: Mail, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    notices.deliver(letter.pk)
    assert now(letter).problem == plainly.NOT_MADE
    assert now(letter).next_at == noon + timedelta(minutes=1)
    notices.deliver(letter.pk)  # not before its moment
    assert now(letter).attempts == 1
    for day in range(1, notices.TRIES):
        with clock.fixed(noon + timedelta(days=day)):
            notices.sweep_mail(0)
    assert (now(letter).state, now(letter).attempts, now(letter).next_at) == ("failed", notices.TRIES, None)
    assert notices.number_of_letters() == {"failed": 1}
    monkeypatch.undo()
    notices.try_again(letter.pk)
    with clock.fixed(noon):
        notices.deliver(letter.pk)
    assert now(letter).state == "sent"


def test_who_does_not_exist_is_told_at_once_and_who_may_come_later_is_tried_again(
    noon: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full mailbox, a list that makes strangers wait, or a server that does not want us: that may pass."""
    settings.EMAIL_HOST = "mail.example"
    answers = {
        "550 5.1.1 User unknown": "failed",
        "450 4.2.0 Greylisted": "waiting",
        "550 5.7.1 No relaying": "waiting",
    }
    for answer, state in answers.items():
        code, _, words = answer.partition(" ")

        def refuse(self: EmailMessage, code: str = code, words: str = words) -> None:
            raise SMTPRecipientsRefused({self.to[0]: (int(code), words.encode())})

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
        letter = notices.mail(to="els@example.org", subject="Kom", text="Dag", kind="invitation")
        notices.deliver(letter.pk)
        assert (now(letter).state, now(letter).problem) == (state, answer)


def test_a_mail_server_hears_the_name_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DNS_NAME, "_fqdn", "localhost", raising=False)
    for host, name in (("127.0.0.1", "localhost"), ("koor", "localhost"), ("koor.example.org", "koor.example.org")):
        notices.be_known_by(host)
        assert DNS_NAME.get_fqdn() == name


def test_a_house_that_was_copied_sends_only_what_lets_somebody_in(letter: Mail, settings: Any, tmp_path: Path) -> None:
    settings.KOOR_HOME = tmp_path
    identity.set_apart(tmp_path)
    notices.deliver(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, outbox.outbox) == ("waiting", 0, [])
    way_in = notices.mail(to="ada@reurslag.example", subject="Sign in", text="Here", kind=notices.SIGN_IN)
    notices.deliver(way_in.pk)
    assert [one.to for one in outbox.outbox] == [["ada@reurslag.example"]]
    identity.is_the_one(tmp_path)
    with clock.fixed(clock.now() + notices.HELD):
        notices.deliver(letter.pk)
    assert len(outbox.outbox) == 2
