"""What was said before: an export of a platform is brought in once, read in the background, and shown as far as
somebody chooses."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.db import DataError, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub import actions as hub
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.publishing import access
from koor.flow.publishing.choices import ArchiveState
from koor.flow.publishing.logic import exports, tars
from koor.flow.publishing.logic.zips import Hostile, Zip
from koor.flow.publishing.models import Archive, Said, SaidMedium, Unread
from koor.flow.publishing.queries import archive as archives
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, files, jobs, locks
from koor.kernel.access import Forbidden, Refused, require
from koor.kernel.faults import fault

log = logging.getLogger(__name__)
MOST_MEDIUM = 60_000_000  # bytes of a picture or film in an export
PIECE = 1_048_576
LOOKS = 200  # in one sweep
TURN = 20.0  # seconds of reading in one go


def bring_in(*, by: Colleague, path: Path, name: str) -> tuple[Archive, bool]:
    """Take in an export; and whether it is new. The same file again gives what there was, and nothing is stored.
    Refused at once for one that nobody should open."""
    require(access.may_archive(by), _("Ask the curator."))
    try:
        with tars.as_zip(path) as whole:
            Zip(whole).close()
            return _taken_in(by, whole, _digest(path), name)
    except Hostile as hostile:
        raise Refused(archives.why_said(hostile.code), code=hostile.code, field="file") from hostile


def _taken_in(by: Colleague, path: Path, digest: str, name: str) -> tuple[Archive, bool]:
    with transaction.atomic():
        locks.until_committed(f"publishing.archive:{digest}")
        known = Archive.objects.filter(digest=digest).first()
        if known is not None and known.state != ArchiveState.REFUSED:
            return known, False
        if known is not None:
            known.delete()
        kept = files.store(path, mime="application/zip", name=name)
        made = Archive.objects.create(name=name[:200], digest=digest, file=kept, by_id=by.pk, at=clock.now())
        audit.record(by=by, verb="publishing.bring_in", target=made)
        _read_soon(made)
    return made, True


def _digest(path: Path) -> str:
    seen = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            seen.update(piece)
    return seen.hexdigest()


def _read_soon(archive: Archive) -> None:
    from koor.flow.publishing.tasks import read_archive as task

    jobs.later(task, only_one=f"publishing.read_archive:{archive.pk}", archive=archive.pk)


def read_archive(*, by: Colleague, archive_id: int) -> None:
    """Read an export to its end. May be called again at any time: it goes on where it was."""
    with locks.held(f"publishing.archive:{archive_id}") as alone:
        archive = Archive.objects.select_related("file", "by").filter(pk=archive_id).first() if alone else None
        if archive is None or archive.file is None or archive.state in (ArchiveState.READY, ArchiveState.REFUSED):
            return
        try:
            with files.local(archive.file) as path:
                whole = _read(archive, path)
            if not whole:
                _read_soon(archive)
                return
        except Archive.DoesNotExist:  # thrown away meanwhile
            return
        except Hostile as hostile:
            archive.state, archive.because = ArchiveState.REFUSED, hostile.code[:12]
        else:
            archive.state = ArchiveState.READY
        _end(archive, by)


def _read(archive: Archive, path: Path) -> bool:
    """A turn of reading; whether that was the end of it. Others wait for the same worker."""
    until = time.monotonic() + TURN
    opened = Zip(path)
    try:
        export = _export(opened)
        archive.platform, archive.handle = export.platform, export.handle
        archive.state, archive.total = ArchiveState.READING, len(export.found)
        archive.save(update_fields=["platform", "handle", "state", "total"])
        for one in export.found[archive.done :]:
            with transaction.atomic():
                if not Archive.objects.select_for_update().filter(pk=archive.pk).exists():
                    raise Archive.DoesNotExist
                _keep_or_tell(archive, opened, one)
                archive.done += 1
                archive.save(update_fields=["done", "known", "left_out"])
            fault("publishing.during_archive")
            if time.monotonic() > until:
                return archive.done == archive.total
        return True
    finally:
        opened.close()


def _export(opened: Zip) -> exports.Export:
    """One that is written as nobody expected is refused; it is not tried for ever."""
    try:
        return exports.read(opened)
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        log.exception("reading an export")
        raise Hostile("broken") from error


def _end(archive: Archive, by: Colleague) -> None:
    """Read, or not to be read: the file goes, what came out of it stays."""
    with transaction.atomic():
        stored, archive.file, archive.ended_at = archive.file, None, clock.now()
        archive.save(update_fields=["state", "because", "file", "ended_at"])
        audit.record(by=by, verb="publishing.read_archive", target=archive, kept=archive.said.count())
        if stored is not None:
            with suppress(ProtectedError):
                files.forget(stored)


def _keep_or_tell(archive: Archive, opened: Zip, one: exports.Found) -> None:
    """One thing that can't be kept, whatever is in it, does not keep the others."""
    try:
        with transaction.atomic():
            _keep(archive, opened, one)
    except (ValueError, DataError):
        log.exception("keeping an entry of archive %s", archive.pk)
        _not_read(archive, repr(one), "entry")


