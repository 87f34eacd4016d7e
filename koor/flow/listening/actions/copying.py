"""Many new mentions straight into their table, by COPY. The database then writes them by the page instead of one by one,
and looks for nothing that conflicts: what is there already is read before, and left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction

FEW = 40  # up to so many one statement is quicker
_COLUMNS = (
    "id, source_id, stored_at, event_id, external_id, kind, author, handle, text, url, language, in_reply_to, said_at,"
    " ours, media, label"
)
_LISTS = ("events", "ids", "kinds", "authors", "handles", "texts", "urls", "languages", "replies", "moments", "ours", "media")
_THERE = "SELECT external_id FROM listening_mention WHERE source_id = %(source)s AND external_id = ANY(%(ids)s)"
_NUMBERS = "SELECT nextval(pg_get_serial_sequence('listening_mention', 'id')) FROM generate_series(1, %s)"
_ESCAPED = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def copied(values: Mapping[str, Any]) -> dict[str, int] | None:
    """The new ones by external id, of values as the statement takes them. None: somebody else stored one of them at the
    same moment, and nothing was written."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE, values)
        there = {row[0] for row in cursor.fetchall()}
        rows = [row for row in zip(*(values[name] for name in _LISTS), strict=True) if row[1] not in there]
        cursor.execute(_NUMBERS, [len(rows)])
        numbers = [row[0] for row in cursor.fetchall()]
    try:
        with transaction.atomic():
            _copy(f"{values['source']}\t{values['now'].isoformat()}", numbers, rows)
    except IntegrityError:
        return None
    return {row[1]: number for number, row in zip(numbers, rows, strict=True)}


def _copy(same: str, numbers: Sequence[int], rows: Sequence[tuple[Any, ...]]) -> None:
    lines = [_line(number, same, row) for number, row in zip(numbers, rows, strict=True)]
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.cursor.copy(f"COPY listening_mention ({_COLUMNS}) FROM STDIN") as copy:
            copy.write("".join(lines))


def _line(number: int, same: str, row: tuple[Any, ...]) -> str:
    event, *texts, moment, ours, media = row
    said = "\t".join([text.translate(_ESCAPED) for text in texts])
    known = r"\N" if event is None else event
    return f"{number}\t{same}\t{known}\t{said}\t{moment.isoformat()}\t{'t' if ours else 'f'}\t{media}\t\n"
