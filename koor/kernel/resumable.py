"""Large files in pieces, over a line that breaks: begun, added to, finished, taken. What waits lies in
`$KOOR_HOME/uploads`, one file an upload; its length is how far it came, so nothing is lost when a process dies.

The HTTP side (the tus protocol) is in `kernel.tus`; a room takes what is finished with `finished` and `drop`."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import UnreadablePostError

from koor.kernel import clock, jobs
from koor.kernel.models import Upload

MOST_BYTES = 500_000_000  # of one file
MOST_WAITING = 60  # unfinished or not yet taken, of one person
MOST_WAITING_BYTES = 2_000_000_000  # of one person together
SPARE_BYTES = 500_000_000  # of the disk that stay free for the rest of the house
KEEP = timedelta(days=7)  # after the last piece
STRAY_AFTER = 24 * 3600  # seconds that a file without a row stays
PIECE = 262_144  # bytes read at a time
SUMS = ("sha256", "sha1")  # how a piece may be proven


class UploadTrouble(Exception):
    """A piece or an upload is not taken. `status` as tus has it; `code` is for the sender's program."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def begin(*, owner: int, size: int, key: str = "", name: str = "") -> tuple[Upload, bool]:
    """A new upload of one person and True; or the one that they began under the same `key`, and False.

    Raises UploadTrouble: too large, too many, no room on the disk."""
    if size > MOST_BYTES:
        raise UploadTrouble(413, "too_large")
    known = Upload.objects.filter(owner_id=owner, key=key).first() if key else None
    if known is not None and known.size == size:
        return known, False
    if known is not None:
        drop(known)
    _check_room(owner, size)
    handle, now = secrets.token_urlsafe(24), clock.now()
    fresh = {"handle": handle, "size": size, "name": name[:200], "at": now, "touched_at": now}
    return Upload.objects.get_or_create(owner_id=owner, key=key or handle, defaults=fresh)


def _check_room(owner: int, size: int) -> None:
    sizes = list(Upload.objects.filter(owner_id=owner).values_list("size", flat=True))
    if len(sizes) >= MOST_WAITING or sum(sizes) + size > MOST_WAITING_BYTES:
        raise UploadTrouble(429, "too_many")
    if shutil.disk_usage(_folder()).free < size + SPARE_BYTES:
        raise UploadTrouble(507, "no_room")


def own(owner: int, handle: str) -> Upload:
    """Somebody's own upload. Raises UploadTrouble when it is not there, taken already, or another's."""
    found = Upload.objects.filter(owner_id=owner, handle=handle[:40]).first()
    if found is None:
        raise UploadTrouble(404, "gone")
    return found


def offset(upload: Upload) -> int:
    """How many bytes have come."""
    try:
        return path_of(upload).stat().st_size
    except FileNotFoundError:
        return 0


def append(upload: Upload, at: int, source: Any, length: int, proof: tuple[str, bytes] | None = None) -> int:
    """Add `length` bytes of `source` from `at` on and give the new offset. What came before the line broke is kept,
    unless the piece had a `proof` (algorithm, digest): such a piece comes whole or not at all.

    Raises UploadTrouble (another offset, too much, another is at it, wrong digest), OSError when the disk is full."""
    with _held(upload) as file:
        here = os.fstat(file).st_size
        if at != here:
            raise UploadTrouble(409, "other_offset")
        if length > upload.size - here:
            raise UploadTrouble(413, "too_long")
        try:
            _add(file, source, length, proof)
        except (UploadTrouble, OSError):
            if proof:
                os.ftruncate(file, here)
            raise
        finally:
            os.fsync(file)
        come = os.fstat(file).st_size
    Upload.objects.filter(pk=upload.pk).update(touched_at=clock.now())
    return come


def _add(file: int, source: Any, length: int, proof: tuple[str, bytes] | None) -> None:
    seen = hashlib.new(proof[0] if proof else "sha256", usedforsecurity=False)
    left = length
    try:
        while left and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            seen.update(piece)
            while piece:
                piece = piece[os.write(file, piece) :]
    except UnreadablePostError:
        pass  # the line broke
    if proof and seen.digest() != proof[1]:
        raise UploadTrouble(460, "wrong_sum")


@contextmanager
def _held(upload: Upload) -> Iterator[int]:
    """The file, for one sender at a time."""
    file = os.open(path_of(upload), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file
    except BlockingIOError:
        raise UploadTrouble(423, "busy") from None
    finally:
        os.close(file)


def finished(owner: int, handles: Sequence[str]) -> list[Upload]:
    """These uploads of one person, in this order. Raises UploadTrouble when one is not there or not complete."""
    found = [own(owner, handle) for handle in handles]
    if any(offset(one) != one.size for one in found):
        raise UploadTrouble(409, "not_finished")
    for empty in found:
        if not empty.size:
            path_of(empty).touch(0o600)  # no piece ever made its file
    return found


def drop(upload: Upload) -> None:
    """Taken, or not wanted any more: the row goes, and the bytes once that is certain."""
    place = path_of(upload)
    with transaction.atomic():
        upload.delete()
        transaction.on_commit(lambda: place.unlink(missing_ok=True))


def forget(owner: int, key: str) -> None:
    """What came under this key of one person, or under `key/…`, is not wanted any more; half of it neither."""
    for one in Upload.objects.filter(Q(key=key) | Q(key__startswith=f"{key}/"), owner_id=owner):
        drop(one)


def path_of(upload: Upload) -> Path:
    """Where the bytes lie; read only."""
    return _folder() / upload.handle


def _folder() -> Path:
    folder = Path(settings.KOOR_HOME) / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@jobs.every("29 * * * *", "kernel.sweep_uploads", queue="upkeep")
def sweep_uploads(timestamp: int) -> None:
    """Once an hour: what nobody went on with, and files that no row knows."""
    for stale in Upload.objects.filter(touched_at__lt=clock.now() - KEEP)[:500]:
        drop(stale)
    known = set(Upload.objects.values_list("handle", flat=True))
    for path in _folder().iterdir():
        if path.name not in known and path.stat().st_mtime < time.time() - STRAY_AFTER:
            path.unlink(missing_ok=True)
