"""An address of the house, the whole road: a letter through a real mailbox into a conversation, and the answer through
a real mail server; never twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from koor.connectors.mail import publish
from koor.flow.conversations import actions
from koor.flow.conversations.models import Conversation, Message
from koor.flow.hub.tests.conftest import jpeg
from koor.flow.listening import actions as listening
from koor.flow.listening.models import Enclosure, Mention, Source
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Target
from koor.ground.channels import actions as channels
from koor.ground.channels.choices import Health
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock, smtp
from koor.kernel.imap import STARTTLS, Server
from koor.kernel.smtp import NotTaken
from tests.peers import mail_server as mail_server_module
from tests.peers.mail_server import MailServer
from tests.peers.mailbox_server import PASSWORD, USER, MailboxServer

pytestmark = [pytest.mark.broad, pytest.mark.peers("dovecot"), pytest.mark.django_db]
OURS = "hallo@reurslag.example"


class Post(MailServer):
    """What it takes for our own address comes into the mailbox, as with one provider for both."""

    box: MailboxServer
    silent = 0  # times that it takes a letter and says nothing
    copies = True  # what goes to ourselves comes into the folder that is read

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = await super().handle_DATA(server, session, envelope)
        if OURS in envelope.rcpt_tos and self.copies:
            self.box.put(envelope.content)
        if self.silent:
            self.silent -= 1
            session.transport = None
            server.transport.abort()
        return said


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setattr(mail_server_module, "USER", USER)
    monkeypatch.setattr(mail_server_module, "PASSWORD", PASSWORD)
    server = Post(tmp_path)
    with MailboxServer(tmp_path) as box:
        server.box, server.certificate = box, box.certificate
        with server:
            monkeypatch.setenv("SSL_CERT_FILE", str(box.certificate))
            monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{box.places},{server.host}:{server.port}")
            yield server


@pytest.fixture
def account(post: Post, marloes: Person, house: object) -> Account:
    settings = {
        "address": OURS, "sender": "Reurslag", "user": USER, "imap_host": "localhost", "imap_port": str(post.box.port),
        "smtp_host": "localhost", "smtp_port": str(post.port), "smtp_secure": "starttls", "footer": "0570 12 34 56",
    }  # fmt: skip
    made = channels.add_account(
        by=marloes, connector="mail", name="hallo@", owner=marloes, purpose="service", settings=settings,
        secrets={"password": PASSWORD},
    )  # fmt: skip
    channels.look_at(made.pk)
    made.refresh_from_db()
    listening.listen_to_account(by=marloes, account_id=made.pk)
    return made


@pytest.fixture
def source(account: Account) -> Source:
    found = Source.objects.get(account=account)
    listening.fetch(found.pk)
    return found


def letter(text: str = "Boven blijft het koud.", **heads: str) -> EmailMessage:
    made = EmailMessage()
    usual = {
        "From": "Fatma Kaya <fatma@school.example>",
        "To": OURS,
        "Subject": "Verwarming",
        "Message-ID": "<a1@school.example>",
    }
    for name, said in (usual | {name.replace("_", "-"): said for name, said in heads.items()}).items():
        made[name] = said
    made.set_content(text)
    return made


def arrive(post: Post, source: Source, *letters: EmailMessage | bytes) -> None:
    for one in letters:
        post.box.put(one if isinstance(one, bytes) else one.as_bytes())
        time.sleep(0.002)
    listening.fetch(source.pk)
    for mention in Mention.objects.filter(message=None).order_by("pk"):
        actions.hear_all([mention.pk])


def answered(conversation: Conversation, by: Person, text: str = "Ik kom morgen langs.") -> Message:
    return actions.answer(by=by, conversation=conversation, text=text)


def test_the_account_works_and_says_as_whom(account: Account, post: Post, marloes: Person) -> None:
    assert (account.health, account.handle) == (Health.WELL, OURS)
    channels.change_secrets(by=marloes, account=account, secrets={"password": "wrong"})
    channels.look_at(account.pk)
    account.refresh_from_db()
    assert account.health == Health.TROUBLE
    assert "wrong" not in account.health_note + str(account.health_values)


def test_a_letter_becomes_a_conversation_and_the_answer_a_letter(
    post: Post, source: Source, account: Account, marloes: Person
) -> None:
    arrive(post, source, letter("Dag,\n\nBoven blijft het koud.\n\n-- \nFatma\nDirecteur"))
    talk = Conversation.objects.get()
    assert talk.contact is not None
    assert (talk.contact.name, talk.contact.handles.get().platform) == ("Fatma Kaya", "email")
    assert talk.messages.get().text == "Verwarming\n\nDag,\n\nBoven blijft het koud."
    assert talk.waiting_since is not None
    said = answered(talk, marloes)
    assert said.target is not None
    deliver(said.target.pk)
    sent = post.letters[0]
    assert Target.objects.get(pk=said.target.pk).state == "published"
    assert (sent["Subject"], sent["In-Reply-To"], sent["References"]) == (
        "Re: Verwarming",
        "<a1@school.example>",
    ) * 1 + ("<a1@school.example>",)
    assert f"{marloes.name} (Reurslag)" in sent["From"]
    assert OURS in sent["From"]
    body = sent.get_body().get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert body == f"Ik kom morgen langs.\n\n{marloes.name}\n\n-- \n0570 12 34 56\n"
    arrive(post, source)
    assert Mention.objects.count() == 1  # our own copy is no news


def test_the_answer_to_our_answer_goes_on_there_without_the_history(
    post: Post, source: Source, marloes: Person
) -> None:
    arrive(post, source, letter())
    said = answered(Conversation.objects.get(), marloes)
    assert said.target is not None
    deliver(said.target.pk)
    number = post.letters[0]["Message-ID"]
    back = letter(
        "Fijn, tot morgen.\n\nOp ma 23 nov. 2026 om 10:00 schreef Marloes\n<hallo@x.example>:\n> Ik kom morgen.\n",
        Message_ID="<a2@school.example>", In_Reply_To=number, References=f"<a1@school.example> {number}",
        Subject="Re: Verwarming",
    )  # fmt: skip
    arrive(post, source, back)
    talk = Conversation.objects.get()
    assert [one.text for one in talk.messages.order_by("pk")][-1] == "Fijn, tot morgen."


def test_the_same_letter_five_times_in_any_order(post: Post, source: Source) -> None:
    one, two = letter(), letter("En de kelder ook.", Message_ID="<a2@school.example>")
    arrive(post, source, two, one, two, one, one, two, two, one, two, one)
    post.box.forget_numbers()
    arrive(post, source)
    assert Message.objects.count() == 2
    assert Conversation.objects.count() == 1


def test_taken_without_a_word_is_found_and_not_sent_again(post: Post, source: Source, marloes: Person) -> None:
    arrive(post, source, letter())
    said = answered(Conversation.objects.get(), marloes)
    post.silent = 1
    assert said.target is not None
    deliver(said.target.pk)
    assert Target.objects.get(pk=said.target.pk).state == "unknown"
    with clock.fixed(clock.now() + timedelta(seconds=16)):
        deliver(said.target.pk)
    found = Target.objects.get(pk=said.target.pk)
    assert (found.state, len(post.letters)) == ("published", 1)
    assert found.remote_id == post.letters[0]["Message-ID"].strip("<>")


def test_where_no_copy_of_ours_comes_in_a_person_is_asked(post: Post, source: Source, marloes: Person) -> None:
    """A rule there moves what is from ourselves: that it is not to be found says nothing, and is never sent again."""
    arrive(post, source, letter())
    said = answered(Conversation.objects.get(), marloes)
    assert said.target is not None
    post.silent, post.copies = 1, False
    deliver(said.target.pk)
    for _look in range(90):
        row = Target.objects.get(pk=said.target.pk)
        if row.wake_at is None:
            break
        with clock.fixed(max(row.wake_at, clock.now())):
            deliver(row.pk)
    assert (Target.objects.get(pk=said.target.pk).state, len(post.letters)) == ("needs_person", 1)


def test_who_has_no_box_there_is_told_at_once(post: Post, source: Source, marloes: Person) -> None:
    arrive(post, source, letter())
    said = answered(Conversation.objects.get(), marloes)
    post.refuses.add("fatma@school.example")
    assert said.target is not None
    deliver(said.target.pk)
    assert (Target.objects.get(pk=said.target.pk).state, post.letters) == ("rejected", [])


def test_an_absence_is_shown_and_nobody_waits(post: Post, source: Source, marloes: Person) -> None:
    arrive(post, source, letter())
    said = answered(Conversation.objects.get(), marloes)
    assert said.target is not None
    deliver(said.target.pk)
    away = letter("Ik ben er maandag weer.", Message_ID="<a3@x>", Auto_Submitted="auto-replied",
                  In_Reply_To=post.letters[0]["Message-ID"])  # fmt: skip
    arrive(post, source, away, letter("Koop nu!", Message_ID="<l@x>", From="noreply@aanbod.example"))
    talk = Conversation.objects.get()
    assert (talk.waiting_since, talk.messages.filter(kind="automatic").count()) == (None, 1)
    assert len(post.letters) == 1
    assert answered(talk, marloes, "Goed om te weten.").target is not None


def test_by_the_website_and_by_a_list_each_is_somebody_of_their_own(
    post: Post, source: Source, marloes: Person
) -> None:
    """The website writes in our own name, or in nobody's; a list marks what people write as its own."""
    arrive(
        post, source,
        letter("Eén", Message_ID="<w1@x>", From=OURS, Reply_To="Els <els@school.example>"),
        letter("Twee", Message_ID="<w2@x>", From="noreply@site.example", Reply_To="piet@school.example"),
        letter("Drie", Message_ID="<w3@x>", From="Joost <joost@x.example>", List_Id="<hallo.reurslag.example>"),
        letter("Vier", Message_ID="<w4@x>"),
        letter("Vijf", Message_ID="<w5@x>", Reply_To="thief@evil.example"),
    )  # fmt: skip
    to = [answered(talk, marloes).target.options["to"] for talk in Conversation.objects.order_by("pk")]  # type: ignore
    assert to == [
        "els@school.example", "piet@school.example", "joost@x.example", "fatma@school.example", "thief@evil.example",
    ]  # fmt: skip


