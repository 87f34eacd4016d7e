"""Keeps a house standing: its database, its web server and its workers, as one group of processes.

Nothing here knows Django, so the one process that must never fall stays small. One lock a house; every part is started
again whenever it ends; the database goes down last. Why not systemd alone: docs/decisions/0003-supervisor.md.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from koor.kernel.postgres import Cluster, PostgresError
from koor.kernel.trouble import Trouble

LOOK_SECONDS = 2.0  # between two looks at the database
TICK_SECONDS = 0.2
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a part that ended starts again; doubled each time
STEADY_SECONDS = 60.0  # a part that stood this long starts again without a longer wait
ANSWER_SECONDS = 60.0  # for the web server to take a connection at all
LEFTOVER_SECONDS = 5.0
MARK = "KOOR_SUPERVISED"  # in the environment of every descendant: "<which run>:<home>", empty home without a lock
PR_SET_PDEATHSIG = 1  # prctl(2)

_libc = ctypes.CDLL(None, use_errno=True)


class CannotStart(Trouble):
    """The house does not start; the text says why, and what to do."""


@dataclass(frozen=True)
class Part:
    """A process that should always run. `stop_seconds`: how long it may take to finish what it does."""

    name: str
    command: Sequence[str]
    stop_seconds: float = 10.0


@dataclass(frozen=True)
class Plan:
    """What a house consists of, the part that listens first; or a piece of a house, a web server or workers alone:
    `whole=False`, which takes no lock.

    `host` and `port` are None where no part listens. `cluster` is None with a database of one's own (DATABASE_URL).
    `prepare` runs once, after the database is up and before the parts; when it fails, the house does not start.
    `prepared` is asked first: lines to say instead, when there is nothing to prepare, else None.
    """

    home: Path
    parts: Sequence[Part]
    address: str = ""
    host: str | None = None
    port: int | None = None
    whole: bool = True
    cluster: Cluster | None = None
    prepare: Sequence[str] = ()
    prepared: Callable[[], Sequence[str] | None] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)


class _Asked(BaseException):
    """A signal came while something is waited for that should not go on."""


class Supervisor:
    """Runs one plan until it is told to stop. `say` takes lines for the operator."""

    def __init__(self, plan: Plan, say: Callable[[str], None]) -> None:
        self.plan = plan
        self.say = say
        self._environment = {
            **os.environ,
            **plan.environment,
            MARK: f"{secrets.token_hex(8)}:{plan.home if plan.whole else ''}",
        }
        self._children = [_Child(part, self._environment, say) for part in plan.parts]
        self._port: socket.socket | None = None
        self._asked = 0
        self._interruptible = False

    def run(self) -> None:
        """Stand until SIGINT or SIGTERM. Raises CannotStart."""
        lock = _one_a_house(self.plan.home, self.plan.address) if self.plan.whole else nullcontext()
        with lock, self._signals():
            try:
                with self._may_be_interrupted():
                    self._start()
                self._watch()
            except _Asked:
                pass
            except PostgresError as error:
                raise CannotStart(str(error)) from error
            finally:
                self._stop()
        self.say("Stopped.")

    # Starting

    def _start(self) -> None:
        if self.plan.whole:
            clear_leftovers(self.plan.home)
        if self.plan.host and self.plan.port:
            self._port = hold_port(self.plan.host, self.plan.port)
        if self.plan.cluster:
            self.say("Starting the database …")
            self.plan.cluster.ensure_running()
        if self.plan.prepare:
            self._prepare()
        self.say(f"Starting {', '.join(part.name for part in self.plan.parts)} …")
        first, *others = self._children
        first.start()
        if self.plan.host and self.plan.port:  # the others wait, so that the first page has the machine to itself
            self._await_answer(first, self.plan.host, self.plan.port)
        for child in others:
            child.start()

    def _prepare(self) -> None:
        said = self.plan.prepared()
        if said is not None:
            for line in said:
                self.say(line)
            return
        process = _spawn(self.plan.prepare, self._environment)
        try:
            code = process.wait()
        except BaseException:
            _kill_group(process.pid, signal.SIGKILL)
            process.wait()
            raise
        if code:
            raise CannotStart("The house could not be prepared; the lines above say why.")

    def _await_answer(self, web: _Child, host: str, port: int) -> None:
        """Say the address once the web server takes connections; it may take its time, the parts are watched later."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        give_up = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < give_up:
            web.keep_up()
            with suppress(OSError), socket.create_connection((host, port), timeout=1):
                self.say(f"Koor is on {self.plan.address}")
                return
            time.sleep(0.05)
        self.say(f"The web server does not answer yet on {self.plan.address}")

    # Standing

    def _watch(self) -> None:
        looked = time.monotonic()
        while not self._asked:
            self._keep_up()
            if self.plan.cluster and time.monotonic() - looked >= LOOK_SECONDS:
                self._look_at_database(self.plan.cluster)
                looked = time.monotonic()
            time.sleep(TICK_SECONDS)

    def _keep_up(self) -> None:
        for child in self._children:
            child.keep_up()

    def _look_at_database(self, cluster: Cluster) -> None:
        """Trouble is told and looked at again; the house does not fall because its database takes time."""
        if cluster.ready():
            return
        self.say("The database does not answer: starting it again …")
        try:
            with self._may_be_interrupted():
                cluster.ensure_running()
            self.say("The database is back.")
        except (PostgresError, OSError) as error:  # also a disk that is full: it may have room again soon
            self.say(str(error))

    # Stopping

    def _stop(self) -> None:
        running = [child for child in self._children if child.is_running()]
        if running:
            self.say("Stopping …")
        for child in running:
            child.ask_to_stop()
        asked = self._asked
        while any(child.is_running() for child in running):
            for child in running:
                if self._asked > asked or child.is_late():  # a second Ctrl-C: at once
                    child.kill()
            time.sleep(0.05)
        for child in running:
            child.kill()  # what it left behind in its group
        self._release_database()

    def _release_database(self) -> None:
        try:
            if self.plan.cluster:
                self.plan.cluster.release()
        except PostgresError as error:
            self.say(str(error))

    # Signals

    @contextmanager
    def _signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1
        if self._interruptible:
            self._interruptible = False
            raise _Asked

    @contextmanager
    def _may_be_interrupted(self) -> Iterator[None]:
        """Inside, a signal ends what is waited for; outside, it is only noted."""
        self._interruptible = True
        try:
            yield
        finally:
            self._interruptible = False


