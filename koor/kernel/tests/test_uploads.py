"""Uploads in pieces, over real connections that break at every place."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from koor.kernel import clock, resumable
from koor.kernel.models import Upload

pytestmark = pytest.mark.django_db(transaction=True)
PIECES = "application/offset+octet-stream"


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@dataclass
class Phone:
    """A sender with a session of its own, on real connections."""

    address: str
    cookies: str
    token: str
    said: dict[str, str] = field(default_factory=dict)

    def headers(self, **more: str) -> dict[str, str]:
        always = {"Tus-Resumable": "1.0.0", "Cookie": self.cookies, "X-CSRFToken": self.token, **self.said}
        return {**always, **{name.replace("_", "-"): value for name, value in more.items()}}

    def ask(self, method: str, path: str, body: bytes | None = None, **more: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection(self.address, timeout=20)
        line.request(method, path, body, self.headers(**more))
        answer = line.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        line.close()
        return answer

    def begin(self, size: int, key: str = "") -> str:
        said = {"Upload_Metadata": f"key {coded(key)}"} if key else {}
        answer = self.ask("POST", "/uploads/", Upload_Length=str(size), **said)
        assert answer.status == 201, answer.status
        return str(answer.headers["Location"])

    def offset(self, path: str) -> int:
        return int(self.ask("HEAD", path).headers["Upload-Offset"])

    def piece(self, path: str, at: int, body: bytes, **more: str) -> http.client.HTTPResponse:
        return self.ask("PATCH", path, body, Upload_Offset=str(at), Content_Type=PIECES, **more)

    def broken_piece(self, path: str, at: int, body: bytes, cut: int, **more: str) -> None:
        """Promises all of `body` and hangs up after `cut` bytes."""
        self.hangs_up_after(self.head(path, at, len(body), **more) + body[:cut])

    def head(self, path: str, at: int, size: int, **more: str) -> bytes:
        """The first lines of a piece, as they go over the line."""
        headers = self.headers(Upload_Offset=str(at), Content_Type=PIECES, Content_Length=str(size), **more)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"PATCH {path} HTTP/1.1\r\nHost: {self.address}\r\n{lines}\r\n".encode()

    def hangs_up_after(self, said: bytes) -> None:
        """Says no more than this, and waits until the house has let go too."""
        host, port = self.address.split(":")
        with socket.create_connection((host, int(port)), timeout=20) as line:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            while line.recv(4096):
                pass


@pytest.fixture
def phone(live_server: Any) -> Callable[[Any], Phone]:
    def of(person: Any) -> Phone:
        client = Client()
        client.force_login(person)
        client.get("/capture/")
        cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
        return Phone(urlsplit(live_server.url).netloc, cookies, client.cookies["csrftoken"].value)

    return of


Of = Callable[[Any], Phone]


def content(path: str) -> bytes:
    return resumable.path_of(Upload.objects.get(handle=path.split("/")[2])).read_bytes()


def test_a_file_in_pieces(phone: Of, bram: Any) -> None:
    bytes_, one = os.urandom(300_000), phone(bram)
    path = one.begin(len(bytes_))
    assert one.offset(path) == 0
    for at in range(0, len(bytes_), 70_000):
        answer = one.piece(path, at, bytes_[at : at + 70_000])
        assert answer.status == 204
        assert "Upload-Expires" in answer.headers
    assert one.offset(path) == len(bytes_)
    assert content(path) == bytes_
    handle = path.split("/")[2]
    assert [found.handle for found in resumable.finished(bram.pk, [handle])] == [handle]
    assert one.ask("DELETE", path).status == 204
    assert one.ask("HEAD", path).status == 404
    half, other = one.begin(9, "a/0"), one.begin(9, "ab/0")
    assert one.ask("DELETE", "/uploads/").status == 400
    assert one.ask("DELETE", "/uploads/", Upload_Metadata=f"key {coded('a')}").status == 204
    assert [one.ask("HEAD", path).status for path in (half, other)] == [404, 200]
    assert not (resumable._folder() / handle).exists()
    empty = one.begin(0)  # some phones hand over a file of nothing: no piece comes, and it is all there
    assert [found.size for found in resumable.finished(bram.pk, [empty.split("/")[2]])] == [0]
    assert content(empty) == b""


@pytest.mark.broad
@pytest.mark.parametrize("seed", range(4))
def test_cut_off_at_many_places(phone: Of, bram: Any, seed: int) -> None:
    dice, one = random.Random(seed), phone(bram)
    bytes_ = dice.randbytes(200_000)
    path = one.begin(len(bytes_), "photo")
    for _ in range(12):
        at = one.offset(path)
        assert path == one.begin(len(bytes_), "photo")
        cut = dice.choice([0, 1, dice.randrange(40_000)])
        one.broken_piece(path, at, bytes_[at : at + 60_000], min(cut, len(bytes_) - at))
        if dice.random() < 0.2:
            assert one.piece(path, at + 1 + cut, b"x").status in {409, 423}
    at = one.offset(path)
    assert 0 < at <= len(bytes_)
    assert one.piece(path, at, bytes_[at:]).status == 204
    assert content(path) == bytes_


@pytest.mark.broad
def test_cut_off_at_every_byte_of_the_headers_and_at_the_last_two_of_the_file(phone: Of, bram: Any) -> None:
    one, bytes_ = phone(bram), os.urandom(1000)
    path = one.begin(len(bytes_), "photo")
    head = one.head(path, 0, len(bytes_))
    for cut in range(len(head)):
        one.hangs_up_after(head[:cut])
    assert one.offset(path) == 0
    for came in (len(bytes_) - 2, len(bytes_) - 1):
        at = one.offset(path)
        one.broken_piece(path, at, bytes_[at:], came - at)
        assert one.offset(path) == came
        assert one.begin(len(bytes_), "photo") == path
    assert one.piece(path, one.offset(path), bytes_[-1:]).status == 204
    assert one.piece(path, 0, bytes_).status == 409  # all of it again: it stays as it came
    assert content(path) == bytes_
    assert Upload.objects.count() == 1


def test_a_proven_piece_comes_whole_or_not_at_all(phone: Of, bram: Any) -> None:
    one = phone(bram)
    path = one.begin(10)
    right = "sha256 " + base64.b64encode(hashlib.sha256(b"hello").digest()).decode()
    assert one.piece(path, 0, b"jello", Upload_Checksum=right).status == 460
    one.broken_piece(path, 0, b"hello", 3, Upload_Checksum=right)
    assert one.offset(path) == 0
    assert one.piece(path, 0, b"hello", Upload_Checksum=right).status == 204
    assert one.piece(path, 5, b"hello", Upload_Checksum="md9 aGVsbG8=").status == 400
    assert one.piece(path, 5, b"hello", Upload_Checksum="sha256 ?").status == 400
    assert one.offset(path) == 5


def test_begun_once_under_a_key(phone: Of, bram: Any, henk: Any) -> None:
    one = phone(bram)
    path = one.begin(10, "a")
    one.piece(path, 0, b"hel")
    again = one.ask("POST", "/uploads/", Upload_Length="10", Upload_Metadata=f"key {coded('a')}")
    assert (again.headers["Location"], again.headers["Upload-Offset"]) == (path, "3")
    assert one.begin(11, "a") != path  # another file under the same key
    assert phone(henk).begin(11, "a") != one.begin(11, "a")
    assert Upload.objects.count() == 2


def test_ten_at_once_begin_one(phone: Of, bram: Any) -> None:
    one, paths = phone(bram), list[str]()
    threads = [Thread(target=lambda: paths.append(one.begin(5, "same"))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 10
    assert len(set(paths)) == 1


def test_only_for_its_owner(phone: Of, bram: Any, henk: Any) -> None:
    one, other = phone(bram), phone(henk)
    path = one.begin(5)
    assert [other.ask("HEAD", path).status, other.piece(path, 0, b"x").status] == [404, 404]
    assert other.ask("DELETE", path).status == 404
    stranger = Phone(one.address, "", "")
    assert stranger.ask("HEAD", path).status == 401
    assert Phone(one.address, one.cookies, "").piece(path, 0, b"hello").status == 403  # without the token
    other.said = {"Koor-Person": str(bram.pk)}
    assert other.ask("POST", "/uploads/", Upload_Length="5").status == 403
    with pytest.raises(resumable.UploadTrouble):
        resumable.finished(henk.pk, [path.split("/")[2]])
    assert one.offset(path) == 0


def test_what_is_not_of_the_protocol(phone: Of, bram: Any) -> None:
    one = phone(bram)
    path = one.begin(5)
    can = one.ask("OPTIONS", "/uploads/")
    assert (can.status, can.headers["Tus-Version"]) == (204, "1.0.0")
    assert "checksum" in can.headers["Tus-Extension"]
    assert one.ask("GET", path).status == 405
    assert one.ask("PUT", "/uploads/").status == 405
    assert one.ask("POST", path, b"hello", X_HTTP_Method_Override="PATCH", Upload_Offset="0", Content_Type=PIECES).status == 204  # fmt: skip  # noqa: E501
    assert one.piece(path, 5, b"more").status == 413
    assert one.ask("PATCH", path, b"x", Upload_Offset="5").status == 415
    for header in ("", "-1", "1.5", "x", "٣", "9" * 30):
        assert one.ask("POST", "/uploads/", Upload_Length=header.encode().decode("latin-1")).status == 400
    assert one.ask("POST", "/uploads/", Upload_Length=str(resumable.MOST_BYTES + 1)).status == 413
    assert one.ask("POST", "/uploads/", Upload_Length="1", Upload_Metadata="key ???").status == 400
    one.said = {"Tus-Resumable": "0.2.2"}
    assert one.ask("HEAD", path).status == 412


def test_limits_of_one_person(phone: Of, bram: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumable, "MOST_WAITING", 3)
    monkeypatch.setattr(resumable, "MOST_WAITING_BYTES", 1000)
    one = phone(bram)
    assert one.ask("POST", "/uploads/", Upload_Length="1001").status == 429
    for _ in range(3):
        one.begin(10)
    assert one.ask("POST", "/uploads/", Upload_Length="10").status == 429


def test_a_disk_that_is_nearly_full(phone: Of, bram: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one = phone(bram)
    path = one.begin(5)
    monkeypatch.setattr(resumable, "SPARE_BYTES", 10**15)
    assert one.ask("POST", "/uploads/", Upload_Length="10").status == 507

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(resumable.os, "write", full)
    assert one.piece(path, 0, b"hello").status == 507
    monkeypatch.undo()
    assert one.piece(path, one.offset(path), b"hello").status == 204


def test_what_nobody_goes_on_with_is_tidied(bram: Any) -> None:
    old, _new = resumable.begin(owner=bram.pk, size=5)
    fresh, _new = resumable.begin(owner=bram.pk, size=5)
    for one in (old, fresh):
        resumable.path_of(one).write_bytes(b"abc")
    Upload.objects.filter(pk=old.pk).update(touched_at=clock.now() - resumable.KEEP - timedelta(seconds=1))
    stray = resumable._folder() / "stray"
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    resumable.sweep_uploads(0)
    assert list(Upload.objects.all()) == [fresh]
    assert [path.exists() for path in (resumable.path_of(old), resumable.path_of(fresh), stray)] == [False, True, False]
