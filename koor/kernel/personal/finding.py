"""What the house holds on one person, found over all rooms in a few statements."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Field, GeneratedField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from koor.kernel import dates, search, together
from koor.kernel.personal import Held, Subject, declared, words

Value = Any
TITLE = 12  # characters; less may be a word of its own
TEXTUAL = {"CharField", "TextField", "EmailField", "URLField", "SlugField", "JSONField"}


@dataclass(frozen=True)
class Row:
    pk: int
    at: Any
    said: tuple[str, ...]  # what a person would read of it


@dataclass(frozen=True)
class Part:
    """What one table holds on somebody: how many rows, and the latest of them."""

    held: Held
    number: int
    rows: tuple[Row, ...]

    @property
    def more(self) -> int:
        return self.number - len(self.rows)


@dataclass(frozen=True)
class Found:
    """All that the house holds on somebody: what is about them, and what others wrote in which they are named."""

    theirs: list[Part]
    named: list[Part]

    @property
    def number(self) -> int:
        return sum(part.number for part in [*self.theirs, *self.named])

    def __bool__(self) -> bool:
        return bool(self.theirs or self.named)


def everything(subject: Subject, most: int = 5, *, naming: bool = True) -> Found:
    """What is held on this person, with the latest rows of each table. Two statements. `naming`: also what others wrote
    in which they are named."""
    about, named = about_them(subject), naming_them(subject) if naming else []
    parts = _parts([*about, *named], most)
    return Found(
        [part for part in parts[: len(about)] if part.number], [part for part in parts[len(about) :] if part.number]
    )


Asked = list[tuple[Held, QuerySet[Any]]]


def about_them(subject: Subject) -> Asked:
    """By table the rows that are about this person."""
    return [(one, rows) for one in declared() if not one.because and (rows := one.of(subject)) is not None]


def naming_them(subject: Subject) -> Asked:
    """By table the rows of others in which this person is named; none when no name of theirs is telling."""
    return [(one, rows) for one in declared() if (rows := naming(one, subject)) is not None]


def _parts(asked: Asked, most: int) -> list[Part]:
    numbers = together.numbers(*(rows for _one, rows in asked))
    pairs = list(zip(asked, numbers, strict=True))
    lists = together.lists(*(_latest(one, rows, most) if number else None for (one, rows), number in pairs))
    return [
        Part(one, number, tuple(_row(one, values) for values in found))
        for ((one, _rows), number), found in zip(pairs, lists, strict=True)
    ]


def _latest(one: Held, rows: QuerySet[Any], most: int) -> QuerySet[Any]:
    """Each column by a name of its own: two may be called the same, and one as the statement itself."""
    order = [f"-{one.when}"] if one.when else []
    ways = ["pk", *([one.when] if one.when else []), *one.shown]
    read = {f"read_{number}": F(way) for number, way in enumerate(ways)}
    latest: QuerySet[Any] = rows.order_by(*order, "-pk").annotate(**read).values_list(*read)[:most]
    return latest


def _row(one: Held, values: Any) -> Row:
    pk, *rest = values
    at = rest.pop(0) if one.when else None
    return Row(pk, at, read(one, rest, at))


def read(one: Held, values: Iterable[Value], at: Value = None) -> tuple[str, ...]:
    """What a person reads of a row: a sentence where the table has one, else its parts, nothing twice."""
    if one.words is not None:
        return tuple(filter(None, (one.words(*values),)))
    parts = [_spoken(one, way, value) for way, value in zip(one.shown, values, strict=True)]
    if one.titles:
        return tuple(f"{title}: {part}" for title, part in zip(one.titles, parts, strict=True) if part)
    day = said(None, at)
    told = [part for part in parts if part and part != day]
    return tuple(part for number, part in enumerate(told) if not _again(part, told[:number], told[number + 1 :]))


def _again(part: str, before: list[str], after: list[str]) -> bool:
    """It was said, or a longer part begins with it: a title is often the beginning of its text."""
    return part in before or (len(part) >= TITLE and any(one != part and one.startswith(part) for one in after))


def _spoken(one: Held, way: str, value: Value) -> str:
    spoken = one.spoken.get(way)
    return str(spoken(value)) if spoken and value else said(field_at(one.table, way), value)


def field_at(table: type[Model], way: str) -> Any:
    """The column at the end of a way such as `contact__name`."""
    first, _sign, rest = way.partition("__")
    field: Any = table._meta.get_field(first)
    return field_at(field.related_model, rest) if rest else field


def said(field: Any, value: Value) -> str:
    """A value as a person reads it: a choice by its name, a list by its parts, nothing for what is empty."""
    if value is None or value is False or value == "":
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (said(getattr(field, "base_field", field), one) for one in value)))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {dates.written(one)}" for key, one in value.items() if one not in ("", None, [], {}))
    if isinstance(value, date):
        return str(dates.written(value.isoformat()))
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    if value is True:
        return str(field.name).replace("_", " ")
    return str(value)


def naming(one: Held, subject: Subject) -> QuerySet[Any] | None:
    """Rows of a table in which this person is named, beside those that are about them anyway."""
    if not one.named or not subject.words:
        return None
    rows: QuerySet[Any] = one.table._base_manager.filter(_said_in(one, subject))
    if one.index:
        rows = rows.filter(functools.reduce(operator.or_, (Q(**{one.index: _phrase(word)}) for word in subject.words)))
    own = one.of(subject)
    return rows if own is None else rows.exclude(pk__in=own.values("pk"))


def _said_in(one: Held, subject: Subject) -> Q:
    return functools.reduce(operator.or_, (Q(**{f"{name}__iregex": subject.pattern}) for name in one.named))


def _phrase(word: str) -> Any:
    """As the index has it: an address whole, a name in words by themselves, and those with a hyphen whole as well."""
    hyphened = " ".join("-".join(map(search.apart, words.HYPHEN.split(run))) for run in word.split())
    asked = dict.fromkeys((search.fold(word), search.apart(word), hyphened))
    queries = (SearchQuery(one, search_type="phrase", config="simple") for one in asked)
    return functools.reduce(operator.or_, queries)


# --- the columns of a table ---


def columns(table: type[Model]) -> list[Field[Any, Any]]:
    """What is written down in a row; not what the database makes of it."""
    return [field for field in table._meta.concrete_fields if not isinstance(field, GeneratedField)]


def texts(table: type[Model]) -> list[Field[Any, Any]]:
    """The columns in which words can stand."""
    return [field for field in columns(table) if _is_text(field)]


def _is_text(field: Any) -> bool:
    if isinstance(field, ArrayField):
        return _is_text(field.base_field)
    return field.get_internal_type() in TEXTUAL and not field.is_relation and not field.choices


def as_text(field: Field[Any, Any]) -> Cast:
    return Cast(field.name, TextField())
