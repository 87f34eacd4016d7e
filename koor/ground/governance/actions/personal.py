"""What is kept on a person is looked at and taken along; each time leaves a line in the audit trail."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from koor.ground.governance import queries
from koor.ground.governance.access import may_see_others_data, may_see_personal
from koor.ground.governance.models import PersonalExport
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, files, jobs
from koor.kernel.access import require
from koor.kernel.once import once as done_once
from koor.kernel.personal import Subject, export

KEPT = timedelta(days=7)
AT_ONCE = 3_000  # rows; more is made by the worker
LIGHT = 20_000_000  # bytes of files; so is what weighs more


@transaction.atomic
def look(*, by: Colleague, subject: Subject) -> None:
    """Somebody looks at all that is kept on a person."""
    require(may_see_personal(by, subject), _("Whoever looks after personal data sees this."))
    audit.record(by=by, verb="governance.look_at_personal", target=subject.row)


def ask_export(*, by: Colleague, subject: Subject, once: str = "") -> PersonalExport:
    """Make all that is kept on a person ready to take along: at once, or by the worker when it is much."""
    require(may_see_personal(by, subject), _("Whoever looks after personal data sees this."))
    now = clock.now()

    def make() -> PersonalExport:
        made = PersonalExport.objects.create(
            kind=subject.kind, subject_id=subject.pk, by_id=by.pk, asked_at=now, ends_at=now + KEPT,
            language=(translation.get_language() or "en")[:2],
        )  # fmt: skip
        audit.record(by=by, verb="governance.export_personal", target=subject.row)
        return made

    with transaction.atomic():
        pk, new = done_once(f"governance.ask_export:{by.pk}", once, {"of": [subject.kind, subject.pk]}, make)
        if new and queries.personal.rows_on(subject) <= AT_ONCE and export.weight(subject) < LIGHT:
            make_export(by=by, export_id=pk)
        elif new:
            from koor.ground.governance import tasks

            jobs.later(tasks.make_export, export=pk)
    return PersonalExport.objects.get(pk=pk)


@transaction.atomic
def make_export(*, by: Colleague, export_id: int) -> None:
    """Write the file of an export that was asked. Made already, or gone: nothing."""
    found = PersonalExport.objects.select_for_update().filter(pk=export_id, ready_at=None).first()
    subject = queries.personal.subject(found.kind, found.subject_id) if found else None
    if found is None or subject is None:
        return
    with tempfile.TemporaryDirectory(prefix="export-", dir=settings.KOOR_HOME) as folder:
        place = Path(folder) / "export.zip"
        with place.open("wb") as out, translation.override(found.language):
            counts = write(by=found.by or by, subject=subject, out=out)
        found.file = files.store(place, mime="application/zip", name=f"koor-{subject.kind}-{subject.pk}.zip")
    found.rows, found.files, found.ready_at = counts["rows"], counts["files"], clock.now()
    found.save(update_fields=["file", "rows", "files", "ready_at"])


def write(*, by: Colleague, subject: Subject, out: IO[bytes]) -> dict[str, int]:
    """The file itself, in the language of the moment and the hours of the house."""
    require(may_see_personal(by, subject), _("Whoever looks after personal data sees this."))
    house = people.house()

    def page(told: dict[str, Any]) -> str:
        said = {"told": told, "subject": subject, "house": house.name, "made_at": clock.now()}
        said["chapters"] = queries.personal.chapters(told)
        return render_to_string("governance/taken_along.html", said)

    with timezone.override(ZoneInfo(house.zone)):
        return export.write(subject, out, page=page, naming=may_see_others_data(by))


def take_along(*, by: Colleague, found: PersonalExport) -> None:
    """Somebody takes the file."""
    with transaction.atomic():
        subject = queries.personal.subject(found.kind, found.subject_id)
        audit.record(by=by, verb="governance.take_personal_along", target=subject.row if subject else None)


def forget_exports(*, by: Colleague, rows: Any = None) -> int:
    """Exports whose week has passed, or these; the files go with them."""
    ended = PersonalExport.objects.filter(ends_at__lt=clock.now()) if rows is None else rows
    number = 0
    for found in list(ended.select_related("file")):
        with transaction.atomic():
            found.delete()
            if found.file is not None:
                files.forget(found.file)
        number += 1
    return number
