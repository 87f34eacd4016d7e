"""The tree as the rules see it: rooms in their order, files that git keeps, functions of a module."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ORDER: list[str] = [  # from high to low, as the import linter keeps it
    layer.removeprefix("koor.").replace(".", "/")
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if contract["type"] == "layers"
    for layer in contract["layers"]
]
ROOMS = [folder for folder in ORDER if folder.startswith(("ground/", "flow/", "growth/"))]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(room: str) -> str:
    """The app label of a room's folder: `flow/hub` is hub."""
    return room.rsplit("/")[-1]


def height(label: str) -> int:
    """How high an app stands; everything outside the house (Django, packages) lies below it."""
    for number, folder in enumerate(reversed(ORDER), 1):
        if name(folder) == label:
            return number
    return 0


def label_of(path: Path) -> str:
    """Which of the house's apps a file belongs to."""
    inside = path.relative_to(ROOT / "koor").as_posix()
    return next((name(folder) for folder in ORDER if inside.startswith(f"{folder}/")), "")


@cache
def tracked() -> list[Path]:
    """Every file that git keeps, or in an unpacked archive every file of the tree's own folders."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if asked.returncode == 0:
        return [ROOT / path for path in asked.stdout.decode().split("\0") if path and (ROOT / path).is_file()]
    return [path for folder in ("koor", "tests", "docs", "tools") for path in (ROOT / folder).rglob("*.*")]


def code(*, tests: bool = False) -> Iterator[Path]:
    """Python of the house; without migrations, and without tests unless asked."""
    for path in tracked():
        inside = path.relative_to(ROOT)
        if path.suffix != ".py" or inside.parts[0] != "koor" or "migrations" in inside.parts:
            continue
        if tests or not ("tests" in inside.parts or path.name == "tests.py"):
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def functions(path: Path) -> Iterator[Function]:
    """All functions of a module, of classes and inside others too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, Function):
            yield node


def of_file(room: str, file: str) -> list[Path]:
    """The module of this name in a room, or all of the folder that it grew into."""
    one, folder = ROOT / "koor" / room / f"{file}.py", ROOT / "koor" / room / file
    return [one] if one.exists() else sorted(folder.glob("*.py"))


def said(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
