"""`koor capture add` and `koor capture show`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from koor.flow.hub.media.tests.pictures import MARK, marked, png_of
from koor.ground.people.models import Person
from koor.shell.command_line import frame


@pytest.fixture
def koor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Any, str]]:
    """Run a command line in this process: (exit code, JSON, standard error)."""
    monkeypatch.setattr(frame, "setup", lambda: None)

    def run(*arguments: str) -> tuple[int, Any, str]:
        code = frame.run([*arguments, "--json"])
        out, errors = capsys.readouterr()
        return code, json.loads(out) if out else None, errors

    return run


@pytest.mark.django_db(transaction=True)
def test_a_photo_becomes_ready_with_three_widths(
    koor: Any, bram: Person, tmp_path: Path, run_jobs: Callable[[], None]
) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(marked("jpeg"))
    code, added, _errors = koor("capture", "add", "--by", bram.email, "--sentence", "Hoi", str(tmp_path / "IMG_1.jpg"))
    assert (code, added["state"]) == (0, "received")
    assert koor("capture", "show", str(added["id"]))[1]["renditions"] == []
    run_jobs()
    code, shown, _errors = koor("capture", "show", str(added["id"]))
    assert (code, shown["state"], shown["reason"]) == (0, "ready", "")
    assert len({one["width"] for one in shown["renditions"]}) == 3
    assert {one["format"] for one in shown["renditions"]} == {"webp", "jpeg"}
    for one in shown["renditions"]:
        data = Path(one["path"]).read_bytes()
        assert len(data) == one["bytes"]
        assert MARK not in data


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("data", [b"", b"<svg xmlns='x'/>", b"hello", png_of(20_000, 10_000)])
def test_what_is_no_photo_is_refused_with_words(
    koor: Any, bram: Person, tmp_path: Path, run_jobs: Callable[[], None], data: bytes
) -> None:
    (tmp_path / "photo.jpg").write_bytes(data)
    added = koor("capture", "add", "--by", bram.email, "--sentence", "x", str(tmp_path / "photo.jpg"))[1]
    run_jobs()
    shown = koor("capture", "show", str(added["id"]))[1]
    assert (shown["state"], shown["renditions"]) == ("refused", [])
    assert shown["reason"].endswith(".")


def test_what_can_not_be_done_is_said(koor: Any, bram: Person, tmp_path: Path) -> None:
    (tmp_path / "large.jpg").open("wb").truncate(500_000_001)
    for arguments in (
        ("add", "--by", "nobody@reurslag.example", str(tmp_path)),
        ("add", "--by", bram.email, str(tmp_path / "not-there.jpg")),
        ("add", "--by", bram.email, str(tmp_path / "large.jpg")),
        ("add", "--by", bram.email, "--sentence", "x" * 501, str(tmp_path / "large.jpg")),
        ("show", "999999"),
    ):
        code, answer, errors = koor("capture", *arguments)
        assert (code, answer) == (1, None)
        assert errors.startswith("koor: ")


def test_a_capture_that_is_not_there_is_named(koor: Any, bram: Person) -> None:
    assert "999999" in koor("capture", "show", "999999")[2]


def test_the_same_key_is_the_same_capture(koor: Any, bram: Person, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(marked("jpeg"))
    key = "0d5a3f5e-6f0e-4d7c-9a51-1a2b3c4d5e6f"
    ids = {koor("capture", "add", "--by", bram.email, "--key", key, str(tmp_path / "a.jpg"))[1]["id"] for _ in range(2)}
    assert len(ids) == 1
