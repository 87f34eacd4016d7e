"""Files that came with what somebody said: pictures, voices and documents are made clean by the closed process of the
hub and shown; of others only the name is kept, and why."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.renditions import Picture, make
from koor.flow.listening.events import EnclosureReady
from koor.flow.listening.logic.clean import clean_line
from koor.flow.listening.models import Brought, Enclosure
from koor.ground.channels.contract import Enclosed, Incoming
from koor.ground.channels.contract import message_id as _
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock, events, files, jobs
from koor.kernel.access import Refused, require
from koor.kernel.models import StoredFile

SHOWN = frozenset({Kind.PHOTO, Kind.VOICE, Kind.DOCUMENT})
ENDINGS = {"image/jpeg": "jpg", "audio/mp4": "m4a", "application/pdf": "pdf"}
WIDEST = 1600  # pixels that a picture is kept with
UNTIL = timedelta(days=2)  # so long it is tried by itself
AT_ONCE = 50
NOT_NOW = _("It can't be shown now: making it ready did not work.")  # and the upload is still there
EMPTY = _("This file came in empty. Ask them to send it again.")
NOT_READ = _("Koor can't read this document: it is locked, damaged or too heavy. Look at it where it came in.")
NOT_OPENED = _("Koor does not open files of this kind. Look at it where it came in.")


def keep_files(said: Mapping[str, Incoming], mentions: Mapping[str, int]) -> None:
    """In the transaction of who stores: what may be opened waits for that, what may not is named."""
    from koor.flow.listening import tasks

    rows = []
    for key, mention in mentions.items():
        rows += [_row(mention, order, one) for order, one in enumerate(said[key].files)]
    for made in Enclosure.objects.bulk_create(rows) if rows else []:
        if made.upload_id is not None:
            jobs.later(tasks.open_enclosure, enclosure=made.pk)


def _row(mention: int, order: int, one: Enclosed) -> Enclosure:
    row = Enclosure(mention_id=mention, order=order, name=clean_line(one.name, 200), size=len(one.content))
    row.problem = one.problem[:200]
    if not row.problem:
        row.kind, row.problem = kind_of(one.content[: allowed.HEAD_BYTES], len(one.content))
    if row.kind and not row.problem:
        row.upload = files.store(one.content, mime="application/octet-stream", name=row.name)
    return row


def kind_of(head: bytes, size: int) -> tuple[str, str]:
    """What a file that begins like this is, and why it is not opened; the latter empty when it is."""
    try:
        kind = allowed.check(head, size, tuple(Kind))
    except PictureRefused as refusal:
        if refusal.reason == Reason.EMPTY:
            return "", EMPTY
        taken = {Reason.TOO_MANY_BYTES, Reason.VOICE_TOO_LARGE}
        return "", refusal.reason.sentence if refusal.reason in taken else NOT_OPENED
    return (kind.value, "") if kind in SHOWN else (kind.value, NOT_OPENED)


def open_enclosure(enclosure_id: int) -> None:
    """Make a file ready to be shown. May run twice. Raises `MediaTrouble` when it is worth trying again."""
    row = Enclosure.objects.select_related("upload").filter(pk=enclosure_id).exclude(upload=None).first()
    if row is not None:
        make_ready(row, lambda: events.tell(EnclosureReady(enclosure_id)))


def make_ready(row: Brought, tell: Callable[[], None]) -> None:
    """The same of any file from outside, whose upload came along with `row`. `tell`: in the transaction in which it is
    ready, or in which it is known why not."""
    assert row.upload is not None
    with tempfile.TemporaryDirectory(prefix="koor-enclosed-") as place:
        try:
            with files.local(row.upload) as source:
                found = make(source, Path(place), only=Kind(row.kind))
        except PictureRefused as refusal:
            _done(row, None, Path(place), NOT_READ if row.kind == Kind.DOCUMENT else refusal.reason.sentence, tell)
        except FileNotFoundError:
            _done(row, None, Path(place), Reason.BROKEN.sentence, tell)
        except MediaTrouble:
            _not_now(row, tell)
            raise
        else:
            _done(row, found, Path(place), "", tell)


@transaction.atomic
def _not_now(row: Brought, tell: Callable[[], None]) -> None:
    """Trouble of the house: said, kept, and tried again by the task, by the hour, and by whoever asks for it."""
    rows = type(row)._default_manager.filter(pk=row.pk, problem="")
    if rows.exclude(upload=None).update(problem=NOT_NOW):
        tell()


@transaction.atomic
def open_again(*, by: Colleague, enclosure: Enclosure) -> None:
    """Make it ready once more, for who may see what it came with: the room that shows it has looked."""
    from koor.flow.listening import tasks

    if enclosure.upload_id is None:
        raise Refused(gettext("There is nothing left to open. Look at it where it came in."), code="gone")
    Enclosure.objects.filter(pk=enclosure.pk).update(problem="")
    audit.record(by=by, verb="listening.open_again", target=enclosure.mention)
    jobs.later(tasks.open_enclosure, only_one=f"listening.enclosure:{enclosure.pk}", enclosure=enclosure.pk)


def open_waiting(*, by: Colleague) -> int:
    """Once more what was not made ready: after trouble of the house, or when a process ended in between."""
    from koor.flow.listening import tasks

    require(is_system(by))
    found = left_waiting(Enclosure.objects.exclude(upload=None), "mention__stored_at")
    for pk in found:
        jobs.later(tasks.open_enclosure, only_one=f"listening.enclosure:{pk}", enclosure=pk)
    return len(found)


def left_waiting(rows: QuerySet[Any], came: str = "upload__at") -> list[int]:
    """Numbers of what came in (`came`) some time ago and is not made ready; so many as are tried in one go."""
    now = clock.now()
    waiting = rows.filter(**{f"{came}__range": (now - UNTIL, now - timedelta(minutes=10))})
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _done(row: Brought, found: Picture | None, place: Path, problem: str, tell: Callable[[], None]) -> None:
    rows = type(row)._default_manager.select_for_update(of=("self",)).select_related("upload")
    held = rows.filter(pk=row.pk).first()
    if held is None or held.upload is None:
        return
    upload, held.upload, held.problem = held.upload, None, problem[:200]
    if found is not None:
        held.file, held.width, held.height = _best(found, place, held)
    held.save()
    files.forget(upload)
    tell()


def _best(found: Picture, place: Path, held: Brought) -> tuple[StoredFile, int, int]:
    """Of a picture the largest JPEG that is not wider than needed; a voice and a document have one."""
    mimes = ("application/pdf",) if held.kind == Kind.DOCUMENT else ("image/jpeg", "audio/mp4")
    fit = [one for one in found.renditions if one.mime in mimes and one.width <= WIDEST]
    best = max(fit or found.renditions, key=lambda one: one.width)
    ending = ENDINGS.get(best.mime, "bin")
    stem = Path(held.name).stem[:80] or clock.now().strftime("%Y%m%d")
    return files.store(place / best.name, mime=best.mime, name=f"{stem}.{ending}"), best.width, best.height
