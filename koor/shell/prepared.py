"""Whether this house was prepared already, as it stands: then a start need not load Django just to find nothing to do.

A preparation that went well leaves a mark of all that it looked at: every file of Koor, the packages, the migrations
that the database has had, whose house it is, and who can sign in to the demo. When one of these differs, or anything
is in doubt, the whole preparation runs again. No Django here.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from koor.kernel import postgres
from koor.kernel.identity import identity

FILE = "prepared"
CODE = Path(__file__).resolve().parent.parent
WITHOUT = {"__pycache__", "tests"}
ENVIRONMENT = ("KOOR_DEBUG", "DATABASE_URL", "KOOR_URL")
STATE = """
    select (select md5(string_agg(app || '.' || name, ' ' order by id)) from django_migrations),
           (select string_agg(identity::text || demo::text, ' ') from people_house),
           (select count(distinct erasure) from kernel_tombstone),
           (select md5(string_agg(name || email || job || is_active::text, ' ' order by id)) from people_person)
"""


def remember(home: Path, said: list[str], *, demo: bool) -> None:
    """After a preparation: what was found, and what a start says again of the demo. For the owner alone: it holds
    the password of the demo people."""
    new = home / f"{FILE}.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"mark": _mark(home, demo), "said": said}, file)
    new.replace(home / FILE)


def still_holds(home: Path, *, demo: bool) -> list[str] | None:
    """What a start says, when nothing has changed since the last preparation; else None. Never raises."""
    try:
        known = json.loads((home / FILE).read_text(encoding="utf-8"))
        return list(known["said"]) if known["mark"] == _mark(home, demo) else None
    except (OSError, ValueError, LookupError, TypeError, psycopg.Error, postgres.PostgresError):
        return None


def _mark(home: Path, demo: bool) -> str:
    seen = hashlib.sha256(f"{sys.version} {demo} {identity(home)}\n".encode())
    for name in ENVIRONMENT:
        seen.update(f"{name}={os.environ.get(name, '')}\n".encode())
    seen.update(_erased(home))
    for line in (*_packages(), *_files(CODE), *_gathered(home)):
        seen.update(line.encode("utf-8", "surrogateescape") + b"\n")
    with postgres.connect(postgres.address(home)) as connection:
        seen.update(repr(connection.execute(STATE).fetchone()).encode())
    return seen.hexdigest()


def _erased(home: Path) -> bytes:
    """Who was erased, also after a restore; a file that can't be read raises, and means preparing again."""
    try:
        return (home / "erased").read_bytes()
    except FileNotFoundError:
        return b""


def _packages() -> Iterator[str]:
    """Names and versions, as the folders of their metadata are called."""
    for folder in map(Path, sys.path):
        if folder.name == "site-packages" and folder.is_dir():
            yield from sorted(one.name for one in os.scandir(folder) if one.name.endswith(".dist-info"))


def _files(folder: Path) -> Iterator[str]:
    """Every file of Koor itself with its size and time."""
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in WITHOUT:
                yield from _files(Path(entry.path))
        elif not entry.name.endswith(".mo"):
            found = entry.stat()
            yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"


def _gathered(home: Path) -> Iterator[str]:
    """Whether the static files are still there."""
    mark = home / "static" / ".gathered"
    yield mark.read_text() if mark.exists() else "none"
