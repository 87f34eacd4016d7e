"""The parent's side: hands a file to the child process and reads its answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.sizes import MAX_BYTES
from koor.flow.hub.media.sniff import HEAD_BYTES, picture_format

SECONDS = 30.0  # on the clock, for one file
# The child stopped itself or was stopped by its limits: the file is the cause. Any other signal came from outside.
_OWN_FAULT = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}
_LIMIT = {signal.SIGXCPU, signal.SIGABRT, signal.SIGTRAP, signal.SIGXFSZ}


@dataclass(frozen=True)
class Rendition:
    """One file in the folder that was given; width and height in pixels."""

    name: str
    mime: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Picture:
    """A picture that was opened: its size when upright, and a hash of how it looks (16 hexadecimal digits)."""

    format: str
    width: int
    height: int
    frames: int
    fingerprint: str
    renditions: tuple[Rendition, ...]


def check(path: Path) -> None:
    """What can be said without opening the picture. Raises `PictureRefused`."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise PictureRefused(Reason.TOO_MANY_BYTES)
    with path.open("rb") as file:
        picture_format(file.read(HEAD_BYTES))


def make(source: Path, folder: Path) -> Picture:
    """Writes the renditions of `source` into `folder` (which exists); `source` stays as it is.

    Raises `PictureRefused` when the file can't be taken, `MediaTrouble` when it is worth trying again."""
    check(source)
    command = [sys.executable, "-I", "-m", "koor.flow.hub.media.worker", str(source), str(folder)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=_surroundings(folder),
        start_new_session=True,
    ) as child:
        try:
            out, errors = child.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            raise PictureRefused(Reason.TOO_HEAVY) from None
    return _answer(child.returncode, out, errors)


def _surroundings(folder: Path) -> dict[str, str]:
    """Nothing of the house's own environment: it holds passwords."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_CONCURRENCY": "2",
        "MALLOC_ARENA_MAX": "2",
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
    return Picture(**{**parts, "renditions": tuple(Rendition(**one) for one in parts["renditions"])})
