"""Paper keeps what it was given, under a number that follows from the key."""

from datetime import UTC, datetime

from koor.connectors.paper import correct, publish
from koor.ground.channels.contract import Attempt, Because, Draft, Limits, Medium, Prepared, Seen, Session, Verdict
from koor.kernel.http import Door

HERE = Session(Door(allow=frozenset()), 1, {})


def attempt(key: str) -> Attempt:
    return Attempt(1, key, Draft("Hallo"), Prepared(), datetime.now(UTC))


def test_the_same_key_is_the_same_post() -> None:
    first, again, other = (publish.send(HERE, attempt(key)) for key in ("a", "a", "b"))
    assert first.verdict is Verdict.DONE
    assert (first.remote_id, first.remote_id == other.remote_id) == (again.remote_id, False)
    assert publish.find(HERE, attempt("a")) == Seen(first.remote_id)


def test_limits() -> None:
    assert publish.prepare(HERE, Draft("x" * 20_001)).because is Because.REJECTED
    assert publish.prepare(HERE, Draft("x", (Medium(b"x"),) * 11)).because is Because.REJECTED
    tight = Session(Door(), 1, {}, limits=Limits(characters=3))
    assert publish.prepare(tight, Draft("vier")).values == {"count": 4, "limit": 3}
    assert publish.prepare(HERE, Draft("Hallo")) == Prepared()


def test_corrections_are_the_callers() -> None:
    assert correct.edit(HERE, "paper-1", Draft("Anders")).verdict is Verdict.DONE
    assert correct.delete(HERE, "paper-1").verdict is Verdict.DONE
