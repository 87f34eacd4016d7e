"""The supervisor with real processes that are really killed; its parts here are small stand-ins."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from koor.kernel.postgres import Cluster
from koor.shell import supervisor

WEB = """
import os, pathlib, socket, sys, time
home, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
server = socket.create_server(("127.0.0.1", port), reuse_port=True)
(home / "web.pid").write_text(str(os.getpid()))
time.sleep(600)
"""
WORKER = """
import os, pathlib, signal, sys, time
home = pathlib.Path(sys.argv[1])
(home / "worker.pid").write_text(str(os.getpid()))
with (home / "worker.starts").open("a") as starts: starts.write("x")
if (home / "deaf").exists(): signal.signal(signal.SIGTERM, signal.SIG_IGN)
while not (home / "finish").exists(): time.sleep(0.02)
(home / "finish").unlink()
"""
HOUSE = """
import os, sys
from pathlib import Path
from koor.kernel.postgres import Cluster
from koor.shell.supervisor import CannotStart, Part, Plan, Supervisor
os.environ.pop("DATABASE_URL", None)
home, port, database = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "database"
plan = Plan(
    home=home, address=f"http://127.0.0.1:{port}", host="127.0.0.1", port=port,
    parts=[
        Part("web", [sys.executable, "-c", os.environ["WEB"], str(home), str(port)]),
        Part("worker", [sys.executable, "-c", os.environ["WORKER"], str(home)], stop_seconds=0.5),
    ],
    cluster=Cluster(home, fsync=False) if database else None,
    prepare=[sys.executable, "-c", os.environ.get("PREPARE", "")],
    prepared=lambda: os.environ["PREPARED"].split("|") if "PREPARED" in os.environ else None,
)
try:
    Supervisor(plan, lambda line: print(line, flush=True)).run()
except CannotStart as error:
    sys.exit(str(error))
