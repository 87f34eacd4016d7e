"""The real house, started by its command: every part is killed once, and it stands again by itself."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from koor.kernel import postgres
from koor.kernel.postgres import Cluster
from koor.shell.supervisor import clear_leftovers

PARTS = {
    "web": r"granian --interface",
    "worker": r"koor worker --only other",
    "sender": r"koor worker --only sending",
}


def until(found: Callable[[], object], what: str, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, f"waited too long: {what}"
        time.sleep(0.1)


class House:
    """A house of its own, as an operator would run it."""

    def __init__(self, home: Path) -> None:
        self.home, self.log = home, home / "start.log"
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self.environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment |= {"KOOR_HOME": str(home), "KOOR_PORT": str(self.port)}

    def start(self) -> None:
        with self.log.open("a") as log:
            command = [sys.executable, "-m", "koor", "start"]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        until(self.is_well, f"a first answer\n{self.log.read_text()}")

    def is_well(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=5) as answer:
                return bool(json.load(answer)["state"] == "well")
        except (OSError, ValueError, urllib.error.URLError):
            return False

    def pids(self, part: str) -> set[int]:
        """Processes of this house, by their command line."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                ours = f"KOOR_HOME={self.home}\0".encode() in (folder / "environ").read_bytes()
            except OSError:
                continue
            if ours and re.search(PARTS[part], words):
                found.add(int(folder.name))
        return found

    def kill_and_see_them_back(self, *parts: str) -> None:
        before = {part: self.pids(part) for part in parts}
        for pid in set().union(*before.values()):
            os.kill(pid, signal.SIGKILL)
        for part in parts:
            until(lambda part=part: (now := self.pids(part)) and not now & before[part], f"another {part}")  # type: ignore[misc]
        until(self.is_well, f"well again after {parts}")


@pytest.fixture
def tmp_path(homes: Callable[[], Path]) -> Path:
    return homes()


@pytest.fixture
def house(tmp_path: Path, db: None) -> Iterator[House]:
    """With its tables, as at every start but the first: making them is nine tenths of a start."""
    one = House(tmp_path)
    ours, its = postgres.address(tmp_path), postgres.own_address(tmp_path)  # DATABASE_URL is the test's own
    tables = postgres.run_tool("pg_dump", "--no-owner", to=ours, stdout=subprocess.PIPE).stdout
    with Cluster(tmp_path):
        postgres.run_tool("psql", "-q", "-v", "ON_ERROR_STOP=1", to=its, input=tables, stdout=subprocess.DEVNULL)
    yield one
    one.process.kill()
    one.process.wait()
    clear_leftovers(tmp_path)
    Cluster(tmp_path).stop()


def test_whatever_is_killed_the_house_stands_again(house: House) -> None:
    house.start()
    house.kill_and_see_them_back(*PARTS)

    cluster = Cluster(house.home)
    postmaster = cluster.pid()
    assert postmaster
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: cluster.pid() not in (None, postmaster), "another database")
    until(house.is_well, "well again after the database")
    ends(house)


@pytest.mark.long
def test_a_house_whose_supervisor_is_killed_starts_again(house: House) -> None:
    """With stand-ins for its parts: koor/shell/tests/test_supervisor.py."""
    house.start()
    house.process.kill()
    house.process.wait()
    until(lambda: not any(house.pids(part) for part in PARTS), "the parts follow their supervisor")
    house.start()
    ends(house)


def ends(house: House) -> None:
    house.process.terminate()
    assert house.process.wait(timeout=60) == 0
    assert Cluster(house.home).pid() is None
    assert house.log.read_text().splitlines()[-1] == "Stopped."
