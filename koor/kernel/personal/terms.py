"""How long things are kept: what is older than its term goes, but for what the law asks to keep."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet

from koor.kernel import files
from koor.kernel.models import StoredFile
from koor.kernel.personal import Held, Subject, declared, who_hears

log = logging.getLogger(__name__)
BATCH = 500  # rows in one transaction
MOST = 20  # batches of one kind in one run; the next day it goes on behind them


def kinds() -> list[Held]:
    """What may have a term, the lowest room first."""
    return [one for one in declared() if one.age][::-1]


def older(one: Held, before: datetime, held: Iterable[Subject]) -> QuerySet[Any]:
    """Rows of a kind from before a moment that may go."""
    rows = one.table._base_manager.filter(one.old, **{f"{one.age}__lt": before})
    for subject in held:
        own = one.of(subject)
        if own is not None:
            rows = rows.exclude(pk__in=own.values("pk"))
    return rows


def end(one: Held, before: datetime, held: list[Subject], after: int = 0) -> Iterator[tuple[int, int]]:
    """Let what is older go, from behind a row on, a bounded number of batches: how many rows, and the row that each
    batch came to, 0 at the end. What can't go stays in front, so that who began there each day would never come to
    what stands behind it."""
    seen = after
    for _batch in range(MOST):
        rows = older(one, before, held).filter(pk__gt=seen).order_by("pk")
        pks = list(rows.values_list("pk", flat=True)[:BATCH])
        seen = pks[-1] if len(pks) == BATCH else 0
        yield _gone(one, pks), seen
        if not seen:
            break


def let_go(model: str, rows: QuerySet[Any], held: Iterable[Subject], after: int = 0) -> tuple[int, int]:
    """Let a batch of these go before their term, from behind a row on, as if they had reached it. How many, and the row
    that it came to, 0 at the end: what can't go stays in front."""
    one = next(found for found in declared() if found.model == model)
    for subject in held:
        own = one.of(subject)
        if own is not None:
            rows = rows.exclude(pk__in=own.values("pk"))
    pks = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return (_gone(one, pks) if pks else 0), (pks[-1] if len(pks) == BATCH else 0)


def _gone(one: Held, pks: list[int]) -> int:
    """How many could go. One that something else still needs keeps no other."""
    try:
        with transaction.atomic():
            for hear in who_hears(one):
                hear(pks)
            rows = one.table._base_manager.filter(pk__in=pks)
            loose = files_of(one, rows)
            rows.delete()
            drop(loose)
    except (ProtectedError, IntegrityError):
        if len(pks) == 1:
            log.warning("%s %s is past its term and can't go: it is still needed", one.table._meta.label, pks[0])
            return 0
        half = len(pks) // 2
        return _gone(one, pks[:half]) + _gone(one, pks[half:])
    return len(pks)


def files_of(one: Held, rows: QuerySet[Any]) -> set[int]:
    """Numbers of the files to which these rows have a way, also over several rows of another table."""
    return {found for way in one.files for found in rows.order_by().values_list(way, flat=True) if found is not None}


def drop(loose: set[int]) -> None:
    """Files that nothing points at any more."""
    for stored in StoredFile.objects.filter(pk__in=loose):
        try:
            with transaction.atomic():
                files.forget(stored)
        except ProtectedError:
            continue
