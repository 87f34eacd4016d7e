"""The feeds with which feedparser tests itself, wellformed and ill: none of them stops a source, and what can't be read
of one is kept with a reason."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from koor.connectors.feed import listen
from koor.flow.listening.actions.fetching import kept
from koor.flow.listening.logic.reading import UnreadableFile, fitted, read_feed
from koor.ground.channels.contract import Broken, Session
from koor.kernel.http import Answer
from tools import peers

SECONDS = 2.0  # for one of them


def feeds() -> Iterator[tuple[str, bytes]]:
    (package,) = peers.place("feedparser").glob("*.tar.gz")
    with tarfile.open(package) as whole:
        for member in whole:
            content = whole.extractfile(member) if "/tests/" in member.name and member.isfile() else None
            if content is not None and not member.name.endswith(".py"):
                yield member.name, content.read()


class One:
    """A site that answers with these bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def request(self, *_all: Any, **_more: Any) -> Answer:
        return Answer(200, httpx2.Headers({"content-type": "application/xml"}), self.content, "http://krant.example/")


@pytest.mark.long
@pytest.mark.peers("feedparser")
def test_none_of_them_stops_a_source() -> None:
    number = items = 0
    for name, content in feeds():
        began = time.process_time()
        session = Session(One(content), 0, {}, now=datetime(2026, 11, 24, tzinfo=UTC))
        batch = listen.fetch(session, "", {"url": "http://krant.example/"})
        entries = [fitted(one) for one in batch.items] + [kept(one) for one in batch.broken]
        assert all(one.external_id for one in entries), name
        assert all(one.reason for one in entries if isinstance(one, Broken)), name
        assert entries or batch.problem or batch.cursor, name
        try:
            list(read_feed(io.BytesIO(content)))
        except UnreadableFile:
            pass
        assert time.process_time() - began < SECONDS, name
        number, items = number + 1, items + len(batch.items)
    assert number > 2_000
    assert items > 500
