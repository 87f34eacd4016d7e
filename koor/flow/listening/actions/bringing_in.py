"""Files are imported: any number of times, with what can't be read set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import chain, islice
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.actions.storing import Tally, store_entries
from koor.flow.listening.choices import SourceKind
from koor.flow.listening.logic.clean import clean_line
from koor.flow.listening.logic.plain import looked_at
from koor.flow.listening.logic.reading import FORMATS, Entry, UnreadableFile, read_file
from koor.flow.listening.models import WELL, Import, Source
from koor.ground.contacts.logic.handles import PLATFORMS
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, files, jobs
from koor.kernel.access import Refused, require

LONGEST_NAME = 120  # characters
SOON, GIVEN_UP = timedelta(hours=1), timedelta(hours=4)  # after a large file came
OFTEN = 500  # entries between two signs of how far it is


def import_file(
    *,
    by: Colleague,
    source_name: str,
    stream: BinaryIO,
    form: str = "jsonl",
    platform: str = "",
    told: Callable[[int], None] | None = None,
) -> tuple[Source, Tally]:
    """Import a file into the source of this name, which is made if it is new. Returns when all is matched.
    `platform`: where it was said, so that people are known by their handles there. `told` hears now and then how many
    entries were read.

    What is no text is refused as a whole. Batches are stored one by one: what is in stays when the rest fails, and
    importing again goes on from there."""
    source, entries = _ready(by, source_name, stream, form, platform)
    tally = store_entries(source, _counted(entries, told) if told else entries, form)
    with transaction.atomic():
        now = clock.now()
        Source.objects.filter(pk=source.pk).update(tried_at=now, last_success_at=now, **WELL)
        audit.record(by=by, verb="listening.import_file", target=source, form=form, **tally.as_dict())
    return source, tally


def _ready(by: Colleague, name: str, stream: BinaryIO, form: str, platform: str) -> tuple[Source, Iterator[Entry]]:
    """The source, and the entries of a file that can be read at all. Refused otherwise."""
    require(access.may_connect(by), _("Files are imported by the curator."))
    if form not in FORMATS:
        raise Refused(_("Koor reads jsonl, csv and rss."), code="unknown_format", field="form")
    stream, why_not = looked_at(stream, form)
    if why_not:
        raise Refused(_(why_not), code="not_text", field="file")
    name = _fit(name, platform)
    entries = _begun(read_file(stream, form))
    return _file_source(by, name, platform), entries


def _counted(entries: Iterator[Entry], told: Callable[[int], None]) -> Iterator[Entry]:
    for number, entry in enumerate(entries, 1):
        yield entry
        if number % OFTEN == 0:
            told(number)


@transaction.atomic
def begin_import(
    *, by: Person, source_name: str, file: UploadedFile[Any], form: str = "jsonl", platform: str = ""
) -> Import:
    """Have the worker import a large file. What can't be read at all is refused at once; the file is kept until it is
    in."""
    from koor.flow.listening import tasks

    source, _entries = _ready(by, source_name, cast(BinaryIO, file.file), form, platform)
    file.seek(0)
    stored = files.store(file, mime="text/plain", name=file.name or "")
    made = Import.objects.create(
        by=by, source=source, source_name=source.name, platform=platform, form=form, name=stored.name, file=stored,
        made_at=clock.now(),
    )  # fmt: skip
    jobs.later(tasks.go_on_importing, only_one=f"listening.import:{made.pk}", number=made.pk)
    return made


def go_on_importing(number: int) -> None:
    """Bring a large file in. May be run again at any time: what is in by then counts once."""
    row = Import.objects.select_related("by", "file", "source").filter(pk=number, done_at=None).first()
    if row is None or row.file is None:
        return

    def told(read: int) -> None:
        Import.objects.filter(pk=number).update(read=read)

    with translation.override(row.by.language), files.local(row.file) as path, path.open("rb") as stream:
        try:
            _source, tally = import_file(
                by=row.by, source_name=_name_by_now(row), stream=stream, form=row.form, platform=row.platform, told=told
            )
            row.tally, row.read = asdict(tally), tally.read
        except Refused as refused:
            row.problem = str(refused)[:500]
    _ended(row)


def _name_by_now(row: Import) -> str:
    """The source may be called something else since. Refused when it was removed."""
    if row.source is None or row.source.removed_at is not None:
        raise Refused(_("The source was removed meanwhile."), code="gone")
    return row.source.name


def take_up_imports() -> None:
    """What should have been in long ago is tried anew, and given up after some hours: nobody is to wait for ever."""
    from koor.flow.listening import tasks

    now = clock.now()
    for row in Import.objects.select_related("by", "file").filter(done_at=None, made_at__lt=now - SOON)[:100]:
        if row.made_at > now - GIVEN_UP:
            jobs.later(tasks.go_on_importing, only_one=f"listening.import:{row.pk}", number=row.pk)
            continue
        with translation.override(row.by.language):
            row.problem = _("It stopped halfway. Import the file again: what is in by now counts once.")
        _ended(row)


@transaction.atomic
def _ended(row: Import) -> None:
    stored, row.file, row.done_at = row.file, None, clock.now()
    row.save(update_fields=["tally", "read", "problem", "file", "done_at"])
    if stored is not None:
        files.forget(stored)


def _begun(entries: Iterator[Entry]) -> Iterator[Entry]:
    """The entries of a file of which the first can be read; what is no such file at all leaves no source behind."""
    try:
        first = list(islice(entries, 1))
    except UnreadableFile as error:
        raise Refused(_(str(error)) % error.values, code="unreadable_file", field="file") from None
    return chain(first, entries)


def _fit(name: str, platform: str) -> str:
    """The name, fit for a source."""
    if platform and platform not in PLATFORMS:
        raise Refused(_("Koor does not know this platform."), code="unknown_platform", field="platform")
    name = clean_line(name, LONGEST_NAME)
    if not name:
        raise Refused(_("Give the source a name."), code="no_name", field="source")
    return name


@transaction.atomic
def _file_source(by: Colleague, name: str, platform: str) -> Source:
    """The source for imports of this name. Refused when it is one that Koor listens to itself."""
    known = queries.source_named(name)
    if known is None:
        known, made = Source.objects.filter(removed_at=None).get_or_create(
            name=name, defaults={"kind": SourceKind.FILE, "made_at": clock.now()}
        )
        if made:
            audit.record(by=by, verb="listening.add_source", target=known, kind=SourceKind.FILE.value)
    if known.kind != SourceKind.FILE:
        sentence = _("“%(name)s” is a source that Koor listens to itself. Give the import a name of its own.")
        raise Refused(sentence % {"name": known.name}, code="not_a_file_source", field="source")
    if platform and known.settings.get("platform") != platform:
        known.settings = {**known.settings, "platform": platform}
        known.save(update_fields=["settings"])
    return known
