"""A question that the ORM writes once. To write a statement takes it longer than to ask it, so what every page asks is
kept as it was written, and asked again with other values.

    @written.once("person", "day")
    def promises(person, day, team=False):
        rows = Slot.objects.filter(person=person, day__gte=day)
        return rows.filter(team=None) if not team else rows

    promises(7, today).rows()                                   # what the queryset itself would have answered
    together.lists(promises(7, today), promises(8, today))
    written.of_person(lambda person: wishes_of(person)[:1])   # the same for one person, with whom rows are compared

The parameters that are named differ each time and go to the database as they are given; they may only be compared
with. Each value of another parameter makes a statement of its own: let them be few, such as a role. A function like
this reads neither the clock nor the language nor a setting: these would stay as they were the first time."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property, wraps
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, QuerySet

Rows = QuerySet[Any, Any]
NOTHING = ""  # the statement of a question that has no rows by itself


class Given(Expression):
    """Stands in a statement for a value that is known when it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


def among(column: str, numbers: Any) -> Func:
    """Whether a column is one of numbers that are known when it is asked: `rows.filter(among("post", posts))`."""
    return Func(
        F(column), numbers, template="(%(expressions)s::bigint[]))", arg_joiner=" = ANY(", output_field=BooleanField()
    )


class Statement:
    """A queryset as the database gets it."""

    def __init__(self, rows: Rows) -> None:
        self.queryset = rows
        self.compiler = rows.query.get_compiler(connection=connection)
        try:
            self.sql, self.values = self.compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            self.sql, self.values = NOTHING, ()

    @cached_property
    def fields(self) -> list[Any]:
        """The kind of each column."""
        return [expression.output_field for expression, _sql, _alias in self.compiler.select]

    def answered(self, told: list[Any]) -> list[Any]:
        """The rows as the queryset would have given them: it gets the answer instead of asking."""
        compiler, rows = copy(self.compiler), self.queryset._chain()  # type: ignore[attr-defined]
        compiler.execute_sql = lambda *_how, **_named: [told]
        rows.query.get_compiler = lambda *_how, **_named: compiler
        return list(rows)


@dataclass(frozen=True)
class Asked:
    """A question that was written before, with the values of this time."""

    written: Written
    given: dict[str, Any]

    def statement(self) -> tuple[Statement, list[Any]]:
        return self._with_values(self.written.rows)

    def number(self) -> tuple[Statement, list[Any]]:
        """The same, without what a number of rows does not need."""
        return self._with_values(self.written.counted)

    def _with_values(self, found: Statement) -> tuple[Statement, list[Any]]:
        return found, [self.given[one.name] if isinstance(one, Given) else one for one in found.values]

    def rows(self) -> list[Any]:
        found, values = self.statement()
        if found.sql == NOTHING:
            return []
        with connection.cursor() as cursor:
            cursor.execute(found.sql, values)
            return found.answered(cursor.fetchall())


def rows(question: Asked | Rows) -> list[Any]:
    """What is answered, whether it was written before or not."""
    return question.rows() if isinstance(question, Asked) else list(question)


class Written:
    """A queryset with its statements, each written when it is asked first."""

    def __init__(self, queryset: Rows) -> None:
        self.queryset = queryset

    @cached_property
    def rows(self) -> Statement:
        return _checked(Statement(self.queryset))

    @cached_property
    def counted(self) -> Statement:
        return _checked(Statement(bare(self.queryset)))


def _checked(statement: Statement) -> Statement:
    """A moment that stands in the statement itself would be the moment at which it was written, for ever."""
    for value in statement.values:
        if isinstance(value, date | time | timedelta):
            raise TypeError(f"{value!r} stands in a statement that is written once; give it as a parameter")
    return statement


def bare(rows: Rows) -> Rows:
    """The same rows without what a number does not need."""
    if rows.query.is_sliced:
        return rows
    return rows.order_by().values("pk") if rows.query.default_cols else rows.order_by()


def once(*differs: str) -> Callable[[Callable[..., Rows]], Callable[..., Asked]]:
    """Write what this function asks once for each value of the parameters that are not named here."""

    def decorate(function: Callable[..., Rows]) -> Callable[..., Asked]:
        signature, kept = inspect.signature(function), dict[tuple[Any, ...], Written]()
        unknown = {name: Given(name) for name in differs}

        @wraps(function)
        def asked(*args: Any, **named: Any) -> Asked:
            bound = signature.bind(*args, **named)
            bound.apply_defaults()
            given = {name: bound.arguments.pop(name) for name in differs}
            if None in given.values():
                raise TypeError("nothing compares with None; ask that in another way")
            key = tuple(bound.arguments.values())
            if key not in kept:
                kept[key] = Written(function(**bound.arguments, **unknown))
            return Asked(kept[key], given)

        return asked

    return decorate


def of_person(rows: Callable[[Any], Rows]) -> Callable[[Any], Asked]:
    """A question about one person, which only compares with them: it sees neither their roles nor what they are."""
    asked = once("person")(lambda person: rows(person))
    return lambda person: asked(person.pk)
