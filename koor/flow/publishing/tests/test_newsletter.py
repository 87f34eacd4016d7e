"""Asked for and agreed to, each issue once for each reader, stopped with one tap: over a real mail server."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from koor.flow.publishing import actions
from koor.flow.publishing.actions import newsletter, posting_letters
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Letter, Reader, Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels import actions as channels
from koor.ground.channels import queries as channel_queries
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock, locks
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry, Mail
from tests.peers.mail_server import PASSWORD, USER, MailServer

LIST = "Els <els@school.example>\nelfi@school.example\nPIET@school.example,\ngeen adres\nels@school.example"
ON_PAPER = "Paper list at the open day of 3 October"


@pytest.fixture
def post_office(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.certificate))
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"localhost:{mail_server.port}")
    return mail_server


@pytest.fixture
def letters(post_office: MailServer, account: Callable[..., Account]) -> Account:
    """The newsletter of the house."""
    server = {"smtp_host": "localhost", "smtp_port": str(post_office.port), "smtp_secure": "starttls", "user": USER}
    settings = {"address": USER, "sender": "Reurslag", "footer": "Reurslag\nZutphen", "pace": "6000", **server}
    return account("Nieuwsbrief", "newsletter", settings=settings, secrets={"password": PASSWORD})


@pytest.fixture
def readers(letters: Account, marloes: Person) -> Account:
    """With three people who asked for it."""
    said = ["els@school.example", "elfi@school.example", "piet@school.example"]
    actions.bring_in_readers(by=marloes, account=letters, lines=said, proof=ON_PAPER)
    return letters


def test_the_newsroom_leads_to_it(noon: datetime, letters: Account, visit: Callable[..., Client]) -> None:
    assert f'href="/newsletter/{letters.pk}/"' in visit(None).get("/newsroom/").content.decode()


def up(
    released: Callable[..., Target], account: Account, text: str = "Acht lokalen warm\n\nZie https://x.example/?a=1&b"
) -> Target:
    """An issue that is up, with its letters waiting."""
    target = released(text, account)
    deliver(target.pk)
    posting_letters.begin_issue(target.pk)
    assert again(target).state == "published"
    return again(target)


def forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")


def jobs_at() -> list[datetime | None]:
    """When letters go on."""
    with connection.cursor() as cursor:
        cursor.execute("select scheduled_at from procrastinate_jobs where task_name like '%%post_letters'")
        return [when for (when,) in cursor.fetchall()]


def states(target: Target) -> dict[str, str]:
    return dict(Letter.objects.filter(target=target).values_list("reader__address", "state"))


class TestAsking:
    def ask(self, client: Client, account: Account, address: str, **more: Any) -> Any:
        return client.post(reverse("publishing:ask_for_newsletter", args=[account.pk]), {"address": address, **more})

    def test_nothing_before_they_said_yes_themselves(self, client: Client, letters: Account) -> None:
        assert self.ask(client, letters, "Els@School.example").status_code == 302
        row, mail = Reader.objects.get(), Mail.objects.get()
        assert (row.address, row.state, mail.to) == ("els@school.example", "asked", "els@school.example")
        path = re.search(r"/newsletter/yes/\S+", mail.text)
        assert path is not None
        assert client.get(path[0]).status_code == 200
        assert Reader.objects.get().state == "asked", "a machine that looks at links says nothing"
        client.post(path[0])
        row.refresh_from_db()
        assert (row.state, row.confirmed_at is not None) == ("reading", True)
        assert client.post(path[0]).status_code == 200

    def test_in_the_language_that_they_choose(self, client: Client, letters: Account) -> None:
        self.ask(client, letters, "els@school.example")
        row = Reader.objects.get()
        path = reverse("publishing:stop_newsletter", args=[row.token])
        said = {lang: client.get(f"{path}?lang={lang}").content.decode() for lang in ("nl", "en")}
        assert ("Stop it" in said["en"], "Stop ermee" in said["nl"]) == (True, True)

    def test_nobody_learns_who_is_on_it(self, client: Client, readers: Account) -> None:
        known, unknown = (self.ask(client, readers, address) for address in ("els@school.example", "wie@x.example"))
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert [mail.to for mail in Mail.objects.all()] == ["wie@x.example"]

    def test_asked_ten_times_written_to_once(self, client: Client, letters: Account, noon: datetime) -> None:
        for _time in range(10):
            self.ask(client, letters, "els@school.example")
        assert Mail.objects.count() == 1
        with clock.fixed(noon + timedelta(hours=2)):
            self.ask(client, letters, "els@school.example")
        assert Mail.objects.count() == 2

    def test_too_many_from_one_place(self, client: Client, letters: Account) -> None:
        found = [self.ask_from(client, letters, f"a{number}@x.example").status_code for number in range(7)]
        assert found == [302] * 5 + [429] * 2
        assert Mail.objects.count() == 5

    def ask_from(self, client: Client, account: Account, address: str) -> Any:
        path = reverse("publishing:ask_for_newsletter", args=[account.pk])
        return client.post(path, {"address": address}, REMOTE_ADDR="93.184.216.34")

    def test_machines_and_nonsense(self, client: Client, letters: Account) -> None:
        assert self.ask(client, letters, "els@school.example", website="x").status_code == 302
        assert self.ask(client, letters, "els").status_code == 422
        assert not Reader.objects.exists()
        assert client.get("/newsletter/999999/").status_code == 404
        dead = client.get("/newsletter/yes/nonsense/")
        assert dead.status_code == 410
        assert f'href="/newsletter/{letters.pk}/?lang=' in dead.text
        assert client.post("/newsletter/stop/nonsense/").status_code == 200

    def test_a_yes_after_they_stopped_is_none(self, readers: Account) -> None:
        """From an old letter: they can ask for it anew."""
        row = Reader.objects.get(address="els@school.example")
        assert actions.stop_newsletter(by=SYSTEM, token=row.token) == actions.stop_newsletter(token=row.token)
        assert AuditEntry.objects.filter(verb="publishing.end_newsletter").count() == 1
        assert actions.say_yes(token=row.token) is None
        with pytest.raises(Refused):
            actions.ask_for_newsletter(account=readers, address="els@", language="nl", whence="")
        row.refresh_from_db()
        assert row.state == "ended"

    def test_who_says_nothing_is_forgotten(self, client: Client, letters: Account, noon: datetime) -> None:
        self.ask(client, letters, "els@school.example")
        assert newsletter.forget_who_did_not_say_yes() == 0
        with clock.fixed(noon + timedelta(days=15)):
            assert newsletter.forget_who_did_not_say_yes() == 1

    def test_an_account_that_is_no_newsletter(self, client: Client, stage: Account) -> None:
        assert client.get(reverse("publishing:ask_for_newsletter", args=[stage.pk])).status_code == 404


class TestList:
    def test_with_proof_only(self, letters: Account, marloes: Person, rob: Person) -> None:
        with pytest.raises(Refused):
            actions.bring_in_readers(by=marloes, account=letters, lines=["a@x.example"], proof="ja")
        with pytest.raises(Forbidden):
            actions.bring_in_readers(by=rob, account=letters, lines=["a@x.example"], proof=ON_PAPER)
        with pytest.raises(Refused) as refused:
            actions.bring_in_readers(by=marloes, account=letters, lines=["a@x.example"] * 20_001, proof=ON_PAPER)
        assert refused.value.code == "many"
        new, beside = actions.bring_in_readers(by=marloes, account=letters, lines=LIST.splitlines(), proof=ON_PAPER)
        assert (new, beside) == (3, 2)
        assert {one.proof for one in Reader.objects.all()} == {ON_PAPER}
        known = ["els@school.example"]
        assert actions.bring_in_readers(by=SYSTEM, account=letters, lines=known, proof=ON_PAPER) == (0, 0)

    def test_who_stopped_stays_off(self, readers: Account, marloes: Person) -> None:
        row = Reader.objects.get(address="els@school.example")
        actions.stop_newsletter(by=SYSTEM, token=row.token)
        actions.bring_in_readers(by=marloes, account=readers, lines=["els@school.example"], proof=ON_PAPER)
        row.refresh_from_db()
        assert (row.state, row.ended_because) == ("ended", "left")

    def test_who_stopped_comes_back_by_their_own_yes_alone(
        self, client: Client, readers: Account, marloes: Person, noon: datetime
    ) -> None:
        row = Reader.objects.get(address="els@school.example")
        actions.stop_newsletter(by=SYSTEM, token=row.token)
        client.post(reverse("publishing:ask_for_newsletter", args=[readers.pk]), {"address": row.address})
        assert Mail.objects.get().to == row.address, "they may say yes again"
        actions.bring_in_readers(by=marloes, account=readers, lines=[row.address], proof=ON_PAPER)
        row.refresh_from_db()
        assert (row.state, row.ended_because, row.ended_at) == ("asked", "left", noon)
        with clock.fixed(noon + timedelta(days=15)):
            assert newsletter.forget_who_did_not_say_yes() == 0
            row.refresh_from_db()
            assert (row.state, row.ended_because, row.proof) == ("ended", "left", ON_PAPER)
            assert actions.bring_in_readers(by=marloes, account=readers, lines=[row.address], proof=ON_PAPER)[0] == 0
            client.post(reverse("publishing:ask_for_newsletter", args=[readers.pk]), {"address": row.address})
            client.post(reverse("publishing:say_yes", args=[row.token]))
        row.refresh_from_db()
        assert (row.state, row.ended_because, row.ended_at, row.proof) == ("reading", "", None, "form")

    def test_the_page(self, client: Client, readers: Account, marloes: Person, rob: Person) -> None:
        client.force_login(marloes)
        path = reverse("publishing:readers", args=[readers.pk])
        assert "els@school.example" in client.get(path).content.decode()
        assert "els@" not in client.get(f"{path}?q=piet").content.decode()
        one = Reader.objects.get(address="els@school.example")
        client.post(reverse("publishing:take_off_reader", args=[readers.pk, one.pk]))
        one.refresh_from_db()
        assert one.ended_because == "removed"
        sent = client.post(reverse("publishing:bring_in_readers", args=[readers.pk]), {"addresses": "x", "proof": "y"})
        assert sent.status_code == 422
        client.force_login(rob)
        assert client.get(path).status_code == 404


class TestIssue:
    def test_each_reader_gets_it_once(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target]
    ) -> None:
        target = up(released, readers)
        posting_letters.begin_issue(target.pk)
        for _time in range(3):
            posting_letters.post_letters(target.pk)
        assert sorted(str(one["To"]) for one in post_office.letters) == [
            "elfi@school.example", "els@school.example", "piet@school.example",
        ]  # fmt: skip
        assert set(states(target).values()) == {"sent"}

    def test_what_it_looks_like(
        self, client: Client, post_office: MailServer, readers: Account, released: Callable[..., Target]
    ) -> None:
        target = up(released, readers)
        posting_letters.post_letters(target.pk)
        letter = next(one for one in post_office.letters if one["To"] == "els@school.example")
        assert (letter["Subject"], letter["List-Unsubscribe-Post"]) == (
            "Acht lokalen warm",
            "List-Unsubscribe=One-Click",
        )
        text, page = (body_of(letter, kind) for kind in ("plain", "html"))
        off = str(letter["List-Unsubscribe"]).strip("<>")
        assert off in text
        assert 'href="https://x.example/?a=1&amp;b"' in page
        assert "Zutphen" in text
        strict = Client(enforce_csrf_checks=True)
        path = "/newsletter/stop/" + off.split("/newsletter/stop/")[1]
        assert strict.get(path).status_code == 200
        assert Reader.objects.get(address="els@school.example").state == "reading"
        assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert Reader.objects.get(address="els@school.example").state == "ended"

    def test_who_stops_meanwhile_gets_none(self, readers: Account, released: Callable[..., Target]) -> None:
        target = up(released, readers)
        actions.stop_newsletter(by=SYSTEM, token=Reader.objects.get(address="els@school.example").token)
        posting_letters.post_letters(target.pk)
        assert set(states(target)) == {"elfi@school.example", "piet@school.example"}

    def test_an_address_that_is_not_there(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target]
    ) -> None:
        post_office.refuses.add("els@school.example")
        for number, ended in enumerate((("reading", ""), ("ended", "nobody"))):
            target = up(released, readers, f"Nummer {number} van de krant")
            posting_letters.post_letters(target.pk)
            assert states(target)["els@school.example"] == "refused"
            row = Reader.objects.get(address="els@school.example")
            assert (row.state, row.ended_because) == ended, "told of two issues, and not of one alone"

    def test_a_letter_that_comes_back(self, readers: Account, released: Callable[..., Target]) -> None:
        target = up(released, readers)
        posting_letters.post_letters(target.pk)
        letter = Letter.objects.select_related("reader").get(reader__address="els@school.example")
        number = f"koor.letter.{letter.pk}.{letter.reader.token[:10]}"
        for other in (f"koor.letter.{letter.pk}.", f"koor.letter.{letter.pk}.x", "koor.abc@x", f"{number[:-1]}@x", ""):
            assert not actions.came_back(other)
        assert actions.came_back(f"<{number}@reurslag.example>")
        letter.reader.refresh_from_db()
        assert letter.reader.ended_because == "nobody"

    def test_a_password_that_is_no_good_loses_nothing(
        self,
        post_office: MailServer,
        readers: Account,
        released: Callable[..., Target],
        marloes: Person,
        noon: datetime,
    ) -> None:
        channels.change_secrets(by=marloes, account=readers, secrets={"password": "wrong"})
        target = up(released, readers)
        posting_letters.post_letters(target.pk)
        assert set(states(target).values()) == {"waiting"}
        channels.change_secrets(by=marloes, account=readers, secrets={"password": PASSWORD})
        with clock.fixed(noon + timedelta(hours=1)):
            posting_letters.post_letters(target.pk)
        assert len(post_office.letters) == 3

    def test_a_batch_at_a_time_at_the_pace_of_the_mail_server(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target], noon: datetime,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr(posting_letters, "BATCH", 2)
        Account.objects.filter(pk=readers.pk).update(settings={**readers.settings, "pace": "30"})
        target = up(released, readers)
        with locks.held(f"publishing.letters:{target.pk}"):
            posting_letters.post_letters(target.pk)
            assert post_office.letters == [], "another worker has it in hand"
        forget_jobs()
        posting_letters.post_letters(target.pk)
        assert (len(post_office.letters), jobs_at()) == (2, [noon + timedelta(seconds=4)])
        forget_jobs()
        posting_letters.sweep_letters()
        assert len(jobs_at()) == 1, "the sweep finds what still waits"
        posting_letters.post_letters(target.pk)
        assert len(post_office.letters) == 3

    def test_a_letter_that_may_have_gone_is_not_sent_again(
        self,
        post_office: MailServer,
        readers: Account,
        released: Callable[..., Target],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def broken(session: object, copy: object) -> None:
            raise ConnectionResetError

        target = up(released, readers)
        with monkeypatch.context() as away:
            away.setattr(channel_queries.connector("newsletter").readers, "post", broken)
            posting_letters.post_letters(target.pk)
        posting_letters.post_letters(target.pk)
        assert (set(states(target).values()), post_office.letters) == ({"unknown"}, [])

    def test_letters_wait_while_a_picture_is_not_there(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target], noon: datetime,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        def away(target: Target) -> None:
            raise FileNotFoundError

        target = up(released, readers)
        forget_jobs()
        with monkeypatch.context() as lost:
            lost.setattr(posting_letters, "draft_of", away)
            posting_letters.post_letters(target.pk)
        assert (set(states(target).values()), jobs_at()) == ({"waiting"}, [noon + posting_letters.TROUBLE])
        posting_letters.post_letters(target.pk)
        assert len(post_office.letters) == 3

    def test_held_when_the_house_is_held(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person
    ) -> None:
        target = up(released, readers)
        actions.hold_publishing(by=marloes, why="Brand")
        posting_letters.post_letters(target.pk)
        assert post_office.letters == []
        actions.resume_publishing(by=marloes)
        posting_letters.post_letters(target.pk)
        assert len(post_office.letters) == 3


def body_of(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["publishing.letter_claimed:2", "publishing.letter_posted:2"])
def test_killed_in_the_middle_it_goes_on_and_nobody_gets_two(
    point: str, post_office: MailServer, readers: Account, released: Callable[..., Target], child: Callable[..., Any]
) -> None:
    target = up(released, readers)
    assert child(lambda: posting_letters.post_letters(target.pk), point).wait() == -signal.SIGKILL
    posting_letters.post_letters(target.pk)
    found = sorted(states(target).values())
    assert found == ["sent", "sent", "unknown"]
    assert len({str(one["To"]) for one in post_office.letters}) == len(post_office.letters)
    posting_letters.sweep_letters()
    posting_letters.post_letters(target.pk)
    assert sorted(states(target).values()) == found


def test_no_more_questions_for_a_thousand(client: Client, letters: Account, marloes: Person, tmp_path: Path) -> None:
    lines = [f"a{number}@school.example" for number in range(1000)]
    actions.bring_in_readers(by=marloes, account=letters, lines=lines, proof=ON_PAPER)
    client.force_login(marloes)
    assert "1,000" in client.get(reverse("publishing:readers", args=[letters.pk])).content.decode().replace(".", ",")
