"""Reads the patches, applies them to a copy of this tree, and runs the tests that must turn red."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
COPIED = ("koor", "tests", "tools", "benchmarks", "conftest.py", "pyproject.toml", "requirements")
SECONDS = 300  # of the tests of one bug


@dataclass(frozen=True)
class Exhibit:
    """A bug: what it is, and arguments of pytest that must fail with it."""

    file: Path
    bug: str
    red: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        return self.file.stem.replace("_", " ")


def exhibits() -> list[Exhibit]:
    return [_read(file) for file in sorted(Path(__file__).parent.glob("*.patch"))]


def _read(file: Path) -> Exhibit:
    head = file.read_text().split("\n--- ", 1)[0].splitlines()
    bug = next(line.removeprefix("Bug: ") for line in head if line.startswith("Bug: "))
    red = tuple(tuple(shlex.split(line.removeprefix("Red: "))) for line in head if line.startswith("Red: "))
    return Exhibit(file, bug, red)


def applies(one: Exhibit, to: Path = ROOT, *, check: bool = True) -> bool:
    """Put it in, or (`check`) see whether that would work."""
    order = ["git", "apply", *(["--check"] if check else []), str(one.file)]
    # A copy inside another repository would be taken for a part of that
    apart = {**os.environ, "GIT_CEILING_DIRECTORIES": str(to.parent)}
    return subprocess.run(order, cwd=to, env=apart, capture_output=True, check=False).returncode == 0


@contextmanager
def copy() -> Iterator[Path]:
    """This tree elsewhere, for as long as the block lasts."""
    with TemporaryDirectory(prefix="museum-") as folder:
        to = Path(folder)
        for name in COPIED:
            source = ROOT / name
            skipped = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, to / name, ignore=skipped) if source.is_dir() else shutil.copy(source, to / name)
        yield to


def is_green(tree: Path, tests: tuple[str, ...]) -> bool:
    """Whether these tests pass there. What breaks before a test ran proves nothing: that raises RuntimeError."""
    order = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(order, cwd=tree, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(tests)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 0


def is_caught(one: Exhibit) -> bool:
    """Whether the tests that its head names are green as the tree is, and red with the bug in it."""
    with copy() as tree:
        if not all(is_green(tree, tests) for tests in one.red):
            raise RuntimeError(f"{one.file.name}: its tests are not green without it")
        if not applies(one, tree, check=False):
            raise RuntimeError(f"{one.file.name} no longer applies")
        return all(not is_green(tree, tests) for tests in one.red)
