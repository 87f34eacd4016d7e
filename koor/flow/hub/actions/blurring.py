"""Faces in pictures: the house proposes, a person confirms; what is blurred is blurred in every file that we have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.actions.captures import keep_renditions
from koor.flow.hub.choices import FaceState, MediumKind
from koor.flow.hub.events import ConsentRecorded, FacesBlurred
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.boxes import MOST, Box
from koor.flow.hub.media.reasons import PictureRefused
from koor.flow.hub.media.renditions import Picture, find_faces, make
from koor.flow.hub.models import Face, Medium, Portrayed, Unblurred
from koor.flow.hub.queries.crops import whole_picture
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague, is_system
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events, files, secrets
from koor.kernel.access import NotFound, Refused, require
from koor.kernel.once import once as done_once

NOT_YOURS = "Its maker and the curator can change this."


def look_for_faces(*, by: Colleague, medium_id: int) -> int:
    """Propose where faces are, once; how many. Nothing where the optional package is not there.

    Raises MediaTrouble when it is worth trying again."""
    require(is_system(by))
    found = _unlooked().filter(pk=medium_id).first()
    source = whole_picture(found) if found is not None else None
    if found is None or source is None:
        return 0
    try:
        with files.local(source.file) as path:
            places = find_faces(path)
    except FileNotFoundError:  # the picture was taken back, or blurred by hand meanwhile
        return 0
    if places is None:
        return 0
    with transaction.atomic():
        locked = _unlooked().select_for_update().filter(pk=medium_id).first()
        if locked is None or whole_picture(locked) != source:
            return 0
        Face.objects.bulk_create(Face(medium=locked, found=True, **place._asdict()) for place in places)
        locked.faces = FaceState.PROPOSED if places else FaceState.NONE
        locked.faces_found = len(places)
        locked.save(update_fields=["faces", "faces_found"])
    return len(places)


def agree_faces(*, by: Colleague, medium: Medium) -> Medium:
    """A person looked: nobody in this picture needs blurring. The same again changes nothing."""
    require(access.may_blur(by, medium), _(NOT_YOURS))
    with transaction.atomic():
        found = _locked(medium)
        if found.faces in (FaceState.AGREED, FaceState.BLURRED):
            return found
        found.faces = FaceState.AGREED
        found.save(update_fields=["faces"])
        audit.record(by=by, verb="hub.agree_faces", target=found.item, medium=found.pk)
    return found


def blur_faces(
    *, by: Colleague, medium: Medium, places: Sequence[Box], unseen: Iterable[Portrayed] = (), once: str = ""
) -> Medium:
    """Hide these places in the picture, in every size; about a second. `unseen`: people of its item whom nobody can
    recognise after that. The picture as it was is sealed for its uploader, for as many days as the house says.

    Raises Refused with the reason, MediaTrouble when it is worth trying again."""
    require(access.may_blur(by, medium), _(NOT_YOURS))
    people_of = _of_item(medium, unseen)
    content = {"medium": medium.pk, "places": places, "unseen": [one.pk for one in people_of]}
    if not places:
        raise Refused(_("Choose or draw at least one place to blur."), code="no_place", field="places")
    if len(places) > MOST:
        raise Refused(_("At most %(most)s places in one picture.") % {"most": MOST}, code="too_many", field="places")

    def blur() -> Medium:
        return _blurred(medium, places, people_of, by)

    with transaction.atomic():
        pk, _new = done_once(f"hub.blur_faces:{by.pk}", once, content, blur)
    return Medium.objects.get(pk=pk)


def tell_unseen(*, by: Colleague, medium: Medium, unseen: Iterable[Portrayed]) -> None:
    """Who of the people in its item can't be recognised, now that faces are blurred; the others can."""
    require(access.may_blur(by, medium), _(NOT_YOURS))
    people_of = _of_item(medium, unseen)
    with transaction.atomic():
        found = _locked(medium)
        if people_of and found.faces != FaceState.BLURRED:
            raise Refused(_("First blur them in the picture."), code="not_blurred", field="unseen")
        _nobody_knows(people_of, clock.now())
        again = Portrayed.objects.filter(item=found.item_id, hidden_at__isnull=False)
        changed = list(again.exclude(pk__in=[one.pk for one in people_of]).select_for_update(of=("self",)))
        for row in changed:
            row.hidden_at = None
            row.save(update_fields=["hidden_at"])
            events.tell(ConsentRecorded(row.pk))
        audit.record(
            by=by, verb="hub.tell_unseen", target=found.item, medium=found.pk, hidden=len(people_of), seen=len(changed)
        )


def _of_item(medium: Medium, unseen: Iterable[Portrayed]) -> list[Portrayed]:
    people_of = list(unseen)
    if any(one.item_id is None or one.item_id != medium.item_id for one in people_of):
        raise NotFound
    return people_of


def _blurred(medium: Medium, places: Sequence[Box], people_of: Sequence[Portrayed], by: Colleague) -> Medium:
    found = _locked(medium)
    before = whole_picture(found)
    if before is None:
        raise Refused(_("This picture is still being prepared. Try again in a moment."), code="not_ready")
    now = clock.now()
    was = files.read(before.file)
    _keep_unblurred(found, was, now)
    _make_anew(found, was, places, public=found.renditions.filter(file__public=True).exists())
    found.places.filter(blurred_at=None).delete()
    rows = (Face(medium=found, by_id=by.pk, blurred_at=now, **place._asdict()) for place in places)
    Face.objects.bulk_create(rows)
    found.faces = FaceState.BLURRED
    found.save(update_fields=["faces", "width", "height", "dhash"])
    _nobody_knows(people_of, now)
    audit.record(
        by=by, verb="hub.blur_faces", target=found.item, medium=found.pk, places=len(places), people=len(people_of)
    )
    events.tell(FacesBlurred(found.pk))
    return found


