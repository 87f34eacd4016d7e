"""`koor doctor`: each trouble is named with what to do about it, and nothing makes the report break off."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.core.files.storage import default_storage
from pytest_httpserver import HTTPServer

from koor.flow.publishing.models import Post, Target
from koor.ground.channels import actions as channels
from koor.ground.people.models import Person
from koor.kernel import clock, files, secrets
from koor.kernel.access import SYSTEM
from koor.kernel.identity import identity
from koor.kernel.models import Beat, Mail
from koor.shell import doctor
from koor.shell.command_line.doctor import something_is_wrong, words
from koor.shell.doctor import Finding, State
from koor.shell.supervisor import _one_a_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.KOOR_HOME = tmp_path
    secrets.ring()
    return tmp_path


@pytest.fixture
def running(home: Path) -> Iterator[None]:
    """As if the house were supervised."""
    with _one_a_house(home, "http://127.0.0.1"):
        yield


def states(check: doctor.Check) -> list[State]:
    return [finding.state for finding in check()]


def said(check: doctor.Check) -> str:
    return "\n".join(f"{finding.says} → {finding.do}" for finding in check())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://koor.example.org", [State.WELL]),
        ("http://koor.example.org", [State.LOOK]),
        ("https://koor", [State.LOOK]),
        ("https://192.168.1.4", [State.LOOK]),
        ("https://koor.local", [State.LOOK]),
        ("http://127.0.0.1:8000", [State.LOOK, State.LOOK]),
    ],
)
def test_the_address_must_be_https_and_known_outside(settings: Any, url: str, expected: list[State]) -> None:
    settings.KOOR_URL = url
    assert states(doctor.address) == expected


def test_a_house_that_stands_still_is_told(home: Path) -> None:
    assert "does not run" in said(doctor.front_door)


def test_this_house_answers_at_its_address(home: Path, running: None, settings: Any, httpserver: HTTPServer) -> None:
    settings.KOOR_URL = httpserver.url_for("").rstrip("/")
    httpserver.expect_request("/health/").respond_with_json({"house": str(identity(home)), "secure": False})
    assert states(doctor.front_door) == [State.WELL]


@pytest.mark.parametrize(
    ("answer", "words"),
    [({"house": "another"}, "another house"), ({"hello": 1}, "it is no Koor"), ([], "it is no Koor")],
)
def test_another_that_answers_is_told(
    home: Path, running: None, settings: Any, httpserver: HTTPServer, answer: Any, words: str
) -> None:
    settings.KOOR_URL = httpserver.url_for("").rstrip("/")
    httpserver.expect_request("/health/").respond_with_json(answer)
    assert words in said(doctor.front_door)


def test_a_proxy_that_finds_no_house_is_told(home: Path, running: None, settings: Any, httpserver: HTTPServer) -> None:
    """Also while the house still makes its tables ready: then nothing is wrong with where the proxy leads."""
    settings.KOOR_URL = httpserver.url_for("").rstrip("/")
    httpserver.expect_request("/health/").respond_with_data("<h1>502 Bad Gateway</h1>", status=502)
    assert "reaches no Koor (it says 502) → wait until the house has started" in said(doctor.front_door)


def test_nobody_who_answers_is_told(home: Path, running: None, settings: Any) -> None:
    settings.KOOR_URL = "http://127.0.0.1:9"
    assert states(doctor.front_door) == [State.WRONG]


def test_a_proxy_that_is_not_believed_is_told() -> None:
    assert [finding.state for finding in doctor._proxy_words("https", {"secure": False})] == [State.WRONG]
    assert not list(doctor._proxy_words("https", {"secure": True}))


@pytest.mark.parametrize(
    ("named", "expected"),
    [([], []), (["127.0.0.1", "::1"], [State.WELL]), (["0.0.0.0/0"], [State.WRONG]), (["caddy"], [State.WRONG])],
)
def test_trusted_proxies_are_read(settings: Any, named: list[str], expected: list[State]) -> None:
    settings.KOOR_TRUSTED_PROXIES = named
    assert states(doctor.trusted_proxies) == expected


def test_mail_without_a_server_waits(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    assert states(doctor.mail) == [State.LOOK]


def test_the_mail_server_is_tried(settings: Any) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    assert states(doctor.mail) == [State.WRONG]
    door = Door()
    server = Controller(door, hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert states(doctor.mail) == [State.WELL]
        settings.DEFAULT_FROM_EMAIL = "Koor <somebody.else@example.org>"  # not the owner's of this mailbox
        assert "550 not yours → look at SMTP_FROM" in said(doctor.mail)
        settings.DEFAULT_FROM_EMAIL = "Koor"
        assert "it is no address → look at SMTP_FROM" in said(doctor.mail)
        door.answer = "530 5.7.0 first who you are"
        assert "530 5.7.0 first who you are → look at SMTP_USER" in said(doctor.mail)
        settings.EMAIL_USE_TLS = True  # which this one has not
        assert "look at SMTP_HOST, SMTP_PORT and SMTP_TLS" in said(doctor.mail)
    finally:
        server.stop()


class Door(Sink):
    """A mail server that lets one sender in."""

    answer = ""

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, sender: str, options: Any) -> str:
        yes = self.answer or ("550 not yours" if sender.startswith("somebody.else") else "250 OK")
        envelope.mail_from = sender
        return yes


def test_letters_that_did_not_go_are_told() -> None:
    assert not states(doctor.letters)
    Mail.objects.create(to="a@example.org", subject="x", text="x", kind="x", state="failed", made_at=clock.now())
    assert "1 could not go" in said(doctor.letters)


def test_database_and_migrations_are_well() -> None:
    assert states(doctor.database) == [State.WELL]
    assert not states(doctor.migrations)
    assert not states(doctor.clocks)


def test_workers_that_show_no_life_are_told(home: Path, running: None) -> None:
    assert said(doctor.workers).count("→") == 5
    for part in ("worker", "worker process", "sender process"):
        Beat.objects.create(part=part, at=clock.now())
    assert "sender: jobs are not done: no post goes out" in said(doctor.workers)
    Beat.objects.create(part="sender", at=clock.now())
    assert states(doctor.workers) == [State.WELL, State.LOOK]
    Beat.objects.create(part="listener process", at=clock.now())
    assert states(doctor.workers) == [State.WELL]


def test_an_empty_house_and_held_publishing_are_told(request: pytest.FixtureRequest) -> None:
    assert "koor init" in said(doctor.publishing_held)
    house = request.getfixturevalue("house")
    house.publishing_held = "restored"
    house.save()
    assert "held: restored" in said(doctor.publishing_held)


def test_a_post_that_nobody_looks_at_is_told(bram: Person) -> None:
    assert not states(doctor.ledger)
    account = channels.add_account(by=SYSTEM, connector="paper", name="Stage", owner=bram)
    post = Post.objects.create(by=bram, text="Hello", made_at=clock.now(), changed_at=clock.now())
    row = Target.objects.create(
        post=post, account=account, text="Hello", wake_at=clock.now() - timedelta(hours=1), due_at=clock.now()
    )
    assert states(doctor.ledger) == [State.WRONG]
    row.wake_at = clock.now()
    row.save()
    assert not states(doctor.ledger)


def test_a_key_that_others_can_read_is_told(home: Path) -> None:
    assert states(doctor.keys) == [State.WELL]
    (home / "key").chmod(0o644)
    assert states(doctor.keys) == [State.WRONG]


def test_a_backup_must_be_fresh_and_checked(home: Path) -> None:
    def note(days: int, *, checked: bool) -> None:
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        (home / "last-backup.json").write_text(json.dumps({"at": at, "file": "/b", "checked": checked}))

    assert "none" in said(doctor.last_backup)
    note(1, checked=True)
    assert states(doctor.last_backup) == [State.WELL]
    note(1, checked=False)
    assert states(doctor.last_backup) == [State.LOOK]
    note(30, checked=True)
    assert states(doctor.last_backup) == [State.LOOK]


def test_files_that_were_left_behind_are_told() -> None:
    kept = files.store(b"a picture", mime="image/webp")
    assert not states(doctor.files)
    default_storage.delete(kept.path)
    assert states(doctor.files) == [State.WRONG]


def test_old_rules_of_a_platform_are_told() -> None:
    with clock.fixed(datetime(2031, 1, 1, tzinfo=UTC)):
        assert set(states(doctor.connectors)) == {State.LOOK, State.WRONG}  # read long ago; retired by then


def test_a_check_that_breaks_is_a_finding(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "last-backup.json").write_text("{spoilt")
    report = doctor.examine()
    (broken,) = [finding for finding in report if finding["about"] == "last backup"]
    assert broken["state"] == "wrong"
    assert any(finding["about"] == "database" for finding in report)


def test_the_report_reads_well_and_fails_only_for_what_is_wrong() -> None:
    report = [{"about": "mail", "state": "look", "says": "no mail server", "do": "set SMTP_HOST"}]
    assert words(report) == "· mail: no mail server\n    set SMTP_HOST"
    assert not something_is_wrong(report)
    assert something_is_wrong([*report, vars(Finding("disk", State.WRONG, "full"))])
