"""Archives that people bring in: looked at before anything is unpacked, and read piece by piece within limits.

Nothing is ever written to a name out of an archive, so a name can't lead anywhere; one that tries is refused all the
same, for nobody makes it by accident."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

MOST_FILES = 60_000
MOST_DIRECTORY = 24_000_000  # bytes of the list of files
MOST_UNPACKED = 6_000_000_000
MOST_RATIO = 120  # unpacked by packed, of the whole
MOST_RATIO_ONE = 1100  # of one file: deflate can't do more than 1032
NESTED = (".zip", ".tar", ".tgz", ".gz", ".7z", ".rar", ".bz2", ".xz")
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_LOCATOR_64 = b"PK\x06\x07"


class Hostile(Exception):
    """An archive, or a file in it, that is not read. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Zip:
    """An archive that was looked at. Raises `Hostile` when it is not what it should be."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            _check_directory(file, path.stat().st_size)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
            raise Hostile("broken") from error
        files = [one for one in self._zip.infolist() if not one.is_dir()]
        _check_all(files, path.stat().st_size)
        self.files = {one.filename: one for one in files}
        self._ends: dict[str, list[str]] = {}
        for name in self.files:
            self._ends.setdefault(name.rsplit("/", 1)[-1], []).append(name)

    def close(self) -> None:
        self._zip.close()

    def named(self, pattern: str) -> list[str]:
        """Names that hold this, in order of the numbers in them."""
        found = [name for name in self.files if re.search(pattern, name, re.IGNORECASE)]
        return sorted(found, key=_in_order)

    def ending(self, name: str) -> str:
        """The whole name of a file that is named from a folder inside; empty when it is not there."""
        name = name.lstrip("/")
        found = self._ends.get(name.rsplit("/", 1)[-1], []) if name else []
        return next((one for one in found if one == name or one.endswith("/" + name)), "")

    def read(self, name: str, most: int) -> bytes:
        """One file, of at most `most` bytes. Raises `Hostile`."""
        info = self.files[name]
        if info.file_size > most:
            raise Hostile("large")
        try:
            with self._zip.open(info) as file:
                content = file.read(info.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise Hostile("lying") from error
        if len(content) != info.file_size:
            raise Hostile("lying")
        return content


def _in_order(name: str) -> list[str | int]:
    """Words and numbers in turn, whatever somebody takes for a number."""
    return [int(one) if at % 2 else one for at, one in enumerate(re.split(r"([0-9]{1,18})", name))]


def _check_directory(file: IO[bytes], size: int) -> None:
    """How large the list of files is, before it is read: a few bytes at the end say so."""
    tail_at = max(0, size - 65_557)
    file.seek(tail_at)
    tail = file.read(65_557)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise Hostile("not_zip")
    said = [struct.unpack("<HL", tail[at + 10 : at + 16]), *_of_64(file, tail_at + at)]
    if max(count for count, _size in said) > MOST_FILES or max(size for _count, size in said) > MOST_DIRECTORY:
        raise Hostile("many")


def _of_64(file: IO[bytes], end: int) -> list[tuple[int, int]]:
    """What the large record says, where a locator stands before the small one, whatever the small one says: who reads
    the archive believes the large one. Some go where the locator points, others look right before it."""
    locator = _at(file, end - 20, 20)
    if locator[:4] != _LOCATOR_64:
        return []
    pointed: int = struct.unpack("<Q", locator[8:16])[0]
    records = [_at(file, place, 56) for place in (pointed, end - 20 - 56)]
    found = [struct.unpack("<QQ", one[32:48]) for one in records if one[:4] == _END_64]
    if not found:
        raise Hostile("broken")
    return found


def _at(file: IO[bytes], place: int, length: int) -> bytes:
    """These bytes; nothing where the file does not have them all."""
    if not 0 <= place < 2**63:
        return b""
    file.seek(place)
    content = file.read(length)
    return content if len(content) == length else b""


def _check_all(files: list[zipfile.ZipInfo], size: int) -> None:
    if not files:
        raise Hostile("empty")
    if len(files) > MOST_FILES:
        raise Hostile("many")
    for one in files:
        _check_one(one)
    unpacked = sum(one.file_size for one in files)
    if unpacked > MOST_UNPACKED or unpacked > max(size, 10_000) * MOST_RATIO:
        raise Hostile("bomb")
    _check_overlap(files, size)


def check_name(name: str) -> None:
    """A name leads nowhere else, and is not that of another archive. Raises `Hostile`."""
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name) or "\x00" in name:
        raise Hostile("slip")
    if name.lower().endswith(NESTED):
        raise Hostile("nested")


def _check_one(one: zipfile.ZipInfo) -> None:
    check_name(one.filename)
    if "\x00" in one.orig_filename:
        raise Hostile("slip")
    mode = one.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        raise Hostile("link")
    if one.flag_bits & 0x1:
        raise Hostile("locked")
    if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others ask for memory as they like
        raise Hostile("packed")
    if one.file_size > max(one.compress_size, 1) * MOST_RATIO_ONE:
        raise Hostile("bomb")


def _check_overlap(files: list[zipfile.ZipInfo], size: int) -> None:
    """Files that share their bytes: how a small archive becomes endless."""
    until = 0
    for one in sorted(files, key=lambda info: info.header_offset):
        if one.header_offset < until:
            raise Hostile("bomb")
        until = one.header_offset + 30 + one.compress_size
    if until > size:
        raise Hostile("lying")
