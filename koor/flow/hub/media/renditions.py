"""The parent's side: hands a file to the child process and reads its answer."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koor.flow.hub.media import allowed, boxes
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.boxes import Box
from koor.flow.hub.media.faces import can_look
from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.sniff import HEAD_BYTES

SECONDS = 30.0  # on the clock, for one photo
LONG_SECONDS = 7200.0  # for one film or voice note, on a machine that does other work
Told = Callable[[float], None]  # how far it is, from 0 to 1
MODULES = {Kind.PHOTO: "worker", Kind.FILM: "film", Kind.VOICE: "film", Kind.DOCUMENT: "document"}
_OF_A_DOCUMENT = {Reason.BROKEN: Reason.DOCUMENT_BROKEN, Reason.TOO_HEAVY: Reason.DOCUMENT_HEAVY}
# The child stopped itself or was stopped by its limits: the file is the cause. Any other signal came from outside.
_OWN_FAULT = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}
_LIMIT = {signal.SIGXCPU, signal.SIGABRT, signal.SIGTRAP, signal.SIGXFSZ}


@dataclass(frozen=True)
class Rendition:
    """One file in the folder that was given; width and height in pixels, 0 for what is only heard."""

    name: str
    mime: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Picture:
    """A picture, film, voice note or document that was opened: its size when upright (of a document that of its first
    page), and a hash of how it (or its poster) looks, 16 hexadecimal digits."""

    format: str
    width: int
    height: int
    frames: int
    fingerprint: str
    renditions: tuple[Rendition, ...]
    kind: Kind = Kind.PHOTO
    seconds: float = 0.0
    pages: tuple[Rendition, ...] = ()  # of a document: a picture of each


def check(path: Path, only: Kind | None = None) -> Kind:
    """What can be said without opening the file. Raises `PictureRefused`."""
    with path.open("rb") as file:
        head, size = file.read(HEAD_BYTES), path.stat().st_size
    if only is Kind.DOCUMENT:
        allowed.check_document(head, size)
        return only
    return allowed.check(head, size)


def make(
    source: Path, folder: Path, *, only: Kind | None = None, told: Told | None = None, hide: Sequence[Box] = ()
) -> Picture:
    """Writes the renditions of `source` into `folder` (which exists); `source` stays as it is. `only`: nothing else
    is taken, and a document only so. What takes long tells how far it is. `hide`: places of a photo that nobody is to
    see; then every rendition is made of what is left.

    Raises `PictureRefused` when the file can't be taken, `MediaTrouble` when it is worth trying again."""
    kind = check(source, only)
    if only is not None and kind is not only:
        raise PictureRefused(Reason.NOT_A_PICTURE)
    photo = kind is Kind.PHOTO
    if hide and not photo:
        raise ValueError("places are hidden in photos only")
    given = [str(source), str(folder), *([boxes.written(hide)] if hide else [])]
    try:
        return _answer(*_run(MODULES[kind], given, folder, SECONDS if photo else LONG_SECONDS, told))
    except PictureRefused as refusal:
        if kind is Kind.DOCUMENT and refusal.reason in _OF_A_DOCUMENT:
            raise PictureRefused(_OF_A_DOCUMENT[refusal.reason]) from None
        raise


def find_faces(source: Path) -> list[Box] | None:
    """Where a clean picture seems to show faces, largest first; None where the optional package is not there. It
    misses faces and sees some that are none.

    Raises `MediaTrouble` when it could not look."""
    if not can_look():
        return None
    with tempfile.TemporaryDirectory(prefix="koor-look-") as folder:
        try:
            code, said, errors = _run("faces", [str(source)], Path(folder), SECONDS, None)
        except PictureRefused:
            raise MediaTrouble("Looking for faces took too long.") from None
    try:
        return [Box(*one) for one in json.loads(said)["faces"]]
    except (ValueError, KeyError, TypeError):
        raise MediaTrouble(f"Looking for faces ended with {code}: {errors.decode(errors='replace')[-500:]}") from None


def _run(
    module: str, given: Sequence[str], folder: Path, seconds: float, told: Told | None
) -> tuple[int, bytes, bytes]:
    """A child process: how it ended, its last line, its complaints. Raises `PictureRefused` when it was too slow."""
    command = [sys.executable, "-I", "-m", f"koor.flow.hub.media.{module}", *given]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env=surroundings(folder),
            start_new_session=True,
        ) as child,
    ):
        late, said = _listened_to(child, seconds, told)
        errors.seek(0)
        if late:
            raise PictureRefused(Reason.TOO_HEAVY)
        return child.returncode, said, errors.read(10_000)


def _listened_to(child: subprocess.Popen[bytes], seconds: float, told: Told | None) -> tuple[bool, bytes]:
    """Whether it had to be stopped, and the last line of what it said."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)

    clock = threading.Timer(seconds, stop)
    clock.start()
    last = b""
    try:
        assert child.stdout is not None
        for last in child.stdout:
            if told is not None and last.startswith(b'{"done"'):
                told(float(json.loads(last)["done"]))
        child.wait()
    except BaseException:
        stop()
        raise
    finally:
        clock.cancel()
    return late.is_set(), last


def surroundings(folder: Path) -> dict[str, str]:
    """Nothing of the house's own environment: it holds passwords."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_CONCURRENCY": "2",
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _answer(code: int, out: bytes, errors: bytes) -> Picture:
    if code < 0:
        if -code in _OWN_FAULT:
            raise PictureRefused(Reason.BROKEN)
        if -code in _LIMIT:
            raise PictureRefused(Reason.TOO_HEAVY)
        raise MediaTrouble(f"The picture process was stopped by signal {-code}.")
    try:
        said: dict[str, Any] = json.loads(out)
    except ValueError:
        raise MediaTrouble(f"The picture process failed: {errors.decode(errors='replace')[-500:]}") from None
    if "refused" in said:
        raise PictureRefused(Reason(said["refused"]))
    parts = said["picture"]
    kind = Kind(parts.get("kind", Kind.PHOTO))
    rows = {name: tuple(Rendition(**one) for one in parts.get(name, ())) for name in ("renditions", "pages")}
    return Picture(**{**parts, "kind": kind, **rows})
