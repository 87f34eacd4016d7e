"""Backup and restore between real houses: what comes back, what is refused, and what a restored house does not do."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from koor.kernel import postgres
from koor.kernel.identity import identity, is_apart
from koor.kernel.sealed_stream import CannotOpen, Sealer, Secret
from koor.kernel.trouble import Trouble
from koor.shell import backup
from koor.shell.backup import BackupError

SECRET = Secret(b"k" * 32, is_passphrase=False)
PHOTO = b"\xff\xd8 a photo of a heat pump" * 1000
TABLES = """
create table people_house (id int primary key, name text, identity uuid, publishing_held text not null default '');
create table kernel_mail (id int primary key, state text, next_at timestamptz, problem text);
create table kernel_storedfile (id int primary key, path text, digest text);
create table kernel_cache (cache_key text);
insert into people_house values (1, 'Reurslag', '7f4df1bb-0c3d-4c70-a3ab-aaaaaaaaaaaa');
insert into kernel_mail values (1, 'waiting', now(), ''), (2, 'sent', null, '');
insert into kernel_cache select n::text from generate_series(1, 50) n;
"""

pytestmark = pytest.mark.broad


@pytest.fixture(autouse=True)
def own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def tmp_path(homes: Callable[[], Path]) -> Path:
    return homes()


@pytest.fixture(scope="module")
def places(homes: Callable[[], Path]) -> Iterator[Path]:
    """Two homes whose databases run: `house` and `empty`."""
    folder = homes()
    with postgres.Cluster(folder / "house", fsync=False), postgres.Cluster(folder / "empty", fsync=False):
        yield folder


def clear(home: Path) -> None:
    with postgres.connect(postgres.own_address(home)) as connection:
        connection.execute("drop schema public cascade; create schema public")
    shutil.rmtree(home / "files", ignore_errors=True)
    (home / "key").unlink(missing_ok=True)


@pytest.fixture
def empty(places: Path) -> Path:
    clear(places / "empty")
    return places / "empty"


@pytest.fixture
def house(places: Path) -> Path:
    """A house with an organisation, letters, a photo and a key."""
    home = places / "house"
    clear(home)
    digest = hashlib.sha256(PHOTO).hexdigest()
    with postgres.connect(postgres.own_address(home)) as connection:
        connection.execute(TABLES)
        connection.execute("insert into kernel_storedfile values (1, %s, %s)", [f"ab/{digest}", digest])
    (home / "files/ab").mkdir(parents=True)
    (home / f"files/ab/{digest}").write_bytes(PHOTO)
    (home / "key").write_text("the key of this house")
    identity(home)
    return home


def rows(home: Path, query: str) -> list[Any]:
    with postgres.connect(postgres.address(home)) as connection:
        return connection.execute(query).fetchall()


def quiet(_line: str) -> None:
    pass


def make(house: Path) -> Path:
    file = house.parent / f"backup-{secrets.token_hex(4)}"
    backup.make(house, file, SECRET, quiet)
    return file


def test_everything_comes_back_in_an_empty_place(house: Path, empty: Path) -> None:
    file = make(house)
    assert file.stat().st_mode & 0o077 == 0
    assert b"Reurslag" not in file.read_bytes()
    backup.restore(empty, file, SECRET, quiet)
    assert rows(empty, "select name from people_house") == [("Reurslag",)]
    assert rows(empty, "select count(*) from kernel_cache") == [(0,)]
    assert (empty / "key").read_text() == "the key of this house"
    assert [path.read_bytes() for path in (empty / "files").rglob("*") if path.is_file()] == [PHOTO]


@pytest.fixture
def in_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """From now on the files of the house lie in a bucket of this name, on a server that speaks S3."""
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys)
    given = {"ENDPOINT": f"http://{host}:{port}", "KEY": "key", "SECRET": "secret", "REGION": "us-east-1"}
    for name, value in {**given, "FOLDER": "our/house"}.items():
        monkeypatch.setenv(f"KOOR_S3_{name}", value)

    def use(name: str) -> Any:
        client.create_bucket(Bucket=name)
        monkeypatch.setenv("KOOR_S3_BUCKET", name)
        return client

    yield use
    server.stop()


def test_files_in_a_bucket_come_back_too(house: Path, empty: Path, in_bucket: Callable[[str], Any]) -> None:
    client = in_bucket("koor")
    digest = hashlib.sha256(PHOTO).hexdigest()
    client.put_object(Bucket="koor", Key=f"our/house/ab/{digest}", Body=PHOTO)
    client.put_object(Bucket="koor", Key="somebody/else", Body=b"not ours")
    shutil.rmtree(house / "files")
    file = make(house)
    assert backup.check(house, file, SECRET, quiet) == {"rows": 4, "files": 1}
    in_bucket("another")
    backup.restore(empty, file, SECRET, quiet)
    kept = client.list_objects_v2(Bucket="another")["Contents"]
    assert [one["Key"] for one in kept] == [f"our/house/ab/{digest}"]
    assert client.get_object(Bucket="another", Key=kept[0]["Key"])["Body"].read() == PHOTO
    assert not (empty / "files").exists()


def test_a_bucket_that_is_not_there_stops_the_backup(house: Path, in_bucket: Callable[[str], Any],
                                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    in_bucket("koor")
    monkeypatch.setenv("KOOR_S3_BUCKET", "gone")
    with pytest.raises(Trouble, match="gone"):
        make(house)


def test_a_restored_house_is_another_and_sends_nothing_by_itself(house: Path, empty: Path) -> None:
    backup.restore(empty, make(house), SECRET, quiet)
    ((known, held),) = rows(empty, "select identity, publishing_held from people_house")
    assert known == identity(empty) != identity(house)
    assert is_apart(empty)
    assert not is_apart(house)
    assert held.startswith("Restored from a backup of 20")
    assert rows(empty, "select state from kernel_mail order by id") == [("failed",), ("sent",)]
    assert rows(house, "select publishing_held from people_house") == [("",)]


def test_the_check_restores_into_an_empty_place_and_leaves_nothing(house: Path) -> None:
    file = make(house)
    before = sorted(path.name for path in house.iterdir())
    assert backup.check(house, file, SECRET, quiet) == {"rows": 4, "files": 1}
    assert sorted(path.name for path in house.iterdir()) == before


def test_the_check_finds_a_file_that_was_lost(house: Path) -> None:
    next(path for path in (house / "files").rglob("*") if path.is_file()).write_bytes(b"rotten")
    with pytest.raises(BackupError, match="1 files are missing or changed"):
        backup.check(house, make(house), SECRET, quiet)


def test_the_check_finds_a_row_that_was_lost(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = backup.count
    monkeypatch.setattr(backup, "count", lambda connection: counted(connection) | {"people_house": 2})
    file = make(house)
    monkeypatch.setattr(backup, "count", counted)
    with pytest.raises(BackupError, match="people_house"):
        backup.check(house, file, SECRET, quiet)


def test_a_used_house_is_left_alone_and_on_demand_set_aside(house: Path) -> None:
    file = make(house)
    rows(house, "update people_house set name = 'Later' returning 1")
    with pytest.raises(BackupError, match="not empty"):
        backup.restore(house, file, SECRET, quiet)
    assert rows(house, "select name from people_house") == [("Later",)]
    aside = backup.restore(house, file, SECRET, quiet, replace=True)["set_aside"]
    assert rows(house, "select name from people_house") == [("Reurslag",)]
    assert (house / f"files.{aside}").is_dir()
    old = {**postgres.address(house), "dbname": aside.replace("-", "_")}
    with postgres.connect(old) as connection:
        assert connection.execute("select name from people_house").fetchone() == ("Later",)


def test_twice_in_one_second_sets_both_aside(house: Path) -> None:
    file = make(house)
    aside = [backup.restore(house, file, SECRET, quiet, replace=True)["set_aside"] for _time in range(2)]
    assert len(set(aside)) == 2
    assert all((house / f"files.{one}").is_dir() for one in aside)


def test_what_does_not_open_touches_nothing(house: Path) -> None:
    file = make(house)
    whole = file.read_bytes()
    for spoilt in (whole[:-1], whole[:-5000], whole[:200] + bytes([whole[200] ^ 1]) + whole[201:]):
        file.write_bytes(spoilt)
        with pytest.raises(Trouble):
            backup.restore(house, file, SECRET, quiet, replace=True)
    file.write_bytes(whole)
    with pytest.raises(CannotOpen, match="another passphrase"):
        backup.restore(house, file, Secret(b"x" * 32, is_passphrase=False), quiet, replace=True)
    assert rows(house, "select publishing_held from people_house") == [("",)]
    assert rows(house, "select count(*) from pg_database where datname like 'restoring%'") == [(0,)]
    assert not list(house.glob("backup-*"))


def test_a_backup_does_not_overwrite(house: Path) -> None:
    file = make(house)
    with pytest.raises(BackupError, match="there already"):
        backup.make(house, file, SECRET, quiet)


def seal(file: Path, members: dict[str, bytes]) -> Path:
    with (
        file.open("wb") as out,
        Sealer(out, SECRET, cost=1 << 4) as sealer,
        tarfile.open(fileobj=sealer, mode="w|") as tar,
    ):
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return file


@pytest.mark.parametrize("name", ["../outside", "files/../../outside", "/etc/cron.d/x", "pg/data/x", "files/", "house"])
def test_a_name_cannot_lead_out(tmp_path: Path, name: str) -> None:
    file = seal(tmp_path / "hostile", {name: b"x"})
    with pytest.raises(BackupError, match="which no backup of Koor does"):
        backup.unpack(file, SECRET, tmp_path / "room")
    assert not (tmp_path / "outside").exists()


def test_a_backup_of_a_later_version_waits_for_an_upgrade(tmp_path: Path) -> None:
    manifest = json.dumps({"koor": "99.0", "rows": {}, "made_at": "2099-01-01"}).encode()
    file = seal(tmp_path / "later", {"manifest.json": manifest, "database.dump": b""})
    (tmp_path / "room").mkdir()
    with pytest.raises(BackupError, match="upgrade first"):
        backup.unpack(file, SECRET, tmp_path / "room")


def test_into_a_database_of_ones_own(house: Path, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = make(house)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://koor@/koor?host={postgres.socket_folder(empty)}")
    backup.restore(tmp_path / "new", file, SECRET, quiet)
    assert rows(tmp_path / "new", "select name from people_house") == [("Reurslag",)]
    with pytest.raises(BackupError, match="not empty"):
        backup.restore(tmp_path / "new", file, SECRET, quiet, replace=True)


def test_by_the_command_line_without_a_passphrase(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def koor(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setenv("KOOR_HOME", str(home))
        command = [sys.executable, "-m", "koor", *arguments]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    (house / "key").unlink()  # a real one is made
    made = koor(house, "backup", str(tmp_path / "b"), "--check", "--json")
    assert json.loads(made.stdout)["checked"] is True
    assert "keep it in another place" in made.stderr
    assert (tmp_path / "b.key").stat().st_mode & 0o077 == 0
    assert koor(house, "backup", str(tmp_path / "b")).returncode == 1
    assert koor(tmp_path / "new", "restore", str(tmp_path / "b")).returncode == 0
    refused = koor(tmp_path / "new", "restore", str(tmp_path / "b"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--replace" in refused.stderr
    (tmp_path / "b.key").unlink()
    assert "--passphrase-file" in koor(tmp_path / "new", "restore", str(tmp_path / "b"), "--replace").stderr
