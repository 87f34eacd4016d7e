"""A player asks for a part of a film; every odd question gets a plain answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from koor.kernel import files, storage
from koor.kernel.models import StoredFile

CONTENT = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    """Nothing stays in the folder that all tests share."""
    settings.STORAGES = {**settings.STORAGES, "default": storage.of_house(tmp_path, {})}


@pytest.fixture
def film(db: None) -> StoredFile:
    return files.store(CONTENT, mime="video/mp4", name="film.mp4", public=True)


@pytest.mark.parametrize(
    ("asked", "first", "after"),
    [
        ("bytes=0-", 0, 10240),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=10000-99999", 10000, 10240),
        ("bytes=-40", 10200, 10240),
        ("bytes=-99999", 0, 10240),
    ],
)
def test_a_part(film: StoredFile, client: Client, asked: str, first: int, after: int) -> None:
    answer = client.get(files.url_of(film), headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{after - 1}/10240"
    assert answer["Content-Length"] == str(after - first)
    assert b"".join(answer.streaming_content) == CONTENT[first:after]  # type: ignore[attr-defined]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=20000-30000", "bytes=-0", "bytes=9-3"])
def test_a_part_that_is_not_there(film: StoredFile, client: Client, asked: str) -> None:
    answer = client.get(files.url_of(film), headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10240")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=-", "lines=0-1", "bytes=x-1", "bytes=" + "9" * 40 + "-"])
def test_what_is_no_question_gets_the_whole(film: StoredFile, client: Client, asked: str) -> None:
    answer = client.get(files.url_of(film), headers={"Range": asked})
    assert answer.status_code == 200
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Type"] == "video/mp4"


def test_a_part_of_another_file_is_not_mixed_in(film: StoredFile, client: Client) -> None:
    asked = {"Range": "bytes=0-1", "If-Range": '"another"'}
    assert client.get(files.url_of(film), headers=asked).status_code == 200


def test_what_is_neither_seen_nor_heard_is_saved(client: Client, db: None) -> None:
    page = files.store(b"<script>", mime="text/html", name="x.html", public=True)
    answer = client.get(files.url_of(page), headers={"Range": "bytes=0-3"})
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
