"""One server for one home: made, started, shared, seen to be ours, and stopped by the last to leave."""

from __future__ import annotations

import fcntl
import os
import pwd
import shlex
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from koor.kernel.postgres.owner import open_programs, open_way, server_user
from koor.kernel.postgres.place import MAJOR, NAME, PORT, PostgresError, embedded, socket_folder
from koor.kernel.postgres.programs import binaries

KEEPER = "postgres"  # the superuser; only this module signs in as that role
START_SECONDS = 120.0  # recovery after a crash may read a lot of log
RETRY_SECONDS = 20.0  # after a killed postmaster its children hold the memory segment for a few seconds
STOP_SECONDS = 60
FULL = "No space left on device"  # as the server says it, in English


def _quoted(value: str) -> str:
    """A string as a configuration file of PostgreSQL wants it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


class Cluster:
    """One database server for one home, shared by any number of processes.

    Whoever uses it holds a shared lock on `pg/holders`; the kernel drops that lock when the process dies, however it
    dies. Start and stop happen under an exclusive lock on `pg/gate`. The last holder to leave stops the server; one
    that no holder is left for (all killed) simply runs on and is met again by the next.
    """

    def __init__(self, home: Path, *, fsync: bool = True) -> None:
        """`home` is KOOR_HOME. `fsync=False` gives up safety at a power cut for speed: tests only."""
        self.home = home.resolve()
        self.folder = self.home / "pg"
        self.data = self.folder / "data"
        self.fsync = fsync
        self._holding: int | None = None
        self._user: pwd.struct_passwd | None = None

    def __enter__(self) -> Self:
        self.ensure_running()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def ensure_running(self) -> None:
        """Take a share in the server and see that it answers, making and starting it where needed.

        Raises PostgresError in words when that cannot be done. May be called again at any time; it is cheap then.
        """
        self._make_folders()
        with self._gate():
            self._hold()
            if not self.ready():
                self._prepare()
                self._bring_up()
            self._see_database()

    def release(self) -> None:
        """Give up our share; the last one out stops the server. Harmless without a share."""
        if self._holding is None:
            return
        with self._gate():
            os.close(self._holding)
            self._holding = None
            with self._last_one_out() as alone:
                if alone:
                    self._stop_server()
                    self._tidy()

    def stop(self) -> None:
        """Stop the server whoever uses it. Raises PostgresError when it does not stop."""
        if self.folder.exists():
            with self._gate():
                self._stop_server()

    def ready(self) -> bool:
        """Whether a server answers at our address and its data are ours (not those of a stranger or another home)."""
        try:
            with self._keeper() as connection:
                row = connection.execute("show data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]).resolve() == self.data

    def pid(self) -> int | None:
        """Process id of our running server, or None."""
        try:
            first = (self.data / "postmaster.pid").read_text().split("\n", 1)[0]
        except FileNotFoundError:
            return None
        return int(first) if first.strip().isdigit() and self._is_ours(int(first)) else None

    # Locks

    def _lock_file(self, name: str) -> int:
        return os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """One process at a time may start or stop."""
        gate = self._lock_file("gate")
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    def _hold(self) -> None:
        if self._holding is None:
            self._holding = self._lock_file("holders")
            fcntl.flock(self._holding, fcntl.LOCK_SH)

    @contextmanager
    def _last_one_out(self) -> Iterator[bool]:
        holders = self._lock_file("holders")
        try:
            fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
        except BlockingIOError:
            yield False
        finally:
            os.close(holders)

    # Making

    def _make_folders(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(self.folder, os.W_OK):
            raise PostgresError(f"{self.folder} cannot be written by user {os.geteuid()}: start Koor as its owner")

    def _prepare(self) -> None:
        """All that must stand before a start: the user, the way to the data, the cluster, the socket's folder."""
        self._user = server_user(self.data)
        self._open_ways()
        if not self.data.exists():
            self._init()
        self._check_version()
        self._make_socket_folder()
        self._write_settings()

    def _open_ways(self) -> None:
        """Before every call of a program, also a stop: somebody may have closed a folder above in the meantime."""
        if self._user is not None:
            open_way(self.data)
            open_way(binaries())
            open_programs(binaries())

    def _init(self) -> None:
        """Make the cluster beside its place and move it in when whole: a killed `initdb` leaves nothing behind."""
        new = self.folder / "data.new"
        if new.exists():
            subprocess.run(["rm", "-rf", "--", str(new)], check=True)
        self._own_folder(new)
        options = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
        options += ["--auth=trust", "--no-instructions", f"--username={KEEPER}"]  # the 0700 folder is the door
        if not self.fsync:
            options.append("--no-sync")
        done = self._run("initdb", *options, "-D", str(new))
        if done.returncode:
            raise PostgresError(f"the database cannot be made in {self.data}: {done.stderr.decode().strip()}")
        new.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(MAJOR):
            raise PostgresError(
                f"{self.data} was made by PostgreSQL {made_by}, this Koor brings {MAJOR}: "
                "make a backup with the Koor that made it, and restore it here"
            )

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid, follow_symlinks=False)

    def _make_socket_folder(self) -> None:
        """A private folder of the server's user; one that a stranger made first is refused."""
        folder = socket_folder(self.home)
        expected = self._user.pw_uid if self._user else os.geteuid()
        if not folder.is_symlink() and not folder.exists():
            self._own_folder(folder)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != expected or stat.S_IMODE(seen.st_mode) & 0o077:
            raise PostgresError(
                f"{folder} must be a folder of user {expected} with mode 0700: remove it and start again"
            )

    def _write_settings(self) -> None:
        settings, new = self.folder / "koor.conf", self.folder / "koor.conf.new"
        if settings.exists() and settings.read_text(encoding="utf-8") == self._settings():
            return  # so that a server comes back also without room on the disk
        new.write_text(self._settings(), encoding="utf-8")
        new.chmod(0o644)
        new.replace(settings)

    def _settings(self) -> str:
        lines = [
            f"include {_quoted('data/postgresql.conf')}",  # what initdb measured; ours below win
            "listen_addresses = ''",
            f"port = {PORT}",
            "unix_socket_directories = " + _quoted('"' + str(socket_folder(self.home)).replace('"', '""') + '"'),
            "unix_socket_permissions = 0700",
            "max_connections = 200",
            "random_page_cost = 1.1",  # disks without arms; else a rare word is looked for in every row
            "max_parallel_workers_per_gather = 0",  # helpers read far past the thirty rows that a page asks for
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "logging_collector = on",
            "log_filename = 'postgresql-%a.log'",  # a week of logs, each day over the one of a week ago
            "log_truncate_on_rotation = on",
        ]
        if not self.fsync:  # a killed server still keeps what was committed; only a power cut does not
            lines += ["fsync = off", "full_page_writes = off", "autovacuum = off", "lock_timeout = 120000"]
            # Of tables with three rows any order will do: a fifth less time for finding the best one
            lines += ["join_collapse_limit = 3", "from_collapse_limit = 3"]
        return "\n".join(lines) + "\n"

    # Starting and stopping

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a server program as the server's user, in a session of its own: Ctrl-C in the terminal passes it by.

        Its environment is bare: a PGPORT or PGOPTIONS of the caller must not reach the server.
        """
        options: dict[str, Any] = {}
        if self._user is not None:
            options = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return subprocess.run(
            [str(binaries() / program), *arguments],
            env={"PATH": os.defpath, "LC_ALL": "C"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            start_new_session=True,
            umask=0o077,
            **options,
        )

    def _bring_up(self) -> None:
        """Wait for a server that is on its way, else start one; again and again for a while."""
        if self.pid() is not None and self._await_running():
            return
        if self.pid() is not None:  # runs, but its socket is gone or it hangs: only a new one helps
            self._stop_server()
        give_up = time.monotonic() + RETRY_SECONDS
        while not self._start_once():
            if time.monotonic() > give_up:
                said = self._last_words()
                full = " (its disk is full: make room, and start again)" if FULL in said else ""
                raise PostgresError(f"the database in {self.data} does not start{full}:\n{said}")
            time.sleep(0.3)

    def _start_once(self) -> bool:
        self._clear_stale_locks()
        log = self.data / "start.log"
        log.unlink(missing_ok=True)
        given = "--config-file=" + shlex.quote(str(self.folder / "koor.conf"))
        start = ["start", "--silent", "-w", "-t", f"{START_SECONDS:.0f}", "-D", str(self.data), "-o", given]
        # `-l` matters: without it the server inherits our pipe, and we would wait for its end.
        return self._run("pg_ctl", *start, "-l", str(log)).returncode == 0 and self.ready()

    def _await_running(self) -> bool:
        """Wait while our server recovers; False when it ends or has no socket any more."""
        socket = socket_folder(self.home) / f".s.PGSQL.{PORT}"
        give_up = time.monotonic() + START_SECONDS
        grace = time.monotonic() + 2
        while self.pid() is not None and time.monotonic() < give_up:
            if self.ready():
                return True
            if not socket.exists() and time.monotonic() > grace:
                return False
            time.sleep(0.1)
        return False

    def _stop_server(self) -> None:
        said = b""
        for mode, seconds in (("fast", STOP_SECONDS), ("immediate", 10)):
            if self.pid() is None:
                return
            self._user = self._user or server_user(self.data)
            self._open_ways()
            options = ["--silent", "-w", "-t", str(seconds), "-m", mode, "-D", str(self.data)]
            said += self._run("pg_ctl", "stop", *options).stderr
        if self.pid() is not None:
            why = said.decode(errors="replace").strip()
            raise PostgresError(f"the database in {self.data} does not stop (process {self.pid()}): {why}")

    def _tidy(self) -> None:
        """A socket folder outside the home goes with the server; it is made again at the next start."""
        folder = socket_folder(self.home)
        if not folder.is_relative_to(self.home):
            with suppress(OSError):
                folder.rmdir()

    def _is_ours(self, pid: int) -> bool:
        """Whether this process is a server of our data: after a crash another program may have got the number."""
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(self.data) in words

    def _clear_stale_locks(self) -> None:
        """Remove lock files whose process is gone or is someone else's. Only under the gate."""
        for lock in (self.data / "postmaster.pid", socket_folder(self.home) / f".s.PGSQL.{PORT}.lock"):
            with suppress(FileNotFoundError):
                first = lock.read_text().split("\n", 1)[0].strip()
                if not (first.isdigit() and self._is_ours(int(first))):
                    lock.unlink()

    def _last_words(self) -> str:
        words = ""
        for log in [self.data / "start.log", *sorted((self.data / "log").glob("*.log"), key=os.path.getmtime)[-1:]]:
            with suppress(OSError):
                words += "\n".join(log.read_text(errors="replace").splitlines()[-8:]) + "\n"
        return words.strip()

    # The database in it

    def _keeper(self) -> psycopg.Connection[Any]:
        host = str(socket_folder(self.home))
        return psycopg.connect(host=host, port=PORT, user=KEEPER, dbname="postgres", connect_timeout=2, autocommit=True)

    def _see_database(self) -> None:
        """The role and the database, where a first start was cut off before it made them.

        The role is no superuser: an SQL injection then cannot run programs. It may make databases (tests, and the
        check of a backup) and read settings.
        """
        with self._keeper() as connection:
            role, name = sql.Identifier(NAME), sql.Literal(NAME)
            if not connection.execute("select 1 from pg_roles where rolname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("create role {} login createdb").format(role))
                connection.execute(sql.SQL("grant pg_read_all_settings, pg_read_all_stats to {}").format(role))
            if not connection.execute(sql.SQL("select 1 from pg_database where datname = {}").format(name)).fetchone():
                connection.execute(sql.SQL("create database {} owner {}").format(role, role))


@contextmanager
def running(home: Path) -> Iterator[None]:
    """A database for as long as the block lasts: what every command that touches data stands in.

    Starts the embedded server when it does not run, and stops it afterwards when nobody else uses it. With
    DATABASE_URL it does nothing: that server is not ours to run. Raises PostgresError.
    """
    if not embedded():
        yield
        return
    with Cluster(home):
        yield
