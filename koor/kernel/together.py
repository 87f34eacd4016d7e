"""Several questions in one statement: lists of rows, and numbers, that a page would otherwise ask for one by one.

    posts, moments = together.lists(Post.objects.filter(…), Message.objects.filter(…).values_list("pk", "at"))
    mine, all_of_us = together.numbers(Task.objects.filter(…), Task.objects.all())

A question is a queryset that was not asked yet, of models (also with `select_related`) or of values, or one that is
written once (`written.once`); what it prefetches is fetched after it, as always."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Model, QuerySet, Value
from django.utils.dateparse import parse_duration

from koor.kernel.written import NOTHING, Asked, Statement, bare

Question = QuerySet[Any, Any] | Asked | None
Ready = tuple[Statement, Sequence[Any]] | None  # with its values
Read = Callable[[Any], Any]

READ: dict[str, Read] = {  # from what PostgreSQL writes in JSON to what the driver would have answered
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "DurationField": parse_duration,
    "UUIDField": UUID,
    "DecimalField": lambda number: Decimal(str(number)),
    "JSONField": json.dumps,  # its field reads text
}


def numbers(*questions: Question) -> list[int]:
    """How many rows each has; 0 for None."""
    return [found or 0 for found in _asked("count(*)", [_number(rows) for rows in questions])]


def lists(*questions: Question) -> list[list[Any]]:
    """The rows of each; none for None."""
    ready = [_list(rows) for rows in questions]
    answers = _asked("json_agg(asked)", ready)
    return [_as_asked(one[0], answer) if one and answer else [] for one, answer in zip(ready, answers, strict=True)]


def counted(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """How many there are, as a question for `lists`: one number."""
    alike = rows.order_by().annotate(_alike=Value(1)).values("_alike")
    numbered: QuerySet[Any, Any] = alike.annotate(_number=Count("pk", distinct=True))
    return numbered.values_list("_number", flat=True)


def attach(rows: Model | Sequence[Model], **hanging: QuerySet[Any, Any]) -> None:
    """Fetch several lists that hang on each row: `attach(posts, media=PostMedium.objects.all(), targets=…)`; from then
    on `post.media.all()` asks nothing. As `prefetch_related`, with one statement for all the lists."""
    ours = [rows] if isinstance(rows, Model) else rows
    if not ours:
        return
    fields = {name: getattr(ours[0], name).field for name in hanging}
    found = lists(*(asked.filter(**{f"{fields[name].name}__in": ours}) for name, asked in hanging.items()))
    for name, children in zip(hanging, found, strict=True):
        hang(ours, name, children)


def hang(rows: Sequence[Model], name: str, children: Sequence[Model]) -> None:
    """Give each row its own of these, fetched already: `row.name.all()` asks nothing."""
    by_row: dict[Any, list[Model]] = {}
    for row in rows:
        field = getattr(row, name).field
        if not by_row:
            for child in children:
                by_row.setdefault(getattr(child, field.attname), []).append(child)
        own = by_row.get(row.pk, [])
        for child in own:
            setattr(child, field.name, row)
        answered = field.model._default_manager.all()
        answered._result_cache, answered._prefetch_done = own, True
        row.__dict__.setdefault("_prefetched_objects_cache", {})[field.remote_field.cache_name] = answered


def _number(rows: Question) -> Ready:
    if rows is None:
        return None
    if isinstance(rows, Asked):
        return rows.number()
    found = Statement(bare(rows))
    return found, found.values


def _list(rows: Question) -> Ready:
    if rows is None:
        return None
    if isinstance(rows, Asked):
        return rows.statement()
    found = Statement(rows)
    return found, found.values


def _asked(what: str, questions: Sequence[Ready]) -> list[Any]:
    """One statement for all; None for a question that has no rows by itself."""
    parts: list[str] = []
    values: list[Any] = []
    for question in questions:
        if question is None or question[0].sql == NOTHING:
            parts.append("null")
            continue
        parts.append(f"(select {what} from ({question[0].sql}) asked)")  # noqa: S608 Django's own statement
        values += question[1]
    if all(part == "null" for part in parts):
        return [None] * len(parts)
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(parts)}", values)
        return list(cursor.fetchone())


def _as_asked(statement: Statement, told: list[dict[str, Any]]) -> list[Any]:
    """The rows as their queryset itself would have given them."""
    readers = [_reader(field) for field in statement.fields]
    if not any(readers):
        return statement.answered([list(row.values()) for row in told])
    return statement.answered(
        [[_read(reader, value) for reader, value in zip(readers, row.values(), strict=False)] for row in told]
    )


def _read(reader: Read | None, value: Any) -> Any:
    return value if value is None or reader is None else reader(value)


def _reader(field: Any) -> Read | None:
    base = getattr(field, "base_field", None)  # of an array
    if base is None:
        return READ.get(field.get_internal_type())
    one = _reader(base)
    return (lambda values: [_read(one, value) for value in values]) if one else None