def _keep(archive: Archive, opened: Zip, one: exports.Found) -> None:
    if isinstance(one, exports.LeftOut):
        archive.left_out += 1
        return
    if isinstance(one, exports.Unread):
        _not_read(archive, one.what, one.why)
        return
    said, new = Said.objects.get_or_create(
        platform=archive.platform,
        external_id=one.id,
        defaults={"archive": archive, "at": one.at, "text": one.text, "url": one.url},
    )
    if not new:
        archive.known += 1
        return
    for order, picture in enumerate(one.pictures[:20]):
        _keep_picture(archive, opened, said, order, picture)


def _keep_picture(archive: Archive, opened: Zip, said: Said, order: int, picture: exports.Picture) -> None:
    """Made clean like any picture that comes in. One that can't be is told of; the words stay."""
    if archive.by is None:
        return
    name = picture.name.rsplit("/", 1)[-1]
    try:
        content = opened.read(picture.name, MOST_MEDIUM)
        with transaction.atomic():
            medium = hub.add_medium(by=archive.by, photo=Photo(name, content), alt=picture.alt)
    except Hostile as hostile:
        _not_read(archive, picture.name, hostile.code)
    except (Refused, Forbidden, MediaTrouble, OSError) as refused:
        _not_read(archive, f"{picture.name}: {refused}", "medium")
    else:
        SaidMedium.objects.create(said=said, medium=medium, order=order)


def _not_read(archive: Archive, what: str, why: str) -> None:
    what = what.encode(errors="replace").decode().replace("\x00", "")
    Unread.objects.create(archive=archive, what=what[:2000], why=why[:12], at=clock.now())


def sweep_archives() -> int:
    """Exports that are being read, whatever became of their job: it is asked for again. How many."""
    going = Archive.objects.filter(state__in=[ArchiveState.WAITING, ArchiveState.READING]).exclude(file=None)
    rows = list(going.order_by("pk")[:LOOKS])
    for archive in rows:
        _read_soon(archive)
    return len(rows)


# ── What everybody may read ──────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def show_said(*, by: Person, archive: Archive, year: int | None = None, only: Iterable[int] | None = None) -> int:
    """Show to everybody: all of an export, a year, or these. How many."""
    return _turn(by, archive, year, only, shown=True)


@transaction.atomic
def hide_said(*, by: Person, archive: Archive, year: int | None = None, only: Iterable[int] | None = None) -> int:
    """Not any more."""
    return _turn(by, archive, year, only, shown=False)


def _turn(by: Person, archive: Archive, year: int | None, only: Iterable[int] | None, *, shown: bool) -> int:
    require(access.may_archive(by), _("Ask the curator."))
    rows = Said.objects.filter(archive=archive, shown_at__isnull=shown)
    if year is not None:
        rows = rows.filter(at__year=year)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    pks = list(rows.select_for_update().values_list("pk", flat=True))
    now = clock.now() if shown else None
    Said.objects.filter(pk__in=pks).update(shown_at=now)
    _turn_pictures(SaidMedium.objects.filter(said__in=pks), shown)
    if pks:
        verb = "publishing.show_said" if shown else "publishing.hide_said"
        audit.record(by=by, verb=verb, target=archive, n=len(pks))
    return len(pks)


def _turn_pictures(rows: QuerySet[SaidMedium], shown: bool) -> None:
    files.show_all_to_everyone(rows.order_by().values("medium__renditions__file"), shown)


def follow_medium(medium_id: int) -> None:
    """A film that was being made ready is there: everybody may see it when its words may be read."""
    _turn_pictures(SaidMedium.objects.filter(medium=medium_id, said__shown_at__isnull=False), True)


@transaction.atomic
def drop_archive(*, by: Person, archive: Archive) -> None:
    """Away with an export and all that came out of it."""
    require(access.may_archive(by), _("Ask the curator."))
    archive = Archive.objects.select_for_update(of=("self",)).get(pk=archive.pk)  # who reads it sees it gone
    _turn_pictures(SaidMedium.objects.filter(said__archive=archive), False)
    audit.record(by=by, verb="publishing.drop_archive", target=archive, n=archive.said.count())
    media = list(SaidMedium.objects.filter(said__archive=archive).values_list("medium", flat=True).distinct())
    stored = archive.file
    archive.delete()
    hub.drop_pictures(media)
    if stored is not None:
        with suppress(ProtectedError), transaction.atomic():
            files.forget(stored)
