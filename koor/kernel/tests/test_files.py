"""Files: kept once, sent safely, gone when nobody needs them."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from koor.kernel import files, uploads
from koor.kernel.models import StoredFile

Visit = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def in_a_transaction(db: None) -> None:
    return None


def bytes_on_disk() -> set[str]:
    root = Path(settings.KOOR_HOME) / "files"
    return {path.name for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("way", ["bytes", "path", "stream", "upload"])
def test_bytes_come_back_as_they_were(tmp_path: Path, way: str) -> None:
    data = os.urandom(3_000_000)
    (tmp_path / "x").write_bytes(data)
    given = {"bytes": data, "path": tmp_path / "x", "stream": io.BytesIO(data), "upload": SimpleUploadedFile("x", data)}
    stored = files.store(given[way], mime="application/octet-stream", name="x")
    assert files.read(stored) == data
    assert stored.size == len(data)
    with files.local(stored) as path:
        assert path.read_bytes() == data
        assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_bytes_lie_there_once() -> None:
    one, two = (files.store(b"twice the same", mime="text/plain") for _ in range(2))
    assert one.path == two.path
    assert one.handle != two.handle
    assert [name for name in bytes_on_disk() if name == one.digest] == [one.digest]


def test_a_name_is_never_a_path() -> None:
    for name in ("../../etc/passwd", "C:\\Users\\x\\photo.jpg", "a/b\r\nSet-Cookie: x", "x" * 400, "..", ""):
        stored = files.store(b"x", mime="text/plain", name=name)
        assert not set("/\\\r\n:") & set(stored.name)
        assert len(stored.name) <= 200
        assert files.url_of(stored).startswith(f"/files/{stored.handle}/")


def test_what_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = bytes_on_disk()
    with pytest.raises(OSError, match="No space"):
        files.store(b"half a photo", mime="text/plain")
    assert bytes_on_disk() == before
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_bytes_go_with_the_last_row_that_has_them() -> None:
    with transaction.atomic():
        one, two = (files.store(b"shared bytes", mime="text/plain") for _ in range(2))
    files.forget(one)
    assert default_storage.exists(two.path)
    files.forget(two)
    assert not default_storage.exists(two.path)


@pytest.mark.django_db(transaction=True)
def test_storing_and_forgetting_the_same_bytes_at_once_loses_nothing() -> None:
    with transaction.atomic():
        first = files.store(b"contested", mime="text/plain")
    failures: list[BaseException] = []

    def again() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    kept = files.store(b"contested", mime="text/plain")
                assert files.read(kept) == b"contested"
                files.forget(kept)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=again) for _ in range(4)]
    for thread in threads:
        thread.start()
    files.forget(first)
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_the_same_files_in_another_order_both_get_them_kept() -> None:
    met, failures = threading.Barrier(2), []

    def bring(first: bytes, second: bytes) -> None:
        try:
            with transaction.atomic():
                files.store(first, mime="text/plain")
                met.wait(20)
                files.store(second, mime="text/plain")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring, args=pair) for pair in ((b"one", b"two"), (b"two", b"one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert StoredFile.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_orphans_are_swept_after_a_day() -> None:
    with transaction.atomic():
        kept = files.store(b"kept", mime="text/plain")
        gone = files.store(b"gone", mime="text/plain")
        young = files.store(b"young", mime="text/plain")
    StoredFile.objects.filter(pk__in=[gone.pk, young.pk]).delete()
    for stored in (kept, gone):
        os.utime(default_storage.path(stored.path), (time.time() - 90_000,) * 2)
    files.sweep_files(0)
    assert [default_storage.exists(stored.path) for stored in (kept, gone, young)] == [True, False, True]
    files.sweep(older_than=0)  # a demo that is removed leaves nothing, however young
    assert [default_storage.exists(stored.path) for stored in (kept, young)] == [True, False]


# The page


def test_a_stranger_sees_public_files_only(visit: Visit, bram: Any) -> None:
    stored = files.store(b"\xff\xd8\xff", mime="image/jpeg", name="photo.jpg")
    assert visit(None).get(files.url_of(stored)).status_code == 404
    assert visit(bram).get(files.url_of(stored)).status_code == 200
    files.show_to_everyone(stored)
    answer = visit(None).get(files.url_of(stored))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("public")
    files.show_to_everyone(stored, public=False)
    assert visit(None).get(files.url_of(stored)).status_code == 404


def test_a_guessed_handle_finds_nothing(visit: Visit, bram: Any) -> None:
    stored = files.store(b"x", mime="image/jpeg")
    assert len(stored.handle) >= 32
    assert visit(bram).get(f"/files/{stored.pk}/photo.jpg").status_code == 404
    assert visit(bram).get(f"/files/{stored.digest}/photo.jpg").status_code == 404


@pytest.mark.parametrize(
    ("mime", "shown"),
    [("image/jpeg", True), ("image/webp", True), ("image/svg+xml", False), ("text/html", False), ("", False)],
)
def test_a_browser_can_not_be_talked_into_running_a_file(visit: Visit, bram: Any, mime: str, shown: bool) -> None:
    stored = files.store(b"<script>alert(1)</script>", mime=mime, name="x.html")
    answer = visit(bram).get(files.url_of(stored))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == (mime if shown else "application/octet-stream")
    assert answer.get("Content-Disposition", "").startswith("inline" if shown else "attachment")
    assert "private" in answer["Cache-Control"]
    assert "immutable" in answer["Cache-Control"]


def test_what_a_browser_has_already_is_not_sent_again(visit: Visit, bram: Any) -> None:
    stored = files.store(b"x", mime="image/jpeg")
    etag = visit(bram).get(files.url_of(stored))["ETag"]
    again = visit(bram).get(files.url_of(stored), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_bytes_that_are_missing_are_not_found(visit: Visit, bram: Any) -> None:
    stored = files.store(b"soon gone", mime="image/jpeg")
    default_storage.delete(stored.path)
    assert visit(bram).get(files.url_of(stored)).status_code == 404


def test_files_are_read_not_written(visit: Visit, bram: Any) -> None:
    stored = files.store(b"x", mime="image/jpeg")
    assert visit(bram).post(files.url_of(stored)).status_code == 405


# What comes up


def test_a_file_that_is_too_large_is_skipped_and_the_rest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 200_000)
    sent = {
        "sentence": "Kept",
        "photos": [
            SimpleUploadedFile("small.jpg", b"1" * 1000),
            SimpleUploadedFile("large.jpg", b"2" * 900_000),
            SimpleUploadedFile("other.jpg", b"3" * 1000),
        ],
    }
    request = RequestFactory().post("/", sent)
    assert [file.name for file in request.FILES.getlist("photos")] == ["small.jpg", "other.jpg"]
    assert [file.read()[:1] for file in request.FILES.getlist("photos")] == [b"1", b"3"]
    assert request.POST["sentence"] == "Kept"
    assert uploads.too_large(request) == ["large.jpg"]


def test_many_files_together_have_a_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_REQUEST_BYTES", 2500)
    sent = {"photos": [SimpleUploadedFile(f"{n}.jpg", b"1" * 1000) for n in range(4)]}
    request = RequestFactory().post("/", sent)
    assert len(request.FILES.getlist("photos")) == 2
    assert uploads.too_large(request) == ["2.jpg", "3.jpg"]
    assert uploads.too_large(None) == []


def test_of_a_stranger_no_file_is_taken_in_before_the_page_asks_who_it_is(bram: Any) -> None:
    taken: list[int] = []

    def looked(request: Any) -> HttpResponse:
        taken.append(len(request.FILES.getlist("photos")))
        return HttpResponse()

    def ask(person: Any, view: Any, path: str = "/capture/") -> None:
        request = RequestFactory().post(path, {"photos": SimpleUploadedFile("1.jpg", b"1" * 1000)})
        request.user, request.resolver_match = person, SimpleNamespace(func=view)  # type: ignore[assignment]
        view(request)

    for person in (AnonymousUser(), bram):
        ask(person, looked)
        ask(person, login_not_required(partial(looked)))
    ask(AnonymousUser(), looked, "/api/v1/captures")
    assert taken == [0, 1, 1, 1, 1]
