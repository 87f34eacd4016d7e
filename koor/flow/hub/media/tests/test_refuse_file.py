"""Files that are not taken: each with a reason, within time and memory, and without harm."""

from __future__ import annotations

import io
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from koor.flow.hub.media import renditions
from koor.flow.hub.media.allowed import MOST_BYTES, Kind
from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.renditions import make
from koor.flow.hub.media.sniff import picture_format
from koor.flow.hub.media.tests.pictures import chunk, jpeg_that_says, marked, photo, png_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def reason_for(tmp_path: Path, data: bytes) -> Reason:
    source, folder = tmp_path / "from-outside", tmp_path / "made"
    source.write_bytes(data)
    folder.mkdir(exist_ok=True)
    with pytest.raises(PictureRefused) as refusal:
        make(source, folder)
    assert str(refusal.value) == refusal.value.reason.sentence
    return refusal.value.reason


def saved(kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    photo().save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"hello", Reason.NOT_A_PICTURE),
        (b"\x00" * 5000, Reason.NOT_A_PICTURE),
        (b"<!doctype html><p>photo.jpg", Reason.NOT_A_PICTURE),
        (b"MZ\x90\x00" + b"\x00" * 60, Reason.NOT_A_PICTURE),
        (SVG, Reason.DRAWING),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><!DOCTYPE svg>" + SVG, Reason.DRAWING),
        (SVG.decode().encode("utf-16"), Reason.DRAWING),
        (b"<!-- " + b"x" * 300 + b" -->" + SVG.upper(), Reason.DRAWING),
        (b"\x1f\x8b\x08\x00" + b"x" * 40, Reason.DRAWING),
        (b"%PDF-1.7\n", Reason.DOCUMENT),
        (b"PK\x03\x04" + b"\x00" * 40, Reason.DOCUMENT),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 40, Reason.FILM_BROKEN),
        (b"\x1aE\xdf\xa3" + b"\x00" * 40, Reason.OTHER_FILM),
        (b"RIFF\x00\x00\x00\x00AVI LIST", Reason.OTHER_FILM),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", Reason.FILM_BROKEN),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1miaf" + b"\x00" * 40, Reason.OTHER_FORMAT),
        (saved("TIFF"), Reason.OTHER_FORMAT),
        (saved("BMP"), Reason.OTHER_FORMAT),
        (b"\xff\xd8\xff", Reason.BROKEN),
        (b"\xff\xd8\xff" + SVG * 50, Reason.BROKEN),
        (b"GIF89a" + SVG * 50, Reason.BROKEN),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, Reason.BROKEN),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\x00" * 100, Reason.BROKEN),
        (b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40, Reason.BROKEN),
    ],
)
def test_file_that_is_no_photo_says_what_it_is(tmp_path: Path, data: bytes, reason: Reason) -> None:
    assert reason_for(tmp_path, data) is reason


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "heic"])
@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.95])
def test_upload_that_broke_off_is_refused(tmp_path: Path, kind: str, part: float) -> None:
    whole = marked(kind).removesuffix(b"GEHEIM-5207N-0630E")
    assert reason_for(tmp_path, whole[: int(len(whole) * part)]) is Reason.BROKEN


def test_bomb_of_200_megapixels_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = png_of(20_000, 10_000)
    assert len(bomb) < 100_000
    assert reason_for(tmp_path, bomb) is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize("data", [jpeg_that_says(65_500, 65_500), png_of(2**31 - 1, 2**31 - 1, rows=1)])
def test_header_that_promises_too_much(tmp_path: Path, data: bytes) -> None:
    assert reason_for(tmp_path, data) in (Reason.TOO_MANY_PIXELS, Reason.BROKEN)


