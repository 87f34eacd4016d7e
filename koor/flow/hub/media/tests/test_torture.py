"""Broken and hostile files, many: each becomes clean pictures or a refusal, in two seconds and 512 MB, with nothing
left of what stood beside the picture. The seconds are those of the processor that the child took, which other work on
the machine does not change; by the clock it gets many more. With `make test-long`; `KOOR_TEST_TORTURE=FOLDER` adds
every file under it, such as the pictures in Pillow's own source distribution."""

from __future__ import annotations

import os
import random
import resource
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from koor.flow.hub.media.reasons import PictureRefused
from koor.flow.hub.media.renditions import make
from koor.flow.hub.media.sniff import file_format
from koor.flow.hub.media.tests.pictures import MARK, chunk, jpeg_segments, jpeg_that_says, marked, png_of, webp_chunks
from koor.flow.hub.media.worker import MEMORY

SECONDS = 2.0  # of processor, for one file, on all cores together
BY_THE_CLOCK = 20.0  # only what hangs takes so long, also on a machine that does much else
FOLDER = os.environ.get("KOOR_TEST_TORTURE", "")
KINDS = ("jpeg", "png", "webp", "gif", "heic")
pytestmark = pytest.mark.long


def hostile() -> Iterator[tuple[str, bytes]]:
    """Bombs, lying headers, polyglots, files cut off at many places, dots set at random."""
    yield "bomb", png_of(20_000, 10_000)
    yield "bomb-just-allowed", png_of(10_000, 10_000)
    yield "bomb-of-16-bits", png_of(9_990, 9_990, bits=16, kind=6, interlaced=True, rows=16_000)
    yield "bomb-in-text", png_of(64, 64)[:33] + chunk(b"zTXt", b"Comment\0\0" + png_of(9000, 9000)[41:-12])
    yield "liar", jpeg_that_says(65_500, 65_500)
    yield "liar-just-allowed", jpeg_that_says(10_000, 10_000)
    dice = random.Random(7)
    for kind in KINDS:
        whole = marked(kind, size=(320, 240))
        yield f"page-behind-{kind}", whole + b"<html><script>alert(1)</script>" + MARK
        yield f"archive-behind-{kind}", whole + b"PK\x03\x04" + MARK * 50
        yield f"page-before-{kind}", b"<html><script>alert(1)</script>" + whole
        for other in KINDS:
            yield f"{kind}-then-{other}", whole[:200] + marked(other, size=(64, 64))
        for place in range(1, len(whole), max(1, len(whole) // 12)):
            yield f"{kind}-cut-at-{place}", whole[:place]
        for number in range(12):
            data = bytearray(whole)
            for _ in range(dice.choice((1, 8, 60))):
                data[dice.randrange(4, len(data))] = dice.randrange(256)
            yield f"{kind}-damaged-{number}", bytes(data)
    gif = bytearray(marked("gif", size=(64, 64)))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    yield "screen-of-4-gigapixels", bytes(gif)


def tried(source: Path, folder: Path, problems: list[str], *, name: str) -> str:
    """What became of it; what is wrong with that is added to `problems`."""
    began, spent = time.monotonic(), processor()
    try:
        made = make(source, folder)
        outcome = "picture"
    except PictureRefused as refusal:
        made, outcome = None, refusal.reason.value
    except Exception as error:
        made, outcome = None, "trouble"
        problems.append(f"{name}: {error!r}")
    if (taken := processor() - spent) > SECONDS:
        problems.append(f"{name}: {outcome} after {taken:.2f} s of processor")
    if (taken := time.monotonic() - began) > BY_THE_CLOCK:
        problems.append(f"{name}: {outcome} after {taken:.2f} s by the clock")
    for one in made.renditions if made else ():
        problems += [f"{name}: {left} in {one.name}" for left in left_in(folder / one.name)]
        (folder / one.name).unlink()
    return outcome


def processor() -> float:
    """Seconds that all children took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def left_in(path: Path) -> Iterator[str]:
    """Whatever stands in a made picture beside its dots."""
    data = path.read_bytes()
    if path.suffix == ".jpg":
        yield from (f"segment {marker:x}" for marker in jpeg_segments(data) if marker == 0xFE or 0xE1 <= marker <= 0xEF)
    else:
        yield from (f"chunk {name!r}" for name in set(webp_chunks(data)) - {b"VP8 "})
    with Image.open(path) as image:
        yield from (f"tag {tag}" for tag in image.getexif())
    yield from (f"the mark {found!r}" for found in (MARK, b"<script") if found in data)


def test_hostile_files(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    problems: list[str] = []
    seen: dict[str, int] = {}
    folder = tmp_path / "made"
    folder.mkdir()
    for name, data in hostile():
        (tmp_path / "source").write_bytes(data)
        outcome = tried(tmp_path / "source", folder, problems, name=name)
        seen[outcome] = seen.get(outcome, 0) + 1
    record_property("outcomes", f"{seen}, at most {most_memory() / 1e6:.0f} MB")
    assert not problems
    assert most_memory() < MEMORY


@pytest.mark.skipif(not FOLDER, reason="KOOR_TEST_TORTURE names no folder")
def test_pictures_of_a_folder(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    problems: list[str] = []
    seen: dict[str, int] = {}
    for path in sorted(path for path in Path(FOLDER).rglob("*") if path.is_file()):
        outcome = tried(path, tmp_path, problems, name=str(path))
        seen[outcome] = seen.get(outcome, 0) + 1
    record_property("outcomes", f"{seen}, at most {most_memory() / 1e6:.0f} MB")
    assert not problems
    assert most_memory() < MEMORY


def most_memory() -> int:
    """Bytes of the largest child that there was."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def test_every_kind_of_file_is_told_from_the_others() -> None:
    assert {file_format(marked(kind)) for kind in KINDS} == set(KINDS)
