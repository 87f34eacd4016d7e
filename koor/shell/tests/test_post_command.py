"""`koor post create` and `koor post show`, from the operator's side."""

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Post, Target
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from koor.shell.command_line import frame

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def stage(marloes: Person) -> Account:
    return channels.add_account(by=SYSTEM, connector="newsroom", name="Newsroom", owner=marloes)


@pytest.fixture
def koor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line: exit code, its JSON, what it said on standard error."""
    monkeypatch.setattr(frame, "setup", lambda: None)

    def run(*arguments: str) -> tuple[int, Any, str]:
        code = frame.run([*arguments, "--json"])
        out, said = capsys.readouterr()
        return code, json.loads(out) if out else None, said

    return run


@pytest.fixture
def create(koor: Run, bram: Person, stage: Account, tmp_path: Path) -> Run:
    """`create("the text", "--at", …)` as Bram."""

    def run(text: str, *more: str) -> tuple[int, Any, str]:
        file = tmp_path / "text.txt"
        file.write_text(text, encoding="utf-8")
        by = [] if "--by" in more else ["--by", bram.email]
        to = [] if "--account" in more else ["--account", str(stage.pk)]
        return koor("post", "create", *by, *to, "--text-file", str(file), *more)

    return run


def test_a_post_that_is_due_now(create: Run, koor: Run, stage: Account) -> None:
    code, made, _said = create("Acht lokalen hebben frisse lucht.")
    row = Target.objects.get()
    assert code == 0
    assert made == {
        "id": row.post_id,
        "state": "scheduled",
        "language": "en",
        "targets": [
            {"id": row.pk, "account": stage.pk, "state": "scheduled", "remote_id": "", "url": "", "attempts": 0}
        ],
    }
    deliver(row.pk)
    code, shown, _said = koor("post", "show", str(made["id"]))
    assert (code, shown["state"], shown["targets"][0]["state"], shown["targets"][0]["attempts"]) == (
        0, "published", "published", 1,
    )  # fmt: skip
    assert shown["targets"][0]["url"].endswith(f"/newsroom/{Target.objects.get().slug}/")


def test_at_a_local_time(create: Run, noon: datetime) -> None:
    code, _made, _said = create("Morgen.", "--at", "2026-11-25T09:30")
    row = Target.objects.get()
    assert code == 0
    assert row.due_at is not None
    assert row.due_at.isoformat() == "2026-11-25T08:30:00+00:00"


def test_the_same_key_is_the_same_post(create: Run) -> None:
    first, again = create("Hallo.", "--key", "k1"), create("Hallo.", "--key", "k1")
    assert first == again
    assert Post.objects.count() == 1
    code, made, said = create("Iets anders.", "--key", "k1")
    assert (code, made) == (1, None)
    assert "used before" in said


def test_the_same_key_long_after_its_moment(create: Run, noon: datetime) -> None:
    from koor.kernel import clock

    first = create("Morgen.", "--at", "2026-11-25T09:30", "--key", "k")
    with clock.fixed(datetime.fromisoformat("2026-12-24T12:00+00:00")):
        assert create("Morgen.", "--at", "2026-11-25T09:30", "--key", "k") == first


def photo(path: Path, colour: str = "green") -> str:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG")
    path.write_bytes(content.getvalue())
    return str(path)


def test_with_a_picture(create: Run, tmp_path: Path) -> None:
    picture = photo(tmp_path / "a.jpg")
    first = create("Kijk.", "--media", picture, "--key", "p")
    assert create("Kijk.", "--media", picture, "--key", "p") == first
    assert [one.alt for one in Post.objects.get().media.all()] == ["Kijk."]
    code, _made, _said = create("Kijk.", "--media", photo(tmp_path / "a.jpg", "red"), "--key", "p")
    assert code == 1


def test_what_a_picture_shows(create: Run, tmp_path: Path) -> None:
    one, other = photo(tmp_path / "a.jpg"), photo(tmp_path / "b.jpg", "red")
    code, _made, _said = create("Kijk.\nNog meer.", "--media", one, other, "--alt", "Een gymzaal.")
    assert code == 0
    assert [one.alt for one in Post.objects.get().media.order_by("order")] == ["Een gymzaal.", "Kijk."]


def test_text_from_standard_input(koor: Run, bram: Person, stage: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Van de pijp.\n")))
    code, _made, _said = koor("post", "create", "--by", bram.email, "--account", str(stage.pk), "--text-file", "-")
    assert code == 0
    assert Target.objects.get().text == "Van de pijp."


def test_who_has_a_buddy_gets_it_read_first(create: Run, person: Callable[..., Person]) -> None:
    jelle = person("Jelle", "helper", autonomy=Autonomy.BUDDY)
    code, made, _said = create("Mijn eerste.", "--by", jelle.email)
    assert (code, made["state"], made["targets"][0]["state"]) == (0, "with_buddy", "scheduled")


@pytest.mark.parametrize(
    ("text", "more", "says"),
    [
        ("", (), "Write a sentence"),
        ("x" * 1_000_000, (), "1000000 characters"),
        ("Hallo", ("--at", "soon"), "not a local time"),
        ("Hallo", ("--at", "2026-11-24T10:00+01:00"), "not a local time"),
        ("Hallo", ("--at", "2020-01-01T10:00"), "has passed"),
        ("Hallo", ("--by", "nobody@reurslag.example"), "No active colleague"),
        ("Hallo", ("--account", "999"), "no account 999"),
        ("Hallo", ("--media", "/nowhere.jpg"), "nowhere.jpg"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_nothing_is_kept(
    create: Run, text: str, more: tuple[str, ...], says: str
) -> None:
    code, made, said = create(text, *more)
    assert (code, made) == (1, None)
    assert says in said
    assert not Post.objects.exists()


def test_a_picture_that_is_none(create: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("<svg/>")
    code, _made, said = create("Hallo", "--media", str(tmp_path / "a.jpg"))
    assert code == 1
    assert said
    assert not Post.objects.exists()


def test_a_text_that_is_no_text(koor: Run, bram: Person, stage: Account, tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"\xff\xfe\x00x")
    code, _made, said = koor(
        "post", "create", "--by", bram.email, "--account", str(stage.pk), "--text-file", str(tmp_path / "text")
    )
    assert (code, "UTF-8" in said) == (1, True)


def test_a_post_that_is_not_there(koor: Run, house: object) -> None:
    code, _made, said = koor("post", "show", "4711")
    assert (code, "no post 4711" in said) == (1, True)


def test_in_words(create: Run, stage: Account) -> None:
    from koor.shell.command_line.post import in_words

    _code, made, _said = create("Hallo.")
    assert in_words(made).splitlines()[0] == f"post {made['id']}: scheduled"
