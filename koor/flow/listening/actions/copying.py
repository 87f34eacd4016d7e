"""Many new mentions straight into their table, by COPY. The database then writes them by the page instead of one by
one, and looks for nothing that conflicts: what is there already is read before, and left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction

FEW = 40  # up to so many one statement is quicker
_COLUMNS = (
    "id, source_id, stored_at, event_id, external_id, kind, author, handle, text, url, language, in_reply_to, said_at,"
    " ours, media, label"
)
_LISTS = (
    "events",
    "ids",
    "kinds",
    "authors",
    "handles",
    "texts",
    "urls",
    "languages",
    "replies",
    "moments",
    "ours",
    "media",
)
_NUMBERS = """
SELECT external_id, nextval(pg_get_serial_sequence('listening_mention', 'id')) FROM (
    SELECT external_id FROM unnest(%(ids)s::text[]) WITH ORDINALITY entry (external_id, place)
    WHERE NOT EXISTS (SELECT FROM listening_mention m
                      WHERE m.source_id = %(source)s AND m.external_id = entry.external_id) ORDER BY place) entry"""
_ESCAPED = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def copied(values: Mapping[str, Any]) -> dict[str, int] | None:
    """The new ones by external id, of values as the statement takes them. None: somebody else stored one of them at the
    same moment, and nothing was written."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, values)
        numbers: dict[str, int] = dict(cursor.fetchall())
    rows = [row for row in zip(*(values[name] for name in _LISTS), strict=True) if row[1] in numbers]
    same = f"{values['source']}\t{values['now'].isoformat()}"
    try:
        with transaction.atomic():
            _copy([_line(numbers[row[1]], same, row) for row in rows])
    except IntegrityError:
        return None
    return numbers


def _copy(lines: Sequence[str]) -> None:
    statement = f"COPY listening_mention ({_COLUMNS}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        copy.write("".join(lines))


def _line(number: int, same: str, row: tuple[Any, ...]) -> str:
    event, *texts, moment, ours, media = row
    said = "\t".join([text.translate(_ESCAPED) for text in texts])
    known = r"\N" if event is None else event
    return f"{number}\t{same}\t{known}\t{said}\t{moment.isoformat()}\t{'t' if ours else 'f'}\t{media}\t\n"