def test_a_letter_that_came_back_opens_the_question_again(post: Post, source: Source, marloes: Person) -> None:
    arrive(post, source, letter())
    said = answered(Conversation.objects.get(), marloes)
    assert said.target is not None
    deliver(said.target.pk)
    number = post.letters[0]["Message-ID"]
    bounce = (
        "From: MAILER-DAEMON@school.example\nTo: hallo@reurslag.example\nSubject: Undelivered\nMessage-ID: <b1@mx>\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThe box is full.\n\n--b\nContent-Type: message/delivery-status\n\n"
        "Final-Recipient: rfc822; fatma@school.example\nAction: failed\nStatus: 5.2.2\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {number}\nSubject: Re: Verwarming\n\n--b--\n"
    )
    arrive(post, source, bounce.encode())
    said.refresh_from_db()
    talk = Conversation.objects.get()
    assert said.failed
    assert talk.waiting_since is not None
    assert talk.messages.filter(kind="bounce").get().text.startswith("Undelivered")


def test_pictures_are_made_clean_and_others_are_named(post: Post, source: Source) -> None:
    with_files = letter()
    with_files.add_attachment(jpeg(), "image", "jpeg", filename="IMG_1.jpg")
    with_files.add_attachment(b"%PDF-1.7 ...", "application", "pdf", filename="../../offerte.pdf")
    with_files.add_attachment(b"MZ\x90\x00", "image", "png", filename="foto.png")
    with_files.add_attachment(b"<svg onload=alert(1)>", "image", "svg+xml", filename="logo.svg")
    arrive(post, source, with_files)
    for one in Enclosure.objects.exclude(upload=None):
        listening.open_enclosure(one.pk)
    shown = list(Enclosure.objects.select_related("file"))
    assert [(one.name, bool(one.file), bool(one.problem)) for one in shown] == [
        ("IMG_1.jpg", True, False), ("offerte.pdf", False, True), ("foto.png", False, True), ("logo.svg", False, True),
    ]  # fmt: skip
    assert shown[0].file is not None
    assert shown[0].file.mime == "image/jpeg"
    assert not shown[0].file.public