class _Child:
    """One part and the process that it is at the moment."""

    def __init__(self, part: Part, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.part, self._environment, self._say = part, environment, say
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._start_at = self._stop_by = 0.0
        self._wait = FIRST_WAIT

    def start(self) -> None:
        self._process = _spawn(self.part.command, self._environment)
        self._started = time.monotonic()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep_up(self) -> None:
        """Start it again when it ended, whatever its exit code: a worker that loses the database ends with 0."""
        if self.is_running():
            return
        if self._process is not None:
            self._note_end(self._process)
        elif time.monotonic() >= self._start_at:
            self.start()

    def _note_end(self, process: subprocess.Popen[bytes]) -> None:
        _kill_group(process.pid, signal.SIGKILL)  # its own children may still hold the port
        if time.monotonic() - self._started >= STEADY_SECONDS:
            self._wait = FIRST_WAIT
        self._say(f"{self.part.name} ended ({_ending(process.returncode)}): again in {self._wait:g} s")
        self._start_at = time.monotonic() + self._wait
        self._wait = min(self._wait * 2, LONGEST_WAIT)
        self._process = None

    def ask_to_stop(self) -> None:
        self._stop_by = time.monotonic() + self.part.stop_seconds
        if self._process is not None:
            self._process.terminate()

    def is_late(self) -> bool:
        return time.monotonic() > self._stop_by

    def kill(self) -> None:
        if self._process is not None:
            _kill_group(self._process.pid, signal.SIGKILL)
            self._process.wait()


# ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _spawn(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A child in a session of its own (Ctrl-C passes it by), which is told to stop when we die, however we die."""
    parent = os.getpid()

    def tie_to_parent() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # we died before the line above
            os._exit(1)

    return subprocess.Popen(
        list(command),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=tie_to_parent,  # safe: this process has one thread
    )


def _kill_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def clear_leftovers(home: Path) -> None:
    """End what a killed supervisor of this house left behind. Only under the lock of the house."""
    left = list(_leftovers(home))
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    give_up = time.monotonic() + LEFTOVER_SECONDS
    while left and time.monotonic() < give_up:
        left = [pid for pid in left if pid in set(_leftovers(home))]
        time.sleep(0.05)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _leftovers(home: Path) -> Iterator[int]:
    """Processes that carry the mark of this home. Before the first part is started none of them is ours."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(folder.name) == os.getpid() or _is_zombie(folder):
                continue
            for word in (folder / "environ").read_bytes().split(b"\0"):
                name, _, value = word.partition(b"=")
                if name == MARK.encode() and value.partition(b":")[2] == os.fsencode(home):
                    yield int(folder.name)


def _is_zombie(folder: Path) -> bool:
    return (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"


def hold_port(host: str, port: int) -> socket.socket:
    """Keep others away from the port while ours may come, also another house that starts at the same moment. Raises
    CannotStart when it is taken: granian shares a port silently (SO_REUSEPORT), so it would not tell."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        one = socket.socket(family, kind, protocol)  # held until the process ends
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of a former run do not count
        one.bind(address)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # for our own web server alone
    except OSError as error:
        elsewhere = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
        advice = "name an address of this machine in KOOR_HOST" if elsewhere else "choose another with KOOR_PORT"
        raise CannotStart(f"{host}:{port} cannot be had ({error.strerror}): {advice}") from error
    return one


@contextmanager
def _one_a_house(home: Path, address: str) -> Iterator[None]:
    """The lock of the house; it holds the address, for whoever comes second."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(home / "supervisor", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        if not _locked(lock) and not _locked(lock, after=0.2):  # somebody else was just looking whether it runs
            known = os.pread(lock, 1000, 0).decode(errors="replace").strip()
            raise CannotStart(f"This house runs already: {known or 'it is just starting'}")
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{address}\n".encode(), 0)
        yield
    finally:
        os.close(lock)


def _locked(lock: int, way: int = fcntl.LOCK_EX, after: float = 0) -> bool:
    time.sleep(after)
    with suppress(BlockingIOError):
        fcntl.flock(lock, way | fcntl.LOCK_NB)
        return True
    return False


def running_at(home: Path) -> str | None:
    """The address of the house when it is supervised now, else None. Who only looks shares the lock with others."""
    try:
        lock = os.open(home / "supervisor", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return None if _locked(lock, fcntl.LOCK_SH) else os.pread(lock, 1000, 0).decode(errors="replace").strip()
    finally:
        os.close(lock)
