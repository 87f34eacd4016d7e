"""Test files are compiled once for all test processes. Each of them would do it for itself otherwise, all at the same
moment: twelve seconds of processor time in each after a fresh clone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

ROOT = Path(__file__).parent.parent


def compile_once(config: pytest.Config) -> None:
    """As pytest itself compiles and keeps them, by as many processes as there are cores."""
    if sys.dont_write_bytecode:
        return
    files = [file for folder in ("koor", "tests") for file in (ROOT / folder).rglob("*.py") if _is_rewritten(file)]
    stale = [file for file in files if rewrite._read_pyc(file, _kept_as(file)) is None]
    cores = os.cpu_count() or 1
    children = [_compile_apart(config, stale[part::cores]) for part in range(cores if stale else 0)]
    for child in children:
        os.waitpid(child, 0)


def _is_rewritten(file: Path) -> bool:
    return file.name.startswith("test_") or file.name in ("tests.py", "conftest.py")


def _kept_as(file: Path) -> Path:
    return rewrite.get_cache_dir(file) / (file.name[:-3] + rewrite.PYC_TAIL)


def _compile_apart(config: pytest.Config, files: list[Path]) -> int:
    child = os.fork()
    if child == 0:
        try:
            for file in files:
                _compile(config, file)
        finally:  # what was not compiled here each process compiles for itself, and says what is wrong with it
            os._exit(0)
    return child


def _compile(config: pytest.Config, file: Path) -> None:
    kept = _kept_as(file)
    kept.parent.mkdir(exist_ok=True)
    digest, code = rewrite._rewrite_test(file, config)
    rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, digest, kept)
