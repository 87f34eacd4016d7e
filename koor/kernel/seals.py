"""Which columns are sealed, so that all of them are sealed anew after the key of the house was changed and an old key
may go. Each room says it in its `personal.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import BinaryField, F, Func

from koor.kernel import jobs, secrets


@dataclass(frozen=True)
class Column:
    table: type[models.Model]
    field: str
    context: Callable[[Any], str]  # of a row, as it was sealed


@dataclass(frozen=True)
class Resealed:
    anew: int
    shut: int  # no key of this house opens them


_columns: dict[tuple[str, str], Callable[[Any], str]] = {}


def sealed(label: str, field: str, context: str | Callable[[Any], str]) -> None:
    """Declare a column, such as `sealed("hub.Mailbox", "password", CONTEXT)`."""
    _columns[label, field] = (lambda _row: context) if isinstance(context, str) else context


def columns() -> list[Column]:
    return [Column(apps.get_model(label), field, context) for (label, field), context in _columns.items()]


def reseal() -> Resealed:
    """Seal with the newest key what an older one sealed. What none opens stays as it is: its page says so."""
    tries = [_resealed(column, pk) for column in columns() for pk in _old(column)]
    return Resealed(tries.count(True), tries.count(False))


def shut() -> int:
    """How many sealed values no key of this house opens: tokens, passwords, secret addresses."""
    return sum(_sealed_otherwise(column, secrets.heads()).count() for column in columns())


def _old(column: Column) -> Iterator[int]:
    yield from list(_sealed_otherwise(column, [secrets.head()]).order_by("pk").values_list("pk", flat=True))


def _sealed_otherwise(column: Column, heads: list[bytes]) -> models.QuerySet[Any]:
    """By the head alone: what is sealed may be as large as a picture."""
    head = Func(F(column.field), template="SUBSTRING(%(expressions)s FROM 1 FOR 5)", output_field=BinaryField())
    return column.table._base_manager.annotate(head=head).exclude(head__in=[*heads, b""])


@transaction.atomic
def _resealed(column: Column, pk: int) -> bool:
    row = column.table._base_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        return True
    context = column.context(row)
    try:
        anew = secrets.seal(secrets.unseal(getattr(row, column.field), context), context)
    except secrets.CannotOpen:
        return False
    column.table._base_manager.filter(pk=pk).update(**{column.field: anew})
    return True


@jobs.every("17 3 * * *", "kernel.reseal", queue="upkeep")
def reseal_all(timestamp: int) -> None:
    """Once a day: also what a process sealed with the key that it still had at hand."""
    reseal()
