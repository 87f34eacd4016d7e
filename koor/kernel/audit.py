"""The audit trail: every write that matters leaves one line, in the same transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

from koor.kernel import clock
from koor.kernel.access import Actor
from koor.kernel.models import AuditEntry

_via: ContextVar[str] = ContextVar("via", default="job")


@contextmanager
def via(road: str) -> Iterator[None]:
    """Name the road by which the deeds inside come in: web, api, cli or job."""
    token = _via.set(road)
    try:
        yield
    finally:
        _via.reset(token)


def record(*, by: Actor, verb: str, target: models.Model | None = None, **detail: Any) -> None:
    """Write one line. `verb` is `room.action`; detail holds plain JSON and never a secret or a whole text."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record belongs in the transaction of the deed")
    AuditEntry.objects.create(
        at=clock.now(),
        actor_id=by.pk,
        actor_name=str(by.name)[:200],
        verb=verb,
        target_kind=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        target_name=str(target)[:200] if target is not None else "",
        detail=detail,
        via=_via.get(),
    )
