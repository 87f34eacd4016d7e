"""A letter as it is written, and what a mail server's answers mean. The way over a real one: publishing's own tests."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest

from koor.connectors.newsletter import check, publish, readers
from koor.ground.channels.contract import Attempt, Because, Copy, Draft, Medium, Prepared, Seen, Session, Verdict
from koor.kernel.http import Door
from koor.kernel.smtp import NotTaken
from tests.peers.mail_server import PASSWORD, USER, MailServer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OFF = "https://koor.reurslag.example/newsletter/stop/abc/"


def session(**more: str) -> Session:
    settings = {"address": USER, "sender": 'Reurslag "& co"\nBcc: x@y.example', "footer": "Reurslag\n<Zutphen>", **more}
    return Session(Door(allow=frozenset()), 1, settings, {"password": PASSWORD}, now=NOON)


def copy(draft: Draft, to: str = "els@school.example") -> Copy:
    return Copy("koor.letter.7.abcdefghij", to, draft, OFF, "Stop", "Omdat je erom vroeg.", NOON)


def written(draft: Draft, **more: str) -> EmailMessage:
    letter = BytesParser(policy=default).parsebytes(readers.written(session(**more), copy(draft)))
    assert isinstance(letter, EmailMessage)
    return letter


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


class TestLetter:
    def test_text_and_page_with_its_pictures_inside(self) -> None:
        picture = Medium(b"\x89PNG", "image/png", 'Een "punt"', "1.png")
        letter = written(
            Draft("Dag <b>\n\nZie https://x.example/?a=1&b=2", (picture,), title="Kop", link="https://y.example/")
        )
        page = part(letter, "html")
        assert "Dag &lt;b&gt;" in page
        assert '<a href="https://x.example/?a=1&amp;b=2">' in page
        assert 'alt="Een &quot;punt&quot;"' in page
        assert "http://" not in page.replace("https://", "")
        [inside] = [one for one in letter.walk() if one.get_content_type() == "image/png"]
        assert f"cid:{str(inside['Content-ID']).strip('<>')}" in page
        assert '[Een "punt"]' in part(letter, "plain")
        assert part(letter, "plain").replace("\r\n", "\n").rstrip().endswith("Reurslag\n<Zutphen>")

    def test_nothing_in_it_becomes_a_header(self) -> None:
        letter = written(Draft("Kop\r\nBcc: x@y.example\r\n\r\nTekst", title="A\nBcc: x@y.example"))
        assert letter["Bcc"] is None
        assert str(letter["Subject"]) == "A Bcc: x@y.example"
        assert letter["From"].addresses[0].addr_spec == USER

    def test_the_way_out(self) -> None:
        letter = written(Draft("Kop\n\nTekst"))
        assert str(letter["List-Unsubscribe"]) == f"<{OFF}>"
        assert str(letter["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
        assert OFF in part(letter, "plain")
        assert OFF in part(letter, "html")

    def test_the_same_over_all_tries_but_for_its_seams(self) -> None:
        one, two = written(Draft("Kop")), written(Draft("Kop"))
        assert dict(one.items())["Message-ID"] == dict(two.items())["Message-ID"]
        assert (part(one, "html"), one["Date"]) == (part(two, "html"), two["Date"])

    @pytest.mark.parametrize("text", ["😀" * 500, "‮regel", "\u200b" * 300 + "x", "x" * 5000, "é\r\n.\r\nQUIT"])
    def test_any_text(self, text: str) -> None:
        letter = written(Draft(text))
        assert len(str(letter["Subject"])) <= readers.SUBJECT
        assert all(len(line) < 999 for line in readers.written(session(), copy(Draft(text))).split(b"\r\n"))


class TestIssue:
    def test_nothing_leaves_the_house(self) -> None:
        made = Attempt(1, "key", Draft("Dag"), Prepared(), NOON)
        first, again = publish.send(session(), made), publish.send(session(), made)
        assert (first.verdict, first.remote_id) == (Verdict.DONE, again.remote_id)
        assert publish.find(session(), made) == Seen(first.remote_id)

    def test_what_does_not_fit(self) -> None:
        large = tuple(Medium(b"x" * 2_900_000, "image/png") for _number in range(3))
        assert publish.prepare(session(), Draft("Dag", large)).because is Because.REJECTED
        assert publish.prepare(session(), Draft("Dag", in_reply_to="x")).because is Because.REJECTED


@pytest.mark.parametrize(
    ("answer", "nobody"),
    [
        ("RCPT: 550 5.1.1 user unknown", True),
        ("RCPT: 550 nobody of that name here", True),
        ("RCPT: 550 5.1.10 no such recipient", True),
        ("RCPT: 553 sorry, no mailbox here", True),
        ("RCPT: 550 No Such User Here", True),
        ("RCPT: 550 5.1.1 The email account that you tried to reach does not exist. Please try again", True),
        ("RCPT: 550 Unrouteable address", False),
        ("RCPT: 550 Domain x.example has exceeded the max emails per hour (100/100) allowed. Message discarded", False),
        ("RCPT: 550 Sender verify failed", False),
        ("RCPT: 550 Verification failed for <koor@x.example> No Such User Here Sender verify failed", False),
        ("RCPT: 550 Access denied", False),
        ("RCPT: 550 Message rejected: DKIM", False),
        ("RCPT: 553 Sender address rejected: not owned by user", False),
        ("RCPT: 550 5.7.1 message blocked: no such user", False),
        ("RCPT: 550 rejected: spam", False),
        ("RCPT: 550 relay not permitted", False),
        ("RCPT: 552 5.2.2 mailbox full", False),
        ("RCPT: 450 4.1.1 try later", False),
        ("MAIL: 550 5.1.1 user unknown", False),
        ("DATA: 550 5.1.1 user unknown", False),
        ("550 5.1.1 user unknown", False),
        ("5.1.1", False),
        ("", False),
    ],
)
def test_who_is_not_there(answer: str, nobody: bool) -> None:
    assert readers.is_nobody(answer) == nobody


@pytest.mark.parametrize(
    ("answer", "not_now"),
    [
        ("RCPT: 450 4.2.0 mailbox busy", True),
        ("RCPT: 451 wait", False),
        ("RCPT: 452 mailbox full", True),
        ("RCPT: 451 4.3.0 Temporary lookup failure", False),
        ("RCPT: 450 4.4.1 no route to host", False),
        ("RCPT: 450 4.1.8 sender address rejected: domain not found", False),
        ("RCPT: 450 4.2.1 receiving mail at a rate that is too high", False),
        ("RCPT: 450 4.2.0 Greylisted", False),
        ("RCPT: 452 4.2.2 mailbox full", True),
        ("RCPT: 552 5.2.2 mailbox full", True),
        ("RCPT: 450 4.7.1 greylisted", False),
        ("RCPT: 550 5.1.1 user unknown", False),
        ("MAIL: 450 slow down", False),
        ("DATA: 451 wait", False),
        ("gone", False),
    ],
)
def test_who_takes_no_letters_now(answer: str, not_now: bool) -> None:
    assert readers.is_not_now(answer) == not_now


@pytest.mark.parametrize(
    ("error", "because", "answer"),
    [
        (NotTaken("no", "550 s3", "RCPT"), Because.REJECTED, "RCPT: 550 s3"),
        (NotTaken("later", "451 wait", "RCPT"), Because.NOT_REACHED, "RCPT: 451 wait"),
        (NotTaken("no", "553 Sender address rejected: not owned by user", "MAIL"), Because.AUTH, "MAIL: 553 Sender"),
        (NotTaken("later", "450 slow down", "MAIL"), Because.RATE, "MAIL: 450 slow"),
        (
            NotTaken("no", "550 Domain x has exceeded the max emails per hour", "DATA"),
            Because.RATE,
            "DATA: 550",
        ),
        (NotTaken("no", "550 too many messages from you", "RCPT"), Because.RATE, "RCPT: 550"),
        (NotTaken("no", "552 5.2.2 mailbox full, quota exceeded", "RCPT"), Because.REJECTED, "RCPT: 552"),
        (NotTaken("no", "550 Message rejected: DKIM", "DATA"), Because.REJECTED, "DATA: 550"),
        (NotTaken("away", "gone"), Because.RATE, "gone"),
        (NotTaken("later", "454 busy"), Because.RATE, "454 busy"),
    ],
)
def test_whose_trouble_a_refusal_is(
    error: NotTaken, because: Because, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(readers.smtp, "deliver", refuse)
    found = readers.post(session(), copy(Draft("Dag")))
    assert (found.verdict, found.because) == (Verdict.DEFINITELY_NOT, because)
    assert found.answer.startswith(answer)


def test_a_real_server(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.certificate))
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"localhost:{mail_server.port}")
    there = {"smtp_host": "localhost", "smtp_port": str(mail_server.port), "smtp_secure": "starttls", "user": USER}
    assert check.check(session(**there)).handle == USER
    assert check.check(session(**there, address="geen")).because is Because.REJECTED
    assert readers.post(session(**there), copy(Draft("Dag"))).verdict is Verdict.DONE
    mail_server.refuses.add("piet@school.example")
    outcome = readers.post(session(**there), copy(Draft("Dag"), "piet@school.example"))
    assert (outcome.verdict, readers.is_nobody(outcome.answer)) == (Verdict.DEFINITELY_NOT, True)
    wrong = Session(Door(), 1, session(**there).settings, {"password": "wrong"})
    outcome = readers.post(wrong, copy(Draft("Dag")))
    assert (outcome.because, "wrong" in outcome.answer) == (Because.AUTH, False)
    assert [str(one["To"]) for one in mail_server.letters] == ["els@school.example"]


def test_a_server_that_is_away_or_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KOOR_ALLOW_HOSTS", raising=False)
    outcome = readers.post(session(smtp_host="localhost", smtp_port="465"), copy(Draft("Dag")))
    assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.AUTH)
