"""How long things are kept: what is older than its term goes, but for what the law asks to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from koor.kernel import files
from koor.kernel.models import StoredFile
from koor.kernel.personal import Held, Subject, declared

BATCH = 500  # rows in one transaction
MOST = 20  # batches of one kind in one run; the rest goes the next day


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


def end(one: Held, before: datetime, held: list[Subject]) -> Iterator[int]:
    """Let what is older go, a bounded number of batches; how many rows, batch by batch."""
    for _batch in range(MOST):
        with transaction.atomic():
            pks = list(older(one, before, held).order_by("pk").values_list("pk", flat=True)[:BATCH])
            if one.leaves is not None:
                one.leaves(pks)
            rows = one.table._base_manager.filter(pk__in=pks)
            loose = files_of(one, rows)
            rows.delete()
            drop(loose)
        yield len(pks)
        if len(pks) < BATCH:
            break


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
