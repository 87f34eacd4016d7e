"""Files of the house. The bytes lie under their digest in Django's storage (`$KOOR_HOME/files`), the same bytes
once; a row gives them a handle that can't be guessed, and is what other tables point to."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connection, transaction
from django.db.models import QuerySet

from koor.kernel import clock, jobs, links
from koor.kernel.models import StoredFile

PIECE = 1_048_576  # bytes read at a time
PORTION = 100  # files of which the bytes are dropped together
ORPHAN_AFTER = 24 * 3600  # seconds that bytes without a row stay


@runtime_checkable
class HasParts(Protocol):
    """A storage elsewhere that can do more than Django asks."""

    def part(self, name: str, first: int, after: int) -> Iterator[bytes]: ...
    def put(self, name: str, path: Path) -> None: ...
    def fetch(self, name: str, path: Path) -> None: ...
    def older_than(self, moment: datetime) -> Iterator[str]: ...


def store(
    content: bytes | Path | IO[bytes] | File[Any], *, mime: str, name: str = "", public: bool = False
) -> StoredFile:
    """Keep these bytes and give their row. Must stand in a transaction; when that is undone the row is gone and
    the bytes are swept up later. Raises OSError when they can't be written."""
    with _opened(content) as source:
        digest, size = _digest(source)
        path = f"{digest[:2]}/{digest[2:4]}/{digest}"
        _keep_from_dropping(digest)
        if not default_storage.exists(path):
            source.seek(0)
            _put(path, source)
    return StoredFile.objects.create(
        handle=secrets.token_urlsafe(24),
        digest=digest,
        path=path,
        mime=mime,
        size=size,
        name=plain_name(name),
        public=public,
        at=clock.now(),
    )


def head(content: bytes | Path | IO[bytes] | File[Any], most: int) -> bytes:
    """How it begins, read where it is: opening what was stored may fetch all of it from elsewhere."""
    with _opened(content) as source:
        source.seek(0)
        begins = bytes(source.read(most))
        source.seek(0)
    return begins


def read(stored: StoredFile) -> bytes:
    """All bytes of a file. Raises OSError (FileNotFoundError) when they are not there."""
    with default_storage.open(stored.path) as file:
        return bytes(file.read())


def part(stored: StoredFile, first: int, after: int) -> Iterator[bytes]:
    """The bytes from `first` up to `after`, in pieces. Raises FileNotFoundError at once when they are not there."""
    if isinstance(default_storage, HasParts):
        return default_storage.part(stored.path, first, after)
    file = default_storage.open(stored.path)
    file.seek(first)
    return _pieces(file, after - first)


def _pieces(file: IO[bytes] | File[Any], left: int) -> Iterator[bytes]:
    with file:
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


@contextmanager
def local(stored: StoredFile) -> Iterator[Path]:
    """A path on this machine, for programs that want one; not to be written to."""
    try:
        yield Path(default_storage.path(stored.path))
        return
    except NotImplementedError:
        pass  # the storage is elsewhere
    with tempfile.TemporaryDirectory(prefix="koor-local-") as place:
        copy = Path(place) / "file"
        _fetched(stored.path, copy)
        yield copy


def _fetched(path: str, copy: Path) -> None:
    if isinstance(default_storage, HasParts):
        default_storage.fetch(path, copy)
        return
    with default_storage.open(path) as source, copy.open("wb") as file:
        shutil.copyfileobj(source, file, PIECE)


def forget(stored: StoredFile) -> None:
    """Delete the row, and the bytes when no other row has the same. Raises ProtectedError while it is in use."""
    digest, path = stored.digest, stored.path
    with transaction.atomic():
        stored.delete()
        transaction.on_commit(lambda: _drop(digest, path))


def forget_all(pks: Iterable[int]) -> None:
    """The same of many, in a few statements. Bytes that somebody is storing again just then are left to the sweep."""
    rows = StoredFile.objects.filter(pk__in=list(pks))
    paths = dict(rows.values_list("digest", "path"))
    with transaction.atomic():
        rows.delete()
        transaction.on_commit(lambda: _drop_all(paths))


def show_to_everyone(stored: StoredFile, public: bool = True) -> None:
    """Readable without sign-in, such as a picture in the newsroom; or no longer."""
    StoredFile.objects.filter(pk=stored.pk).update(public=public)
    stored.public = public


def show_all_to_everyone(pks: QuerySet[Any, Any], public: bool) -> None:
    """The same of many."""
    StoredFile.objects.filter(pk__in=pks).update(public=public)


