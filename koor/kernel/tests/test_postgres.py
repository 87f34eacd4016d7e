"""The embedded server against real processes: who owns it, what a crash leaves, where its socket is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from koor.kernel import postgres
from koor.kernel.postgres import Cluster, PostgresError

pytestmark = pytest.mark.broad


@pytest.fixture(autouse=True)
def own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests make servers of their own; the common test server stays out of it."""
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def tmp_path(homes: Callable[[], Path]) -> Path:
    return homes()


@pytest.fixture(scope="module")
def home(homes: Callable[[], Path]) -> Path:
    return homes()


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    with Cluster(home, fsync=False) as running:
        yield running


def connect(home: Path) -> psycopg.Connection:
    return psycopg.connect(**postgres.address(home), autocommit=True)


def until(true: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def test_answers_at_the_address_that_settings_compute(cluster: Cluster, home: Path) -> None:
    with connect(home) as connection:
        assert connection.info.dbname == connection.info.user == "koor"
        assert connection.execute("show server_version_num").fetchone()[0].startswith("18")
        assert connection.execute("select rolsuper from pg_roles where rolname = 'koor'").fetchone() == (False,)


def test_only_its_owner_may_enter_the_socket_folder(cluster: Cluster, home: Path) -> None:
    assert postgres.socket_folder(home).stat().st_mode & 0o077 == 0


def test_the_last_holder_stops_it(home: Path) -> None:
    first, second = Cluster(home, fsync=False), Cluster(home, fsync=False)
    first.ensure_running()
    second.ensure_running()
    first.release()
    assert second.ready()
    second.release()
    assert second.pid() is None
    second.release()


def test_a_killed_holder_holds_nothing_any_more(home: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from koor.kernel.postgres import Cluster;"
        f"Cluster(Path({str(home)!r}), fsync=False).ensure_running(); print('up', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"up\n"
    holder.kill()
    holder.wait()
    survivor = Cluster(home, fsync=False)
    assert survivor.ready()
    with survivor:
        pass
    assert survivor.pid() is None


def test_a_killed_server_starts_again(cluster: Cluster, home: Path) -> None:
    with connect(home) as connection:
        connection.execute("create table if not exists kept as select 1 as n")
    settings = home / "pg" / "koor.conf"
    written = settings.stat().st_mtime_ns
    os.kill(cluster.pid(), signal.SIGKILL)
    cluster.ensure_running()
    with connect(home) as connection:
        assert connection.execute("select n from kept").fetchone() == (1,)
    assert settings.stat().st_mtime_ns == written  # what still holds is not written again: the disk may be full


def test_a_recycled_process_number_is_not_a_running_server(home: Path) -> None:
    with Cluster(home, fsync=False):
        pass
    (home / "pg/data/postmaster.pid").write_text(f"{os.getpid()}\n{home}/pg/data\n")
    lock = postgres.socket_folder(home) / ".s.PGSQL.5432.lock"
    lock.write_text(f"{os.getpid()}\n")
    with Cluster(home, fsync=False) as cluster:
        assert cluster.ready()
        assert cluster.pid() != os.getpid()


def test_a_lost_socket_comes_back(cluster: Cluster, home: Path) -> None:
    (postgres.socket_folder(home) / ".s.PGSQL.5432").unlink()
    assert not cluster.ready()
    cluster.ensure_running()
    assert cluster.ready()


def test_a_killed_initdb_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "pg/data.new").mkdir(parents=True)
    (tmp_path / "pg/data.new/half").touch()
    with Cluster(tmp_path, fsync=False) as cluster:
        assert cluster.ready()


def test_a_long_path_gets_a_private_socket_folder(tmp_path: Path) -> None:
    home = tmp_path / ("very-long-name-of-a-folder-" * 5) / "with a space and 'quotes'"
    home.mkdir(parents=True)
    folder = postgres.socket_folder(home)
    assert folder.parent == Path("/tmp")
    with Cluster(home, fsync=False) as cluster:
        assert cluster.ready()
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_a_socket_folder_that_a_stranger_may_enter_is_refused(tmp_path: Path) -> None:
    home = tmp_path / ("very-long-name-of-a-folder-" * 5)
    home.mkdir(parents=True)
    postgres.socket_folder(home).mkdir(mode=0o755)
    with pytest.raises(PostgresError, match="mode 0700"):
        Cluster(home, fsync=False).ensure_running()
    postgres.socket_folder(home).rmdir()


def test_data_of_another_major_version_are_refused_in_words(tmp_path: Path) -> None:
    data = tmp_path / "pg/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(PostgresError, match="PostgreSQL 15"):
        Cluster(tmp_path, fsync=False).ensure_running()


def test_two_at_once_make_one_server(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from koor.kernel.postgres import Cluster;"
        f"c = Cluster(Path({str(tmp_path)!r}), fsync=False); c.ensure_running(); print(c.pid(), flush=True);"
        "sys.stdin.readline(); c.release()"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stdin=subprocess.PIPE) for _ in range(2)
    ]
    assert len({process.stdout.readline() for process in both}) == 1
    for process in both:
        process.communicate(b"\n")
        assert process.returncode == 0
    assert Cluster(tmp_path).pid() is None


@pytest.mark.parametrize(
    ("url", "host", "name"),
    [
        ("postgres://me:p%40ss@db.example:6543/house?sslmode=require", "db.example", "house"),
        ("postgresql:///house?host=/run/postgresql", "/run/postgresql", "house"),
    ],
)
def test_a_given_database_wins(monkeypatch: pytest.MonkeyPatch, url: str, host: str, name: str, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    entry = postgres.django_database(tmp_path)
    assert (entry["HOST"], entry["NAME"], entry["CONN_MAX_AGE"]) == (host, name, 0)
    with postgres.running(tmp_path):
        assert not (tmp_path / "pg").exists()


def test_a_given_database_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://[broken")
    with pytest.raises(PostgresError, match="DATABASE_URL"):
        postgres.address(tmp_path)


def test_a_command_has_a_database_for_as_long_as_it_runs(home: Path) -> None:
    with postgres.running(home), connect(home) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert Cluster(home).pid() is None


def test_the_wheels_tools_speak_to_it(cluster: Cluster, home: Path) -> None:
    dump = postgres.run_tool("pg_dump", "--schema-only", to=postgres.address(home), stdout=subprocess.PIPE)
    assert b"PostgreSQL database dump" in dump.stdout
    with pytest.raises(PostgresError, match="pg_dump failed"):
        postgres.run_tool("pg_dump", "--no-such-option", to=postgres.address(home))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server is another user")
def test_a_folder_that_was_closed_meanwhile_does_not_keep_it_up(tmp_path: Path) -> None:
    home = tmp_path / "above" / "house"
    with Cluster(home, fsync=False) as cluster:
        (tmp_path / "above").chmod(0o700)
    assert cluster.pid() is None
