"""Facts travel up: `tell` in a lower room, `hears` in the `receivers.py` of a higher one.

A fact is a frozen dataclass of ids in a room's `events.py`. It is stored, and a job for each receiver deferred, in the
transaction of the deed: nothing is lost when the process dies. Each receiver's database work is done exactly once."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from koor.kernel import clock, jobs
from koor.kernel.models import Heard, ToldFact

FactType = TypeVar("FactType")
_receivers: dict[str, dict[str, Callable[[Any], None]]] = {}
_kinds: dict[str, type] = {}


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
    for name in names:
        jobs.later(pass_on, fact=row.pk, receiver=name)


def tell_all(facts: Iterable[Any]) -> None:
    """Tell many facts in a few statements: for what comes in by the thousand. As `tell` for each of them."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is told in the transaction of the deed")
    heard = [fact for fact in facts if _receivers.get(kind_of(type(fact)))]
    rows = ToldFact.objects.bulk_create(
        ToldFact(kind=kind_of(type(fact)), data=dataclasses.asdict(fact), told_at=clock.now()) for fact in heard
    )
    jobs.later_all(pass_on, [{"fact": row.pk, "receiver": name} for row in rows for name in _receivers[row.kind]])


@jobs.task("kernel.pass_on", retry=5)
def pass_on(fact: int, receiver: str) -> None:
    """Let one receiver hear one fact; a second run does nothing."""
    row = ToldFact.objects.filter(pk=fact).first()
    function = _receivers.get(row.kind, {}).get(receiver) if row else None
    if row is None or function is None:
        return  # the receiver was removed by an upgrade, or the fact by erasure
    try:
        with transaction.atomic():
            Heard.objects.create(fact=row, receiver=receiver, at=clock.now())
            function(_kinds[row.kind](**row.data))
    except IntegrityError:
        if not Heard.objects.filter(fact=row, receiver=receiver).exists():
            raise
