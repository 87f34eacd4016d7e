"""Mail without a server: how a letter is read, what an answer looks like, what trouble means."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from koor.connectors.mail import box, listen, publish
from koor.ground.channels.contract import Attempt, Batch, Because, Draft, Medium, Prepared, Session, Verdict
from koor.kernel import imap, letters, smtp
from koor.kernel.http import Unclear
from koor.kernel.imap import MailboxTrouble, Waiting
from koor.kernel.letter_text import fresh
from koor.kernel.smtp import NotTaken
from tests.connectors.scripted import Shut

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SETTINGS = {"address": "Hallo@Reurslag.example", "sender": "Reurslag", "user": "hallo", "smtp_host": "smtp.example"}
TO = {"to": "els@school.example", "subject": "Koud", "references": "a@x b@x"}
FRESH = [
    ("Hoi\n\nOp di 1 dec. 2026 schreef Bram <b@x.nl>:\n> oud\n> ouder", "Hoi"),
    ("Hoi\n\nOn Tue, Dec 1, 2026 at 10:00 AM Bram de Wit <b@x.nl>\nwrote:\n\n> old", "Hoi"),
    ("> Komt het uit?\nJa hoor.\n> En dinsdag?\nOok.", "Ja hoor.\nOok."),
    ("Hoi\n\n-----Oorspronkelijk bericht-----\nVan: Bram\nVerzonden: nu\n\noud", "Hoi"),
    ("Hoi\n\nVan: Bram <b@x>\nVerzonden: dinsdag 1 december\nAan: mij\nOnderwerp: RE: koud\n\noud", "Hoi"),
    ("Van: harte bedankt voor alles", "Van: harte bedankt voor alles"),
    ("Kom je?\n\n-- \nEls de Vries\nDirecteur\n0570", "Kom je?"),
    ("Kom je?\n\nVerstuurd vanaf mijn iPhone", "Kom je?"),
    ("Op maandag schreef ik al dat het koud is. Kom je?", "Op maandag schreef ik al dat het koud is. Kom je?"),
    ("--\nalleen een naam", "--\nalleen een naam"),
    (
        "---------- Forwarded message ---------\nFrom: x\n\nLees dit",
        "---------- Forwarded message ---------\nFrom: x\n\nLees dit",
    ),
    ("", ""),
]


def session(**more: str) -> Session:
    return Session(Shut(), 1, SETTINGS | more, {"password": "s3cret"}, now=NOON)


def attempt(text: str = "Ik kom morgen.", author: str = "Bram de Wit", **more: object) -> Attempt:
    draft = Draft(text, in_reply_to="b@x", options=TO, author=author, **more)  # type: ignore[arg-type]
    return Attempt(1, "f00" * 10, draft, Prepared(), NOON)


def heard(raw: bytes) -> object:
    return listen.incoming(session(), letters.read(raw), raw)


@pytest.mark.parametrize(("text", "new"), FRESH)
def test_what_is_new_in_a_letter(text: str, new: str) -> None:
    assert fresh(text) == new


@pytest.mark.parametrize(
    ("heads", "kind"),
    [
        ("", "direct"), ("Auto-Submitted: no\n", "direct"), ("Auto-Submitted: auto-replied\n", "automatic"),
        ("Precedence: bulk\n", "direct"), ("List-Id: <x>\nPrecedence: list\n", "direct"),
        ("List-Id: <x>\nPrecedence: list\nIn-Reply-To: <1@x>\n", "direct"), ("Feedback-ID: 1\n", "direct"),
        ("Precedence: bulk\nIn-Reply-To: <1@x>\n", "automatic"), ("Return-Path: <>\n", "automatic"),
        ("X-Autoreply: yes\n", "automatic"), ("From: noreply@shop.example\n", "automatic"),
        ("From: noreply@shop.example\nReply-To: els@x.example\n", "direct"),
        ("X-Auto-Response-Suppress: All\n", "direct"),
        ("Auto-Submitted: auto-generated\nReply-To: a@x.example\n", "automatic"),
    ],
)  # fmt: skip
def test_what_a_machine_sent_is_known(heads: str, kind: str) -> None:
    sender = "" if "From:" in heads else "From: Els <els@x.example>\n"
    found = heard(f"{sender}{heads}Subject: Koud\n\nHoi".encode())
    assert found.kind == kind  # type: ignore[attr-defined]
    assert bool(found.raw["answering"]) == (kind == "direct")  # type: ignore[attr-defined]


def test_an_answer_goes_where_they_want_it() -> None:
    found = heard(
        b"From: a@x.example\nReply-To: b@y.example\nSubject: Re: Koud\nMessage-ID: <2@x>\nReferences: <1@x>\n\nHoi"
    )
    assert found.raw["answering"] == {"to": "b@y.example", "subject": "Koud", "references": "1@x 2@x"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sender", "reply_to", "author", "handle"),
    [
        ("Website <www@site.example>", "Els Roelvink <els@school.example>", "Els Roelvink", "els@school.example"),
        ("Website <www@site.example>", "piet@school.example", "piet@school.example", "piet@school.example"),
        ("Els <els@school.example>", "thief@evil.example", "thief@evil.example", "thief@evil.example"),
        ("Site <hallo@reurslag.example>", "Els <els@school.example>", "Els", "els@school.example"),
        ("Els <els@school.example>", "hallo@reurslag.example", "Els", "els@school.example"),
        ("Els <els@school.example>", "a@x.example, b@x.example", "Els", "els@school.example"),
        ("Els <els@school.example>", "nobody", "Els", "els@school.example"),
    ],
)
def test_who_wrote_is_who_gets_the_answer(sender: str, reply_to: str, author: str, handle: str) -> None:
    found = heard(f"From: {sender}\nReply-To: {reply_to}\nSubject: Koud\n\nHoi".encode())
    assert (found.author, found.handle, found.raw["answering"]["to"]) == (author, handle, handle)  # type: ignore[attr-defined]


def report(
    action: str, to: str, kind: str = "delivery-status", more: str = "", third: str = "text/rfc822-headers"
) -> bytes:
    return (
        "From: MAILER-DAEMON@x.example\nTo: hallo@reurslag.example\nSubject: Report\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nWhat happened.\n\n"
        f"--b\nContent-Type: message/{kind}\n\nReporting-MTA: dns; mx.x.example\n\n"
        f"Final-Recipient: rfc822; {to}\n{more}Action: {action}\n\n"
        f"--b\nContent-Type: {third}\n\nMessage-ID:\n <koor.1@reurslag.example>\nSubject: Re: Koud\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (report("failed", "els@school.example"), "bounce"),
        (report("Failed", "Els@School.example", third="message/rfc822"), "bounce"),
        (report("delayed", "els@school.example"), "automatic"),
        (report("delivered", "els@school.example"), "automatic"),
        (report("displayed", "els@school.example", "disposition-notification"), "automatic"),
        (report("failed", "els@school.example", "disposition-notification"), "automatic"),
        (report("failed", "Hallo@Reurslag.example"), "automatic"),
        (report("failed", "dead@else.example", more="Original-Recipient: rfc822;hallo@reurslag.example\n"),
         "automatic"),
        (report("failed", "dead@else.example").replace(b"Subject: Re", b"Delivered-To: hallo@reurslag.example\nX: Re"),
         "automatic"),
        (report("failed", "hallo@reurslag.example", more="Action: failed\n\nFinal-Recipient: rfc822; els@x.example\n"),
         "bounce"),
    ],
)  # fmt: skip
def test_only_what_a_server_gave_up_for_somebody_else_came_back(raw: bytes, kind: str) -> None:
    found = heard(raw)
    assert (found.kind, found.in_reply_to) == (kind, "koor.1@reurslag.example")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "gone"),
    [("5.1.1", True), ("5.1.10 (no such)", True), ("5.2.1", True), ("5.2.2", False), ("5.7.1", False), ("4.1.1", False),
     ("5.1.12", False), ("", False)],
)  # fmt: skip
def test_whether_the_address_is_not_there_any_more(status: str, gone: bool) -> None:
    assert heard(report("failed", "els@school.example", more=f"Status: {status}\n")).raw["gone"] is gone  # type: ignore[attr-defined]
    assert heard(report("delayed", "els@school.example", more=f"Status: {status}\n")).raw["gone"] is False  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "not_now"),
    [("4.4.7", "4.4.7"), ("4.4.7 (late)", "4.4.7"), ("5.2.2", "5.2.2"), ("5.4.1", "5.4.1"), ("5.1.1", ""),
     ("5.7.1", ""), ("4.4.7000", ""), ("", "")],
)  # fmt: skip
def test_what_was_given_up_for_now(status: str, not_now: str) -> None:
    beside = heard(report("failed", "els@school.example", more=f"Status: {status}\n")).raw  # type: ignore[attr-defined]
    assert beside["not_now"] == not_now


def test_the_letter_is_the_same_over_all_attempts_and_signed_once() -> None:
    one = publish.written(session(), attempt())
    assert one == publish.written(session(), attempt())
    assert one.count(b"Bram de Wit") == 2  # as the sender, and below the text
    assert publish.written(session(), attempt("Tot morgen.\n\nGroet, Bram")).count(b"Bram de Wit") == 1
    assert b"Subject: Re: Koud" in one
    assert b"In-Reply-To: <b@x>" in one


@pytest.mark.parametrize("bad", ["els@x\r\nBcc: e@evil.example", "els@x, e@evil.example", "<els@x.example>", "els", ""])
def test_an_address_that_is_none_is_refused(bad: str) -> None:
    prepared = publish.prepare(session(), Draft("Hoi", in_reply_to="1", options=TO | {"to": bad}))
    assert prepared.because is Because.REJECTED


def test_files_that_are_too_heavy_are_refused() -> None:
    heavy = tuple(Medium(b"x" * 9_000_000) for _n in range(2))
    assert publish.prepare(session(), Draft("Hoi", heavy, in_reply_to="1", options=TO)).problem


class FakeBox:
    """A mailbox that gives these letters, or the trouble that stands for one."""

    validity, following = 7, 9

    def __init__(self, *said: bytes | MailboxTrouble) -> None:
        self.said = dict(enumerate(said, 1))

    def after(self, uid: int, _most: int) -> list[Waiting]:
        return [Waiting(number, 100) for number in self.said if number > uid]

    def letter(self, uid: int) -> bytes:
        said = self.said[uid]
        if isinstance(said, MailboxTrouble):
            raise said
        return said


HELLO = b"From: els@x.example\n\nHoi"


def fetched(monkeypatch: pytest.MonkeyPatch, *said: bytes | MailboxTrouble) -> Batch:
    monkeypatch.setattr(imap, "opened", lambda *_a, **_n: nullcontext(FakeBox(*said)))
    return listen.fetch(session(), '{"validity": 7, "uid": 0}', {})


def test_what_was_read_before_the_trouble_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fetched(monkeypatch, HELLO, HELLO, MailboxTrouble("broke", "50 s"), HELLO)
    assert (len(found.items), found.cursor, found.more, found.problem) == (2, str(listen.Place(7, 2)), True, "")
    found = fetched(monkeypatch, MailboxTrouble("broke", "50 s"), HELLO)
    assert (found.items, found.cursor, found.problem) == ((), '{"validity": 7, "uid": 0}', box.NOT_NOW)


def test_a_letter_that_the_server_does_not_give_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fetched(monkeypatch, MailboxTrouble("letter", "corrupt"), HELLO)
    assert (len(found.items), found.cursor) == (1, str(listen.Place(7, 2)))
    assert [(one.external_id, one.reason) for one in found.broken] == [("7:1", listen.SENTENCES["letter"])]


@pytest.mark.parametrize(
    ("good", "said", "code"),
    [
        ("NO", b"[EXPUNGEISSUED] gone", "letter"), ("NO", b"corrupt", "letter"),
        ("NO", b"[UNAVAILABLE] later", "broke"), ("NO", b"[throttled] slow down", "broke"), ("BAD", b"what", "broke"),
    ],
)  # fmt: skip
def test_only_a_letter_that_stays_away_is_passed(good: str, said: bytes, code: str) -> None:
    class Line:
        def uid(self, *_asked: str) -> tuple[str, list[bytes]]:
            return good, [said]

    opened = imap.Box.__new__(imap.Box)
    opened.line = Line()  # type: ignore[assignment]
    with pytest.raises(MailboxTrouble) as trouble:
        opened.letter(3)
    assert trouble.value.code == code


def test_what_is_let_in_by_hand_can_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"From: Els <els@x.example>\r\nSubject: Re: =?utf-8?q?Koud?=\r\nMessage-ID:\r\n <1@x>\r\n"
    found = fetched(
        monkeypatch, raw + b"Content-Type: text/plain" + b"; a=b" * 100_000 + b"\r\n\r\nFrom: me@x.example"
    ).broken[0]
    line = json.loads(found.raw)
    assert (line["author"], line["raw"]["answering"]) == (
        "Els", {"to": "els@x.example", "subject": "Koud", "references": "1@x"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("trouble", "verdict", "because"),
    [
        (NotTaken("away", "s3cret"), Verdict.DEFINITELY_NOT, Because.NOT_REACHED),
        (NotTaken("later", "451 s3cret"), Verdict.DEFINITELY_NOT, Because.NOT_REACHED),
        (NotTaken("login", "535 s3cret"), Verdict.DEFINITELY_NOT, Because.AUTH),
        (NotTaken("certificate"), Verdict.DEFINITELY_NOT, Because.AUTH),
        (NotTaken("no", "550 s3cret"), Verdict.DEFINITELY_NOT, Because.REJECTED),
        (Unclear("s3cret did not answer"), Verdict.UNKNOWN, Because.NONE),
    ],
)
def test_what_trouble_proves(
    trouble: Exception, verdict: Verdict, because: Because, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_a: object, **_n: object) -> None:
        raise trouble

    monkeypatch.setattr(smtp, "deliver", fails)
    outcome = publish.send(session(), attempt())
    assert (outcome.verdict, outcome.because) == (verdict, because)
    assert "s3cret" not in outcome.answer


def test_an_address_in_the_house_is_not_called() -> None:
    found = listen.fetch(session(imap_host="127.0.0.1"), "x", {"kind": "inbox"})
    assert (found.because, found.cursor) == (Because.REJECTED, "x")
    assert "KOOR_ALLOW_HOSTS" in found.problem
    assert publish.find(session(imap_host="127.0.0.1"), attempt()).why  # type: ignore[union-attr]