def url_of(stored: StoredFile, name: str = "") -> str:
    """Its address in this house. The name is for people only; the handle finds the file."""
    return links.of_file(stored.handle, plain_name(name or stored.name) or "file")


def path_of(stored: StoredFile) -> str:
    """Where the bytes lie on this machine, for the operator; empty when they lie elsewhere."""
    try:
        return str(default_storage.path(stored.path))
    except NotImplementedError:
        return ""


def lost(most: int) -> int:
    """How many of the newest files, of so many at most, have no bytes any more."""
    newest = StoredFile.objects.order_by("-pk").values_list("path", flat=True)[:most]
    return sum(not default_storage.exists(path) for path in newest)


def plain_name(name: str) -> str:
    """A file's name without folders and without characters that mean something to a shell, a header or an address."""
    bare = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^\w.,()+ -]", "_", bare).strip(". ")[-200:]


@jobs.every("41 4 * * *", "kernel.sweep_files", queue="upkeep")
def sweep_files(timestamp: int) -> None:
    """Once a day: bytes that no row points to, because a transaction was undone or a process died."""
    sweep(ORPHAN_AFTER)


def sweep(older_than: int) -> None:
    """Drop bytes that no row points to, when they lie there for so many seconds."""
    for path in list(_old_paths(older_than)):
        _drop(path.rsplit("/", 1)[-1], path)


def _old_paths(older_than: int) -> Iterator[str]:
    if isinstance(default_storage, HasParts):
        yield from default_storage.older_than(clock.now() - timedelta(seconds=older_than))
        return
    root = Path(default_storage.path(""))
    for path in root.glob("*/*/*"):
        if path.is_file() and path.stat().st_mtime < time.time() - older_than:
            yield str(path.relative_to(root))


@contextmanager
def _opened(content: bytes | Path | IO[bytes] | File[Any]) -> Iterator[Any]:
    if isinstance(content, bytes):
        yield ContentFile(content)
    elif isinstance(content, Path):
        with content.open("rb") as file:
            yield file
    else:
        content.seek(0)
        yield content


def _digest(source: Any) -> tuple[str, int]:
    seen, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        seen.update(piece)
        size += len(piece)
    return seen.hexdigest(), size


def _keep_from_dropping(digest: str) -> None:
    """Nobody drops these bytes until this transaction ends. Others may store them too: two who bring the same files in
    another order would wait for each other for ever."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s)", [_lock_of(digest)])


def _lock_of(digest: str) -> int:
    return int(digest[:15], 16)


def _put(path: str, source: Any) -> None:
    """Whole or not at all: written beside, then renamed. Storages elsewhere do that by themselves."""
    try:
        target = Path(default_storage.path(path))
    except NotImplementedError:
        _put_elsewhere(path, source)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(source, file, PIECE)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _put_elsewhere(path: str, source: Any) -> None:
    here = _on_disk(source)
    if here is not None and isinstance(default_storage, HasParts):
        default_storage.put(path, here)
    else:
        default_storage.save(path, File(source))


def _on_disk(source: Any) -> Path | None:
    """Where an open file lies; None for what is in memory. The name that somebody gave it says nothing."""
    if isinstance(source, TemporaryUploadedFile):
        return Path(source.temporary_file_path())
    file = getattr(source, "file", source)
    return Path(file.name) if isinstance(file, io.BufferedReader) and isinstance(file.name, str) else None


def _drop(digest: str, path: str) -> None:
    """Once nobody is storing these bytes, and when no row has them. Holds nothing else, so that it can wait."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_lock_of(digest)])
        if not StoredFile.objects.filter(digest=digest).exists():
            default_storage.delete(path)


def _drop_all(paths: Mapping[str, str]) -> None:
    """A portion at a time. It waits for nobody, for it holds the locks of others meanwhile."""
    waiting = list(paths)
    while waiting:
        some, waiting = {_lock_of(digest): digest for digest in waiting[:PORTION]}, waiting[PORTION:]
        with transaction.atomic():
            with connection.cursor() as cursor:
                asked = "select k from unnest(%s::bigint[]) k where pg_try_advisory_xact_lock(k)"
                cursor.execute(asked, [list(some)])
                free = {some[lock] for (lock,) in cursor.fetchall()}
            for digest in free - set(StoredFile.objects.filter(digest__in=free).values_list("digest", flat=True)):
                default_storage.delete(paths[digest])