HOSTILE = [
    "<p>Hallo</p><script>alert(1)</script><img src=http://evil.example/p.gif onerror=alert(1)>",
    "<p>Hallo</p><iframe src=javascript:alert(1)></iframe><style>@import url(http://evil.example)</style>",
    "<p>Hal<b>lo</b></p><svg/onload=alert(1)><a href='javascript:alert(1)'></a>",
    "<p>Hallo</p>" + "<a " * 50_000,
    "<p>Hallo</p><!--[if mso]><object data=x></object><![endif]-->",
    "<P>Hallo<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
]


@pytest.mark.parametrize("page", HOSTILE)
def test_a_hostile_page_is_text(page: str, post: Post, source: Source) -> None:
    made = letter()
    made.set_content(page, subtype="html")
    arrive(post, source, made)
    text = Message.objects.get().text
    assert text.startswith("Verwarming\n\nHallo")
    assert "alert" not in text.replace("<img src=1 onerror=alert(1)>", "")
    assert "evil.example" not in text


def test_what_cannot_be_read_is_set_aside_and_can_be_let_in(post: Post, source: Source, marloes: Person) -> None:
    broken = b"From: Els <els@x.example>\nSubject: x\nContent-Type: text/plain" + b"; a=b" * 100_000 + b"\n\nx"
    arrive(post, source, broken, letter())
    event = source.events.get(state="quarantined")
    assert Message.objects.count() == 1
    listening.replay_event(by=marloes, event=event, body=event.body)
    mention = Mention.objects.get(author="Els")
    actions.hear_all([mention.pk])
    said = answered(Message.objects.get(mention=mention).conversation, marloes)
    assert said.target is not None
    deliver(said.target.pk)
    assert (post.letters[0]["To"], post.letters[0]["Subject"]) == ("els@x.example", "Re: x")


