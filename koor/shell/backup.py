"""Backup and restore: database, files and keys in one encrypted file, and the proof that it can be read back.

The file is a tar inside a sealed stream: `manifest.json`, `database.dump` (pg_dump's own format), `key`, `files/…`.
Rows are counted in the snapshot that is dumped, and counted again wherever it is restored. No Django: a restore must
work before this version's tables exist.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import secrets
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from koor import __version__
from koor.kernel import identity, plainly, postgres
from koor.kernel.held_files import Bucket, bucket_of_house
from koor.kernel.sealed_stream import PIECE, Opener, Sealer, Secret
from koor.kernel.trouble import Trouble

Tell = Callable[[str], None]
Parameters = Mapping[str, str]
Manifest = dict[str, Any]
# Their tables are kept, their rows are not: made again, or meant to be gone soon (pictures from before blurring)
WITHOUT_ROWS = ("kernel_cache", "hub_unblurred", "kernel_daykey", "kernel_knock")
STALE_SECONDS = 24 * 3600
LAST = "last-backup.json"


class BackupError(Trouble):
    """No backup could be made or read; nothing that was there has been touched."""


# ── Making ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def make(home: Path, file: Path, secret: Secret, tell: Tell) -> dict[str, Any]:
    """Write a backup of the house at `home` to `file`, whole or not at all. The database must run.

    Gives {"file", "bytes", "rows", "files"}. Raises BackupError, PostgresError.
    """
    if file.exists():
        raise BackupError(f"{file} is there already")
    if not file.parent.is_dir():
        raise BackupError(f"there is no folder {file.parent}")
    with _workroom(home) as room:
        tell("Reading the database …")
        rows = dump(postgres.address(home), room / "database.dump")
        manifest = {
            "koor": __version__,
            "house": str(identity.identity(home)),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rows": rows,
            "postgres": postgres.MAJOR,
        }
        tell("Sealing …")
        files = _write(home, file, secret, room / "database.dump", manifest)
    return {"file": str(file), "bytes": file.stat().st_size, "rows": sum(rows.values()), "files": files}


@contextmanager
def _workroom(home: Path) -> Iterator[Path]:
    """A private folder in the house itself: what is unsealed must not lie about in the common temporary folder."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in home.glob("backup-*/"):  # by one that was killed
        if time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=home, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def dump(parameters: Parameters, target: Path) -> dict[str, int]:
    """Dump a database to `target`; the number of rows of every table, counted in the same snapshot."""
    with postgres.connect(parameters) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        snapshot = _one(connection, "select pg_export_snapshot()")
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        options += [f"--exclude-table-data=public.{table}" for table in WITHOUT_ROWS]
        postgres.run_tool("pg_dump", *options, to=parameters)
        return count(connection)


