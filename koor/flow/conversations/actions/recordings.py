"""A voice note with a call or a visit: kept as it came, made clean by the closed process of the library, played."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from koor.flow.conversations.models import Message, Recording
from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.renditions import make
from koor.flow.listening.actions.enclosing import NOT_NOW, left_waiting
from koor.ground.people.access import Colleague, is_system
from koor.kernel import files, jobs
from koor.kernel.access import Refused, require
from koor.kernel.models import StoredFile

LARGEST = 20_000_000  # bytes: some twenty minutes


def check_recording(content: bytes) -> None:
    """Refused when this is no recording of a voice."""
    try:
        kind = allowed.check(content[: allowed.HEAD_BYTES], len(content))
    except PictureRefused as refusal:
        raise Refused(gettext(refusal.reason.sentence), code=refusal.reason.value, field="voice") from None
    if kind is not Kind.VOICE:
        raise Refused(gettext("This is no recording of a voice."), code="no_voice", field="voice")
    if len(content) > LARGEST:
        raise Refused(gettext("This recording is too long to keep with a note."), code="too_long", field="voice")


def keep_recording(message: Message, content: bytes) -> Recording:
    """In the transaction of who notes the moment."""
    from koor.flow.conversations.tasks import open_recording as task

    upload = files.store(content, mime="application/octet-stream", name="voice")
    row = Recording.objects.create(message=message, upload=upload)
    jobs.later(task, recording=row.pk)
    return row


def open_recording(recording_id: int) -> None:
    """Make it ready to be played. May run twice. Raises `MediaTrouble` when it is worth trying again."""
    row = Recording.objects.select_related("upload").filter(pk=recording_id).exclude(upload=None).first()
    if row is None or row.upload is None:
        return
    with tempfile.TemporaryDirectory(prefix="koor-recording-") as place:
        try:
            with files.local(row.upload) as source:
                found = make(source, Path(place), only=Kind.VOICE)
        except PictureRefused as refusal:
            _done(row, None, refusal.reason.sentence)
        except FileNotFoundError:
            _done(row, None, Reason.BROKEN.sentence)
        except MediaTrouble:
            _not_now(row)
            raise
        else:
            best: Any = next(one for one in found.renditions if one.mime == "audio/mp4")
            _done(row, Path(place) / best.name, "")


def _not_now(row: Recording) -> None:
    """Trouble of the house: said, kept, and tried again by the task and by the hour."""
    Recording.objects.filter(pk=row.pk, problem="").exclude(upload=None).update(problem=NOT_NOW)


def open_waiting(*, by: Colleague) -> int:
    """Once more what was not made ready: after trouble of the house, or when a process ended in between."""
    from koor.flow.conversations.tasks import open_recording as task

    require(is_system(by))
    found = left_waiting(Recording.objects.all())
    for pk in found:
        jobs.later(task, only_one=f"conversations.recording:{pk}", recording=pk)
    return len(found)


@transaction.atomic
def _done(row: Recording, made: Path | None, problem: str) -> None:
    held = Recording.objects.select_for_update(of=("self",)).select_related("upload").filter(pk=row.pk).first()
    if held is None or held.upload is None:
        return
    upload, held.upload, held.problem = held.upload, None, problem[:200]
    held.file = _stored(made, held.message_id) if made is not None else None
    held.save()
    files.forget(upload)


def _stored(made: Path, message: int) -> StoredFile:
    return files.store(made, mime="audio/mp4", name=f"note-{message}.m4a")
