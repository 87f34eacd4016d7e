"""What a colleague shows: it comes in at once, and is opened, cleaned and put into the library by a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic, tasks
from koor.flow.hub.actions.consent import told_at_the_photo
from koor.flow.hub.actions.crops import drop_picture, files_of
from koor.flow.hub.actions.mail_replies import answer_letter_of
from koor.flow.hub.choices import CaptureState, ItemKind, MediumKind
from koor.flow.hub.events import CaptureReady, CaptureRestored, CaptureWithdrawn
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.faces import can_look
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.renditions import Picture, make
from koor.flow.hub.models import Capture, Item, Medium, Page, Portrayed, Prompt, Rendition
from koor.ground.contacts.models import Project
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events, files, jobs
from koor.kernel.access import Refused, require

FORMATS = {
    "image/webp": "webp",
    "image/jpeg": "jpeg",
    "video/mp4": "mp4",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
}
MOST_ERASED = 200  # in one night
Developed = tuple[Medium, Picture | Reason, Path]


def capture(
    *,
    by: Person,
    photos: Sequence[Photo],
    sentence: str = "",
    project: Project | None = None,
    portrayed: Sequence[InPicture] = (),
    client_id: UUID | None = None,
    prompt: Prompt | None = None,
    taken_at: datetime | None = None,
    who_told: bool = True,
) -> Capture:
    """Take in photos and a sentence. The same `client_id` of the same colleague gives the same capture, however often.
    Without `who_told` it is not published before its maker says who is in it.

    Raises Refused (no photo, too many, too long), OSError when the bytes can't be kept."""
    require(access.may_show(by))
    sentence = sentence.strip()
    _check(photos, sentence, portrayed)
    said = {"by": by, "sentence": sentence, "project": project, "taken_at": taken_at, "received_at": clock.now()}
    said["who_told"] = who_told
    with transaction.atomic():
        made, new = Capture.objects.get_or_create(client_id=client_id or uuid4(), defaults=said)
        if not new:
            return _already(made, by)
        kinds = [_receive(made, photo, order, by) for order, photo in enumerate(photos)]
        _portray(made, portrayed, by)
        _answer(made, prompt, by)
        develop_later(made, long=set(kinds) != {MediumKind.PHOTO})
        audit.record(by=by, verb="hub.capture", target=made, photos=len(photos))
    return made


def _receive(made: Capture, photo: Photo, order: int, by: Person) -> MediumKind:
    """Keep one file as it came, under the kind that its first bytes tell; whether it can be opened is seen later."""
    head = files.head(photo.content, allowed.HEAD_BYTES)
    kept = files.store(photo.content, mime="application/octet-stream", name=photo.name)
    try:
        kind = MediumKind(allowed.kind_of(head).value)
    except PictureRefused:
        kind = MediumKind.PHOTO
    Medium.objects.create(capture=made, by=by, upload=kept, order=order, kind=kind)
    return kind


def develop_later(made: Capture, *, long: bool | None = None) -> None:
    if long is None:
        long = made.media.exclude(kind=MediumKind.PHOTO).exists()
    jobs.later(tasks.develop_film if long else tasks.develop_capture, capture=made.pk)


def _check(photos: Sequence[Photo], sentence: str, portrayed: Sequence[InPicture]) -> None:
    if not photos:
        raise Refused(_("Take or choose a photo first."), code="no_photo", field="photos")
    if len(photos) > logic.MAX_PHOTOS:
        most = {"most": logic.MAX_PHOTOS}
        raise Refused(_("At most %(most)s photos at a time.") % most, code="too_many", field="photos")
    if len(sentence) > 500:
        raise Refused(_("One sentence is enough: at most 500 characters."), code="too_long", field="sentence")
    if len(portrayed) > logic.MAX_PORTRAYED:
        most = {"most": logic.MAX_PORTRAYED}
        raise Refused(_("Name at most %(most)s people.") % most, code="too_many", field="portrayed")


def _already(made: Capture, by: Person) -> Capture:
    if made.by_id != by.pk:
        raise Refused(_("This photo came in before from somebody else."), code="other_maker")
    return made


def _portray(made: Capture, portrayed: Sequence[InPicture], by: Person) -> None:
    rows = [
        Portrayed(
            capture=made,
            name=" ".join(one.name.split())[:120],
            person=one.person,
            contact=one.contact,
            agrees=one.agrees,
            recorded_by=by,
            recorded_at=clock.now(),
        )
        for one in portrayed
    ]
    told_at_the_photo(rows, by=by)