def count(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of every table of the house."""
    tables = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> all(%s) order by 1",
        [list(WITHOUT_ROWS)],
    ).fetchall()
    query = sql.SQL("select count(*) from {}")
    return {name: _one(connection, query.format(sql.Identifier("public", name))) for (name,) in tables}


def _one(connection: psycopg.Connection[Any], query: Any, parameters: Any = None) -> Any:
    row = connection.execute(query, parameters).fetchone()
    return row[0] if row else None


def _write(home: Path, file: Path, secret: Secret, database: Path, manifest: Manifest) -> int:
    """The sealed tar beside its place, then in it; the number of files of the house in it."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            files = _fill(home, out, secret, database, manifest)
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return files


def _fill(home: Path, out: IO[bytes], secret: Secret, database: Path, manifest: Manifest) -> int:
    sealer = Sealer(out, secret)
    try:
        with tarfile.open(fileobj=sealer, mode="w|", bufsize=PIECE) as tar:
            _add_bytes(tar, "manifest.json", json.dumps(manifest, indent=1).encode())
            _add_file(tar, "database.dump", database)
            if (home / "key").exists():  # else the keys come from KOOR_KEY, and are not ours to keep
                _add_file(tar, "key", home / "key")
            files = _add_all(tar, home)
    except BaseException:
        sealer.abandon()
        raise
    sealer.close()
    return files


def _add_all(tar: tarfile.TarFile, home: Path) -> int:
    """The files of the house, from its folder and from its bucket; how many."""
    paths = sorted((home / "files").rglob("*"))
    files = sum(p.is_file() and not p.is_symlink() and _add_file(tar, _name(home, p), p) for p in paths)
    bucket = bucket_of_house()
    return files + (sum(_add_held(tar, bucket, name) for name in bucket.names()) if bucket else 0)


def _add_held(tar: tarfile.TarFile, bucket: Bucket, name: str) -> bool:
    """False when it is gone in the meantime."""
    try:
        source, size = bucket.open(name)
    except FileNotFoundError:
        return False
    with source:
        member = tarfile.TarInfo(f"files/{name}")
        member.size = size
        tar.addfile(member, source)
    return True


def _name(home: Path, path: Path) -> str:
    return path.relative_to(home).as_posix()


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> bool:
    """False when the file is gone in the meantime: its row was deleted after the snapshot."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return False
    with source:
        member = tarfile.TarInfo(name)
        member.size = os.fstat(source.fileno()).st_size
        tar.addfile(member, source)
    return True


def note(home: Path, file: Path, *, checked: bool) -> None:
    """Remember for `koor doctor` when the last backup was made."""
    said = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "file": str(file.resolve()), "checked": checked}
    (home / LAST).write_text(json.dumps(said), encoding="utf-8")


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def unpack(file: Path, secret: Secret, room: Path) -> Manifest:
    """Verify every piece of a backup and lay it out in `room`; its manifest. Raises BackupError, CannotOpen."""
    try:
        with file.open("rb") as source, io.BufferedReader(Opener(source, secret), PIECE) as reader:
            with tarfile.open(fileobj=reader, mode="r|", bufsize=PIECE) as tar:
                for member in tar:
                    _lay_out(tar, member, room)
            while reader.read(PIECE):  # to the very end, where a cut would show
                pass
        manifest = json.loads((room / "manifest.json").read_bytes())
        if not {"koor", "rows", "made_at"} <= manifest.keys() or not (room / "database.dump").exists():
            raise BackupError(f"{file} is not whole")
    except (OSError, tarfile.TarError, ValueError, AttributeError) as error:
        raise BackupError(f"{file} cannot be read: {error}") from error
    if _parts(manifest["koor"]) > _parts(__version__):
        raise BackupError(f"{file} was made by Koor {manifest['koor']}; this is {__version__}: upgrade first")
    return dict(manifest)


def glance(file: Path, secret: Secret) -> None:
    """Whether this is a backup at all, and the secret its own. Raises BackupError, CannotOpen."""
    try:
        with file.open("rb") as source, io.BufferedReader(Opener(source, secret), PIECE) as reader:
            reader.read(1)
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error}") from error


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _lay_out(tar: tarfile.TarFile, member: tarfile.TarInfo, room: Path) -> None:
    """One member, only where a backup has members: a name cannot lead out of `room`."""
    parts = member.name.split("/")
    known = member.name in {"manifest.json", "database.dump", "key"} or (parts[0] == "files" and len(parts) > 1)
    content = tar.extractfile(member) if member.isreg() else None
    if not known or content is None or any(part in {"", ".", ".."} for part in parts):
        raise BackupError(f"this backup holds {member.name!r}, which no backup of Koor does")
    target = room.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out, PIECE)


def load(parameters: Parameters, room: Path, manifest: Manifest) -> None:
    """Put the dump into an empty database and count. Raises BackupError when a row is missing."""
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    options += [f"--dbname={parameters['dbname']}", str(room / "database.dump")]
    postgres.run_tool("pg_restore", *options, to=parameters)
    with postgres.connect(parameters) as connection:
        found = count(connection)
    if found != manifest["rows"]:
        tables = sorted(name for name in found | manifest["rows"] if found.get(name) != manifest["rows"].get(name))
        raise BackupError(f"not all rows came back: {', '.join(tables)}")


def check(home: Path, file: Path, secret: Secret, tell: Tell) -> dict[str, Any]:
    """Restore a backup into an empty place and throw that away. Gives {"rows", "files"} that came back.

    Raises BackupError, CannotOpen, PostgresError.
    """
    with _workroom(home) as room:
        tell("Opening the backup …")
        manifest = unpack(file, secret, room)
        tell("Restoring it into an empty place …")
        with postgres.Cluster(room / "empty", fsync=False):
            parameters = postgres.own_address(room / "empty")
            load(parameters, room, manifest)
            files = _check_files(parameters, room)
    return {"rows": sum(manifest["rows"].values()), "files": files}


def _check_files(parameters: Parameters, room: Path) -> int:
    """Every file that the database knows is there, byte for byte; their number."""
    with postgres.connect(parameters) as connection:
        if _one(connection, "select to_regclass('public.kernel_storedfile')") is None:
            return 0
        known = connection.execute("select distinct path, digest from public.kernel_storedfile").fetchall()
    wrong = [path for path, digest in known if _digest(room / "files" / path) != digest]
    if wrong:
        raise BackupError(f"{len(wrong)} files are missing or changed, such as {wrong[0]}")
    return len(known)


def _digest(path: Path) -> str:
    with suppress(FileNotFoundError), path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
    return ""


# ── Restoring ────────────────────────────────────────────────────────────────────────────────────────────────────────


def restore(home: Path, file: Path, secret: Secret, tell: Tell, *, replace: bool = False) -> dict[str, Any]:
    """Make the house at `home` what the backup holds. The database must run, the house must not.

    Into a house that is not empty only with `replace`; what was there is then set aside, not deleted. Publishing is
    held afterwards: what was due since the backup may have been posted already. Raises BackupError and others.
    """
    glance(file, secret)
    parameters = postgres.address(home)
    used = is_used(parameters, home)
    if used and not replace:
        raise BackupError("this house is not empty; with --replace what is there is set aside")
    if used and not postgres.embedded():
        raise BackupError("the database of DATABASE_URL is not empty: name an empty one")
    with _workroom(home) as room:
        tell("Opening the backup …")
        manifest = unpack(file, secret, room)
        aside = _aside(home) if used else ""
        tell("Restoring the database …")
        if postgres.embedded():
            _restore_beside(parameters, home, room, manifest, aside)
        else:
            _restore_into(parameters, home, room, manifest)
    return {"made_at": manifest["made_at"], "rows": sum(manifest["rows"].values()), "set_aside": aside or None}


def _aside(home: Path) -> str:
    """The name under which what is there is set aside: the moment, and a number for the second of one second."""
    moment = time.strftime("before-%Y%m%d-%H%M%S")
    names = itertools.chain([moment], (f"{moment}-{number}" for number in itertools.count(2)))
    return next(name for name in names if not any(home.glob(f"*.{name}")))


def is_used(parameters: Parameters, home: Path) -> bool:
    """Whether anybody lives here: an organisation in the database, or files."""
    if any((home / "files").rglob("*")):
        return True
    with postgres.connect(parameters) as connection:
        if _one(connection, "select to_regclass('public.people_house')") is not None:
            return bool(_one(connection, "select exists (select from public.people_house)"))
        if postgres.embedded():
            return False
        return bool(_one(connection, "select exists (select from pg_tables where schemaname = 'public')"))


def _restore_beside(parameters: Parameters, home: Path, room: Path, manifest: Manifest, aside: str) -> None:
    """Into a new database of the embedded server, which takes the name of the old one when all is well."""
    new, old = f"restoring_{secrets.token_hex(4)}", aside.replace("-", "_") or f"empty_{secrets.token_hex(4)}"
    with postgres.connect({**parameters, "dbname": "postgres"}, autocommit=True) as keeper:
        _order(keeper, "create database {} template template0", new)
        try:
            load({**parameters, "dbname": new}, room, manifest)
            _move_in(home, room, aside)
            hold({**parameters, "dbname": new}, home, manifest)
        except BaseException:
            _order(keeper, "drop database {} with (force)", new)
            raise
        keeper.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [postgres.NAME])
        _order(keeper, "alter database {} rename to {}", postgres.NAME, old)
        _order(keeper, "alter database {} rename to {}", new, postgres.NAME)
        if not aside:
            _order(keeper, "drop database {} with (force)", old)


def _restore_into(parameters: Parameters, home: Path, room: Path, manifest: Manifest) -> None:
    """Into the database of DATABASE_URL, which holds no organisation: at most the tables of a first start."""
    with postgres.connect(parameters, autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
    load(parameters, room, manifest)
    _move_in(home, room, "")
    hold(parameters, home, manifest)


def _order(connection: psycopg.Connection[Any], order: str, *names: str) -> None:
    connection.execute(sql.SQL(order).format(*map(sql.Identifier, names)))


def _move_in(home: Path, room: Path, aside: str) -> None:
    """Files and keys to their place; what stood there is set aside under its name and `aside`. In a bucket nothing has
    to go aside: a name there is the digest of what it holds."""
    bucket = bucket_of_house()
    if bucket is not None and (room / "files").exists():
        bucket.take_in(room / "files")
        shutil.rmtree(room / "files")
    for name in ("files", "key"):
        here, new = home / name, room / name
        if aside and here.exists():
            here.rename(home / f"{name}.{aside}")
        elif here.is_dir():
            shutil.rmtree(here)
        if new.exists():
            new.replace(here)


def hold(parameters: Parameters, home: Path, manifest: Manifest) -> None:
    """A restored house is another installation, posts nothing and mails nothing by itself until somebody has looked."""
    said = f"{identity.RESTORED}{manifest['made_at']}: look at what was due since then before you publish."
    fresh = identity.renew(home)
    identity.set_apart(home)
    with postgres.connect(parameters) as connection:
        if _one(connection, "select to_regclass('public.people_house')") is not None:
            connection.execute("update public.people_house set identity = %s, publishing_held = %s", [fresh, said])
        if _one(connection, "select to_regclass('public.kernel_mail')") is not None:
            connection.execute(
                "update public.kernel_mail set state = 'failed', next_at = null, problem = %s where state = 'waiting'",
                [plainly.OLD_LETTER],
            )
