"""Facts travel up: `tell` in a lower room, `hears` in the `receivers.py` of a higher one.

A fact is a frozen dataclass of ids in a room's `events.py`. It is stored, and a job deferred in which all receivers
hear it, in the transaction of the deed: nothing is lost when the process dies. Each receiver's database work is done
exactly once, in a transaction of its own; one that fails stops no other. `hears_all` registers a receiver that hears
many of a kind together, in one transaction, for what comes in by the thousand; when that fails, by halves and in the
end each by itself, in their order, so that a bad one stops no other."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, TypeVar

from django.db import connection, transaction

from koor.kernel import clock, jobs, memory
from koor.kernel.models import ToldFact

FactType = TypeVar("FactType")
_receivers: dict[str, dict[str, Callable[[Any], None]]] = {}
_together: dict[str, dict[str, Callable[[Any], None]]] = {}
_kinds: dict[str, type] = {}
TOGETHER = 200  # facts of a stream that one job passes on
A_STREAM = 200  # more than this at once is an import, which lets everything else go first

_NOTE_HEARD = """
INSERT INTO kernel_heard (fact_id, receiver, at)
SELECT fact, %s, %s FROM unnest(%s::bigint[]) AS told (fact) ORDER BY fact
ON CONFLICT (fact_id, receiver) DO NOTHING RETURNING fact_id"""


def kind_of(fact: type) -> str:
    return f"{fact.__module__}.{fact.__qualname__}"


def hears(fact: type[FactType]) -> Callable[[Callable[[FactType], None]], Callable[[FactType], None]]:
    """Register a receiver of a fact."""

    def register(function: Callable[[FactType], None]) -> Callable[[FactType], None]:
        kind = kind_of(fact)
        _kinds[kind] = fact
        _receivers.setdefault(kind, {})[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return register


def hears_all(
    fact: type[FactType],
) -> Callable[[Callable[[Sequence[FactType]], None]], Callable[[Sequence[FactType]], None]]:
    """Register a receiver that hears many at once, in the order in which they were told."""

    def register(function: Callable[[Sequence[FactType]], None]) -> Callable[[Sequence[FactType]], None]:
        kind = kind_of(fact)
        _kinds[kind] = fact
        _together.setdefault(kind, {})[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return register


def receivers_of(kind: str) -> list[str]:
    """Their names, who hear many together first."""
    return [*_together.get(kind, {}), *_receivers.get(kind, {})]


def tell(fact: Any) -> None:
    """Tell a fact to everyone above who listens. Must stand in the transaction of the deed."""
    tell_all([fact])


def tell_all(facts: Iterable[Any]) -> None:
    """Tell many facts in a few statements: for what comes in by the thousand. As `tell` for each of them."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is told in the transaction of the deed")
    heard = [(kind, fact) for fact in facts if receivers_of(kind := kind_of(type(fact)))]
    rows = ToldFact.objects.bulk_create(
        ToldFact(kind=kind, data=dataclasses.asdict(fact), told_at=clock.now()) for kind, fact in heard
    )
    numbers = [str(row.pk) for row in rows]
    chunks = (numbers[place : place + TOGETHER] for place in range(0, len(numbers), TOGETHER))
    some = [{"facts": ",".join(chunk)} for chunk in chunks]
    jobs.later_all(pass_on_all, some, in_bulk=len(numbers) > A_STREAM)


@jobs.task("kernel.pass_on_all", retry=5)
def pass_on_all(facts: str) -> None:
    """Let all receivers hear these facts, in their order. Who heard one already does not hear it again."""
    with memory.streaming():
        _pass_on_all([int(one) for one in facts.split(",")])


def _pass_on_all(numbers: list[int]) -> None:
    failed: list[Exception] = []
    rows = ToldFact.objects.filter(pk__in=numbers).order_by("pk")
    for kind, run in groupby(rows, key=lambda row: row.kind):
        told = list(run)
        for name in receivers_of(kind):
            failed += _hear_all(told, name) if name in _together.get(kind, {}) else _hear_each(told, name)
    if failed:
        raise failed[0]  # the others heard it all the same; the job is tried again


def _hear_each(told: Sequence[ToldFact], receiver: str) -> list[Exception]:
    """One after the other; what went wrong."""
    function = _receivers[told[0].kind][receiver]
    tries = (_tried([row], receiver, lambda facts: function(facts[0])) for row in told)
    return [error for error in tries if error is not None]


def _hear_all(told: Sequence[ToldFact], receiver: str) -> list[Exception]:
    """All of them together; by halves when that goes wrong."""
    error = _tried(told, receiver, _together[told[0].kind][receiver])
    if error is None or len(told) == 1:
        return [error] if error is not None else []
    half = len(told) // 2
    return _hear_all(told[:half], receiver) + _hear_all(told[half:], receiver)


def _tried(told: Sequence[ToldFact], receiver: str, function: Callable[[list[Any]], None]) -> Exception | None:
    """Let a receiver hear those that it did not hear before, noted in the transaction of what it does."""
    try:
        with transaction.atomic():
            fresh = _noted(told, receiver)
            if facts := [_kinds[row.kind](**row.data) for row in told if row.pk in fresh]:
                function(facts)
    except Exception as error:
        return error
    return None


def _noted(told: Sequence[ToldFact], receiver: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_HEARD, [receiver, clock.now(), [row.pk for row in told]])
        return {row[0] for row in cursor.fetchall()}


@jobs.task("kernel.pass_on", retry=5)
def pass_on(fact: int, receiver: str) -> None:
    """Let one receiver hear one fact; a second run does nothing."""
    row = ToldFact.objects.filter(pk=fact).first()
    if row is None or receiver not in receivers_of(row.kind):  # else removed by an upgrade, or by erasure
        return
    failed = (_hear_all if receiver in _together.get(row.kind, {}) else _hear_each)([row], receiver)
    if failed:
        raise failed[0]
