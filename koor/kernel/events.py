"""Facts travel up: `tell` in a lower room, `hears` in the `receivers.py` of a higher one.

A fact is a frozen dataclass of ids in a room's `events.py`. It is stored, and a job deferred in which all receivers
hear it, in the transaction of the deed: nothing is lost when the process dies. Each receiver's database work is done
exactly once, in a transaction of its own; one that fails stops no other."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from koor.kernel import clock, jobs, memory
from koor.kernel.models import Heard, ToldFact

FactType = TypeVar("FactType")
_receivers: dict[str, dict[str, Callable[[Any], None]]] = {}
_kinds: dict[str, type] = {}
TOGETHER = 20  # facts of a stream that one job passes on
A_STREAM = 200  # more than this at once is an import, which lets everything else go first


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


def tell(fact: Any) -> None:
    """Tell a fact to everyone above who listens. Must stand in the transaction of the deed."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is told in the transaction of the deed")
    kind = kind_of(type(fact))
    names = _receivers.get(kind, {})
    if not names:
        return
    row = ToldFact.objects.create(kind=kind, data=dataclasses.asdict(fact), told_at=clock.now())
    jobs.later(pass_on_all, facts=str(row.pk))


def tell_all(facts: Iterable[Any]) -> None:
    """Tell many facts in a few statements: for what comes in by the thousand. As `tell` for each of them."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is told in the transaction of the deed")
    heard = [fact for fact in facts if _receivers.get(kind_of(type(fact)))]
    rows = ToldFact.objects.bulk_create(
        ToldFact(kind=kind_of(type(fact)), data=dataclasses.asdict(fact), told_at=clock.now()) for fact in heard
    )
    numbers = [str(row.pk) for row in rows]
    chunks = (numbers[place : place + TOGETHER] for place in range(0, len(numbers), TOGETHER))
    some = [{"facts": ",".join(chunk)} for chunk in chunks]
    jobs.later_all(pass_on_all, some, in_bulk=len(numbers) > A_STREAM)


@jobs.task("kernel.pass_on_all", retry=5)
def pass_on_all(facts: str) -> None:
    """Let all receivers hear these facts, one after the other. Who heard one already does not hear it again."""
    with memory.streaming():
        _pass_on_all([int(one) for one in facts.split(",")])


def _pass_on_all(numbers: list[int]) -> None:
    failed: Exception | None = None
    rows = ToldFact.objects.in_bulk(numbers)
    for row in (rows[pk] for pk in sorted(rows)):
        known = set(Heard.objects.filter(fact=row).values_list("receiver", flat=True))
        for name in [one for one in _receivers.get(row.kind, {}) if one not in known]:
            try:
                _hear(row, name)
            except Exception as error:  # the others hear it all the same; then the job is tried again
                failed = failed or error
    if failed is not None:
        raise failed


@jobs.task("kernel.pass_on", retry=5)
def pass_on(fact: int, receiver: str) -> None:
    """Let one receiver hear one fact; a second run does nothing."""
    row = ToldFact.objects.filter(pk=fact).first()
    if row is not None and receiver in _receivers.get(row.kind, {}):  # else removed by an upgrade, or by erasure
        _hear(row, receiver)


def _hear(row: ToldFact, receiver: str) -> None:
    function = _receivers[row.kind][receiver]
    try:
        with transaction.atomic():
            Heard.objects.create(fact=row, receiver=receiver, at=clock.now())
            function(_kinds[row.kind](**row.data))
    except IntegrityError:
        if not Heard.objects.filter(fact=row, receiver=receiver).exists():
            raise
