"""Somebody was erased after the backup: with the real commands they do not come back with it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

NAME = "Kanarie Zeldenrust"
MEET = f"""
from koor.ground.contacts import actions
from koor.kernel.access import SYSTEM
print(actions.add_contact(by=SYSTEM, name="{NAME}", email="kanarie@zeldenrust.example").pk)
"""
COUNT = """
from koor.ground.contacts.models import Contact
print(Contact.objects.filter(name__contains="Kanarie").count())
"""


@pytest.mark.long
def test_an_older_backup_does_not_bring_them_back(homes: Callable[[], Path], tmp_path: Path) -> None:
    home = homes() / "house"
    environment = {**os.environ, "KOOR_HOME": str(home), "KOOR_BACKUP_PASSPHRASE": "a passphrase of some length"}
    environment.pop("DATABASE_URL", None)

    def koor(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "koor", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done

    koor("prepare")
    koor("init", "--name", "Reurslag", "--person", "Ada Admin", "--email", "ada@reurslag.example")
    contact = koor("manage", "shell", "--no-imports", "-c", MEET).stdout.split()[-1]
    koor("backup", str(tmp_path / "before"))
    assert json.loads(koor("personal", "erase", "--contact", contact, "--yes", "--json").stdout)["erased"] is True
    for time in ("once", "twice"):
        koor("restore", str(tmp_path / "before"), "--replace")
        assert "Erased again after a restore: 1" in koor("prepare").stdout, time
        assert koor("manage", "shell", "--no-imports", "-c", COUNT).stdout.split()[-1] == "0"
    (home / "erased").write_bytes(b"\xff\xfe")
    koor("restore", str(tmp_path / "before"), "--replace")
    assert "cannot be read" in koor("prepare").stdout
    assert "cannot be read" in koor("doctor", code=1).stdout
