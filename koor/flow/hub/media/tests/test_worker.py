"""The worker's own functions, in this process: the same that the child does behind its limits."""

from __future__ import annotations

import io
import json
import os
import random
from pathlib import Path

import pytest
import pyvips
from PIL import Image

from koor.flow.hub.media import renditions, sandbox, worker
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.tests.pictures import marked, png_of

FIRST_SEED = int(os.environ.get("KOOR_SEED", "0"))


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "heic"])
def test_every_format_gives_the_same_kind_of_answer(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "source"
    source.write_bytes(marked(kind, 6 if kind != "gif" else 1))
    made = worker.picture(str(source), tmp_path)
    assert (made["format"], made["width"], made["height"]) == (kind, 640, 480)
    assert len(made["renditions"]) == 6
    assert len(made["fingerprint"]) == 16


def test_see_through_heic(tmp_path: Path) -> None:
    source, out = tmp_path / "source", io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "HEIF", quality=90)
    source.write_bytes(out.getvalue())
    assert worker.picture(str(source), tmp_path)["width"] == 64


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png_of(20_000, 10_000), Reason.TOO_MANY_PIXELS),
        (png_of(40_000, 10), Reason.TOO_LONG),
        (marked("heic")[:400], Reason.BROKEN),
        (marked("png")[:400], Reason.BROKEN),
    ],
)
def test_refusals(tmp_path: Path, data: bytes, reason: Reason) -> None:
    source = tmp_path / "source"
    source.write_bytes(data)
    with pytest.raises(PictureRefused) as refusal:
        worker.picture(str(source), tmp_path)
    assert refusal.value.reason is reason


def test_a_full_disk_is_not_the_fault_of_the_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise pyvips.Error("unable to write", "wbuffer_write: write failed: No space left on device")

    source = tmp_path / "source"
    source.write_bytes(marked("jpeg"))
    monkeypatch.setattr(pyvips.Image, "write_to_file", full)
    with pytest.raises(OSError, match="space"):
        worker.picture(str(source), tmp_path)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("VipsJpeg: premature end", Reason.BROKEN),
        ("unable to copy to memory", Reason.BROKEN),
        ("out of memory -- size == 900MB", Reason.TOO_HEAVY),
        ("Failed to allocate memory", Reason.TOO_HEAVY),
        ("Memory allocation limit exceeded", Reason.TOO_HEAVY),
    ],
)
def test_what_a_decoder_says_becomes_a_reason(message: str, reason: Reason) -> None:
    assert worker._why(message) is reason


def test_the_child_answers_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sandbox, "close_in", lambda **_: True)  # or this process would be shut in
    monkeypatch.setattr(sandbox, "die_with_parent", lambda: None)
    source = tmp_path / "source"
    source.write_bytes(marked("jpeg"))
    assert worker.main(str(source), str(tmp_path)) == 0
    assert json.loads(capsys.readouterr().out)["picture"]["width"] == 640
    source.write_bytes(b"")
    assert worker.main(str(source), str(tmp_path)) == 0
    assert json.loads(capsys.readouterr().out) == {"refused": "empty"}

    def greedy(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(worker, "picture", greedy)
    worker.main(str(source), str(tmp_path))
    assert json.loads(capsys.readouterr().out) == {"refused": "too_heavy"}


def test_the_filter_is_a_program_of_eight_bytes_a_step() -> None:
    program = sandbox._filter(0xC000003E, (41, 42))
    assert len(program) == 8 * (4 + 2 + 2)
    assert program[-8:] == bytes.fromhex("0600000001000500")


def test_on_another_machine_the_network_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.platform, "machine", lambda: "riscv64")
    assert sandbox._shut_network() is False


def test_the_child_in_a_child(tmp_path: Path) -> None:
    """What `close_in` does to a process, seen from its parent."""
    child = os.fork()
    if child == 0:
        try:
            sandbox.die_with_parent()
            os._exit(0 if sandbox.close_in(memory=2**28, seconds=5, written=1000) else 3)
        except BaseException:
            os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + 8))
def test_damaged_files_are_never_trouble(tmp_path: Path, seed: int) -> None:
    """Fifty files a seed, damaged at random: a picture or a refusal, and never MediaTrouble."""
    dice = random.Random(seed)
    whole = [marked(kind, size=(320, 240)) for kind in ("jpeg", "png", "webp", "gif", "heic")]
    source, folder = tmp_path / "source", tmp_path / "made"
    folder.mkdir()
    for _ in range(50):
        data = bytearray(dice.choice(whole))
        for _ in range(dice.choice((1, 3, 10, 60))):
            data[dice.randrange(24, dice.choice((600, len(data))))] = dice.randrange(256)
        source.write_bytes(data[: dice.choice((len(data), dice.randrange(len(data))))])
        try:
            renditions.make(source, folder)
        except PictureRefused:
            continue
