"""Compiling with numba, which is optional (the extra `fast`). What was compiled is kept in a folder of the house, by
the digest of the code that it was made from, so that neither an upgrade nor another machine meets what is old."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def keep_in(home: Path) -> None:
    """Keep what is compiled below this folder; to be called before anything is compiled."""
    numba: Any = import_module("numba")
    folder = home / "compiled"
    mine = folder / _digest()
    try:
        mine.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(mine, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(f"{mine} is another user's")
        for other in set(folder.iterdir()) - {mine}:
            shutil.rmtree(other, ignore_errors=True)
    except OSError:  # a house that can't be written to: for this process alone
        mine = Path(tempfile.mkdtemp(prefix="koor-compiled-"))
        atexit.register(shutil.rmtree, mine, ignore_errors=True)
    numba.config.CACHE_DIR = str(mine)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Of the processes of a house that begin together one compiles; the others wait, and find what it kept."""
    with ExitStack() as held:
        with suppress(OSError):  # as above: each for itself
            gate = held.enter_context((home / "compiling.lock").open("a"))
            fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _digest() -> str:
    found = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    versions = [platform.python_version(), platform.machine(), *map(version, ("numba", "llvmlite", "numpy"))]
    found.update(" ".join(versions).encode())
    return found.hexdigest()[:16]


def compiled(function: F) -> F:
    """The function, compiled when it is first called with arguments of a kind. It makes no arrays, so that nothing
    has to be counted (`_nrt`): counting took nine tenths of the time."""
    return _compiled(function, forceinline=False)


def inlined(function: F) -> F:
    """The same, put into whoever calls it: to hand over what a call needs (each array is seven numbers) takes longer
    than what is done for a word."""
    return _compiled(function, forceinline=True)


def _compiled(function: F, **options: bool) -> F:
    numba: Any = import_module("numba")
    made: F = numba.njit(cache=True, error_model="numpy", _nrt=False, **options)(function)
    return made