def _nobody_knows(rows: Sequence[Portrayed], now: datetime) -> None:
    """These people can't be recognised in the picture any more, so their answer no longer keeps it in the house."""
    for row in rows:
        Portrayed.objects.filter(pk=row.pk, hidden_at=None).update(hidden_at=now)


def _make_anew(medium: Medium, picture: bytes, places: Sequence[Box], *, public: bool) -> Picture:
    """All files of a picture from this one; the files that were there go. Raises Refused, MediaTrouble."""
    with TemporaryDirectory(prefix="koor-blur-") as folder:
        source, place = Path(folder) / "source", Path(folder) / "made"
        place.mkdir()
        source.write_bytes(picture)
        try:
            made = make(source, place, only=Kind.PHOTO, hide=places)
        except PictureRefused as refusal:
            raise Refused(_(refusal.reason.sentence), code=refusal.reason.value) from refusal
        keep_renditions(medium, made, place, public=public)
    medium.width, medium.height = made.width, made.height
    medium.dhash = logic.signed(made.fingerprint)
    return made


# ── The picture as it was ────────────────────────────────────────────────────────────────────────────────────────────


def _keep_unblurred(medium: Medium, picture: bytes, now: datetime) -> None:
    """Sealed, once: a second time of blurring keeps the first picture and its end."""
    Unblurred.objects.filter(medium=medium, ends_at__lte=now).delete()
    days, uploader = people.house().unblurred_days, _uploader(medium)
    if not days or uploader is None or Unblurred.objects.filter(medium=medium).exists():
        return
    ends = now + timedelta(days=days)
    sealed = secrets.seal(picture, seal_of(medium.pk))
    Unblurred.objects.create(medium=medium, uploader_id=uploader, sealed=sealed, made_at=now, ends_at=ends)


def _uploader(medium: Medium) -> int | None:
    return medium.by_id or (medium.item.by_id if medium.item is not None else None)


def seal_of(medium_id: int) -> str:
    return f"hub.unblurred:{medium_id}"


def open_unblurred(*, by: Person, medium: Medium) -> bytes:
    """The picture as it was before blurring, a JPEG, for its uploader alone; each look is on the trail. NotFound for
    everybody else and when it is gone."""
    with transaction.atomic():
        kept = _kept(by, medium)
        audit.record(by=by, verb="hub.open_unblurred", target=medium.item, medium=medium.pk)
    return secrets.unseal(kept.sealed, seal_of(medium.pk))


def restore_unblurred(*, by: Person, medium: Medium) -> Medium:
    """Undo: the picture as it was comes back in every size. People who were blurred in its item are asked again.

    Raises NotFound for all but its uploader and when it is gone, Refused while the picture is public."""
    with transaction.atomic():
        kept = _kept(by, medium)
        found = _locked(medium)
        if found.renditions.filter(file__public=True).exists():
            raise Refused(_("This picture stands in the newsroom. Take it away there first."), code="public")
        _make_anew(found, secrets.unseal(kept.sealed, seal_of(found.pk)), (), public=False)
        found.places.filter(blurred_at__gte=kept.made_at).update(blurred_at=None, found=False, by=None)
        blurred_before = found.places.filter(blurred_at__isnull=False).exists()
        found.faces = FaceState.BLURRED if blurred_before else FaceState.PROPOSED
        found.faces_found = found.places.filter(blurred_at=None).count()
        found.save(update_fields=["faces", "faces_found", "width", "height", "dhash"])
        kept.delete()
        if found.item_id is not None:  # copies that went out meanwhile show them blurred, so these stay
            Portrayed.objects.filter(item=found.item_id).update(hidden_at=None)
        audit.record(by=by, verb="hub.restore_unblurred", target=found.item, medium=found.pk)
    return found


def _kept(by: Person, medium: Medium) -> Unblurred:
    found = Unblurred.objects.filter(medium=medium, ends_at__gt=clock.now()).first()
    if found is None or not access.may_see_unblurred(by, found):
        raise NotFound
    return found


def forget_unblurred(*, by: Colleague) -> int:
    """Pictures from before blurring whose time is over, also by a shorter time that was chosen since; how many."""
    require(is_system(by))
    now = clock.now()
    over = Q(ends_at__lte=now) | Q(made_at__lte=now - timedelta(days=people.house().unblurred_days))
    gone = Unblurred.objects.filter(over)
    with transaction.atomic():
        rows = list(gone.select_for_update(skip_locked=True).values_list("pk", "medium_id"))
        for _pk, medium_id in rows:
            audit.record(by=by, verb="hub.forget_unblurred", medium=medium_id)
        Unblurred.objects.filter(pk__in=[pk for pk, _medium in rows]).delete()
    return len(rows)


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unlooked() -> QuerySet[Medium]:
    return Medium.objects.filter(kind=MediumKind.PHOTO, faces=FaceState.UNSEEN)


def _locked(medium: Medium) -> Medium:
    """A photo that nobody else changes meanwhile."""
    rows = Medium.objects.select_for_update(of=("self",)).select_related("item")
    found = rows.filter(pk=medium.pk, kind=MediumKind.PHOTO).first()
    if found is None:
        raise NotFound
    return found
