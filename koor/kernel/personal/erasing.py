"""One person is erased: what is about them as each table says, then their name and addresses out of all other texts."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from koor.kernel import search, together
from koor.kernel.personal import OUTSIDE, Subject, arrived, declared, finding, tombstones
from koor.kernel.personal import known as everybody
from koor.kernel.personal import subject as find
from koor.kernel.personal.terms import drop

BLANK = "[…]"
BETWEEN = r"[\s._+-]+"  # the words of a name, also in an address or the name of a file


def erase(subject: Subject, *, names: bool = True) -> dict[str, int]:
    """Erase one person, in the transaction of the caller; how many rows of each table. `names`: their name goes out of
    texts of others too, not their addresses alone."""
    found = {one.model: list(rows.values_list("pk", flat=True)) for one, rows in finding.about_them(subject)}
    counts: dict[str, int] = {}
    loose: set[int] = set()
    for one in declared():
        pks = found.get(one.model)
        if not pks:
            continue
        rows = one.table._base_manager.filter(pk__in=pks)
        for way in one.files if one.erase.key == "goes" else ():
            loose |= set(rows.exclude(**{way: None}).values_list(way, flat=True))
        counts[one.model] = one.erase.deed(rows, subject)
    drop(loose)
    words = [word for word in subject.words if names or word not in subject.names]
    for table in tables():
        if number := _taken_out(table, words):
            counts[f"{table._meta.label} (texts)"] = number
    transaction.on_commit(cache.clear)
    return {label: number for label, number in counts.items() if number}


def left(subject: Subject) -> int:
    """Rows that should be gone and are still found, or still name them; to see that an erasure was whole."""
    found = [rows for one, rows in finding.about_them(subject) if one.erase.key == "goes"]
    return sum(together.numbers(*found, *(rows for _one, rows in finding.naming_them(subject))))


def tables() -> list[type[Model]]:
    """Every table of the database that the house writes, of packages too (jobs, sign-in)."""
    return [table for table in apps.get_models() if table._meta.app_label not in {"contenttypes", "sessions"}]


# --- out of texts ---


def pattern(words: list[str]) -> str:
    """Meets a word as it is written in a text, an address, a page or JSON; for PostgreSQL and for Python."""
    ways = dict.fromkeys(way for word in words for way in _ways(word))
    return "|".join(sorted(ways, key=len, reverse=True))


def _ways(word: str) -> list[str]:
    spelled = [word, search.fold(word), json.dumps(word)[1:-1], html.escape(word), quote(word), quote(word, safe="")]
    return [BETWEEN.join(_plain(part) for part in re.split(r"\s+", said.strip())) for said in spelled if said.strip()]


def _plain(text: str) -> str:
    return "".join(sign if sign.isalnum() else f"\\{sign}" if ord(sign) < 128 else sign for sign in text)


def _taken_out(table: type[Model], words: list[str]) -> int:
    """Their words out of all texts of a table; how many rows changed."""
    fields = finding.texts(table)
    if not words or not fields:
        return 0
    said = pattern(words)
    whole = re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE)
    asked = Q()
    for field in fields:
        asked |= Q(**{f"text_{field.name}__iregex": said})
    rows = table._base_manager.annotate(**{f"text_{field.name}": finding.as_text(field) for field in fields})
    changed = 0
    for row in rows.filter(asked).values("pk", *(field.name for field in fields)):
        new = {name: now for name, value in row.items() if name != "pk" and (now := _without(value, whole)) != value}
        changed += bool(new) and _written(table, row["pk"], new)
    return changed


def _without(value: Any, whole: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return whole.sub(BLANK, value)
    if isinstance(value, list):
        return [_without(one, whole) for one in value]
    if isinstance(value, dict):
        return {_without(key, whole): _without(one, whole) for key, one in value.items()}
    return value


def _written(table: type[Model], pk: Any, new: dict[str, Any]) -> bool:
    """A name that must be one of a kind gets its number behind it."""
    fits = {name: _cut(table, name, value) for name, value in new.items()}
    try:
        with transaction.atomic():
            return bool(table._base_manager.filter(pk=pk).update(**fits))
    except IntegrityError:
        numbered = {name: f"{value} {pk}" if isinstance(value, str) else value for name, value in fits.items()}
        return bool(table._base_manager.filter(pk=pk).update(**numbered))


def _cut(table: type[Model], name: str, value: Any) -> Any:
    most = getattr(table._meta.get_field(name), "max_length", None)
    return value[:most] if most and isinstance(value, str) else value


# --- after a restore ---


def replay() -> int:
    """Erase again who came back with a backup that is older than their erasure; how many erasures were done again."""
    again = tombstones.missing()
    for stone in again:
        with transaction.atomic():
            tombstones.keep(stone)
            for subject in _come_back(stone):
                erase(subject)
    return len(again)


def _come_back(stone: tombstones.Stone) -> list[Subject]:
    """Who in the database is the person of this erasure; also who is only an address in what came in."""
    marks = set(stone.digests)
    found: dict[int, Subject] = {}
    for pk, mark, since, addresses in everybody(OUTSIDE):
        same = tombstones.digest(f"row {OUTSIDE}", mark) in marks
        reached = any(tombstones.digest(*address) in marks for address in addresses)
        if same or (reached and (since is None or since <= stone.at)):
            subject = find(OUTSIDE, pk)
            if subject is not None:
                found[subject.pk] = subject
    covered = {address for one in found.values() for address in one.addresses}
    loose = frozenset(one for one in arrived() if one not in covered and tombstones.digest(*one) in marks)
    return [*found.values(), *([Subject(OUTSIDE, 0, None, "", addresses=loose)] if loose else [])]
