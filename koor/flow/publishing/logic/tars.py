"""Archives of the kind `.tar.gz`, as Mastodon made them: read once from front to back, within limits, into a zip, which
is what all the rest of the house reads. Nothing is written to a name out of an archive."""

from __future__ import annotations

import gzip
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from koor.flow.publishing.logic.zips import MOST_FILES, MOST_RATIO, MOST_UNPACKED, Hostile, check_name

GZIP = b"\x1f\x8b"
PIECE = 65_536
MOST_AT_ONCE = 1_048_576  # what stands before a file, such as a long name: more of it is no name
MOST_BEFORE = 16_384  # bytes that a header may say beside what every file has, such as a long name
MOST_SAID = 20_000_000  # of all of them together
SPOILT = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError, RecursionError, UnicodeError)
SPEAKS_FOR_ANOTHER = (
    tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
)  # fmt: skip
WORDS = (".json", ".js", ".csv", ".html", ".txt", ".xml")  # worth packing; pictures are packed already


@contextmanager
def as_zip(path: Path) -> Iterator[Path]:
    """The same as a zip; a file of any other kind as it is. Raises `Hostile`."""
    with path.open("rb") as file:
        is_packed = file.read(2) == GZIP
    if not is_packed:
        yield path
        return
    with NamedTemporaryFile(prefix="koor-archive-", suffix=".zip") as made:
        _repack(path, Path(made.name))
        yield Path(made.name)


class _Forward:
    """What is unpacked, forward alone: never more than may be there in all, nor too much of it in memory."""

    def __init__(self, file: gzip.GzipFile, most: int) -> None:
        self.file, self.most, self.at = file, most, 0

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MOST_AT_ONCE:
            raise Hostile("bomb")
        found = self.file.read(size)
        self.at += len(found)
        if self.at > self.most:
            raise Hostile("bomb")
        return found

    def seek(self, place: int, whence: int = 0) -> int:
        if whence or place < self.at:
            raise Hostile("lying")
        while self.at < place and self.read(min(place - self.at, PIECE)):
            pass
        return self.at

    def tell(self) -> int:
        return self.at


def _counted() -> type[tarfile.TarInfo]:
    """Headers of one archive. One that speaks for all files after it is refused: it would be kept, and read again for
    each of them."""
    said = 0

    class Header(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> tarfile.TarInfo:  # type: ignore[override]
            nonlocal said
            one = super().frombuf(buf, encoding, errors)
            if one.type in SPEAKS_FOR_ANOTHER:
                said += one.size
                if not 0 <= one.size <= MOST_BEFORE or said > MOST_SAID:
                    raise Hostile("bomb")
            if one.type in (tarfile.XGLTYPE, tarfile.GNUTYPE_SPARSE):  # a sparse one has a list of its own
                raise Hostile("broken")
            return one

    return Header


def _repack(path: Path, to: Path) -> None:
    most = min(MOST_UNPACKED, max(path.stat().st_size, 10_000) * MOST_RATIO)
    try:
        with (
            gzip.open(path, "rb") as unpacked,
            zipfile.ZipFile(to, "w", compresslevel=1) as made,
            tarfile.open(  # type: ignore[call-overload]
                fileobj=_Forward(unpacked, most), mode="r:", tarinfo=_counted()
            ) as archive,
        ):
            _each(archive, made)
    except SPOILT as error:
        raise Hostile("broken") from error


def _each(archive: tarfile.TarFile, made: zipfile.ZipFile) -> None:
    seen: set[str] = set()
    for number, one in enumerate(archive):
        archive.members = []  # type: ignore[attr-defined] # it would keep them all
        if number >= MOST_FILES:
            raise Hostile("many")
        name = re.sub(r"^(?:\./)+", "", one.name)
        check_name(name)
        if one.isdir():
            continue
        if not one.isreg() or one.issparse():
            raise Hostile("link")
        if name in seen:
            raise Hostile("lying")
        seen.add(name)
        _one(archive, one, made, name)


def _one(archive: tarfile.TarFile, one: tarfile.TarInfo, made: zipfile.ZipFile, name: str) -> None:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED if name.lower().endswith(WORDS) else zipfile.ZIP_STORED
    inside = archive.extractfile(one)
    with made.open(info, "w", force_zip64=True) as kept:
        while inside is not None and (piece := inside.read(PIECE)):  # raises where it is cut off
            kept.write(piece)