def _answer(made: Capture, prompt: Prompt | None, by: Person) -> None:
    if prompt is not None and prompt.closed_at is None:  # closed while it waited on a phone: it comes in without it
        from koor.flow.hub.actions.prompts import answer_prompt

        answer_prompt(by=by, prompt=prompt, capture=made)


def develop_capture(*, by: Colleague, capture_id: int) -> None:
    """Open the photos of a capture and put it into the library. Does nothing the second time.

    Raises MediaTrouble when it is worth trying again."""
    found = Capture.objects.filter(pk=capture_id, state=CaptureState.RECEIVED, withdrawn_at=None).first()
    if found is None:
        return
    Capture.objects.filter(pk=capture_id).update(tries=F("tries") + 1)
    with TemporaryDirectory(prefix="koor-photos-") as folder:
        developed = [opened(medium, Path(folder)) for medium in found.media.select_related("upload")]
        with transaction.atomic():
            locked = Capture.objects.select_for_update().filter(
                pk=capture_id, state=CaptureState.RECEIVED, withdrawn_at=None
            )
            if (present := locked.first()) is not None:
                _finish(present, developed, by)


def opened(medium: Medium, folder: Path) -> Developed:
    place = folder / str(medium.pk)
    place.mkdir()
    if medium.upload is None:
        return medium, Reason.BROKEN, place
    try:
        with files.local(medium.upload) as path:
            only = Kind.DOCUMENT if medium.kind == MediumKind.DOCUMENT else None
            return medium, make(path, place, only=only, told=partial(_tell, medium)), place
    except PictureRefused as refusal:
        return medium, refusal.reason, place
    except FileNotFoundError:
        return medium, Reason.BROKEN, place


def _tell(medium: Medium, done: float) -> None:
    """How far a film is, for who waits for it."""
    Medium.objects.filter(pk=medium.pk).update(progress=min(99, round(done * 100)))


def _finish(made: Capture, developed: Sequence[Developed], by: Colleague) -> None:
    refused = [picture for _medium, picture, _place in developed if isinstance(picture, Reason)]
    good = len(developed) - len(refused)
    item = _item_of(made, [one.kind for _m, one, _p in developed if isinstance(one, Picture)]) if good else None
    for medium, picture, place in developed:
        if isinstance(picture, Reason):
            drop_picture(medium)
        else:
            medium.item = item
            keep(medium, picture, place)
    made.state = CaptureState.READY if good else CaptureState.REFUSED
    made.reason = refused[0].value if refused else ("" if good else Reason.EMPTY.value)
    made.save(update_fields=["state", "reason"])
    made.portrayed.update(item=item)
    audit.record(by=by, verb="hub.develop_capture", target=made, state=made.state, refused=[r.value for r in refused])
    if good:
        events.tell(CaptureReady(made.pk))
    answer_letter_of(made)


def _item_of(made: Capture, kinds: Sequence[Kind]) -> Item:
    return Item.objects.create(
        kind=ItemKind(min(kinds, key=list(Kind).index).value),  # photos before films before voice notes
        title=logic.title_of(made.sentence),
        text=made.sentence,
        by_id=made.by_id,
        capture=made,
        project_id=made.project_id,
        made_at=made.received_at,
    )


def keep(medium: Medium, picture: Picture, place: Path) -> None:
    """The clean files in the place of the upload, which goes."""
    upload, medium.upload = medium.upload, None
    medium.kind, medium.seconds = MediumKind(picture.kind.value), picture.seconds or None
    medium.width, medium.height, medium.progress = picture.width or None, picture.height or None, 100
    medium.page_count = len(picture.pages)
    medium.dhash = logic.signed(picture.fingerprint) if picture.fingerprint else None
    medium.save()
    keep_renditions(medium, picture, place)
    if medium.kind == MediumKind.PHOTO and can_look():
        jobs.later(tasks.look_for_faces, medium=medium.pk)
    if upload is not None:
        files.forget(upload)


