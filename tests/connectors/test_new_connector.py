"""`make connector NAME=x` writes a folder that keeps the contract as soon as its real parts are filled in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import connector

ROOT = Path(__file__).resolve().parents[2]
SECTION = "What stands here is long enough to tell a newcomer something."


def like_the_tree(folder: Path) -> Path:
    """The tree as it is, by links, with a folder of connectors and of their tests that may be written in."""
    for made in (folder / "koor" / "connectors", folder / "tests" / "connectors"):
        made.mkdir(parents=True)
    for part in ("koor", "koor/connectors", "tests", "."):
        for path in (ROOT / part).iterdir():
            there = folder / part / path.name
            if not there.exists() and path.name not in (".git", ".venv", "var", "__pycache__"):
                there.symlink_to(path)
    for path in (ROOT / "tests" / "connectors").glob("*.py"):
        shutil.copy(path, folder / "tests" / "connectors" / path.name)
    return folder / "koor" / "connectors"


def fill_in(made: Path) -> None:
    manifest = (made / "manifest.py").read_text()
    for field in ("what", "why_people", "works_well", "source"):
        manifest = manifest.replace(f'{field}=""', f'{field}="Filled in"')
    (made / "manifest.py").write_text(manifest.replace("checked_on=None", "checked_on=date(2026, 1, 2)"))
    told = (made / "README.md").read_text()
    (made / "README.md").write_text(told.replace("\n\n## ", f"\n\n{SECTION}\n\n## ") + f"\n{SECTION}\n")


def tried(folder: Path, *what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *what]
    here = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=here, capture_output=True, text=True, timeout=300, check=False)


def test_a_new_one_keeps_the_contract_once_it_is_filled_in(tmp_path: Path) -> None:
    made = connector.write("brink", like_the_tree(tmp_path))
    empty = tried(tmp_path, "tests/connectors/test_contract.py", "-k", "brink and (complete or newcomer)")
    assert "2 failed" in empty.stdout, empty.stdout[-2000:] + empty.stderr[-2000:]
    fill_in(made)
    done = tried(tmp_path, "tests/connectors/test_contract.py", "koor/connectors/brink/tests.py", "-k", "brink")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "failed" not in done.stdout


@pytest.mark.parametrize("name", ["", "Brink", "../brink", "1brink", "b"])
def test_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="can't be a folder"):
        connector.write(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_one_that_is_there_is_left_alone(tmp_path: Path) -> None:
    connector.write("brink", tmp_path)
    with pytest.raises(ValueError, match="already"):
        connector.write("brink", tmp_path)