def test_a_letter_over_the_limit_is_told_by_its_beginning(post: Post, source: Source) -> None:
    large = letter().as_bytes() + b"\n" + (b"x" * 75 + b"\n") * 690_000
    arrive(post, source, large, letter("Nog een", Message_ID="<a9@school.example>"))
    assert Message.objects.count() == 2
    assert "50 MB" in Enclosure.objects.get().problem


def test_names_in_every_script(post: Post, source: Source) -> None:
    names = ["王小明", "Ναταλία Παπά", "محمد علي", "Zoë Ægir-Łuk", "🦊 Fox", "O'Brien; DROP TABLE", "<b>Bob</b>"]
    for number, name in enumerate(names):
        one = letter(Message_ID=f"<n{number}@x>")
        del one["From"]
        from email.headerregistry import Address

        one["From"] = Address(name, f"n{number}", "school.example")
        post.box.put(one.as_bytes())
        time.sleep(0.002)
    arrive(post, source)
    assert sorted(one.contact.name for one in Conversation.objects.select_related("contact") if one.contact) == sorted(
        names
    )


def test_the_mail_server_is_met_in_words(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def met(server: Server) -> str:
        with pytest.raises(NotTaken) as error:
            smtp.look(server, seconds=5)
        return error.value.code

    good = Server(post.host, post.port, USER, PASSWORD, STARTTLS)
    smtp.look(good)
    assert met(Server(post.host, post.port, USER, "another", STARTTLS)) == "login"
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    assert met(good) == "certificate"
    monkeypatch.delenv("KOOR_ALLOW_HOSTS")
    assert met(good) == "closed"


def test_a_line_with_a_dot_and_headers_in_a_name_arrive_as_they_are(
    post: Post, source: Source, marloes: Person
) -> None:
    arrive(
        post, source, letter(Subject="Koud\tboven", From='"Fatma\\"\\r\\nBcc: x@evil.example" <fatma@school.example>')
    )
    said = answered(Conversation.objects.get(), marloes, ".\n..\nBcc: x@evil.example\n\nTot morgen 👋")
    assert said.target is not None
    deliver(said.target.pk)
    sent = post.letters[0]
    assert sent["Bcc"] is None
    body = sent.get_body().get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert body.startswith(".\n..\nBcc: x@evil.example\n\nTot morgen 👋")
    assert publish.BEFORE in sent["Message-ID"]
