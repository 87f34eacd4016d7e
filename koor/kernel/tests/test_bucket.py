"""The same files in a bucket, against a server that speaks S3."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import File
from django.core.files.storage import storages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from moto.server import ThreadedMotoServer

from koor.kernel import clock, files, storage
from koor.kernel.models import StoredFile

CONTENT = bytes(range(256)) * 8000


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer("127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=address, **KEYS).create_bucket(Bucket="koor")
    yield address
    running.stop()


KEYS: Any = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


@pytest.fixture(params=["", "our/house"])
def bucket(server: str, request: pytest.FixtureRequest, settings: Any, db: None) -> Iterator[Any]:
    given = {"KOOR_S3_BUCKET": "koor", "KOOR_S3_ENDPOINT": server, "KOOR_S3_KEY": "key", "KOOR_S3_SECRET": "secret"}
    given |= {"KOOR_S3_REGION": "us-east-1", "KOOR_S3_FOLDER": request.param}
    settings.STORAGES = {**settings.STORAGES, "default": storage.of_house(Path("/nowhere"), given)}
    yield storages["default"]
    for name in list(storages["default"].older_than(clock.now() + timedelta(days=1))):
        storages["default"].delete(name)


def test_stored_read_and_forgotten(bucket: Any, django_capture_on_commit_callbacks: Any) -> None:
    first, second = (files.store(CONTENT, mime="image/webp", name="a.webp") for _ in range(2))
    assert (files.read(first), first.path, files.path_of(first)) == (CONTENT, second.path, "")
    with files.local(first) as path:
        assert path.read_bytes() == CONTENT
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(first)
    assert files.read(second) == CONTENT
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(second)
    with pytest.raises(FileNotFoundError):
        files.read(second)


def test_a_large_file_goes_and_comes_by_its_path(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: Client, django_user_model: Any
) -> None:
    """Through an open file all of it would be in memory: what is read until it is closed, what is sent until the
    collector comes, which rests in the processes that serve pages."""

    def held(*_given: object) -> None:
        raise AssertionError("in memory")

    monkeypatch.setattr(type(bucket), "_save", held)
    monkeypatch.setattr(type(bucket), "_open", held)
    large = tmp_path / "film.mp4"
    large.write_bytes(CONTENT * 5)
    with TemporaryUploadedFile("/etc/hostname", "video/mp4", 7, "utf-8") as sent:
        sent.write(b"by form")
        sent.flush()
        with large.open("rb") as opened:
            kept = [files.store(source, mime="video/mp4") for source in (opened, large, File(opened), sent)]
    assert len({one.path for one in kept}) == 2
    for one, content in ((kept[0], CONTENT * 5), (kept[3], b"by form")):
        with files.local(one) as path:
            assert path.read_bytes() == content
    client.force_login(django_user_model.objects.create(email="bram@reurslag.example", name="Bram"))
    sent = client.get(files.url_of(kept[0]))
    assert (b"".join(sent.streaming_content), sent["Content-Length"]) == (CONTENT * 5, str(len(CONTENT) * 5))
    assert (sent.status_code, sent["Content-Disposition"][:6]) == (200, "inline")
    with pytest.raises(FileNotFoundError):
        bucket.fetch("no/such/file", tmp_path / "x")


def test_served_whole_and_in_parts_to_who_may(bucket: Any, client: Client, django_user_model: Any) -> None:
    film = files.store(CONTENT, mime="video/mp4", name="film.mp4")
    assert client.get(files.url_of(film)).status_code == 404
    files.show_to_everyone(film)
    whole = client.get(files.url_of(film))
    assert b"".join(whole.streaming_content) == CONTENT  # type: ignore[attr-defined]
    part = client.get(files.url_of(film), headers={"Range": "bytes=1000-1000999"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, CONTENT[1000:1_001_000])  # type: ignore[attr-defined]
    bucket.delete(film.path)
    assert client.get(files.url_of(film)).status_code == 404
    assert client.get(files.url_of(film), headers={"Range": "bytes=0-9"}).status_code == 404


def test_what_nobody_points_to_is_swept_up(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, lost = (files.store(content, mime="image/webp") for content in (b"kept", b"lost"))
    StoredFile.objects.filter(pk=lost.pk).delete()
    files.sweep_files(0)
    assert bucket.exists(lost.path), "it is only just there"
    monkeypatch.setattr(files, "ORPHAN_AFTER", -3600)
    files.sweep_files(0)
    assert not bucket.exists(lost.path)
    assert bucket.exists(kept.path)


def test_without_a_bucket_it_is_a_folder() -> None:
    found = storage.of_house(Path("/house"), {})
    assert found["OPTIONS"]["location"] == "/house/files"