"""

pytestmark = pytest.mark.broad


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(found: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class House:
    """A supervised house in a folder, in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port, self.process = home, free_port(), None

    def start(self, *, database: bool = False, **environment: str) -> subprocess.Popen:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOUSE, str(self.home), str(self.port), "database" if database else "none"],
            env={**os.environ, "WEB": WEB, "WORKER": WORKER, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self.process

    def stand(self, **options: object) -> list[str]:
        """Start, and wait until it says where it is; the lines up to there."""
        lines: list[str] = []
        process = self.start(**options)
        while not lines or "Koor is on" not in lines[-1]:
            line = process.stdout.readline()
            assert line, lines
            lines.append(line.rstrip())
        until(lambda: self.pid("worker"))  # its file is there a moment before its number
        return lines

    def pid(self, part: str) -> int:
        file = self.home / f"{part}.pid"
        return int(file.read_text() or 0) if file.exists() else 0

    def kill(self, part: str) -> int:
        """Kill a part; wait for the next one and return its process number."""
        old = self.pid(part)
        os.kill(old, signal.SIGKILL)
        until(lambda: self.pid(part) not in (0, old))
        return self.pid(part)

    def end(self) -> str:
        self.process.terminate()
        said, _ = self.process.communicate(timeout=20)
        return said


@pytest.fixture
def tmp_path(homes: Callable[[], Path]) -> Path:
    return homes()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    one = House(tmp_path)
    yield one
    if one.process and one.process.poll() is None:
        one.process.kill()
        one.process.wait()
    supervisor.clear_leftovers(tmp_path)
    Cluster(tmp_path).stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(house: House, number: signal.Signals) -> None:
    lines = house.stand()
    assert lines[-1] == f"Koor is on http://127.0.0.1:{house.port}"
    parts = [house.pid("web"), house.pid("worker")]
    house.process.send_signal(number)
    said, _ = house.process.communicate(timeout=20)
    assert said.splitlines()[-1] == "Stopped."
    assert house.process.returncode == 0
    assert not any(map(is_alive, parts))


def test_killed_parts_start_again(house: House) -> None:
    house.stand()
    assert is_alive(house.kill("worker"))
    assert is_alive(house.kill("web"))


def test_a_worker_that_ends_well_starts_again(house: House) -> None:
    house.stand()
    first = house.pid("worker")
    (house.home / "finish").touch()
    until(lambda: house.pid("worker") not in (0, first))
    assert "worker ended (exit 0): again in 0.5 s" in house.end()


def test_a_deaf_worker_is_killed_after_its_time(house: House) -> None:
    (house.home / "deaf").touch()
    house.stand()
    worker = house.pid("worker")
    time.sleep(0.2)
    house.end()
    assert not is_alive(worker)


def test_a_killed_supervisor_takes_its_parts_along_and_starts_again(house: House) -> None:
    (house.home / "deaf").touch()  # this one does not hear that its parent died
    house.stand()
    web, worker = house.pid("web"), house.pid("worker")
    time.sleep(0.2)
    house.process.kill()
    house.process.wait()
    until(lambda: not is_alive(web))
    assert is_alive(worker)
    (house.home / "deaf").unlink()
    house.stand()
    assert not is_alive(worker)
    assert house.pid("web") != web


def test_a_second_start_is_refused_with_the_address(house: House) -> None:
    house.stand()
    second = House(house.home)
    said, _ = second.start().communicate(timeout=20)
    assert second.process.returncode == 1
    assert f"http://127.0.0.1:{house.port}" in said
    assert supervisor.running_at(house.home) == f"http://127.0.0.1:{house.port}"
    asks = [sys.executable, "-c", "from koor import settings; print(settings.KOOR_URL)"]  # as each command does
    for told, address in (("", f"http://127.0.0.1:{house.port}"), ("https://koor.example", "https://koor.example")):
        env = {**os.environ, "KOOR_HOME": str(house.home), "KOOR_PORT": "", "KOOR_URL": told}
        assert subprocess.check_output(asks, env=env, text=True).strip() == address
    house.end()
    assert supervisor.running_at(house.home) is None


def test_a_taken_port_is_told_even_when_it_is_shared(house: House) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", house.port))
        other.listen()
        said, _ = house.start().communicate(timeout=20)
    assert house.process.returncode == 1
    assert "KOOR_PORT" in said
    with contextlib.closing(supervisor.hold_port("127.0.0.1", house.port)):  # a house that is still preparing
        with pytest.raises(supervisor.CannotStart, match="KOOR_PORT"):
            supervisor.hold_port("127.0.0.1", house.port)
        socket.create_server(("127.0.0.1", house.port), reuse_port=True).close()  # its own web server comes in
    with pytest.raises(supervisor.CannotStart, match="KOOR_HOST"):
        supervisor.hold_port("192.0.2.1", house.port)


def test_a_failed_preparation_starts_nothing(house: House) -> None:
    said, _ = house.start(PREPARE="raise SystemExit('no migration today')").communicate(timeout=20)
    assert "no migration today" in said
    assert house.process.returncode == 1
    assert not house.pid("web")


def test_what_is_prepared_is_not_prepared_again(house: House) -> None:
    lines = house.stand(PREPARED="how to sign in|the password", PREPARE="raise SystemExit('not again')")
    assert lines[:2] == ["how to sign in", "the password"]


def test_a_signal_while_preparing_ends_it(house: House) -> None:
    process = house.start(PREPARE=f"open({str(house.home / 'busy')!r}, 'w'); import time; time.sleep(600)")
    until((house.home / "busy").exists)
    assert house.end().splitlines()[-1] == "Stopped."
    assert process.returncode == 0


def test_a_killed_database_starts_again_and_stops_last(house: House) -> None:
    house.stand(database=True)
    cluster = Cluster(house.home)
    old = cluster.pid()
    os.kill(old, signal.SIGKILL)
    until(lambda: cluster.pid() not in (None, old))
    until(cluster.ready)
    house.end()
    assert cluster.pid() is None
