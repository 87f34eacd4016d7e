"""`python -m tests.disasters postgres|disk`: prints one line of JSON with what came of it."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.house import own_house
from benchmarks.publish import ROOT, Server, all_due_at, filled

SETTLED = ("published", "missed", "rejected", "cancelled", "needs_person")
SMALL_DISK = "320m"
TROUBLE, PATIENCE, SETTLING = 150.0, 500.0, 90.0  # seconds: the whole ends within twelve minutes, also when it fails


class Senders:
    """Two real senders; one that ended is started again, as the house does."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.processes: list[subprocess.Popen[bytes]] = []
        self.started = 0

    def see(self) -> None:
        self.processes = [one for one in self.processes if one.poll() is None]
        while len(self.processes) < 2:
            command = [sys.executable, "-m", "koor", "worker", "--only", "sending"]
            more = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.processes.append(subprocess.Popen(command, cwd=ROOT, env=self.environment, **more))  # type: ignore[call-overload]
            self.started += 1

    def stop(self) -> None:
        for one in self.processes:
            one.kill()
            one.wait()


def quietly(ask: Callable[[], Any], default: Any) -> Any:
    """An answer of the database, or the default while it is away."""
    from django.db import Error, connection

    try:
        return ask()
    except Error:
        with suppress(Error):
            connection.close()
        return default


def left() -> int:
    from koor.flow.publishing.models import Target

    return Target.objects.exclude(state__in=SETTLED).count()


def under_way() -> int:
    """Rows that nobody has tried yet."""
    from koor.flow.publishing.models import Target

    return Target.objects.filter(state__in=["scheduled", "claimed"]).count()


def settle() -> None:
    """Let the time of looking back go by for what is not settled."""
    from koor.flow.publishing.actions.deliver import deliver
    from koor.flow.publishing.models import Target
    from koor.kernel import clock

    until = time.monotonic() + SETTLING
    for pk in Target.objects.exclude(state__in=SETTLED).values_list("pk", flat=True):
        if time.monotonic() > until:
            return
        for _step in range(60):
            row = Target.objects.get(pk=pk)
            if row.wake_at is None:
                break
            with clock.fixed(max(row.wake_at, clock.now())):
                deliver(pk)


def live(senders: Senders, cluster: Any, trouble: Iterator[None]) -> None:
    """The house at work, with the trouble going on beside it, until nothing waits to be tried."""
    from koor.kernel.postgres import PostgresError

    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        next(trouble, None)
        with suppress(PostgresError):
            cluster.ensure_running()  # as the house does when its server is gone
        senders.see()
        if quietly(under_way, 1) == 0:
            return
        time.sleep(0.2)


def killed_at_random(cluster: Any, seed: int, told: dict[str, int]) -> Iterator[None]:
    """Kill the server every few seconds, for a while; then what is left goes as on any day."""
    chance = random.Random(seed)
    at, until = time.monotonic() + 8, time.monotonic() + TROUBLE
    while time.monotonic() < until:
        if time.monotonic() > at and (pid := cluster.pid()):
            os.kill(pid, signal.SIGKILL)
            told["killed"] = told.get("killed", 0) + 1
            at = time.monotonic() + chance.uniform(6, 15)
        yield


def filled_up(disk: Path, told: dict[str, int]) -> Iterator[None]:
    """Fill the disk to its last byte, twice, a while each; then there is room again and nobody does anything."""
    for _time in range(2):
        begin = time.monotonic() + 6
        while time.monotonic() < begin:
            yield
        filler = disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"\0" * 4096):
                pass
        told["filled"] = told.get("filled", 0) + 1
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with suppress(OSError), filler.open("ab", buffering=0) as file:  # what was freed meanwhile
                while file.write(b"\0" * 4096):
                    pass
            yield
        filler.unlink()
    while True:
        yield


@contextmanager
def small_disk(wanted: bool) -> Iterator[Path | None]:
    """A disk of memory on which the house lives. Needs root."""
    if not wanted:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="koor-disk-"))
    folder.chmod(0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=0755", "tmpfs", str(folder)], check=True)
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = None
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def run(kind: str, number: int, seed: int) -> dict[str, Any]:
    server = Server(0)
    os.environ["KOOR_ALLOW_HOSTS"] = server.allow
    try:
        with small_disk(kind == "disk") as disk, own_house():
            from koor.flow.publishing.queries.invariants import broken
            from koor.kernel import clock
            from koor.kernel.postgres import Cluster

            texts = filled(server, number)
            all_due_at(clock.now() + timedelta(seconds=1))
            told: dict[str, int] = {}
            cluster = Cluster(Path(os.environ["KOOR_HOME"]))
            senders = Senders(dict(os.environ))
            trouble = filled_up(disk, told) if disk else killed_at_random(cluster, seed, told)
            try:
                live(senders, cluster, trouble)
            finally:
                senders.stop()
            settle()
            copies = server.each(texts)
            found = {"posts": number, **told, "senders_started": senders.started, "unsettled": left()}
            found |= {"once": copies.count(1), "twice": sum(one > 1 for one in copies), "lost": copies.count(0)}
            return found | {"broken": len(list(broken()))}
    finally:
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["postgres", "disk"])
    parser.add_argument("--posts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.stdout.write(json.dumps(run(given.kind, given.posts, given.seed)) + "\n")


if __name__ == "__main__":
    main()
