"""`koor service`: units that systemd takes, and nothing written over."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from koor.kernel.trouble import Trouble
from koor.shell import service
from koor.shell.service import Service


@pytest.fixture
def here(tmp_path: Path) -> Service:
    return Service(
        user="root",
        home=tmp_path,
        root=service.code_root(),
        settings=tmp_path / "koor.env",
        backups=tmp_path,
        wrapper=tmp_path / "koor",
    )


def test_the_supervisor_alone_is_asked_to_stop(here: Service) -> None:
    house = service.units(here)["koor.service"]
    assert "KillMode=mixed" in house
    assert "Restart=always" in house
    assert f"ExecStart={here.root}/.venv/bin/koor start\n" in house
    assert f"KOOR_HOME={here.home} " in house


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_takes_the_units(here: Service, tmp_path: Path) -> None:
    written = service.write(here, tmp_path, "https://koor.example.org")
    units = [str(path) for path in written if path.suffix in {".service", ".timer"}]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "koor" in line and "is not executable" not in line]
    assert not ours


def test_settings_hold_secrets_and_are_not_written_over(here: Service, tmp_path: Path) -> None:
    service.write(here, tmp_path, "https://koor.example.org")
    assert here.settings.stat().st_mode & 0o077 == 0
    assert "KOOR_URL=https://koor.example.org\n" in here.settings.read_text()
    here.settings.write_text("KOOR_URL=https://mine.example.org\n")
    assert here.settings not in service.write(here, tmp_path, "https://koor.example.org")
    assert here.settings.read_text() == "KOOR_URL=https://mine.example.org\n"


def test_the_command_takes_the_settings_of_the_house(here: Service, tmp_path: Path) -> None:
    service.write(here, tmp_path, "https://koor.example.org")
    here.settings.write_text('KOOR_URL="https://mine.example.org"\nSMTP_FROM="Koor <koor@example.org>"\n')
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    here.wrapper.write_text(service.wrapper_text(here).replace("= root ]", f"= {user} ]"))
    done = subprocess.run([str(here.wrapper), "doctor", "--json"], capture_output=True, text=True, check=False)
    assert "https://mine.example.org has HTTPS and a name" in done.stdout, done.stderr


def test_a_long_path_needs_the_common_temporary_folder(here: Service, tmp_path: Path) -> None:
    long = Service(user="koor", home=tmp_path / ("long-name-" * 12), root=here.root)
    assert "PrivateTmp=no" in service.units(long)["koor.service"]
    short = Service(user="koor", home=Path("/var/lib/koor"), root=here.root)
    assert "PrivateTmp=yes" in service.units(short)["koor.service"]


@pytest.mark.parametrize(
    "odd", [{"user": "root; rm"}, {"home": Path("relative")}, {"home": Path("/with space")}, {"home": Path("/with%h")}]
)
def test_what_systemd_would_read_otherwise_is_refused(here: Service, odd: dict[str, Any]) -> None:
    with pytest.raises(Trouble):
        Service(**{"user": "koor", "home": Path("/var/lib/koor"), "root": here.root, **odd})


def test_a_passphrase_that_is_there_is_not_chosen_anew(here: Service, tmp_path: Path) -> None:
    choose = f"openssl rand -base64 30 > {tmp_path}/passphrase"
    assert [line for line in service.what_follows(here) if line.startswith(choose)]
    (tmp_path / "passphrase").write_text("what opens the backups of last month")
    assert service.what_follows(here)[1:] == [
        "systemctl daemon-reload",
        "systemctl enable --now koor koor-backup.timer",
    ]


def test_by_the_command_line(tmp_path: Path) -> None:
    def koor(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "koor", "service", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert koor("--home", "/var/lib/koor").stdout.startswith("# koor.service\n[Unit]\n")
    refused = koor("--user", "root", "--home", "/var/lib/koor", "--write", str(tmp_path / "absent"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "cannot be written" in refused.stderr
