"""A page's number and address follow from the key of its row."""

from datetime import UTC, datetime

from koor.connectors.newsroom import correct, publish
from koor.ground.channels.contract import Attempt, Because, Draft, Medium, Prepared, Seen, Session, Verdict
from koor.kernel.http import Door

HERE = Session(Door(allow=frozenset()), 1, {})


def attempt(key: str) -> Attempt:
    return Attempt(1, key, Draft("Hallo"), Prepared(), datetime.now(UTC))


def test_the_same_key_is_the_same_page() -> None:
    first, again, other = (publish.send(HERE, attempt(key)) for key in ("a", "a", "b"))
    assert (first.verdict, first.remote_id, first.url) == (Verdict.DONE, again.remote_id, again.url)
    assert first.url == f"/newsroom/{first.remote_id}/"
    assert first.remote_id != other.remote_id
    assert publish.find(HERE, attempt("a")) == Seen(first.remote_id, first.url)


def test_limits() -> None:
    assert publish.prepare(HERE, Draft("x" * 20_001)).because is Because.REJECTED
    assert publish.prepare(HERE, Draft("x", (Medium(b"x", "application/zip"),))).because is Because.REJECTED
    assert publish.prepare(HERE, Draft("Hallo")) == Prepared()


def test_corrections_are_the_callers() -> None:
    assert correct.edit(HERE, "abc", Draft("Anders")).verdict is Verdict.DONE
    assert correct.delete(HERE, "abc").verdict is Verdict.DONE
