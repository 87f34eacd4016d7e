"""The demo organisation, many times over: the same sixty colleagues and channels, with N times the posts, items, mentions,
people outside and conversations. In bulk, by the database itself; constraints hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection, models

FAR = 10_000_000  # between a row's number and that of its next copy
APART = "5 minutes"  # copies lie this much earlier, so that no two rows share a moment

# What grows with a house, in the order in which rows point to each other
GROWING = (
    "contacts.Organisation", "contacts.Contact", "contacts.Handle", "contacts.Acquaintance", "contacts.Tie", "contacts.Project",
    "hub.Capture", "hub.Item", "hub.Medium", "hub.Rendition", "hub.Portrayed",
    "publishing.Post", "publishing.PostMedium", "publishing.Target", "publishing.Attempt", "publishing.Comment",
    "listening.RawEvent", "listening.Mention", "listening.Match",
    "conversations.Conversation", "conversations.Message", "conversations.Assignment", "conversations.Refusal",
    "relations.Touch", "relations.Rhythm",
)  # fmt: skip
NUMBERS_OF = {"conversations.Conversation.settled": True}  # a number of a growing row that is no foreign key


def enlarge(times: int) -> dict[str, int]:
    """Copy what grows until there is `times` as much. How many rows each table has then."""
    growing = [found for label in GROWING if (found := model(label))]
    with connection.cursor() as cursor:
        for one in growing:
            cursor.execute(copying(one, growing), [times - 1])
        for one in growing:
            table, key = one._meta.db_table, one._meta.pk.column
            cursor.execute(
                f"select setval(pg_get_serial_sequence('{table}', '{key}'), (select max({key}) from {table}))"
            )
        cursor.execute("analyze")
    return {one._meta.label: one._base_manager.count() for one in growing}


def model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def copying(one: type[models.Model], growing: Iterable[type[models.Model]]) -> str:
    """One statement that makes all copies of a table."""
    columns = [(field.column, copied(field, one, set(growing))) for field in kept_fields(one)]
    names = ", ".join(f'"{name}"' for name, _value in columns)
    values = ", ".join(value for _name, value in columns)
    return f"insert into {one._meta.db_table} ({names}) select {values} from {one._meta.db_table}, generate_series(1, %s) g"


def kept_fields(one: type[models.Model]) -> Iterator[models.Field]:
    return (field for field in one._meta.concrete_fields if not isinstance(field, models.GeneratedField))


def copied(field: models.Field, one: type[models.Model], growing: set[type[models.Model]]) -> str:
    """What stands in a copy: numbers moved on, moments a little earlier, what must be the only one with a mark."""
    column = f'"{field.column}"'
    if field.primary_key or (field.is_relation and field.related_model in growing):
        return f"{column} + g * {FAR}"
    if f"{one._meta.label}.{field.name}" in NUMBERS_OF:
        return f"case when {column} > 0 then {column} + g * {FAR} else 0 end"
    if isinstance(field, models.DateTimeField):
        return f"{column} - g * interval '{APART}'"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if isinstance(field, models.CharField) and field.name in only_ones(one, growing):
        return f"case when {column} = '' then '' else left({column}, {field.max_length} - 6) || '-' || g end"
    return column


def only_ones(one: type[models.Model], growing: set[type[models.Model]]) -> set[str]:
    """Names of fields of which the database keeps one, and which no moved number tells apart."""
    found = {field.name for field in one._meta.concrete_fields if field.unique}
    for constraint in one._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = {*constraint.fields, *(n for part in constraint.expressions for n in named_in(part))}
            fields = [one._meta.get_field(name) for name in names]
            if not any(field.is_relation and field.related_model in growing for field in fields):
                texts = [field for field in fields if isinstance(field, models.CharField)]
                found |= {max(texts, key=lambda field: field.max_length or 0).name} if texts else set()
    return found


def named_in(expression: object) -> Iterator[str]:
    if isinstance(expression, models.F):
        yield expression.name
    for source in getattr(expression, "get_source_expressions", list)():
        yield from named_in(source)
