"""Whether anything happened is answered out of memory, alike in every process, and only to who has the mark."""

import pytest

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