def keep_renditions(medium: Medium, picture: Picture, place: Path, *, public: bool = False) -> None:
    """The files of one run of `make` in the place of all that were made of this picture before, also of its cuts."""
    old = [one.file for one in files_of(medium)]
    for rows in (medium.renditions, medium.crops, medium.pages):
        rows.all().delete()
    for one in picture.renditions:
        form = FORMATS[one.mime]
        name = f"photo-{one.name}" if one.mime.startswith("image/") else one.name
        kept = files.store(place / one.name, mime=one.mime, name=name, public=public)
        Rendition.objects.create(medium=medium, file=kept, format=form, width=one.width, height=one.height)
    for number, page in enumerate(picture.pages, start=1):
        kept = files.store(place / page.name, mime=page.mime, name=page.name, public=public)
        Page.objects.create(medium=medium, number=number, file=kept, width=page.width, height=page.height)
    for stored in old:
        files.forget(stored)


def add_picture(*, by: Person, photo: Photo, alt: str = "", item: Item | None = None) -> Medium:
    """One picture, opened and cleaned at once (about a second), such as for a post that is being written.

    Raises Refused with the reason in a sentence, MediaTrouble when it is worth trying again."""
    require(access.may_show(by) if item is None else access.may_edit_item(by, item))
    with TemporaryDirectory(prefix="koor-photo-") as folder:
        source, place = Path(folder) / "upload", Path(folder) / "made"
        place.mkdir()
        _copy(photo, source)
        try:
            picture = make(source, place, only=Kind.PHOTO)
        except PictureRefused as refusal:
            raise Refused(_(refusal.reason.sentence), code=refusal.reason.value, field="photos") from refusal
        with transaction.atomic():
            medium = Medium.objects.create(item=item, by=by, alt=alt[:1500])
            keep(medium, picture, place)
            if item is not None:  # who was blurred in its other pictures may be seen in this one
                item.portrayed.update(hidden_at=None)
            audit.record(by=by, verb="hub.add_picture", target=item, medium=medium.pk)
    return medium


def _copy(photo: Photo, target: Path) -> None:
    with target.open("wb") as file:
        if isinstance(photo.content, bytes):
            file.write(photo.content)
        elif isinstance(photo.content, Path):
            file.write(photo.content.read_bytes())
        else:
            photo.content.seek(0)
            while piece := photo.content.read(files.PIECE):
                file.write(piece)


def withdraw_capture(*, by: Colleague, capture: Capture) -> None:
    """Take back what one showed. It can come back for some days; then its pictures are erased."""
    require(access.may_withdraw(by, capture), _("Only who showed it can take it back."))
    with transaction.atomic():
        found = Capture.objects.select_for_update().get(pk=capture.pk)
        if found.withdrawn_at is None:
            found.withdrawn_at = clock.now()
            found.save(update_fields=["withdrawn_at"])
            audit.record(by=by, verb="hub.withdraw_capture", target=found)
            events.tell(CaptureWithdrawn(found.pk))
    capture.withdrawn_at = found.withdrawn_at


def restore_capture(*, by: Colleague, capture: Capture) -> None:
    """Bring back what was taken back. Refused when its pictures are erased already."""
    require(access.may_withdraw(by, capture), _("Only who showed it can bring it back."))
    with transaction.atomic():
        found = Capture.objects.select_for_update().filter(pk=capture.pk).first()
        if found is None or not found.media.exists():
            raise Refused(_("Its pictures are erased already. Show it again."), code="erased")
        if found.withdrawn_at is not None:
            found.withdrawn_at = None
            found.save(update_fields=["withdrawn_at"])
            if found.state == CaptureState.RECEIVED:
                develop_later(found)
            audit.record(by=by, verb="hub.restore_capture", target=found)
            events.tell(CaptureRestored(found.pk))
    capture.withdrawn_at = None


def erase_withdrawn(*, by: Colleague) -> int:
    """Erase what was taken back longer ago than can be undone; gives how many. A picture that stands in a post
    stays until the post is gone too."""
    before = clock.now() - timedelta(days=logic.UNDO_DAYS)
    erased = 0
    for found in Capture.objects.filter(withdrawn_at__lt=before).order_by("pk").iterator(chunk_size=200):
        try:
            with transaction.atomic():
                _erase(found, by)
                erased += 1
        except ProtectedError:
            continue
        if erased == MOST_ERASED:
            break
    return erased


def _erase(made: Capture, by: Colleague) -> None:
    for medium in made.media.all():
        drop_picture(medium)
    audit.record(by=by, verb="hub.erase_capture", target=made)
    made.delete()
