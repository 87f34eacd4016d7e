"""A PostgreSQL that somebody else runs, as DATABASE_URL meets it: on TCP, with a password, with habits of its own, and
with a role that is no superuser."""

from __future__ import annotations

import socket
from typing import Any, Self
from urllib.parse import quote

import psycopg

from koor.kernel.postgres import Cluster, PostgresError
from koor.kernel.postgres.owner import server_user

BOSS, PASSWORD = "boss", "p@ss/word: 1"
HABITS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "datestyle": "'SQL, DMY'",
    "intervalstyle": "'iso_8601'",
    "timezone": "'Asia/Kathmandu'",
    "default_text_search_config": "'pg_catalog.simple'",
    "fsync": "off",
}


class ForeignServer(Cluster):
    """Made with the programs of the wheel, but in the way of another."""

    def __enter__(self) -> Self:
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = found.getsockname()[1]
        self._make_folders()
        self._user = server_user(self.data)
        self._open_ways()
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._own_folder(self.data)
        made = ["--locale-provider=libc", "--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256", "--no-sync"]
        self._must("initdb", *made, f"--username={BOSS}", f"--pwfile={password}", "-D", str(self.data))
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in {**HABITS, "port": self.port}.items())
        self._must("pg_ctl", "start", "--silent", "-w", "-D", str(self.data), "-l", str(self.data / "log.txt"))
        self.order(f"create role koor login password '{PASSWORD}'")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "stop", "--silent", "-w", "-m", "immediate", "-D", str(self.data))

    def _must(self, program: str, *arguments: str) -> None:
        done = self._run(program, *arguments)
        if done.returncode:
            raise PostgresError(done.stderr.decode())

    def order(self, *orders: str) -> list[Any]:
        """As the one who runs it; the rows of the last order."""
        there = {"host": "127.0.0.1", "port": self.port, "user": BOSS, "password": PASSWORD, "dbname": "postgres"}
        with psycopg.connect(autocommit=True, **there) as connection:
            for order in orders:
                cursor = connection.execute(order)
            return cursor.fetchall() if cursor.description else []

    def database(self, name: str, options: str = "") -> str:
        """Make a database of the role koor; its DATABASE_URL."""
        self.order(f"create database {name} owner koor {options}")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://koor:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{name}"
