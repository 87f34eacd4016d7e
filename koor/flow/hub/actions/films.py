"""A picture, a film, a voice note or a document for a post that is being written. A picture is clean at once; the
others take longer, so they are kept, and made ready by a job as a film that a colleague shows is. What goes with it
waits for that."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from koor.flow.hub import access, tasks
from koor.flow.hub.actions.captures import add_picture, keep, opened
from koor.flow.hub.choices import MediumKind
from koor.flow.hub.events import MediumReady
from koor.flow.hub.logic import Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.models import Medium
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, events, files, jobs
from koor.kernel.access import Refused, require


def add_medium(*, by: Person, photo: Photo, alt: str = "") -> Medium:
    """One picture, cleaned at once; or a film, voice note or document, which a job makes ready. Raises Refused with the
    reason in a sentence, MediaTrouble when it is worth trying again."""
    head = files.head(photo.content, allowed.HEAD_BYTES)
    try:
        if allowed.kind_of(head, tuple(Kind)) is Kind.PHOTO:
            return add_picture(by=by, photo=photo, alt=alt)
    except PictureRefused:
        return add_picture(by=by, photo=photo, alt=alt)  # which says why not
    require(access.may_show(by))
    with transaction.atomic():
        kept = files.store(photo.content, mime="application/octet-stream", name=photo.name)
        try:
            kind = allowed.check(head, kept.size, tuple(Kind))
        except PictureRefused as refusal:
            raise Refused(_(refusal.reason.sentence), code=refusal.reason.value, field="photos") from refusal
        medium = Medium.objects.create(by=by, alt=alt[:1500], upload=kept, kind=MediumKind(kind.value))
        jobs.later(tasks.develop_medium, medium=medium.pk)
        audit.record(by=by, verb="hub.add_film", medium=medium.pk)
    return medium


def develop_medium(*, by: Colleague, medium_id: int) -> None:
    """Make a film of a post ready, or write down why it can't be. Does nothing the second time.

    Raises MediaTrouble when it is worth trying again."""
    waiting = Medium.objects.filter(pk=medium_id, capture=None, upload__isnull=False, refused="")
    found = waiting.select_related("upload").first()
    if found is None:
        return
    waiting.update(tries=F("tries") + 1)
    with TemporaryDirectory(prefix="koor-film-") as folder:
        _medium, made, place = opened(found, Path(folder))
        with transaction.atomic():
            present = waiting.select_for_update(of=("self",)).select_related("upload").first()
            if present is None:
                return
            if isinstance(made, Reason):
                _refuse(present, made)
            else:
                keep(present, made, place)
            audit.record(by=by, verb="hub.develop_film", medium=medium_id, refused=present.refused)
            events.tell(MediumReady(medium_id))


@transaction.atomic
def refuse_medium(*, by: Colleague, medium_id: int, reason: Reason) -> None:
    """It can't be used; whoever waits for it hears why. What came in stays, for it is no fault of the file. Nothing
    when it was made ready meanwhile."""
    waiting = Medium.objects.filter(pk=medium_id, capture=None, upload__isnull=False, refused="")
    found = waiting.select_for_update(of=("self",)).first()
    if found is not None:
        found.refused = reason.value
        found.save(update_fields=["refused"])
        audit.record(by=by, verb="hub.give_up_film", medium=medium_id, refused=found.refused)
        events.tell(MediumReady(medium_id))


def _refuse(medium: Medium, reason: Reason) -> None:
    upload, medium.upload, medium.refused = medium.upload, None, reason.value
    medium.save(update_fields=["upload", "refused"])
    if upload is not None:
        files.forget(upload)