def test_header_that_lies_costs_nothing(tmp_path: Path) -> None:
    """A JPEG with too few dots becomes mostly grey, a GIF shows its frame and not its screen: harmless both."""
    gif = bytearray(saved("GIF"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    for data, width in ((bytes(gif), 640), (jpeg_that_says(9000, 9000), 9000)):
        source = tmp_path / "from-outside"
        source.write_bytes(data)
        assert make(source, tmp_path).width == width


def test_very_long_picture(tmp_path: Path) -> None:
    assert reason_for(tmp_path, png_of(40_000, 10)) is Reason.TOO_LONG


@pytest.mark.parametrize(
    "data",
    [
        png_of(100, 100, rows=3),  # too few lines
        png_of(100, 100)[:33] + chunk(b"IDAT", b"no zlib") + chunk(b"IEND", b""),
    ],
)
def test_header_that_lies_about_what_follows(tmp_path: Path, data: bytes) -> None:
    assert reason_for(tmp_path, data) is Reason.BROKEN


def test_picture_that_needs_too_much_memory_stops_alone(tmp_path: Path) -> None:
    """100 megapixels, 16 bits, see-through, interlaced: 800 MB in one piece; the file itself is small."""
    data = png_of(9_990, 9_990, bits=16, kind=6, interlaced=True, rows=16_000)
    assert len(data) < MOST_BYTES[Kind.PHOTO]
    assert reason_for(tmp_path, data) in (Reason.TOO_HEAVY, Reason.BROKEN)


def test_file_over_40_megabytes_is_not_even_read(tmp_path: Path) -> None:
    source = tmp_path / "large"
    with source.open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(MOST_BYTES[Kind.PHOTO] + 1)
    with pytest.raises(PictureRefused) as refusal:
        make(source, tmp_path)
    assert refusal.value.reason is Reason.TOO_MANY_BYTES


def test_name_says_nothing(tmp_path: Path) -> None:
    """A page that is called photo.jpg is a page; a photo that is called page.html is a photo."""
    named = tmp_path / "photo.jpg"
    named.write_bytes(SVG)
    with pytest.raises(PictureRefused):
        make(named, tmp_path)
    other = tmp_path / "page.html"
    other.write_bytes(marked("jpeg"))
    assert make(other, tmp_path).format == "jpeg"


def test_what_hides_behind_a_photo_does_not_come_along(tmp_path: Path) -> None:
    source = tmp_path / "both"
    source.write_bytes(marked("jpeg") + SVG + b"PK\x03\x04hidden")
    for one in make(source, tmp_path).renditions:
        data = (tmp_path / one.name).read_bytes()
        assert b"<svg" not in data
        assert b"hidden" not in data


def test_reasons_are_sentences() -> None:
    assert all(reason.sentence.endswith(".") for reason in Reason)
    assert picture_format(marked("jpeg")[:20]) == "jpeg"


# The child process


def child(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


CLOSED = "from koor.flow.hub.media.sandbox import close_in\nprint(close_in(memory=2**28, seconds=2, written=1000))\n"


def test_child_has_no_network_and_starts_no_programs() -> None:
    for call in ("__import__('socket').socket()", "__import__('os').execv('/bin/true', ['true'])"):
        done = child(CLOSED + call)
        assert done.stdout.strip() == "True"
        assert "PermissionError" in done.stderr


@pytest.mark.broad
def test_child_has_little_memory_and_time_and_room(tmp_path: Path) -> None:
    assert "MemoryError" in child(CLOSED + "bytearray(2**30)").stderr
    assert child(CLOSED + "while True: pass").returncode == -signal.SIGXCPU
    done = child(CLOSED + f"f = open({str(tmp_path / 'x')!r}, 'wb'); f.write(bytes(5000)); f.flush()")
    assert "File too large" in done.stderr


def test_child_gets_nothing_of_the_house_in_its_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOOR_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "secret")
    assert "secret" not in repr(renditions.surroundings(tmp_path))


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        (signal.SIGSEGV, PictureRefused),
        (signal.SIGXCPU, PictureRefused),
        (signal.SIGABRT, PictureRefused),
        (signal.SIGKILL, MediaTrouble),
        (signal.SIGTERM, MediaTrouble),
    ],
)
def test_child_that_ends_is_no_end_of_the_house(number: int, outcome: type[Exception]) -> None:
    with pytest.raises(outcome):
        renditions._answer(-number, b"", b"")


def test_child_that_could_not_start_is_trouble_not_a_refusal() -> None:
    with pytest.raises(MediaTrouble, match="No module"):
        renditions._answer(1, b"", b"No module named pyvips")


def test_child_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "SECONDS", 0.01)
    source = tmp_path / "photo"
    source.write_bytes(marked("jpeg"))
    with pytest.raises(PictureRefused) as refusal:
        make(source, tmp_path)
    assert refusal.value.reason is Reason.TOO_HEAVY


def test_worker_speaks_json_on_its_own(tmp_path: Path) -> None:
    source = tmp_path / "photo"
    source.write_bytes(b"")
    command = [sys.executable, "-m", "koor.flow.hub.media.worker", str(source), str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ)).stdout == (
        '{"refused": "empty"}\n'
    )


def test_sizes_of_broken_frames(tmp_path: Path) -> None:
    """A moving picture of a thousand frames is opened at its first only."""
    out = io.BytesIO()
    frames = [Image.new("L", (8, 8), n % 250) for n in range(1000)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    source = tmp_path / "many"
    source.write_bytes(out.getvalue())
    assert make(source, tmp_path).frames > 900
