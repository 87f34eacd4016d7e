"""Whom the server runs as, and how that user reaches data and programs. PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from contextlib import suppress
from pathlib import Path

from koor.kernel.postgres.place import PostgresError

SYSTEM_USER = "koor-db"  # when we are root


def server_user(data: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as; None for ourselves. An existing cluster keeps its owner."""
    me = os.geteuid()
    if data.exists():
        owner = data.stat().st_uid
        if owner == me != 0:
            return None
        if me != 0:
            raise PostgresError(f"{data} belongs to user {owner}: start Koor as that user")
        if owner != 0:
            return pwd.getpwuid(owner)
    return _system_user() if me == 0 else None


def _system_user() -> pwd.struct_passwd:
    """The system user without login, made when it is not there (we are root)."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        made = subprocess.run([*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True)
    except FileNotFoundError as error:
        raise PostgresError(
            f"no useradd here: make a system user {SYSTEM_USER} without login, then start again"
        ) from error
    try:  # two houses may have tried at once: what counts is that the user is there
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError as error:
        raise PostgresError(f"user {SYSTEM_USER} cannot be made: {made.stderr.decode().strip()}") from error


def open_way(folder: Path) -> None:
    """Let the server's user pass through every folder above this one: `o+x`, never `r`. Only as root."""
    for parent in folder.resolve().parents:
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def open_programs(folder: Path) -> None:
    """Let the server's user read the wheel's own files where a strict umask closed them. Only as root."""
    if (folder / "postgres").stat().st_mode & stat.S_IXOTH and folder.parent.stat().st_mode & stat.S_IXOTH:
        return
    package = folder.parent.parent
    for part in [
        package,
        *folder.parent.rglob("*"),
        folder.parent,
        *(package.parent.glob(f"{package.name}.libs/**/*")),
    ]:
        mode = stat.S_IMODE(part.stat().st_mode)
        part.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
