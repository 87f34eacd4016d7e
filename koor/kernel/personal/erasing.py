"""One person is erased: what is about them as each table says, then their name and addresses out of all other texts."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from koor.kernel import together
from koor.kernel.personal import KINDS, Subject, declared, finding, stays_for_now, tombstones
from koor.kernel.personal import known as everybody
from koor.kernel.personal import subject as find
from koor.kernel.personal.terms import drop, files_of
from koor.kernel.personal.words import goes_out, pattern

logger = logging.getLogger(__name__)
BLANK = "[…]"


def erase(subject: Subject, *, names: bool = True, texts: bool = True) -> dict[str, int]:
    """Erase one person, in the transaction of the caller; how many rows of each table. `names`: their name goes out of
    texts of others too, not their addresses alone; without `texts` neither does."""
    found = {one.model: list(rows.values_list("pk", flat=True)) for one, rows in finding.about_them(subject)}
    counts: dict[str, int] = {}
    loose: set[int] = set()
    for one in declared():
        pks = found.get(one.model)
        if not pks:
            continue
        rows = one.table._base_manager.filter(pk__in=pks)
        going = one.going(rows, subject)
        loose |= files_of(one, going)
        counts[one.model] = one.fate(subject.kind).deed(rows, subject)
    drop(loose)
    words = [word for word in subject.words if texts and (word not in subject.names or (names and goes_out(word)))]
    counts |= _out_of_texts(words)
    transaction.on_commit(cache.clear)
    return {label: number for label, number in counts.items() if number}


def left(subject: Subject) -> dict[str, int]:
    """By table rows that should be gone and are still found, or still name them; to see that an erasure was whole."""
    found = [(one, one.going(rows, subject)) for one, rows in finding.about_them(subject)]
    found += finding.naming_them(subject)
    counts: Counter[str] = Counter()
    for (one, _rows), number in zip(found, together.numbers(*(rows for _one, rows in found)), strict=True):
        counts[one.model] += number
    return {model: number for model, number in counts.items() if number}


def texts() -> Iterator[tuple[type[Model], tuple[str, ...]]]:
    """The columns in which others may name somebody, as the rooms declared them, and what jobs were asked. No other."""
    yield from ((one.table, one.named) for one in declared() if one.named)
    yield apps.get_model("procrastinate", "ProcrastinateJob"), ("args",)


# --- out of texts ---


def _out_of_texts(words: list[str]) -> dict[str, int]:
    said = pattern(words)
    found = {table._meta.label: _taken_out(table, names, said) for table, names in texts()} if said else {}
    return {f"{label} (texts)": number for label, number in found.items() if number}


def _taken_out(table: type[Model], names: tuple[str, ...], said: str) -> int:
    """Their words out of these columns of a table; how many rows changed."""
    fields = [field for field in finding.texts(table) if field.name in names]
    if not fields:
        return 0
    whole = re.compile(said, re.IGNORECASE)
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
        return {key: _without(one, whole) for key, one in value.items()}
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


def replay(tell: Callable[[str], None] = lambda said: None) -> int:
    """Erase again who came back with a backup that is older than their erasure; how many erasures were done again.
    One that fails is undone, told, and tried again at the next start; the others go on."""
    done = 0
    for stone in tombstones.missing():
        try:
            with transaction.atomic():
                done += _again(stone, tell)
        except Exception:
            logger.exception("An erasure could not be done again: %s", stone.erasure)
            tell(f"An erasure could not be done again; the next start tries it once more: {stone.erasure}")
    return done


def _again(stone: tombstones.Stone, tell: Callable[[str], None]) -> bool:
    found = _come_back(stone)
    if any(stays_for_now(subject) for subject in found):
        tell(f"Somebody who was erased is back and must be kept for now: {stone.erasure}")
        return False
    tombstones.keep(stone)
    for subject in found:
        erase(subject, names=bool(stone.names), texts=stone.names is not None)
    return True


def _come_back(stone: tombstones.Stone) -> list[Subject]:
    """Who in the database is the person of this erasure: by the mark of the row, for people share addresses."""
    marks = set(stone.digests)
    found: dict[tuple[str, int], Subject] = {}
    for kind in KINDS:
        same = [pk for pk, mark in everybody(kind) if tombstones.digest(f"row {kind}", mark) in marks]
        found |= {(kind, subject.pk): subject for pk in same if (subject := find(kind, pk))}
    return list(found.values())
