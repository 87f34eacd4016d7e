"""Whether anything happened is answered out of memory, alike in every process, and only to who has the mark."""

import threading

import psycopg
import pytest
from django.db import connection

from koor.kernel import pulse


@pytest.fixture
def heard():
    pulse.note("7")
    yield pulse.mark()
    pulse.note("")


def test_a_mark_holds_until_something_happens(client, heard):
    same = client.get(f"/pulse/?{heard}")
    assert (same.status_code, same.content, same.headers["Cache-Control"]) == (204, b"", "no-store")
    assert (client.get("/pulse/").content, client.get("/pulse/?7").content) == (b"news", b"news")
    pulse.note("8")
    assert client.get(f"/pulse/?{heard}").content == b"news"
    pulse.note("7")  # as another process, which heard the same, makes it
    assert client.get(f"/pulse/?{heard}").status_code == 204


def test_where_nobody_listens_no_mark_holds(client):
    assert pulse.mark() == ""
    assert client.get("/pulse/?").content == b"news"


class Pauses(threading.Event):
    """Between two lines. Each tells what mark stood then, and lasts until the test says so."""

    def __init__(self):
        super().__init__()
        self.marks, self.begun, self.ended = [], threading.Semaphore(0), threading.Semaphore(0)

    def wait(self, timeout=None):
        self.marks.append(pulse.mark())
        self.begun.release()
        return self.ended.acquire(timeout=10)


def cut():
    ours = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(" ".join(["SELECT pg_terminate_backend(pid)", ours]), [pulse.NAME])


def heard_anew(before=""):
    for _ in range(1000):
        if pulse.mark() not in ("", before):
            return pulse.mark()
        threading.Event().wait(0.01)
    raise AssertionError("nobody listens")


@pytest.mark.django_db(transaction=True)
def test_whatever_breaks_the_line_no_mark_stays_and_it_listens_again(monkeypatch, caplog):
    over = Pauses()
    thread = threading.Thread(target=pulse._listen, args=[over], daemon=True)
    thread.start()
    try:
        first = heard_anew()
        cut()
        assert over.begun.acquire(timeout=10)
        with monkeypatch.context() as broken:
            broken.setattr(psycopg, "connect", lambda **_line: [][0])  # something that nobody foresaw
            over.ended.release()
            assert over.begun.acquire(timeout=10)
        over.ended.release()
        heard_anew(first)
        assert "IndexError" in caplog.text
    finally:
        over.set()
        cut()
        over.ended.release(3)
        thread.join(10)
    assert not thread.is_alive()
    assert over.marks == ["", "", ""]
    assert pulse.mark() == ""
