"""Files of labelled texts and of words for labels, as the command line takes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import yaml

from koor.flow.listening.logic.learner.families import HERE

TIMES = ("time", "date", "created", "utc", "said_at", "stamp")
LARGEST = 16 * 2**20  # characters of one field


class Unreadable(Exception):
    """A file that can't be used; in words."""


def seeds_of(text: str) -> dict[str, list[str]]:
    """Words by label, from YAML."""
    try:
        given = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable("The words are no YAML.") from error
    if not isinstance(given, dict) or not all(isinstance(words, list) for words in given.values()):
        raise Unreadable("The words must be lists by label.")
    return {str(label): [str(word) for word in words] for label, words in given.items()}


def rows_of(raw: bytes, text: str, label: str, seeds: Mapping[str, object], order: str = "") -> list[tuple[str, str]]:
    """Texts with their labels. Without those that have none, and with seeds without those they don't name.

    With the order `time` they stand by the column that tells when; without such a column as in the file."""
    found, names = _table(raw, text, label)
    labelled = [(row, (row[label] or "").strip()) for row in found]
    rows = [(row, said) for row, said in labelled if not seeds or said in seeds]
    when = next(
        (name for name in names if any(part in name.lower() for part in TIMES) and name not in (text, label)), ""
    )
    if order == "time" and when:
        rows.sort(key=lambda one: _moment(one[0][when]))
    return [(row[text] or "", said) for row, said in rows]


def _table(raw: bytes, *needed: str) -> tuple[list[dict[str, str | None]], list[str]]:
    """The rows that have something in the last of the columns needed, and the names of all columns."""
    usual = csv.field_size_limit(LARGEST)
    try:
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig", "replace"), newline=""))
        names = list(reader.fieldnames or [])
        for name in needed:
            if name not in names:
                raise Unreadable(f"The file has no column “{name}”; it has {', '.join(names) or 'none'}.")
        return [row for row in reader if (row[needed[-1]] or "").strip()], names
    except csv.Error as error:
        raise Unreadable(f"The file is no table: {error}.") from error
    finally:
        csv.field_size_limit(usual)


def _moment(told: str | None) -> float:
    from dateutil import parser

    try:
        moment = parser.parse(told or "")
        return moment.replace(tzinfo=None).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def shipped(lang: str = "") -> dict[str, list[str]]:
    """The words for aha, oh-oh and noise that Koor brings along."""
    given = yaml.safe_load(Path(HERE / "triage.yaml").read_text(encoding="utf-8"))
    languages = (lang,) if lang in given else tuple(given)
    labels = {label for language in languages for label in given[language]}
    return {label: [word for language in languages for word in given[language][label]] for label in sorted(labels)}
