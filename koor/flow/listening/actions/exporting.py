"""Mentions leave the house as a file: as CSV that no spreadsheet runs, or as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.ground.people.access import Colleague
from koor.kernel import audit, tables
from koor.kernel.access import Refused, require

MOST = 100_000  # mentions in one file, the newest
COLUMNS = ("id", "said_at", "source", "kind", "author", "handle", "text", "url", "language", "label", "queries")
FORMATS = ("csv", "jsonl")


def export(*, by: Colleague, filters: queries.Filters, form: str) -> Iterator[str]:
    """The mentions that these filters leave, line by line; who took them is written down before the first line."""
    require(access.may_listen(by), _("What is said outside is taken out by the curator and by PR."))
    if form not in FORMATS:
        raise Refused(_("Koor writes csv and jsonl."), code="unknown_format", field="form")
    with transaction.atomic():
        chosen = {name: value for name, value in asdict(filters).items() if value}
        audit.record(by=by, verb="listening.export", form=form, filters=chosen)
    rows = queries.taken_out(by, filters, MOST)
    if form == "jsonl":
        return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    cells = ([", ".join(row[name]) if name == "queries" else row[name] for name in COLUMNS] for row in rows)
    return tables.written(chain([COLUMNS], cells))
