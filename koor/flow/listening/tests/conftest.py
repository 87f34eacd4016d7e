"""What the tests of listening share: posts that come in, and files that hold them."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Mention
from koor.ground.people.models import House
from koor.kernel.access import SYSTEM


def lines(*posts: dict[str, Any] | str) -> io.BytesIO:
    """A file of JSON lines. Posts get an id, an author and a date unless they have one; strings stand as they are."""
    usual = {"author": "Els Roelvink", "created_at": "2026-11-24T09:00:00+01:00"}
    written = [
        post if isinstance(post, str) else json.dumps({"id": f"p{number}", **usual, **post})
        for number, post in enumerate(posts, 1)
    ]
    return io.BytesIO("\n".join(written).encode())


WANTED = import_module("koor.flow.listening.queries.wanted")  # `queries.wanted` is the function in it


def forget_wanted() -> None:
    WANTED._kept[0] = None


def number_of(kind: str, key: str = "", *, since: datetime | None = None) -> int:
    """How many are counted of one stream."""
    return queries.numbers_of(kind, since=since).get(key, 0)


@pytest.fixture
def bring_in(house: House) -> Callable[..., actions.Tally]:
    """Import posts: `bring_in({"text": "De pomp is stuk"}, …)`."""

    def run(*posts: dict[str, Any] | str, source: str = "Reviews") -> actions.Tally:
        return actions.import_file(by=SYSTEM, source_name=source, stream=lines(*posts))[1]

    return run


@pytest.fixture
def said(bring_in: Callable[..., actions.Tally]) -> Callable[..., Mention]:
    """One mention of this text."""

    def make(text: str = "De pomp is stuk", **parts: Any) -> Mention:
        key = f"m{Mention.objects.count()}"
        bring_in({"id": key, "text": text, **parts})
        return Mention.objects.get(external_id=key)

    return make


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    """What a process has learnt in one test is unknown in the next."""
    queries.forget()
    yield
    queries.forget()
