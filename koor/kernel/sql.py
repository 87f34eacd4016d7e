"""Full text in PostgreSQL without ICU or unaccent: the immutable functions `koor_fold` (lower case, accents off) and
`koor_apart` (each word by itself too), made by the kernel's migrations, and stored vectors over it. `search.tsquery`
folds what is typed the same way."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import F, Func, Model, QuerySet, TextField, Value
from django.db.models.functions import Concat

Row = TypeVar("Row", bound=Model)


def fold(expression: Any) -> Func:
    """`koor_fold` over an expression. A plain Func, so that migrations need no import from here."""
    return Func(expression, function="koor_fold", output_field=TextField())


def apart(expression: Any) -> Func:
    """Folded text in which each word stands by itself, and each emoji and sign of writing without spaces."""
    return Func(expression, function="koor_apart", output_field=TextField())


def bare(expression: Any) -> Func:
    """Those words in one piece, as `search.bare` does it."""
    between = Value(r"[^0-9a-z_\u0080-\U0010ffff]+")
    return Func(apart(expression), between, Value(""), Value("g"), function="regexp_replace", output_field=TextField())


@cache
def knows_emoji() -> bool:
    """Whether the database's parser takes an emoji for a word: ours does, one of your own may not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_tsvector('simple', '👍') <> ''")
        return bool(cursor.fetchone()[0])


def folded_vector(*columns: str) -> Any:
    """The expression of a stored tsvector (configuration `simple`) over the folded text of these columns."""
    parts: list[Any] = []
    for column in columns:
        parts += [F(column), Value(" ")]
    joined = Concat(*parts, output_field=TextField()) if len(columns) > 1 else F(columns[0])
    return SearchVector(apart(joined), config="simple")


def saying(rows: QuerySet[Row], query: str, *columns: str) -> QuerySet[Row]:
    """Rows whose columns meet `search.tsquery(words)`; an index over `folded_vector` of the same columns serves it."""
    wanted = SearchQuery(query, search_type="raw", config="simple")
    return rows.alias(_saying=folded_vector(*columns)).filter(_saying=wanted)  # type: ignore[return-value]


def stemmed_vector(joined: Any) -> Any:
    """The expression of a stored tsvector over folded text: each word as it is written, and its Dutch and English stem.
    `search.Typed.query` says what a person typed in the same terms."""
    folded = apart(joined)
    return (
        SearchVector(folded, config="simple")
        + SearchVector(folded, config="dutch")
        + SearchVector(folded, config="english")
    )


def stems(words: Sequence[str]) -> dict[str, tuple[str, ...] | None]:
    """The Dutch and the English stem of each folded word; None for one that says nothing by itself ("de", "of").

    One query."""
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t, ts_lexize('dutch_stem', t), ts_lexize('english_stem', t) FROM unnest(%s::text[]) AS t",
            [list(words)],
        )
        found = {word: (dutch or [], english or []) for word, dutch, english in cursor.fetchall()}
    return {word: (dutch[0], english[0]) if dutch and english else None for word, (dutch, english) in found.items()}


def write_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Write these fields of rows that are stored already, in one statement whatever their number."""
    if not rows:
        return
    meta = rows[0]._meta
    columns = [one for one in meta.concrete_fields if one.name in fields]
    told = [{"id": row.pk, **{one.column: getattr(row, one.attname) for one in columns}} for row in rows]
    typed = ", ".join(f'"{one.column}" {one.db_type(connection)}' for one in columns)
    sets = ", ".join(f'"{one.column}" = told."{one.column}"' for one in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" SET {sets} FROM json_to_recordset(%s::json)'  # noqa: S608 names of our own
            f' AS told (id bigint, {typed}) WHERE "{meta.db_table}".id = told.id',
            [json.dumps(told, default=_as_text)],
        )


def _as_text(value: Any) -> str:
    return str(value.isoformat())
